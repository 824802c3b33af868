"""What is told of a window to a reader and decides nothing: sums by side, and what sampled feeds left out."""

from __future__ import annotations

from collections.abc import Sequence

from newsdetect.checks.holdings import Holdings
from newsdetect.checks.occupancy import Corrected, corrections
from newsdetect.checks.sums import Sum, sums
from newsdetect.checks.tuning import tuning
from newsdetect.claims.claim import Claim
from newsdetect.types import Period


def sides(claim: Claim, window: Period, holdings: Holdings) -> tuple[tuple[Sum, ...], tuple[Sum, ...]]:
    """Sum longs and shorts apart in a claim's scope."""
    longs = sums(holdings, window, venue=claim.venue, asset=claim.asset, side="long")
    return tuple(longs), tuple(sums(holdings, window, venue=claim.venue, asset=claim.asset, side="short"))


def left_out(claim: Claim, window: Period, holdings: Holdings, found: Sequence[Sum]) -> tuple[Corrected, ...]:
    """Tell what sampled feeds left out, where single orders may be read and there are such feeds."""
    tuned = tuning()
    if holdings.orders is None:
        return ()
    if not any(row.kind == "prints" and row.low and tuned.sampled_feed(row.venue, window.end) for row in found):
        return ()
    asked = ("orders", window.start, window.end)
    if asked not in holdings.memo:
        holdings.memo[asked] = holdings.orders(window.start, window.end)
    return tuple(corrections(holdings.memo[asked], window, claim.side))
