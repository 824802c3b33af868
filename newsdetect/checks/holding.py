"""A claim held against the market at all ends that its window may have, in one go: a column an end.

What it gives are numbers by end; all that is told to a reader is made for the one end that is asked for (`Trial.at`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.arithmetic import one_position
from newsdetect.checks.between import Apart, apart
from newsdetect.checks.bounds import ceiling_factor, firmly, named, same_scopes
from newsdetect.checks.coverage import Coverage, coverages
from newsdetect.checks.details import left_out, sides
from newsdetect.checks.evidence import Held
from newsdetect.checks.holdings import Holdings
from newsdetect.checks.layout import layouts, read_pairs
from newsdetect.checks.price_words import WORDS, any_never_traded, directions, never_traded
from newsdetect.checks.prices import Moves, moves_over
from newsdetect.checks.print_rows import largest_orders
from newsdetect.checks.readings import Scope
from newsdetect.checks.rows import Rows
from newsdetect.checks.sums import sums_over
from newsdetect.checks.tried import Tried
from newsdetect.checks.tuning import tuning
from newsdetect.checks.volume import Volumes, volume_bounds
from newsdetect.checks.windows import Windows
from newsdetect.checks.words import rows_in_words
from newsdetect.claims.claim import Claim
from newsdetect.types import ALL, Interval

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is held against a claim over many windows: the numbers that decide, and what they were made of."""

    claim: Claim
    windows: Windows
    holdings: Holdings
    tried: Tried
    rows: Rows
    moves: tuple[Moves, ...]
    price: NDArray[np.int8]
    volumes: Volumes | None
    levels: Mapping[str, float]
    floor: Column
    ceiling: Column
    k_low: Column
    k_high: Column
    known: Apart

    def at(self, place: int) -> Held:
        """Give all that is held at one window, as a reader is told it."""
        claim, window, tried = self.claim, self.windows.period(place), self.tried
        found = self.rows.at(place, orders=claim.metric == "largest_liquidation")
        moved = [move for one in self.moves if (move := one.at(place, unusual=True)) is not None]
        ceiling = float(self.ceiling[place])
        return Held(
            window=window,
            claimed=_interval(tried.claimed_low[place], tried.claimed_high[place]) if tried.said[place] else None,
            floor=float(self.floor[place]),
            ceiling=None if np.isinf(ceiling) else ceiling,
            reported=_interval(tried.low[place], tried.high[place]) if tried.told[place] else None,
            coverage=Coverage(float(self.k_low[place]), float(self.k_high[place])),
            same_source=bool(tried.same_source[place]),
            price=WORDS[self.price[place]],
            sums=tuple(found),
            moves=tuple(moved),
            volume=self.volumes.at(place) if self.volumes is not None else None,
            levels=tuple(never_traded(moved, self.levels)) if window.hours >= tuning().level_hours else (),
            by_side=sides(claim, self.windows, place, self.holdings) if found else ({}, {}),
            corrected=left_out(claim, window, self.holdings, found),
            known=self.known,
        )


def hold(
    claim: Claim,
    windows: Windows,
    holdings: Holdings,
    *,
    levels: Mapping[str, float] | None = None,
    for_match: bool = False,
) -> Trial:
    """Hold a claim, taken over each of these windows, against what the market archive holds.

    `levels` are prices that the text says were traded (coin → USD); `for_match` asks for what a match rests on alone.
    """
    many = len(windows)
    single = claim.metric == "largest_liquidation" or one_position(claim)
    claimed_low, claimed_high, said = _in_usd(claim, windows, holdings)
    # The largest order of a venue may be of any coin.
    summed = claim.metric != "largest_liquidation"
    rows = sums_over(holdings, windows, venue=claim.venue, asset=claim.asset, side=claim.side, summed=summed)
    if claim.metric == "traders_liquidated":
        rows = Rows.none(many)
    elif not said.all():
        rows = rows.where(said)
    # A match may be of any side only where the price speaks against none.
    moved = () if for_match and claim.side == "both" else tuple(moves_over(holdings, windows, claim.asset))
    price = directions(moved, claim.side) if moved else np.zeros(many, np.int8)
    volumes = (
        None if ALL in (claim.venue, claim.asset)
        else volume_bounds(holdings, windows, venue=claim.venue, asset=claim.asset)
    )  # fmt: skip
    known = _known(claim, windows, holdings)
    sums = _Sums.of(claim, rows, windows, known)
    floor = _largest_floor(claim, holdings, windows, rows) if single else sums.floor
    ceiling = _ceiling(claim, rows, known, many)
    if volumes is not None:
        ceiling = np.minimum(ceiling, volumes.usd)
    broken = said & ((floor > claimed_high) | (claimed_low > ceiling)) | (price == WORDS.index("refutes"))
    if levels and moved:
        broken |= any_never_traded(moved, levels) & (windows.hours >= tuning().level_hours)
    tried = Tried(
        windows=windows,
        covers=rows.there.any(axis=0) | np.any([one.there for one in moved] or [np.zeros(many, bool)], axis=0),
        refuted=broken,
        said=said,
        claimed_low=claimed_low,
        claimed_high=claimed_high,
        told=sums.told & (not single),
        low=sums.low,
        high=sums.high,
        middle=(sums.k_low + sums.k_high) / 2,
        same_source=_agrees(claim, rows, claimed_low, claimed_high) & said & (not single),
        against=price >= WORDS.index("against"),
    )
    return Trial(
        claim, windows, holdings, tried, rows, moved, price, volumes, levels or {}, floor, ceiling, sums.k_low,
        sums.k_high, known,
    )  # fmt: skip


def _known(claim: Claim, windows: Windows, holdings: Holdings) -> Apart:
    """Give what is known between sources for windows of one length; one day speaks for all of them."""
    last = windows.period(int(windows.end_ns.argmax()))
    return apart(claim, holdings.ranges, last.hours, last.end)


def _in_usd(claim: Claim, windows: Windows, holdings: Holdings) -> tuple[Column, Column, NDArray[np.bool_]]:
    """Say a claim's interval in USD, open ends as inf: coins by their price range; and where it can be said at all."""
    many = len(windows)
    low = -np.inf if claim.low is None else claim.low
    high = np.inf if claim.high is None else claim.high
    if claim.unit == "USD":
        return np.full(many, low), np.full(many, high), np.ones(many, bool)
    if claim.metric == "traders_liquidated":
        return np.full(many, low), np.full(many, high), np.zeros(many, bool)
    (priced,) = moves_over(holdings, windows, claim.unit)
    known = priced.there
    bottom, top = np.where(known, priced.went.low, 1.0), np.where(known, priced.went.high, 1.0)
    return low * bottom, high * top, known


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the sums make of the claim's scope, by window."""

    floor: Column
    told: NDArray[np.bool_]
    low: Column
    high: Column
    k_low: Column
    k_high: Column

    @classmethod
    def of(cls, claim: Claim, rows: Rows, windows: Windows, known: Apart) -> _Sums:
        """Add rows up: from below by parts alone and by wholes alone, and over the scope with K applied."""
        many = len(windows)
        floor, low, high, k_low, k_high = np.zeros(many), np.zeros(many), np.full(many, np.inf), *np.zeros((2, many))
        divisors = np.array([firmly(claim, head, known) for head in rows.heads])[:, None]
        firm = rows.low / divisors if rows.heads else rows.low
        words = rows_in_words(rows, known)
        for places, layout in layouts(rows):
            mine = firm[:, places]
            floor[places] = np.maximum(layout.whole.added(mine), layout.parts.added(mine))
            below, above = read_pairs(layout.over_time, words, places)
            pairs = layout.over_time.names
            k_low[places], k_high[places] = coverages(
                pairs, venue=claim.venue, asset=claim.asset, days=windows.end_days[places], known=known
            )
            low[places], high[places] = below, np.where(np.isnan(above), np.inf, above)
        told = rows.there.any(axis=0) & (k_high > 0)
        low = low / np.where(told, k_high, 1.0)
        bounded = k_low > 0
        high = np.where(bounded, np.maximum(low, high / np.where(bounded, k_low, 1.0)), np.inf)
        return cls(floor, told, low, high, k_low, k_high)


def _largest_floor(claim: Claim, holdings: Holdings, windows: Windows, rows: Rows) -> Column:
    """Give the amount that the largest order of the scope cannot lie below; one named position may be any size."""
    prints = [place for place, head in enumerate(rows.heads) if head.kind == "prints"]
    if claim.metric != "largest_liquidation" or not prints:
        return np.zeros(len(windows))
    top = largest_orders(holdings, windows, claim.side, Scope(claim.venue, claim.asset)) / tuning().own_prints
    highest: Column = np.where(rows.there[prints], top, 0.0).max(axis=0)
    return highest


def _ceiling(claim: Claim, rows: Rows, known: Apart, many: int) -> Column:
    """Give the amount that the claim cannot lie above, inf where no reading holds the claim's whole scope."""
    ceiling = np.full(many, np.inf)
    for place in same_scopes(claim, rows.heads):
        head = rows.heads[place]
        factor = ceiling_factor(claim, head, known, full=True)
        if factor is None:
            continue
        high = np.where(rows.there[place], rows.high[place], np.nan)
        if head.kind == "prints":
            high = np.where(rows.full[place], high, np.nan)
        ceiling = np.fmin(ceiling, high * factor)
    return ceiling


def _agrees(claim: Claim, rows: Rows, claimed_low: Column, claimed_high: Column) -> NDArray[np.bool_]:
    """Tell where a row of the claim's own source and scope is narrow and holds the claim within its tolerance."""
    tuned = tuning()
    near = tuned.same_source_agrees
    found = np.zeros(claimed_low.size, bool)
    for place in same_scopes(claim, rows.heads):
        if named(claim, rows.heads[place]):
            low, high = rows.low[place], rows.high[place]
            # Comparisons with nan, an open end, are false.
            narrow = rows.there[place] & (high <= tuned.width * low)
            found |= narrow & (claimed_high >= low / near) & (claimed_low <= high * near)
    return found


def _interval(low: float, high: float) -> Interval:
    return Interval(low=None if np.isinf(low) else float(low), high=None if np.isinf(high) else float(high))
