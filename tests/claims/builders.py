"""Small documents of our own writing, and what is read out of them."""

from __future__ import annotations

from datetime import UTC, datetime

from newsdetect.claims.claim import Claim
from newsdetect.claims.extract import extract
from newsdetect.documents.document import Document, Publication

#: When the documents of these tests appear: a Wednesday, at noon.
PUBLISHED = datetime(2025, 7, 16, 12, tzinfo=UTC)


def make_doc(text: str, *, title: str = "", published: datetime | None = PUBLISHED) -> Document:
    """Make a document."""
    at = Publication(at=published, kind="given") if published else None
    return Document(id="d", title=title, text=text, published=at)


def claims_of(text: str, *, title: str = "", published: datetime | None = PUBLISHED) -> dict[str, Claim]:
    """Extract a text's claims, by the characters each stands on."""
    found = extract(make_doc(text, title=title, published=published)).claims
    return {claim.evidence.text: claim for claim in found}
