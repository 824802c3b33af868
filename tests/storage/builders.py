"""Builders for what a store keeps: articles of one day, with their claims and checks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newsdetect.checks.check import Check, Evidence
from newsdetect.claims.claim import Cause, Claim, Extraction, claim_id
from newsdetect.documents.document import Citation, Document, Publication, document_id
from newsdetect.events.event import Event, Figure, Lineage
from newsdetect.types import Period, Span, Window

DAY = datetime(2025, 8, 25, tzinfo=UTC)


def at(hours: float) -> datetime:
    """Give the instant so many hours after the day began."""
    return DAY + timedelta(hours=hours)


def make_doc(text: str = "Longs worth $343 million went.", *, hours: float | None = 21.0, **given) -> Document:
    """Make a document published so many hours after the day began, or at no known time."""
    title = given.pop("title", "A wave")
    url = given.pop("url", "https://news.example/wave")
    published = None if hours is None else Publication(at=at(hours), kind="json-ld")
    fields = {
        "outlet": "Example News",
        "published": published,
        "dates": (published,) if published else (),
        "citations": (Citation(kind="reference", mark=1, title="Source", url="https://cited.example/1"),),
    }
    return Document(id=document_id(title, text, url), title=title, text=text, url=url, **{**fields, **given})


def make_claim(doc: Document, millions: float = 343.0, **given) -> Claim:
    """Make a claim of millions of dollars that stands on the document's first characters."""
    evidence = given.pop("evidence", Span(start=0, end=4, text=doc.content[:4]))
    fields = {
        "metric": "liquidations",
        "value": millions * 1e6,
        "low": (millions - 0.5) * 1e6,
        "high": (millions + 0.5) * 1e6,
        "window": Window(hours=1.0),
        "rules": ("amount.money",),
        **given,
    }
    meaning = sorted((name, str(value)) for name, value in fields.items() if name not in ("rules", "confidence"))
    return Claim(id=claim_id(doc.id, evidence, *meaning), evidence=evidence, **fields)


def make_cause(**given) -> Cause:
    """Make a cause."""
    return Cause(**{"type": "price_drop", "role": "trigger", "text": "a fall", "start": 0, "end": 6, **given})


def make_article(text: str = "Longs worth $343 million went.", *, millions: float = 343.0, **given):
    """Make a document with one claim and one cause read out of it."""
    doc = make_doc(text, **given)
    claim = make_claim(doc, millions)
    return doc, Extraction(id=doc.id, event=True, claims=(claim,), causes=(make_cause(),))


def make_check(claim: Claim, verdict: str = "plausible", **given) -> Check:
    """Make a check with one piece of evidence."""
    evidence = Evidence(
        kind="bars", source="CoinGlass", venue="Binance", assets=("BTC", "ETH"), low=82e6, high=137.6e6,
        coverage=0.12, connected=1.0, says="supports", retrieved_at=at(30),
    )  # fmt: skip
    fields = {
        "probability": 0.71,
        "window": Period(start=at(-3), end=at(21)),
        "evidence": (evidence,),
        "explanation": "Binance bars allow it.",
        **given,
    }
    return Check(claim_id=claim.id, verdict=verdict, **fields)


def make_event(ident: str = "e1", *, hours: float | None = 21.0, claims: tuple[Claim, ...] = (), **given) -> Event:
    """Make an event with one figure, first reported so many hours after the day began."""
    fields = {
        "start": at(20),
        "end": at(21),
        "assets": ("BTC", "ETH"),
        "side": "long",
        "figures": (Figure(value=343e6, window=Window(hours=1.0), claim_ids=tuple(claim.id for claim in claims)),),
        "first_report": None if hours is None else at(hours),
        "observers": ("CoinGlass",),
        "independent": 1,
        "lineage": (Lineage(document="d2", source="d1", kind="copy"),),
        "causes": ("price_drop",),
        **given,
    }
    return Event(id=ident, **fields)
