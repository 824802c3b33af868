"""What is told of a window to a reader and decides nothing: sums by side, and what sampled feeds left out."""

from __future__ import annotations

from collections.abc import Sequence

from newsdetect.checks.holdings import Holdings
from newsdetect.checks.occupancy import Corrected, corrections
from newsdetect.checks.sums import Sum, sums_over
from newsdetect.checks.tuning import tuning
from newsdetect.checks.windows import Windows
from newsdetect.claims.claim import Claim
from newsdetect.types import Period, Side

_SIDES: tuple[Side, Side] = ("long", "short")


def sides(claim: Claim, windows: Windows, place: int, holdings: Holdings) -> tuple[tuple[Sum, ...], tuple[Sum, ...]]:
    """Sum longs and shorts of one window apart in a claim's scope."""
    # Of all windows, not of this one alone: what was worked out of them serves both sides.
    longs, shorts = (
        sums_over(holdings, windows, venue=claim.venue, asset=claim.asset, side=side).at(place, orders=False)
        for side in _SIDES
    )
    return tuple(longs), tuple(shorts)


def left_out(claim: Claim, window: Period, holdings: Holdings, found: Sequence[Sum]) -> tuple[Corrected, ...]:
    """Tell what sampled feeds left out, where single orders may be read and there are such feeds."""
    tuned = tuning()
    if holdings.orders is None:
        return ()
    if not any(row.kind == "prints" and row.low and tuned.sampled_feed(row.venue, window.end) for row in found):
        return ()
    reader = holdings.orders
    orders = holdings.once(("orders", window.start, window.end), lambda: reader(window.start, window.end))
    return tuple(corrections(orders, window, claim.side))
