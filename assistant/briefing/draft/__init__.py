"""An analyst's own text, checked sentence by sentence against the releases."""
