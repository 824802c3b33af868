"""Sums of liquidations over one window, each in its own scope: one row a kind, source, venue and coin.

Bars are never cut: those inside the window bound the sum from below, those that touch it from above. Prints are a lower
bound; of a feed that was recorded throughout they are all that such a feed can show. Several rows of one venue and coin
are readings of the same thing: they stand side by side here and are never added up.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from newsdetect.checks.holdings import Holdings
from newsdetect.checks.tuning import tuning
from newsdetect.market.provider import Bar, Recorded, Snapshot
from newsdetect.types import ALL, Period, Side

#: A stretch with less than this missing counts as whole; feeds lose seconds at a reconnect.
WHOLE = 0.995


@dataclass(frozen=True, slots=True)
class Sum:
    """What one source tells of one venue and coin over a window, in USD."""

    kind: Literal["prints", "bars", "snapshot"]
    source: str
    venue: str
    asset: str
    low: float
    #: Null where the window is not covered throughout.
    high: float | None
    #: The share of the window that is covered, 0 to 1; null is unknown.
    connected: float | None
    #: The largest single order seen.
    largest: float = 0.0
    #: The feed holds every order of its venue.
    full: bool = False
    retrieved_at: datetime | None = None


def sums(holdings: Holdings, window: Period, *, venue: str, asset: str, side: Side) -> list[Sum]:
    """Sum all that is held in the scope of a claim on `venue` and `asset` (ALL: any) and `side`."""
    asked = ("sums", window.start, window.end, side, venue, asset)
    found: list[Sum] | None = holdings.memo.get(asked)
    if found is None:
        scope = _Scope(venue, asset)
        found = [*_prints(holdings, window, side, scope), *_bars(holdings, window, side, scope)]
        found += (row for row in _snapshots(holdings.snapshots, window, side) if scope.holds(row.venue, row.asset))
        holdings.memo[asked] = found
    return list(found)


@dataclass(frozen=True, slots=True)
class _Scope:
    """A venue and a coin, or ALL of them."""

    venue: str
    asset: str

    def holds(self, venue: str, asset: str) -> bool:
        return _within(venue, self.venue) and _within(asset, self.asset)


def _within(part: str, whole: str) -> bool:
    return whole == ALL or part.casefold() == whole.casefold()


def _prints(holdings: Holdings, window: Period, side: Side, wanted: _Scope) -> Iterator[Sum]:
    """Sum the prints by source, venue and coin; a stretch recorded without a print is a sum of zero."""
    told = holdings.prints.window(window.start, window.end, side)
    by_scope = {scope: number for number, scope in enumerate(told.scopes) if wanted.holds(scope[1], scope[2])}
    listening: dict[tuple[str, str, str], list[Recorded]] = {}
    for heard_of, stretches in holdings.recorded_by_scope().items():
        # Who listened to a venue's whole listened to each of its coins.
        if _within(heard_of[1], wanted.venue) and (heard_of[2] == ALL or _within(heard_of[2], wanted.asset)):
            touching = [one for one in stretches if one.start < window.end and one.end > window.start]
            if touching:
                listening[heard_of] = touching
    # A whole venue's recording tells of the wanted coin too, be it that none was liquidated.
    listened = {(source, venue, wanted.asset if asset == ALL else asset) for source, venue, asset in listening}
    for scope in sorted({*by_scope, *listened}):
        source, venue, asset = scope
        heard = listening.get(scope, []) + (listening.get((source, venue, ALL), []) if asset != ALL else [])
        numbers = [by_scope[scope]] if scope in by_scope else []
        if asset == ALL:
            numbers = [n for (s, v, _), n in by_scope.items() if (s, v) == (source, venue)]
        total = math.fsum(told.usd[number] for number in numbers)
        if not heard and not total:
            continue
        connected = _share([(one.start, one.end) for one in heard], window) if heard else None
        yield Sum(
            kind="prints",
            source=source,
            venue=venue,
            asset=asset,
            low=total,
            high=total if connected is not None and connected >= WHOLE else None,
            connected=connected,
            largest=max((told.largest[number] for number in numbers), default=0.0),
            full=tuning().full_feed(venue, window.start),
        )


def _bars(holdings: Holdings, window: Period, side: Side, wanted: _Scope) -> Iterator[Sum]:
    """Bound a sum by the bars inside and those touching; of several bucket lengths the tightest bounds."""
    by_scope: dict[tuple[str, str, str], dict[int, Sequence[Bar]]] = defaultdict(dict)
    for (source, venue, asset, seconds), many in holdings.bars_touching(window):
        if wanted.holds(venue, asset):
            by_scope[source, venue, asset][seconds] = many
    for (source, venue, asset), lengths in sorted(by_scope.items()):
        low, high, covered = 0.0, None, 0.0
        for seconds, touching in lengths.items():
            length = timedelta(seconds=seconds)
            inside = [bar for bar in touching if bar.start >= window.start and bar.start + length <= window.end]
            low = max(low, sum(_usd(bar, side) for bar in inside))
            share = _share([(bar.start, bar.start + length) for bar in touching], window)
            covered = max(covered, share)
            if share >= WHOLE:
                above = sum(_usd(bar, side) for bar in touching)
                high = above if high is None else min(high, above)
        read = [bar.retrieved_at for many in lengths.values() for bar in many if bar.retrieved_at is not None]
        yield Sum(
            kind="bars",
            source=source,
            venue=venue,
            asset=asset,
            low=low,
            high=None if high is None else max(low, high),
            connected=covered,
            retrieved_at=max(read, default=None),
        )


def _snapshots(snapshots: Iterable[Snapshot], window: Period, side: Side) -> Iterator[Sum]:
    """Bound a sum from below by the largest trailing total that surely lies inside the window."""
    lag = timedelta(hours=tuning().snapshot_lag_hours)
    best: dict[tuple[str, str, str], tuple[float, float, datetime]] = {}
    for one in snapshots:
        earliest = one.retrieved_before - lag - timedelta(hours=one.hours)
        if window.start <= earliest and one.retrieved_before <= window.end:
            scope, usd = (one.source, one.venue, one.asset), _usd(one, side)
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


def _usd(row: Bar | Snapshot, side: Side) -> float:
    if side == "both":
        return row.long_usd + row.short_usd
    return row.long_usd if side == "long" else row.short_usd


def _share(stretches: list[tuple[datetime, datetime]], window: Period) -> float:
    """Give the share of a window that stretches cover; where they overlap they count once."""
    covered, reached = timedelta(0), window.start
    for start, end in sorted(stretches):
        start, end = max(start, reached), min(end, window.end)  # noqa: PLW2901 -- cut to what is not counted yet
        if end > start:
            covered += end - start
            reached = end
    return covered / (window.end - window.start)
