"""The desk: what answers a caller who hands in one article or one newsletter and waits.

It is the pipeline with its surroundings (an opener, a market, a store) already in hand; the API asks it, and so do the
commands `extract`, `check` and `enrich`. Nothing is stored unless the caller does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.parser import HeaderParser
from email.utils import parsedate_to_datetime

from newsdetect import pipeline
from newsdetect.checks.check import CauseCheck, Check
from newsdetect.claims.claim import Claim, Extraction
from newsdetect.claims.trained import extract
from newsdetect.documents.article import read_html, read_record, read_text, sniff
from newsdetect.documents.document import Document
from newsdetect.errors import UsageError
from newsdetect.fetch.answer import Opener
from newsdetect.market.provider import MarketData, MarketRecord
from newsdetect.outputs.newsletter import Annotation, Kind, enrich
from newsdetect.sources.collect import fetch_page
from newsdetect.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Reads, extracts, checks and annotates; safe to share between threads if opener and market are."""

    opener: Opener
    market: MarketData | None
    max_text: int
    extractor: pipeline.Extractor = extract

    def read(
        self,
        text: str | None = None,
        html: str | None = None,
        url: str | None = None,
        title: str | None = None,
        published: str | None = None,
    ) -> Document:
        """Read a document of exactly one of `text` (Markdown or HTML is told by its marks), `html` and `url`.

        Raise UsageError for none or several, FetchError, SourceError or DocumentError for what cannot be read.
        """
        if sum(each is not None for each in (text, html, url)) != 1:
            raise UsageError("give exactly one of text, html and url")
        if url is not None:
            entry = fetch_page(self.opener, url)
            doc = read_html(entry.html, url=entry.final_url or url, title=title, published=published)
        elif html is not None:
            doc = read_html(html, title=title, published=published)
        else:
            assert text is not None
            reads = read_html if sniff(text) == "html" else read_text
            doc = reads(text, title=title, published=published)
        return pipeline.within(doc, self.max_text)

    def extract(self, doc: Document) -> Extraction:
        """Read claims and causes out of a document."""
        return self.extractor(doc)

    def check(self, doc: Document, extraction: Extraction) -> tuple[Check, ...]:
        """Hold a document's claims against the market."""
        return pipeline.check(doc, extraction, market=self.market)

    def check_causes(self, doc: Document, extraction: Extraction, checks: Sequence[Check]) -> tuple[CauseCheck, ...]:
        """Hold a document's causes against time and price."""
        return pipeline.check_causes(doc, extraction, checks, market=self.market)

    def enrich(self, kind: Kind, content: str, published: str | None) -> tuple[str, tuple[Annotation, ...]]:
        """Put a note with its verdict behind each figure of a newsletter: the new content, and its notes.

        A mail's own Date counts as its publication where the caller names none.
        """
        when = published or (_mail_date(content) if kind == "eml" else None)
        found = enrich(content, kind=kind, check=lambda words: self._checked(words, when))
        return found.content, found.annotations

    def _checked(self, words: str, published: str | None) -> list[tuple[Claim, Check]]:
        """Read and check a newsletter's visible text, to the character."""
        if not words.strip():
            return []
        doc = pipeline.within(read_record({"text": words, "published": published}), self.max_text)
        extraction = self.extract(doc)
        return list(zip(extraction.claims, self.check(doc, extraction), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDesk(Desk):
    """A desk with the store that the API lists from beside it."""

    market: MarketRecord | None
    store: Store


def _mail_date(source: str) -> str | None:
    """Give a mail's Date header as ISO 8601; null where it has none that can be read."""
    written = HeaderParser().parsestr(source[:100_000], headersonly=True)["Date"]
    try:
        return parsedate_to_datetime(str(written)).isoformat() if written else None
    except ValueError:
        return None
