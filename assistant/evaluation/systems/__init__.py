"""The systems that answer a question set: the assistant, and what a user would otherwise pick."""
