"""Documents: loaded, cleaned, identified and dated, ready to be indexed."""
