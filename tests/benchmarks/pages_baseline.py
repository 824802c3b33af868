"""The baseline that our page extraction is measured against: trafilatura alone, as it comes."""

from __future__ import annotations

import trafilatura


def article_body(html: str) -> str:
    """Give the main text of a page as trafilatura reads it with `favor_precision`."""
    return trafilatura.extract(html, favor_precision=True, include_comments=False) or ""
