"""Prints summed by source, venue and coin over many windows: a lower bound, whole where the feed was always heard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.holdings import Holdings
from newsdetect.checks.readings import WHOLE, Scope, within
from newsdetect.checks.rows import Extra, Head, Rows
from newsdetect.checks.timeline import Timeline
from newsdetect.checks.tuning import tuning
from newsdetect.checks.windows import Windows
from newsdetect.market.provider import PrintKey
from newsdetect.market.totals import Groups
from newsdetect.types import ALL, Side

_Place = tuple[str, str, str]
_NEVER = 2**62
NO_VENUES: frozenset[str] = frozenset()


def print_rows(
    holdings: Holdings, windows: Windows, side: Side, wanted: Scope, summed: frozenset[str] = NO_VENUES
) -> Rows:
    """Sum the prints by source, venue and coin; a stretch recorded without a print is a sum of zero.

    The coins of `summed` venues get no row of their own beside that of all coins.
    """
    scopes = _scopes_of(holdings, side, wanted, summed)
    if not scopes.heads:
        return Rows.none(len(windows))
    low = holdings.prints.sums(windows.start_ns, windows.end_ns, scopes.groups)
    # Of a venue's many coins the recording is one, and mostly of all venues.
    timelines, timeline = holdings.once(("timelines", scopes), lambda: _timelines(holdings, scopes))
    heard = np.array([_share(holdings, windows, one) for one in timelines])
    there = (~np.isnan(heard))[timeline] | (scopes.printed & (low != 0))
    for row, tellers in scopes.told_by.items():
        there[row] = np.any(
            [~np.isnan(_share(holdings, windows, _timeline(holdings, (one,)))) for one in tellers], axis=0
        )

    def extras(place: int, orders: bool) -> Sequence[Extra]:
        if not orders:
            return [(0.0, None)] * len(scopes.heads)
        edges = windows.start_ns[place : place + 1], windows.end_ns[place : place + 1]
        return [(top, None) for top in holdings.prints.largest(*edges, scopes.groups)[:, 0].tolist()]

    return Rows(
        heads=scopes.heads,
        there=there,
        low=low,
        high=np.where((heard >= WHOLE)[timeline], low, np.nan),
        connected=heard[timeline],
        full=scopes.full_since[:, None] <= windows.start_days,
        extras=extras,
    )


def largest_orders(holdings: Holdings, windows: Windows, side: Side, wanted: Scope) -> NDArray[np.float64]:
    """Give the largest single order of the rows of `print_rows`, shape (rows, windows)."""
    scopes = _scopes_of(holdings, side, wanted)
    return holdings.prints.largest(windows.start_ns, windows.end_ns, scopes.groups)


@dataclass(frozen=True, slots=True, eq=False)
class _Scopes:
    """The scopes in a claim's own that prints or a recording tell of, in order; told apart by identity."""

    heads: tuple[Head, ...]
    #: The keys of each.
    groups: Groups
    #: The recordings that may have listened to one, and which of them did to each.
    listeners: tuple[tuple[_Place, ...], ...]
    listener: NDArray[np.int64]
    #: Which of them have prints of their own, shape (rows, 1); the others are there where a recording listened.
    printed: NDArray[np.bool_]
    #: Of those without, the rows that not all of their listeners tell of, with the recordings that do.
    told_by: Mapping[int, Sequence[_Place]]
    #: The day from which the feed of each holds every order, counted from 1970.
    full_since: NDArray[np.int64]


def _scopes_of(holdings: Holdings, side: Side, wanted: Scope, summed: frozenset[str] = NO_VENUES) -> _Scopes:
    def scopes() -> _Scopes:
        return _scopes(holdings.prints.keys, tuple(holdings.recorded_by_scope), side, wanted, summed)

    return holdings.once(("scopes", side, wanted, summed), scopes)


@lru_cache(maxsize=256)
def _scopes(
    keys: tuple[PrintKey, ...], recordings: tuple[_Place, ...], side: Side, wanted: Scope, summed: frozenset[str]
) -> _Scopes:
    """Give the scopes of prints in a claim's own; a venue's recording is one of them."""
    held = _keys(keys, side, wanted)
    # Who listened to a venue's whole listened to each of its coins.
    recorded = [
        one for one in recordings if within(one[1], wanted.venue) and (one[2] == ALL or within(one[2], wanted.asset))
    ]
    tellers: dict[_Place, list[_Place]] = defaultdict(list)
    for source, venue, asset in recorded:
        # A whole venue's recording tells of the wanted coin too, be it that none was liquidated.
        tellers[source, venue, wanted.asset if asset == ALL else asset].append((source, venue, asset))
    scopes = [scope for scope in sorted({*held, *tellers}) if scope[2] == ALL or scope[1] not in summed]
    members, listened = [], []
    for scope in scopes:
        source, venue, asset = scope
        mine = held.get(scope, [])
        if asset == ALL:
            mine = [key for (s, v, _), many in held.items() if (s, v) == (source, venue) for key in many]
        members.append(mine)
        listened.append(tuple(one for one in dict.fromkeys([scope, (source, venue, ALL)]) if one in recorded))
    listeners = tuple(dict.fromkeys(listened))
    return _Scopes(
        heads=tuple(Head("prints", *scope, scope[1] in summed) for scope in scopes),
        groups=Groups.of(members),
        listeners=listeners,
        listener=np.array([listeners.index(one) for one in listened], np.int64),
        printed=np.array([[scope in held] for scope in scopes], bool).reshape(-1, 1),
        told_by={
            row: tellers[scope]
            for row, scope in enumerate(scopes)
            if scope not in held and set(tellers[scope]) != set(listened[row])
        },
        full_since=np.array([_full_since(venue) for _, venue, _ in scopes], np.int64),
    )


def summed_venues(holdings: Holdings, windows: Windows, wanted: Scope) -> frozenset[str]:
    """Give the venues of which one row, over all coins, is all that counts of their prints in any of these windows.

    The one source of a venue's prints listened to all of its coins at some time of each window, so that the row is
    there and is the exact sum of its coins' rows; and nothing else tells of single coins of the venue, so that what
    the coins' rows would add up to is that row.
    """
    if wanted.asset != ALL:
        return NO_VENUES

    def venues() -> frozenset[str]:
        mine = holdings.once("heard as wholes", lambda: _heard_as_wholes(holdings))
        throughout = {one for one in set(mine.values()) if not np.isnan(_share(holdings, windows, one)).any()}
        return frozenset(venue for venue, one in mine.items() if one in throughout)

    return holdings.once(("summed", windows), venues)


def _heard_as_wholes(holdings: Holdings) -> dict[str, Timeline]:
    """Give the venues told by one source alone that listened to all coins, with the times in which it did."""
    sources: dict[str, set[str]] = defaultdict(set)
    for key in holdings.prints.keys:
        sources[key.venue].add(key.source)
    for source, venue, _ in holdings.recorded_by_scope:
        sources[venue].add(source)
    apart = {one.venue for many in (holdings.bars, holdings.snapshots) for one in many if one.asset != ALL}
    return {
        venue: _timeline(holdings, ((source, venue, ALL),))
        for source, venue, asset in holdings.recorded_by_scope
        if asset == ALL != venue and sources[venue] == {source} and venue not in apart
    }


def _keys(keys: Sequence[PrintKey], side: Side, wanted: Scope) -> dict[_Place, list[int]]:
    """Give the places of a side's keys within a scope, by source, venue and coin."""
    found: dict[_Place, list[int]] = {}
    for place, key in enumerate(keys):
        if side in ("both", key.side) and wanted.holds(key.venue, key.asset):
            found.setdefault((key.source, key.venue, key.asset), []).append(place)
    return found


def _timelines(holdings: Holdings, scopes: _Scopes) -> tuple[list[Timeline], NDArray[np.int64]]:
    """Give the times in which rows were listened to, each once, and the number of each row's own."""
    mine = [_timeline(holdings, one) for one in scopes.listeners]
    found = list(dict.fromkeys(mine))
    return found, np.array([found.index(one) for one in mine], np.int64)[scopes.listener]


def _timeline(holdings: Holdings, listeners: tuple[_Place, ...]) -> Timeline:
    return holdings.once(("listened", listeners), lambda: _united(holdings, listeners))


def _share(holdings: Holdings, windows: Windows, timeline: Timeline) -> NDArray[np.float64]:
    """Give the share of each window that lies in a timeline; nan where nothing of it does."""

    def shares() -> NDArray[np.float64]:
        share = timeline.share(windows)
        return np.where(share > 0, share, np.nan)

    return holdings.once(("heard", windows, timeline), shares)


def _united(holdings: Holdings, listeners: tuple[_Place, ...]) -> Timeline:
    """Unite the stretches of some recordings; one recorder mostly listened to all its venues in the same ones."""
    mine = [holdings.recorded_by_scope[one] for one in listeners]
    start_ns = np.concatenate([np.empty(0, np.int64), *(one.start_ns for one in mine)])
    end_ns = np.concatenate([np.empty(0, np.int64), *(one.end_ns for one in mine)])
    asked = ("united", start_ns.tobytes(), end_ns.tobytes())
    return holdings.once(asked, lambda: Timeline.of(start_ns, end_ns))


def _full_since(venue: str) -> int:
    since = tuning().full_since(venue)
    return _NEVER if since is None else (since - date(1970, 1, 1)).days
