"""Builders for documents and claims of one happening: times are hours after the start of 2025-08-25, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newsdetect.claims.claim import Cause, Claim, Extraction, claim_id
from newsdetect.documents.document import Citation, Document, Publication
from newsdetect.types import Period, Span, Window

DAY = datetime(2025, 8, 25, tzinfo=UTC)
MILLION = 1e6


def at(hours: float) -> datetime:
    """Give the instant so many hours after the day began."""
    return DAY + timedelta(hours=hours)


def make_doc(
    doc_id: str = "d1",
    *,
    hours: float | None = 21.0,
    text: str = "Some text.",
    title: str = "",
    url: str | None = None,
    outlet: str | None = None,
    citations: tuple[Citation, ...] = (),
    precision: str = "second",
) -> Document:
    """Make a document published so many hours after the day began, or at no known time."""
    published = None if hours is None else Publication(at=at(hours), kind="given", precision=precision)
    return Document(id=doc_id, title=title, text=text, url=url, outlet=outlet, published=published, citations=citations)


def make_claim(millions: float = 343.0, *, hours: float | None = 1.0, doc_id: str = "d1", **given) -> Claim:
    """Make an asserted claim of millions of dollars, exact to half a million unless `low` and `high` say more."""
    period: Period | None = given.pop("period", None)
    window = Window(start=period.start, end=period.end) if period else None
    if hours is not None and window is None:
        window = Window(hours=hours)
    start = given.pop("start", 0)
    value = millions * MILLION
    span = Span(start=start, end=start + 4, text="$343")
    fields = {
        "low": value - 0.5 * MILLION,
        "high": value + 0.5 * MILLION,
        "metric": "liquidations",
        "window": window,
        **given,
    }
    ident = claim_id(doc_id, span, *sorted(map(str, fields.items())), value)
    return Claim(id=ident, value=value, evidence=span, **fields)


def make_cause(kind: str = "price_drop", role: str = "trigger") -> Cause:
    """Make a cause."""
    return Cause(type=kind, role=role, text="a fall", start=0, end=6)


def tell(doc: Document, *claims: Claim, causes: tuple[Cause, ...] = (), event: bool = True):
    """Make what linking takes: a document with its extraction."""
    own = tuple(claim.model_copy(update={"id": f"{doc.id}-{claim.id}"}) for claim in claims)
    return doc, Extraction(id=doc.id, event=event, claims=own, causes=causes)
