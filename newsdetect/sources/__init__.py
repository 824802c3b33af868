"""Sources: feeds and pages, fetched politely, as entries that nobody has interpreted yet."""
