"""A service for the API's tests: the real reader, extractor and store; checks and notes are made up."""

from __future__ import annotations

from dataclasses import dataclass

from newsdetect.checks.causes import check_causes
from newsdetect.claims.extract import extract
from newsdetect.documents.article import read_html, read_text
from newsdetect.errors import FetchError
from newsdetect.outputs.newsletter import Annotation
from newsdetect.storage.store import Store
from tests.storage.builders import make_check


@dataclass
class Service:
    """Reads and extracts as the product does; asks no network and no market."""

    store: Store

    def read(self, text=None, html=None, url=None, title=None, published=None):
        """Read as the product does; no address answers."""
        if url is not None:
            raise FetchError(f"{url}: no answer", key=url, status=500)
        if html is not None:
            return read_html(html, title=title, published=published)
        if text == "break":
            raise ValueError("a secret of ours")
        return read_text(text, title=title, published=published)

    def extract(self, doc):
        """Extract by the real rules."""
        return extract(doc)

    def check(self, doc, extraction):
        """Find every claim plausible."""
        return tuple(make_check(claim) for claim in extraction.claims)

    def check_causes(self, doc, extraction, checks):
        """Hold the causes against no market."""
        return check_causes(doc, extraction, checks, None)

    def enrich(self, kind, content, published):
        """Put what was asked behind the content."""
        note = Annotation(claim_id="c", verdict="plausible", figure="$1", place=len(content))
        return f"{content}<{kind} {published}>", (note,)
