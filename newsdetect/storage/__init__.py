"""Storage: documents, claims, events, checks and feed states, in SQLite or PostgreSQL."""
