"""The claim: one figure about forced liquidation, with what it means and the characters it stands on.

The fields and their rules are those of the annotation guide (docs/glossary.md has them in short). A claim is its
author's, not ours: whether it holds is the business of `newsdetect.checks`.
"""

from __future__ import annotations

import hashlib
from typing import Literal, Self

from newsdetect.types import ALL, Hedge, Interval, Metric, Side, Span, Status, Value, Window

CauseType = Literal[
    "price_drop", "price_rally", "macro", "tariffs", "geopolitics", "regulation", "whale", "security",
    "exchange_failure", "oracle_depeg", "etf_flows", "options_expiry", "leverage", "technical_level",
    "thin_liquidity", "profit_taking", "cascade", "project_news", "sentiment", "other",
]  # fmt: skip
CauseRole = Literal["trigger", "amplifier", "mechanism", "denied"]


class Claim(Value):
    """One figure about forced liquidation and what it means."""

    id: str
    metric: Metric
    #: In whole units of `unit`: dollars, not millions. A range gives its midpoint.
    value: float
    #: The interval that the words stand for; null is an open end. Everything downstream reads these, never the hedge.
    low: float | None
    high: float | None
    #: `USD`, another ISO code, `traders`, or a coin's ticker.
    unit: str = "USD"
    hedge: Hedge = "exact"
    window: Window | None = None
    side: Side = "both"
    asset: str = ALL
    venue: str = ALL
    status: Status = "asserted"
    attributed_to: str | None = None
    #: The figure's own characters, hedge words left out; offsets count in `Document.content`.
    evidence: Span
    confidence: float = 1.0
    #: The names of the rules and models that made the claim what it is.
    rules: tuple[str, ...] = ()

    @property
    def interval(self) -> Interval:
        """What the figure stands for."""
        return Interval(low=self.low, high=self.high)


class Cause(Value):
    """One reason the document gives for the liquidations it reports."""

    type: CauseType
    role: CauseRole
    text: str
    start: int
    end: int
    confidence: float = 1.0
    rules: tuple[str, ...] = ()


class Extraction(Value):
    """All that was read out of one document; its JSON is a line of `newsdetect extract --jsonl`."""

    #: The document's id.
    id: str
    #: Whether it reports a liquidation figure of leveraged trading as having happened recently.
    event: bool
    claims: tuple[Claim, ...] = ()
    causes: tuple[Cause, ...] = ()

    @classmethod
    def empty(cls, document_id: str) -> Self:
        """Give the extraction of a document that claims nothing."""
        return cls(id=document_id, event=False)


def claim_id(document_id: str, evidence: Span, *meaning: object) -> str:
    """Give a claim's id: the same document, characters and meaning give the same id for ever."""
    parts = (document_id, evidence.start, evidence.end, *meaning)
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]
