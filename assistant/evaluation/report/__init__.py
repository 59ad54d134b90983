"""Runs as one page for people, and as Markdown and JSON for programs."""
