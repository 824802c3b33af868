"""How large it was, apart from what would have been reported: sums with what sampled feeds left out put back.

An estimate, never a bound: liquidations come in bursts, and a second that holds one order may have held ten. So it is
shown beside the reported range, and no verdict rests on it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from newsdetect.checks.evidence import Held
from newsdetect.checks.occupancy import Corrected
from newsdetect.checks.readings import Sum, top
from newsdetect.types import ALL, Interval


def true_size(held: Held) -> Interval | None:
    """Give the range in which a claim's amount lay; None where nothing tells of it.

    From below what was counted (of saturated feeds their correction), from above the correction; open where a feed was
    saturated, or where only sums of others tell of a venue and coin, which are themselves of sampled feeds.
    """
    if held.reported is None or held.coverage.high <= 0:
        return None
    low = high = 0.0
    for rows in held.pairs.values():
        ends = [_ends(row, feed_correction(held, [row])) for row in rows]
        low += max(below for below, _ in ends)
        high += max(above for _, above in ends)
    high = high / held.coverage.low if held.coverage.low > 0 else math.inf
    low /= held.coverage.high
    return Interval(low=low, high=max(low, high) if math.isfinite(high) else None)


def feed_correction(held: Held, rows: Sequence[Sum]) -> Corrected | None:
    """Join the corrections of the coins that rows of one source and venue speak of; None where there are none."""
    if not held.corrected:
        return None
    first = rows[0]
    coins = {row.asset for row in rows}
    found = [
        one
        for one in held.corrected
        if first.kind == "prints"
        and (one.source, one.venue) == (first.source, first.venue)
        and (ALL in coins or one.asset in coins)
    ]
    observed = sum(one.observed for one in found)
    if not observed:
        return None
    return Corrected(
        source=first.source,
        venue=first.venue,
        asset=first.asset,
        observed=observed,
        corrected=sum(one.corrected for one in found),
        saturated=sum(one.saturated * one.observed for one in found) / observed,
    )


def _ends(row: Sum, filled: Corrected | None) -> tuple[float, float]:
    """Give the ends between which one feed's amount truly lay."""
    most = top(row)
    if row.kind != "prints" or most is None:
        return row.low, math.inf
    if filled is None:
        return row.low, most if row.full else math.inf
    if filled.saturated > 0:
        return filled.corrected, math.inf
    return row.low, most * filled.corrected / filled.observed
