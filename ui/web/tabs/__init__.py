"""One tab of the page a module."""
