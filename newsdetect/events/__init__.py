"""Events: claims about one happening, joined, with who reported it and who copied whom."""
