"""Sums of liquidations over many windows, each in its own scope: one row a kind, source, venue and coin.

Bars are never cut: those inside a window bound the sum from below, those that touch it from above. Prints are a lower
bound; of a feed that was recorded throughout they are all that such a feed can show. Several rows of one venue and coin
are readings of the same thing: they stand side by side here and are never added up.
"""

from __future__ import annotations

from newsdetect.checks.bar_rows import bar_rows
from newsdetect.checks.holdings import Holdings
from newsdetect.checks.print_rows import print_rows
from newsdetect.checks.readings import WHOLE, Scope, Sum
from newsdetect.checks.rows import Rows
from newsdetect.checks.snapshot_rows import snapshot_rows
from newsdetect.checks.windows import Windows
from newsdetect.types import Period, Side

__all__ = ["WHOLE", "Sum", "sums", "sums_over"]


def sums_over(holdings: Holdings, windows: Windows, *, venue: str, asset: str, side: Side) -> Rows:
    """Sum all that is held in the scope of a claim on `venue` and `asset` (ALL: any) and `side`, window by window."""
    scope = Scope(venue, asset)

    def found() -> Rows:
        kinds = (print_rows, bar_rows, snapshot_rows)
        return Rows.joined([rows(holdings, windows, side, scope) for rows in kinds])

    return holdings.once(("sums", windows, side, scope), found)


def sums(holdings: Holdings, window: Period, *, venue: str, asset: str, side: Side) -> list[Sum]:
    """Sum all that is held in a scope over one window."""
    return sums_over(holdings, Windows.of([window]), venue=venue, asset=asset, side=side).at(0)
