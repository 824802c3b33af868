"""CoinMarketCap community articles: pieces that outlets post there, at an address made of their ObjectId.

The first eight hex digits of the id are the second of its creation: the best publication time such a page has
(`documents.dates` reads it). The text is found by structure; a page with too little goes to the general extractor.
"""

from __future__ import annotations

import re

from newsdetect.sources.sites.structure import Scraped, scrape_structure

HOSTS = ("coinmarketcap.com",)

_COMMUNITY = re.compile(r"/community/(?:articles|post)/[0-9a-f]{24}\b")
#: Pieces of this template have several paragraphs; less is a teaser or a page of another kind.
_LEAST = 400


def is_community(url: str) -> bool:
    """Tell whether an address is that of a community article."""
    return _COMMUNITY.search(url) is not None


def scrape(html: str) -> Scraped | None:
    """Read a community article; None where the page has too little prose."""
    scraped = scrape_structure(html)
    return scraped if scraped is not None and len(scraped.text) >= _LEAST else None
