"""One venue a file: what to ask its live feed, and a pure parser of what it says."""
