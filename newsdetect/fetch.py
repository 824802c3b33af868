"""The one polite, guarded HTTP client."""
