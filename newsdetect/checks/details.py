"""What is told of a window to a reader and decides nothing: sums by side, and what sampled feeds left out."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from newsdetect.checks.bar_rows import bar_rows
from newsdetect.checks.evidence import BySide
from newsdetect.checks.holdings import Holdings
from newsdetect.checks.occupancy import Corrected, corrections
from newsdetect.checks.print_rows import print_rows, summed_venues
from newsdetect.checks.readings import Scope, Sum
from newsdetect.checks.snapshot_rows import snapshot_rows
from newsdetect.checks.tuning import tuning
from newsdetect.checks.windows import Windows
from newsdetect.claims.claim import Claim
from newsdetect.types import Period, Side


def sides(claim: Claim, windows: Windows, place: int, holdings: Holdings) -> tuple[BySide, BySide]:
    """Sum longs and shorts of one window apart in a claim's scope."""
    return _side(claim, windows, place, holdings, "long"), _side(claim, windows, place, holdings, "short")


def _side(claim: Claim, windows: Windows, place: int, holdings: Holdings, side: Side) -> BySide:
    scope = Scope(claim.venue, claim.asset)

    def told() -> BySide:
        # Several claims of a document ask the same of one window. Bars of all windows are mostly known by now, and few.
        one = holdings.once(("alone", windows, place), lambda: windows.one(place))
        prints = print_rows(holdings, one, side, scope, summed_venues(holdings, windows, scope))
        bars, snapshots = (rows(holdings, windows, side, scope) for rows in (bar_rows, snapshot_rows))
        found: dict[tuple[str, str, str], list[tuple[str, float, float | None]]] = {}
        for rows, at in ((prints, 0), (bars, place), (snapshots, place)):
            columns = (column[:, at].tolist() for column in (rows.there, rows.low, rows.high))
            for head, there, low, high in zip(rows.heads, *columns, strict=True):
                if there:
                    found.setdefault(head[:3], []).append((head.asset, low, None if isnan(high) else high))
        return found

    return holdings.once(("side", windows, place, side, scope), told)


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
