"""Sums of liquidations over one window, each in its own scope: one row a kind, source, venue and coin.

Bars are never cut: those inside the window bound the sum from below, those that touch it from above. Prints are a lower
bound; of a feed that was recorded throughout they are all that such a feed can show. Several rows of one venue and coin
are readings of the same thing: they stand side by side here and are never added up.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from newsdetect.checks.holdings import Holdings
from newsdetect.checks.tuning import tuning
from newsdetect.market.provider import Bar, Snapshot
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
    heard = _heard(holdings, window)
    # Of a venue's many coins the recording and the feed are one: told once for the window.
    connected: dict[tuple[_Place, ...], float | None] = {(): None}
    full: dict[str, bool] = {}
    for one in _print_scopes(holdings, side, wanted, told.scopes):
        source, venue, asset = one.scope
        if len(one.places) == 1:
            total, largest = told.usd[one.places[0]], told.largest[one.places[0]]
        else:
            total = math.fsum(told.usd[place] for place in one.places)
            largest = max((told.largest[place] for place in one.places), default=0.0)
        listeners = tuple(listener for listener in one.listeners if listener in heard)
        told_of = bool(listeners or total) if one.printed else any(teller in heard for teller in one.tellers)
        if not told_of:
            continue
        if listeners not in connected:
            connected[listeners] = _share([stretch for name in listeners for stretch in heard[name]], window)
        if venue not in full:
            full[venue] = tuning().full_feed(venue, window.start)
        share = connected[listeners]
        yield Sum(
            kind="prints",
            source=source,
            venue=venue,
            asset=asset,
            low=total,
            high=total if share is not None and share >= WHOLE else None,
            connected=share,
            largest=largest,
            full=full[venue],
        )


_Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _PrintScope:
    """A scope that prints or a recording tell of."""

    scope: _Place
    #: Where its sums stand among those of a window; of a venue's recording those of all its coins.
    places: tuple[int, ...]
    #: The recordings that listened to it.
    listeners: tuple[_Place, ...]
    #: There are prints of the scope itself; else it is a scope by what was recorded of it.
    printed: bool
    tellers: tuple[_Place, ...]


def _print_scopes(holdings: Holdings, side: Side, wanted: _Scope, scopes: Sequence[_Place]) -> list[_PrintScope]:
    """Give the scopes of prints in a claim's own, once for all windows; a venue's recording is one of them."""
    asked = ("print scopes", side, wanted)
    found: list[_PrintScope] | None = holdings.memo.get(asked)
    if found is None:
        held = {scope: number for number, scope in enumerate(scopes) if wanted.holds(scope[1], scope[2])}
        # Who listened to a venue's whole listened to each of its coins.
        recorded = [
            one
            for one in holdings.recorded_by_scope()
            if _within(one[1], wanted.venue) and (one[2] == ALL or _within(one[2], wanted.asset))
        ]
        tellers: dict[_Place, list[_Place]] = defaultdict(list)
        for source, venue, asset in recorded:
            # A whole venue's recording tells of the wanted coin too, be it that none was liquidated.
            tellers[source, venue, wanted.asset if asset == ALL else asset].append((source, venue, asset))
        found = []
        for scope in sorted({*held, *tellers}):
            source, venue, asset = scope
            numbers = [held[scope]] if scope in held else []
            if asset == ALL:
                numbers = [number for (s, v, _), number in held.items() if (s, v) == (source, venue)]
            listeners = dict.fromkeys([scope, (source, venue, ALL)])
            heard = tuple(one for one in listeners if one in recorded)
            found.append(_PrintScope(scope, tuple(numbers), heard, scope in held, tuple(tellers.get(scope, ()))))
        holdings.memo[asked] = found
    return found


def _heard(holdings: Holdings, window: Period) -> Mapping[_Place, Sequence[tuple[datetime, datetime]]]:
    """Give the stretches recorded in a window, by scope."""
    asked = ("heard", window.start, window.end)
    found: dict[_Place, list[tuple[datetime, datetime]]] | None = holdings.memo.get(asked)
    if found is None:
        found = {}
        for scope, stretches in holdings.recorded_by_scope().items():
            inside = [(one.start, one.end) for one in stretches if one.start < window.end and one.end > window.start]
            if inside:
                found[scope] = inside
        holdings.memo[asked] = found
    return found


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
