"""A document's claims against the market, one check each: arithmetic, time, evidence, verdict, sentence.

Odd data are a verdict with its reason, never an exception. What the archive holds is fetched once for the document's
snapshot and once for each calendar window; everything after that is pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsdetect.checks.arithmetic import Conflict, conflicts
from newsdetect.checks.blame import held_against
from newsdetect.checks.check import Check, Evidence
from newsdetect.checks.compare import Case, compare, corroborates, searched
from newsdetect.checks.evidence_rows import evidence_rows
from newsdetect.checks.explain import explain
from newsdetect.checks.fitting import Fit, fit_end, likelihood_ratio
from newsdetect.checks.holding import hold
from newsdetect.checks.holdings import Holdings, fetch
from newsdetect.checks.prices import price_range
from newsdetect.checks.probability import probability
from newsdetect.checks.timing import Ends, settled_window, snapshot_ends, trailing
from newsdetect.checks.tuning import tuning
from newsdetect.checks.weighing import weighing
from newsdetect.checks.windows import Windows
from newsdetect.claims.claim import Claim
from newsdetect.documents.document import Document
from newsdetect.market.provider import MarketData
from newsdetect.types import Interval, Period

#: The longest window that is held against a market; more is a history, not a happening.
_LONGEST_HOURS = 24 * 92


def check_claims(
    doc: Document,
    claims: Sequence[Claim],
    market: MarketData | None,
    *,
    levels: Mapping[str, float] | None = None,
    orders: bool = False,
) -> tuple[Check, ...]:
    """Check the claims of one document; one check a claim, in their order.

    Without `market` only the arithmetic is done. `levels` are prices (coin → USD) that the document says were traded in
    the windows of its asserted claims. With `orders` single prints are read as well, to tell what sampled feeds left
    out; that changes no verdict and costs more than all the rest where there are many.
    """
    return tuple(_check(claim, case) for claim, case in cases(doc, claims, market, levels=levels, orders=orders))


def cases(
    doc: Document,
    claims: Sequence[Claim],
    market: MarketData | None,
    *,
    levels: Mapping[str, float] | None = None,
    orders: bool = False,
) -> Iterator[tuple[Claim, Case]]:
    """Give all that the verdicts on one document's claims rest on, claim by claim, as `check_claims` weighs it."""
    snapshot = _snapshot(doc, claims, market, levels, orders=orders)
    history = None if market is None else _History(market, _coins(claims))
    found = conflicts(claims, title_end=len(doc.title), prices=_prices(claims, snapshot.holdings))
    against = held_against(found)
    for claim in claims:
        about = against.get(claim.id, ())
        if claim.id in snapshot.places:
            yield claim, _snapshot_case(claim, about, history, snapshot)
        else:
            yield claim, _case(doc, claim, about, market, history, levels=levels, orders=orders)
    for holdings in (snapshot.holdings, *(history.kept.values() if history is not None else ())):
        if holdings is not None:
            holdings.forget()


class _History:
    """Reads the time before a document's claims, each stretch of it once for all of them."""

    def __init__(self, market: MarketData, coins: AbstractSet[str]) -> None:
        self._market, self._coins = market, coins
        self.kept: dict[tuple[datetime, datetime], Holdings] = {}

    def __call__(self, start: datetime, end: datetime) -> Holdings:
        """Give what is held of `[start, end)`."""
        if (start, end) not in self.kept:
            self.kept[start, end] = fetch(self._market, start, end, coins=self._coins)
        return self.kept[start, end]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The trailing claims of a document, which share one end time."""

    #: A claim's id to its number in `fit`.
    places: dict[str, int]
    ends: Ends | None
    holdings: Holdings | None
    fit: Fit | None


def _snapshot(
    doc: Document,
    claims: Sequence[Claim],
    market: MarketData | None,
    levels: Mapping[str, float] | None,
    *,
    orders: bool,
) -> _Snapshot:
    """Fit one end time to a document's trailing claims."""
    members = [claim for claim in claims if trailing(claim) and barred(claim) is None]
    places = {claim.id: number for number, claim in enumerate(members)}
    ends = snapshot_ends(doc, members)
    if market is None or ends is None:
        return _Snapshot(places, ends, None, None)
    longest = max(claim.window.length_hours for claim in members if claim.window is not None)
    holdings = fetch(market, ends.first - timedelta(hours=longest), ends.last, coins=_coins(members), orders=orders)
    return _Snapshot(places, ends, holdings, fit_end(members, holdings, ends, levels=levels))


def _case(  # noqa: PLR0913 -- what a check is asked
    doc: Document,
    claim: Claim,
    found: tuple[Conflict, ...],
    market: MarketData | None,
    history: _History | None,
    *,
    levels: Mapping[str, float] | None,
    orders: bool,
) -> Case:
    """Make the case of a claim that is no part of the snapshot: it has a calendar window, or cannot be checked."""
    closed = barred(claim)
    if closed is not None or claim.window is None:
        why = "neither the text nor its date says over what time the figure was counted"
        return Case(barred=closed, conflicts=found, missing=None if closed else why)
    period = claim.window.period
    if period is None:
        return Case(conflicts=found, missing="the time it trails is not known")
    period = settled_window(doc, period)
    if period is None:
        return Case(conflicts=found, missing="its window begins after its publication")
    if market is None or history is None:
        return Case(conflicts=found, missing="no market data are at hand")
    holdings = fetch(market, period.start, period.end, coins=_coins([claim]), orders=orders)
    told = levels if claim.status == "asserted" else None
    trial = hold(claim, Windows.of([period]), holdings, levels=told)
    best = trial.at(0)
    special = likelihood_ratio(claim, history, best, None) if corroborates(best) else None
    holdings.forget()
    return Case(conflicts=found, tried=trial.tried, best=best, specific=special, missing=_unsaid(claim, best.claimed))


def _snapshot_case(claim: Claim, found: tuple[Conflict, ...], history: _History | None, snapshot: _Snapshot) -> Case:
    """Make the case of a claim whose window trails its document."""
    if snapshot.ends is None:
        return Case(conflicts=found, missing="it speaks of the time before its publication, which is not known")
    if history is None or snapshot.fit is None:
        return Case(conflicts=found, missing="no market data are at hand")
    place = snapshot.places[claim.id]
    best, tried = snapshot.fit.best[place], snapshot.fit.trials[place].tried
    case = Case(
        conflicts=found, tried=tried, best=best, pinned=snapshot.fit.pinned[place], missing=_unsaid(claim, best.claimed)
    )  # fmt: skip
    # Random windows cost more than all the rest: they are asked only where they can decide.
    if corroborates(best) and searched(case) <= tuning().searched:
        case = replace(case, specific=likelihood_ratio(claim, history, best, snapshot.ends))
    return case


def barred(claim: Claim) -> str | None:
    """Say why a claim cannot be checked whatever is known, or None."""
    if claim.status == "hypothetical":
        return "it speaks of what could happen, not of what did"
    if claim.status == "historical" and (claim.window is None or claim.window.period is None):
        return "it recalls an earlier event whose time is not settled"
    if claim.window is not None and claim.window.length_hours > _LONGEST_HOURS:
        return f"a window of {claim.window.length_hours / 24:,.0f} days is longer than what is held against markets"
    return None


def _unsaid(claim: Claim, claimed: Interval | None) -> str | None:
    """Say why a claim's unit cannot be compared with dollars liquidated, or None."""
    if claimed is not None:
        return None
    if claim.metric == "traders_liquidated" or claim.unit == "traders":
        return "market data count dollars and orders, not traders"
    return f"no candle of that time tells what {claim.unit} was worth in dollars"


def _coins(claims: Sequence[Claim]) -> set[str]:
    return {name for claim in claims for name in (claim.asset, claim.unit) if name not in ("USD", "traders")}


def _prices(claims: Sequence[Claim], held: Holdings | None) -> dict[str, Interval]:
    """Give the price ranges of the coins that amounts are stated in, over all that was fetched."""
    if held is None:
        return {}
    units = {claim.unit for claim in claims} - {"USD", "traders"}
    window = Period(start=held.start, end=held.end)
    ranges = {unit: price_range(held, window, unit) for unit in units}
    return {unit: prices for unit, prices in ranges.items() if prices is not None}


def _check(claim: Claim, case: Case) -> Check:
    """Write the verdict down with its evidence."""
    verdict = compare(case)
    best = case.best if case.barred is None else None
    evidence = tuple(Evidence(kind="arithmetic", says="against", note=conflict.note) for conflict in case.conflicts)
    if best is not None and case.missing is None:
        evidence += evidence_rows(claim, best)
    simulated = any(row.simulated for row in evidence)
    return Check(
        claim_id=claim.id,
        verdict=verdict,
        probability=probability(claim, case, verdict),
        window=best.window if best is not None else None,
        evidence=evidence,
        explanation=explain(claim, case, verdict, simulated=simulated),
        weighing=weighing(case) if case.barred is None and case.missing is None else None,
        simulated=simulated,
    )
