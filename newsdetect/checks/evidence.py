"""All that is held against one claim at one end time: bounds, the range it would have been reported in, and the price.

Per venue and coin the largest reading bounds from below (readings of one thing are never added up), the pairs add up to
the claim's scope, and K says what share of it they can hold. A bound refutes only by what its teller can know:
own prints always, a series of the very source the claim names within 5 %, another source's series only beyond all that
two tellers were ever seen to differ by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsdetect.checks.arithmetic import one_position
from newsdetect.checks.coverage import Coverage, coverage
from newsdetect.checks.details import left_out, sides
from newsdetect.checks.holdings import Holdings
from newsdetect.checks.occupancy import Corrected
from newsdetect.checks.prices import Move, Word, direction, moves, never_traded, price_range, volume_bound
from newsdetect.checks.readings import Sum, by_pair, over_time, reading
from newsdetect.checks.sums import sums
from newsdetect.checks.tuning import tuning
from newsdetect.claims.claim import Claim
from newsdetect.market.provider import Candle
from newsdetect.types import ALL, Interval, Period


@dataclass(frozen=True, slots=True)
class Held:
    """What is held against a claim if its window is `window`; amounts in USD."""

    window: Period
    #: What the claim says, in USD; null where it cannot be said in USD.
    claimed: Interval | None
    #: A claim wholly below `floor` or above `ceiling` is refuted; tolerances are in them already.
    floor: float
    ceiling: float | None
    #: What the readings make of the whole scope, K applied; null where there are none.
    reported: Interval | None
    coverage: Coverage
    #: A series of the very source and scope that the claim names agrees with it.
    same_source: bool
    price: Word
    sums: tuple[Sum, ...]
    moves: tuple[Move, ...]
    #: The bound that the volume of the named venue sets, with the first candle of it, or null.
    volume: tuple[Candle, float] | None = None
    #: The named price levels that were never traded.
    levels: tuple[tuple[Move, float], ...] = ()
    #: The sums of longs and of shorts, and what sampled feeds left out of the claimed side; where they were asked for.
    by_side: tuple[tuple[Sum, ...], tuple[Sum, ...]] = ((), ())
    corrected: tuple[Corrected, ...] = ()

    @property
    def covers(self) -> bool:
        """Whether anything at all covers scope and time."""
        return bool(self.sums or self.moves)

    @property
    def refuted(self) -> bool:
        """Whether a bound is broken at this end time."""
        if self.price == "refutes" or self.levels:
            return True
        return self.claimed is not None and _outside(self.claimed, self.floor, self.ceiling)


def refute(claim: Claim, claimed: Interval, rows: Sequence[Sum]) -> bool:
    """Tell whether these rows, each of another venue or coin, break a bound of the claim by themselves."""
    return _outside(claimed, sum(_firm(claim, row) for row in rows), _ceiling(claim, rows))


def _outside(claimed: Interval, floor: float, ceiling: float | None) -> bool:
    """Tell whether a claimed interval lies wholly below a floor or above a ceiling."""
    low, high = claimed.low, claimed.high
    return (high is not None and floor > high) or (low is not None and ceiling is not None and low > ceiling)


def hold(
    claim: Claim,
    window: Period,
    holdings: Holdings,
    *,
    levels: Mapping[str, float] | None = None,
    in_full: bool = False,
) -> Held:
    """Hold a claim, taken over `window`, against what the market archive holds.

    `levels` are prices that the text says were traded (coin → USD); `in_full` asks for what is told to a reader and
    decides nothing: the moves' z-scores, which cost more than all the rest, sums by side, what sampled feeds left out.
    """
    claimed = in_usd(claim, window, holdings)
    single = claim.metric == "largest_liquidation" or one_position(claim)
    found = sums(holdings, window, venue=claim.venue, asset=claim.asset, side=claim.side)
    moved = moves(holdings, window, claim.asset, unusual=in_full)
    if claimed is None or claim.metric == "traders_liquidated":
        found = []
    told = sides(claim, window, holdings) if in_full and found else ((), ())
    share = coverage(by_pair(over_time(found)), venue=claim.venue, asset=claim.asset, at=window.end)
    volume = (
        None
        if ALL in (claim.venue, claim.asset)
        else volume_bound(holdings, window, venue=claim.venue, asset=claim.asset)
    )
    ceiling = min(
        (bound for bound in (_ceiling(claim, found), volume[1] if volume else None) if bound is not None),
        default=None,
    )
    return Held(
        window=window,
        claimed=claimed,
        floor=_largest_floor(claim, found) if single else _floor(claim, found),
        ceiling=ceiling,
        reported=None if single else reported(over_time(found), share),
        coverage=share,
        same_source=not single and claimed is not None and any(_agrees(claim, claimed, row) for row in found),
        price=direction(moved, claim.side),
        sums=tuple(found),
        moves=tuple(moved),
        volume=volume,
        levels=tuple(never_traded(moved, levels or {})) if window.hours >= tuning().level_hours else (),
        by_side=told,
        corrected=left_out(claim, window, holdings, found) if in_full else (),
    )


def in_usd(claim: Claim, window: Period, holdings: Holdings) -> Interval | None:
    """Say a claim's interval in USD: coins by their price range in the window; None for other units."""
    if claim.unit == "USD":
        return claim.interval
    price = price_range(holdings, window, claim.unit)
    if claim.metric == "traders_liquidated" or price is None or price.low is None or price.high is None:
        return None
    return Interval(
        low=None if claim.low is None else claim.low * price.low,
        high=None if claim.high is None else claim.high * price.high,
    )


def reported(found: Sequence[Sum], share: Coverage) -> Interval | None:
    """Give the range that a report on the whole scope would lie in: [low / K_high, high / K_low].

    The upper end is open where nothing bounds a pair from above or K may be zero; a window that was recorded in part
    widens it further.
    """
    if not found or share.high <= 0:
        return None
    seen = reading(found)
    assert seen.low is not None
    low = seen.low / share.high
    return Interval(low=low, high=max(low, seen.high / share.low) if seen.high is not None and share.low > 0 else None)


def _floor(claim: Claim, found: Sequence[Sum]) -> float:
    """Give the amount that a sum over the claim's scope cannot lie below."""
    layers = _layers(found)
    return max(sum(max(_firm(claim, row) for row in rows) for rows in pairs.values()) for pairs in layers)


def _layers(found: Sequence[Sum]) -> list[dict[tuple[str, str], list[Sum]]]:
    """Give the ways to add readings up without counting one twice: by parts alone, and by wholes alone."""
    parts = [row for row in found if ALL not in (row.venue, row.asset)]
    return [by_pair(found), by_pair(parts)]


def _largest_floor(claim: Claim, found: Sequence[Sum]) -> float:
    """Give the amount that the largest order of the scope cannot lie below; one named position may be any size."""
    if claim.metric != "largest_liquidation":
        return 0.0
    return max((row.largest / tuning().own_prints for row in found if row.kind == "prints"), default=0.0)


def _firm(claim: Claim, row: Sum) -> float:
    """Give the part of a lower bound that refutes: prints nearly whole, series by whom the claim names."""
    tuned = tuning()
    if row.kind == "prints":
        return row.low / tuned.own_prints
    if claim.attributed_to is None:
        return row.low / tuned.unnamed_source
    return row.low / (tuned.same_source if same_name(claim.attributed_to, row.source) else _apart(claim))


def _ceiling(claim: Claim, found: Sequence[Sum]) -> float | None:
    """Give the amount that the claim cannot lie above, where a reading holds the claim's whole scope."""
    tuned = tuning()
    tops = []
    for row in found:
        if row.high is None or not _same_scope(claim, row):
            continue
        if row.kind == "prints" and row.full:
            tops.append(row.high * tuned.own_prints)
        elif row.kind == "bars":
            tops.append(row.high * (tuned.same_source if _named(claim, row) else _apart(claim)))
    return min(tops, default=None)


def _apart(claim: Claim) -> float:
    """Give how far two tellers of one thing may lie apart: a venue's own word lies far from what trackers tell."""
    return tuning().another_source if claim.venue == ALL else tuning().own_word


def _agrees(claim: Claim, claimed: Interval, row: Sum) -> bool:
    """Tell whether a row is of the claim's own source and scope, narrow, and holds the claim within its tolerance."""
    tuned = tuning()
    if row.high is None or row.high > tuned.width * row.low or not (_named(claim, row) and _same_scope(claim, row)):
        return False
    near = tuned.same_source_agrees
    return Interval(low=row.low / near, high=row.high * near).overlaps(claimed)


def _named(claim: Claim, row: Sum) -> bool:
    return row.kind == "bars" and claim.attributed_to is not None and same_name(claim.attributed_to, row.source)


def _same_scope(claim: Claim, row: Sum) -> bool:
    return row.venue.casefold() == claim.venue.casefold() and row.asset == claim.asset


def same_name(first: str, second: str) -> bool:
    """Tell whether two names mean one source; a generator's stands for the source it plays."""
    a, b = (name.casefold().removeprefix("simulated").strip(" :-") for name in (first, second))
    return a == b and bool(a)
