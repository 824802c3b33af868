"""Documents: one text with offsets, where it came from, and when it was published as far as that is known."""
