"""Sums of liquidations over one window, each in its own scope: one row a kind, source, venue and coin.

Bars are never cut: those inside the window bound the sum from below, those that touch it from above. Prints are a lower
bound; of a feed that was recorded throughout they are all that such a feed can show. Several rows of one venue and coin
are readings of the same thing: they stand side by side here and are never added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from newsdetect.checks.bar_rows import bar_rows
from newsdetect.checks.holdings import Holdings
from newsdetect.checks.print_rows import print_rows
from newsdetect.checks.readings import WHOLE, Scope, Sum, usd_of
from newsdetect.checks.tuning import tuning
from newsdetect.market.provider import Snapshot
from newsdetect.types import Period, Side

__all__ = ["WHOLE", "Sum", "sums"]


def sums(holdings: Holdings, window: Period, *, venue: str, asset: str, side: Side) -> list[Sum]:
    """Sum all that is held in the scope of a claim on `venue` and `asset` (ALL: any) and `side`."""
    asked = ("sums", window.start, window.end, side, venue, asset)
    found: list[Sum] | None = holdings.memo.get(asked)
    if found is None:
        scope = Scope(venue, asset)
        found = [*print_rows(holdings, window, side, scope), *bar_rows(holdings, window, side, scope)]
        found += (row for row in _snapshots(holdings.snapshots, window, side) if scope.holds(row.venue, row.asset))
        holdings.memo[asked] = found
    return list(found)


def _snapshots(snapshots: Iterable[Snapshot], window: Period, side: Side) -> Iterator[Sum]:
    """Bound a sum from below by the largest trailing total that surely lies inside the window."""
    lag = timedelta(hours=tuning().snapshot_lag_hours)
    best: dict[tuple[str, str, str], tuple[float, float, datetime]] = {}
    for one in snapshots:
        earliest = one.retrieved_before - lag - timedelta(hours=one.hours)
        if window.start <= earliest and one.retrieved_before <= window.end:
            scope, usd = (one.source, one.venue, one.asset), usd_of(one, side)
            if scope not in best or usd > best[scope][0]:
                best[scope] = (usd, one.hours, one.retrieved_before)
    for (source, venue, asset), (usd, hours, read) in sorted(best.items()):
        yield Sum(
            kind="snapshot",
            source=source,
            venue=venue,
            asset=asset,
            low=usd,
            high=None,
            connected=min(1.0, hours / window.hours),
            retrieved_at=read,
        )
