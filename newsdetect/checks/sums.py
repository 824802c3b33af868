"""Sums of liquidations over many windows, each in its own scope: one row a kind, source, venue and coin.

Bars are never cut: those inside a window bound the sum from below, those that touch it from above. Prints are a lower
bound; of a feed that was recorded throughout they are all that such a feed can show. Several rows of one venue and coin
are readings of the same thing: they stand side by side here and are never added up.
"""

from __future__ import annotations

from newsdetect.checks.bar_rows import bar_rows
from newsdetect.checks.holdings import Holdings
from newsdetect.checks.print_rows import NO_VENUES, print_rows, summed_venues
from newsdetect.checks.readings import WHOLE, Scope, Sum
from newsdetect.checks.rows import Rows
from newsdetect.checks.snapshot_rows import snapshot_rows
from newsdetect.checks.windows import Windows
from newsdetect.types import Period, Side

__all__ = ["WHOLE", "Sum", "sums", "sums_over"]


def sums_over(  # noqa: PLR0913 -- a scope, and over what
    holdings: Holdings, windows: Windows, *, venue: str, asset: str, side: Side, summed: bool = False
) -> Rows:
    """Sum all that is held in the scope of a claim on `venue` and `asset` (ALL: any) and `side`, window by window.

    With `summed`, coins whose exact sum a row of their venue tells in all windows are left out.
    """
    scope = Scope(venue, asset)

    def found() -> Rows:
        venues = summed_venues(holdings, windows, scope) if summed else NO_VENUES
        prints = print_rows(holdings, windows, side, scope, venues)
        return Rows.joined([prints, *(rows(holdings, windows, side, scope) for rows in (bar_rows, snapshot_rows))])

    return holdings.once(("sums", windows, side, scope, summed), found)


def sums(holdings: Holdings, window: Period, *, venue: str, asset: str, side: Side) -> list[Sum]:
    """Sum all that is held in a scope over one window."""
    return sums_over(holdings, Windows.of([window]), venue=venue, asset=asset, side=side).at(0)
