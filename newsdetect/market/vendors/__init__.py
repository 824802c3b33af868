"""Data vendors asked for history: one file a vendor, and the rules that hold for all of them."""
