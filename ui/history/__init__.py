"""What people asked and what they said of the answers, kept on the server: one file for all its users."""
