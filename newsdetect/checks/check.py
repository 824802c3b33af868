"""The check: a verdict on one claim, the evidence in numbers behind it, and a sentence a reader understands."""

from __future__ import annotations

from typing import Literal

from newsdetect.claims.claim import CauseType
from newsdetect.types import Instant, Interval, Period, Side, Value

Verdict = Literal["not_checkable", "inconsistent", "contradicted", "corroborated", "plausible"]
EvidenceKind = Literal["arithmetic", "prints", "bars", "snapshot", "series", "candles", "volume", "reports"]
Says = Literal["supports", "against", "silent"]


class Basis(Value):
    """A range that a reading was weighed by: another teller's words for it, or its scope's share of a larger one."""

    what: Literal["teller", "share"]
    #: Who tells what, and in terms of whom or of what whole.
    of: str
    to: str
    #: The factors, or shares, that nine of ten windows keep on either side; null is an open end.
    low: float | None
    high: float | None
    #: Fitted to the archive's own series, over `windows` of `hours` each; else a prior that holds from `since` on.
    fitted: bool
    windows: int | None = None
    hours: float | None = None
    since: Instant | None = None
    until: Instant | None = None
    #: Of a prior, what it was taken from.
    note: str = ""


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
    #: The same amount by side; null where it is not told.
    longs: Interval | None = None
    shorts: Interval | None = None
    #: Of a feed that keeps one order a second: its amount with those it left out, were orders to come evenly; and the
    #: share of it from minutes so full that this is a lower bound at best. Null for other feeds and kinds.
    corrected: float | None = None
    saturated: float | None = None
    retrieved_at: Instant | None = None
    #: What K and the range of another teller's words rest on; empty where the claim's own teller tells its whole scope.
    basis: tuple[Basis, ...] = ()
    #: The data come from a generator, not from a market.
    simulated: bool = False


class Weighing(Value):
    """How readings were weighed against a claim at the end found: enough to do it again by hand. Amounts in USD."""

    #: How many end times were tried, from the first to the last.
    tried: int
    first_end: Instant
    last_end: Instant
    claimed: Interval | None = None
    #: What the readings hold: of one venue and coin the largest, over venues and coins the sum.
    seen: Interval | None = None
    #: `seen` as a share of `claimed`, from the least to the most.
    ratio: Interval | None = None
    #: K: the share of the claim's scope that the readings can hold.
    coverage: Interval | None = None
    #: What a report on the whole scope would say by them: [seen low / K high, seen high / K low].
    reported: Interval | None = None
    #: How large it was: as `reported`, with what sampled feeds left out put back; no verdict rests on it.
    true_size: Interval | None = None
    #: P(match | true) / P(match | random window); null where it was not asked for or no history tells.
    specific: float | None = None


class Alone(Value):
    """What a check says by itself, where other articles of its event speak against it."""

    verdict: Verdict
    explanation: str


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
    #: Null where nothing was weighed.
    weighing: Weighing | None = None
    #: The verdict without what other articles say; null unless they made it inconsistent.
    alone: Alone | None = None
    #: Some of the evidence is simulated; whoever shows the verdict says so.
    simulated: bool = False


CauseResult = Literal["consistent", "timing_inconsistent", "direction_inconsistent", "not_checkable"]


class CauseCheck(Value):
    """Whether a cause could have been one: by its time, the price's way, and what its kind asks for; never "caused"."""

    #: Its place among the document's causes.
    cause: int
    type: CauseType
    result: CauseResult
    #: The time that the article names for it, or null.
    named: Period | None = None
    #: When liquidations set in, as narrowly as it is known; null where it is not.
    onset: Period | None = None
    #: Why, with its numbers.
    note: str = ""
    #: How many other kinds of cause the document names, and how many of these fit time and price as well.
    rivals: int = 0
    rivals_fit: int = 0
    simulated: bool = False
