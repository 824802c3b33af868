"""The HTTP API: articles in, claims and checks out; what is stored, page by page; the page of events."""
