"""The check: a verdict on one claim, the evidence in numbers behind it, and a sentence a reader understands."""

from __future__ import annotations

from typing import Literal

from newsdetect.types import Instant, Period, Side, Value

Verdict = Literal["not_checkable", "inconsistent", "contradicted", "corroborated", "plausible"]
EvidenceKind = Literal["arithmetic", "prints", "bars", "snapshot", "series", "candles", "volume", "reports"]
Says = Literal["supports", "against", "silent"]


class Evidence(Value):
    """One reading held against a claim: what it allows, in its own scope, and how far that scope reaches."""

    kind: EvidenceKind
    source: str | None = None
    venue: str | None = None
    assets: tuple[str, ...] = ()
    side: Side | None = None
    #: What this evidence allows for the claimed quantity in its own scope; null is an open end.
    low: float | None = None
    high: float | None = None
    unit: str = "USD"
    #: This scope's share of the claim's scope, 0 to 1; null is unknown.
    coverage: float | None = None
    #: The share of the window that was recorded, 0 to 1.
    connected: float | None = None
    says: Says = "silent"
    #: The same in words, with its numbers.
    note: str = ""
    retrieved_at: Instant | None = None
    #: The data come from a generator, not from a market.
    simulated: bool = False


class Check(Value):
    """The verdict on one claim, as `newsdetect check --json` prints it."""

    claim_id: str
    verdict: Verdict
    #: How likely the claim is true on this evidence, 0 to 1; null where nothing was to be weighed.
    probability: float | None = None
    #: The calendar time that was fitted to the claim, or null.
    window: Period | None = None
    evidence: tuple[Evidence, ...] = ()
    #: One sentence a reader understands, with its numbers, and why no stronger verdict was given.
    explanation: str = ""
    #: Some of the evidence is simulated; whoever shows the verdict says so.
    simulated: bool = False
