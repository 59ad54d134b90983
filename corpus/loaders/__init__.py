"""One format a file: from a file on disk to a ``Release``."""
