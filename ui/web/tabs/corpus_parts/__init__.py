"""The parts of the corpus tab, one a file."""
