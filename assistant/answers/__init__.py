"""What an answer is, and how one is put together."""
