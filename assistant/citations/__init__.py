"""Citations, and the checks that an answer must pass."""
