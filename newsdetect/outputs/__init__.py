"""Outputs: API, web page, digest mail, annotated newsletters."""
