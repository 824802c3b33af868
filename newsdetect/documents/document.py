"""The document: one article's title and text, its publication time with where that comes from, and its citations.

All offsets of the product are characters into `Document.content`: the title, a newline, the text; an empty title leaves
the newline. Nothing after this stage changes the text, so `content[start:end]` is the evidence for ever.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Literal

from newsdetect.types import Instant, Value

#: Where a publication time was read; earlier kinds are believed first. `given` is the caller's own word.
DateKind = Literal["given", "json-ld", "meta", "feed", "url", "objectid"]
DATE_ORDER: tuple[DateKind, ...] = ("given", "json-ld", "meta", "feed", "url", "objectid")


class Publication(Value):
    """One reading of when a document was published."""

    at: Instant
    kind: DateKind
    #: `day`: only the date is known, and `at` is its midnight UTC.
    precision: Literal["second", "day"] = "second"
    #: `not_before`: the document cites something made at `at`, so it cannot be older.
    bound: Literal["at", "not_before"] = "at"


class Citation(Value):
    """One edge of the lineage graph: what this document says it takes its report from."""

    #: `reference`: a numbered source list; `canonical`: a canonical link to another host; `appeared_first`: "The post X
    #: appeared first on Y"; `original`: the first outlet's name, as a syndicator gives it; `named`: "data cited by Y".
    kind: Literal["reference", "canonical", "appeared_first", "original", "named"]
    #: The number in the text's `[1]`, where there is one.
    mark: int | None = None
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    #: When the cited thing was made, where its address tells (a CoinMarketCap ObjectId).
    created: Instant | None = None


class Document(Value):
    """One article as read: what stands in it, where it was found, when it appeared."""

    id: str
    title: str
    text: str
    url: str | None = None
    canonical_url: str | None = None
    outlet: str | None = None
    language: str | None = None
    #: The reading that is believed, or null: a missing date stays unknown, it is never "now".
    published: Publication | None = None
    #: Every reading that was found, the believed one among them; a conflict is kept, not hidden.
    dates: tuple[Publication, ...] = ()
    citations: tuple[Citation, ...] = ()

    @cached_property
    def content(self) -> str:
        """The string that all offsets count in."""
        return f"{self.title}\n{self.text}"


def document_id(title: str, text: str, url: str | None = None) -> str:
    """Give the id of a document: a hash of its address, if it has one, and of its words."""
    digest = hashlib.sha256("\x1f".join((url or "", title, text)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]
