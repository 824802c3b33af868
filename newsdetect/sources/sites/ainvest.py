"""AInvest: rewritten news with `[n]` marks in the text and a list of its sources under it.

No feed, and no markup at hand to rely on: the marks and the list are what makes one of its pages. Where neither is
found, the page has changed or is of another kind, and the general extractor reads it.
"""

from __future__ import annotations

from newsdetect.sources.sites.structure import Scraped, scrape_structure

HOSTS = ("ainvest.com",)


def scrape(html: str) -> Scraped | None:
    """Read an article; None where the page has neither marks nor a source list."""
    scraped = scrape_structure(html)
    return scraped if scraped is not None and scraped.marked else None
