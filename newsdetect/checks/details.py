"""What is told of a window to a reader and decides nothing: sums by side, and what sampled feeds left out."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from newsdetect.checks.evidence import BySide
from newsdetect.checks.holdings import Holdings
from newsdetect.checks.occupancy import Corrected, corrections
from newsdetect.checks.sums import Sum, sums_over
from newsdetect.checks.tuning import tuning
from newsdetect.checks.windows import Windows
from newsdetect.claims.claim import Claim
from newsdetect.types import Period, Side


def sides(claim: Claim, windows: Windows, place: int, holdings: Holdings) -> tuple[BySide, BySide]:
    """Sum longs and shorts of one window apart in a claim's scope."""
    one = one_of(holdings, windows, place)
    return _side(claim, one, holdings, "long"), _side(claim, one, holdings, "short")


def one_of(holdings: Holdings, windows: Windows, place: int) -> Windows:
    """Give one window as a column of its own, the same whenever a claim of the document asks for it."""
    return holdings.once(("alone", windows, place), lambda: windows.one(place))


def _side(claim: Claim, one: Windows, holdings: Holdings, side: Side) -> BySide:
    def told() -> BySide:
        rows = sums_over(holdings, one, venue=claim.venue, asset=claim.asset, side=side, summed=True)
        found: dict[tuple[str, str, str], list[tuple[str, float, float | None]]] = {}
        columns = (column[:, 0].tolist() for column in (rows.there, rows.low, rows.high))
        for head, there, low, high in zip(rows.heads, *columns, strict=True):
            if there:
                found.setdefault(head[:3], []).append((head.asset, low, None if isnan(high) else high))
        return found

    return holdings.once(("side", one, side, claim.venue, claim.asset), told)


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
