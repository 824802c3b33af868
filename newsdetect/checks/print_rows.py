"""Prints summed by source, venue and coin over many windows: a lower bound, whole where the feed was always heard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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


def print_rows(holdings: Holdings, windows: Windows, side: Side, wanted: Scope) -> Rows:
    """Sum the prints by source, venue and coin; a stretch recorded without a print is a sum of zero."""
    scopes = holdings.once(("print scopes", side, wanted), lambda: _scopes(holdings, side, wanted))
    if not scopes.told:
        return Rows.none(len(windows))
    low = holdings.prints.sums(windows.start_ns, windows.end_ns, scopes.groups)
    connected = np.stack([_heard(holdings, windows, one.listeners) for one in scopes.told])
    there = np.stack(
        [
            ~np.isnan(share) | (usd != 0)
            if one.printed
            else np.any([~np.isnan(_heard(holdings, windows, (teller,))) for teller in one.tellers], axis=0)
            for one, usd, share in zip(scopes.told, low, connected, strict=True)
        ]
    )
    full = {venue: _full(venue, windows) for venue in {one.scope[1] for one in scopes.told}}

    def extras(place: int) -> Sequence[Extra]:
        edges = windows.start_ns[place : place + 1], windows.end_ns[place : place + 1]
        return [(top, None) for top in holdings.prints.largest(*edges, scopes.groups)[:, 0].tolist()]

    return Rows(
        heads=tuple(Head("prints", *one.scope) for one in scopes.told),
        there=there,
        low=low,
        high=np.where(connected >= WHOLE, low, np.nan),
        connected=connected,
        full=np.stack([full[one.scope[1]] for one in scopes.told]),
        extras=extras,
    )


def largest_orders(holdings: Holdings, windows: Windows, side: Side, wanted: Scope) -> NDArray[np.float64]:
    """Give the largest single order of the rows of `print_rows`, shape (rows, windows)."""
    scopes = holdings.once(("print scopes", side, wanted), lambda: _scopes(holdings, side, wanted))
    return holdings.prints.largest(windows.start_ns, windows.end_ns, scopes.groups)


@dataclass(frozen=True, slots=True)
class _PrintScope:
    """A scope that prints or a recording tell of."""

    scope: _Place
    #: The recordings that listened to it.
    listeners: tuple[_Place, ...]
    #: There are prints of the scope itself; else it is a scope by what was recorded of it.
    printed: bool
    tellers: tuple[_Place, ...]


@dataclass(frozen=True, slots=True)
class _PrintScopes:
    told: tuple[_PrintScope, ...]
    #: The keys of each.
    groups: Groups


def _scopes(holdings: Holdings, side: Side, wanted: Scope) -> _PrintScopes:
    """Give the scopes of prints in a claim's own; a venue's recording is one of them."""
    held = _keys(holdings.prints.keys, side, wanted)
    # Who listened to a venue's whole listened to each of its coins.
    recorded = [
        one
        for one in holdings.recorded_by_scope
        if within(one[1], wanted.venue) and (one[2] == ALL or within(one[2], wanted.asset))
    ]
    tellers: dict[_Place, list[_Place]] = defaultdict(list)
    for source, venue, asset in recorded:
        # A whole venue's recording tells of the wanted coin too, be it that none was liquidated.
        tellers[source, venue, wanted.asset if asset == ALL else asset].append((source, venue, asset))
    told, keys = [], []
    for scope in sorted({*held, *tellers}):
        source, venue, asset = scope
        mine = held.get(scope, [])
        if asset == ALL:
            mine = [key for (s, v, _), many in held.items() if (s, v) == (source, venue) for key in many]
        keys.append(mine)
        listeners = dict.fromkeys([scope, (source, venue, ALL)])
        heard = tuple(one for one in listeners if one in recorded)
        told.append(_PrintScope(scope, heard, scope in held, tuple(tellers.get(scope, ()))))
    return _PrintScopes(tuple(told), Groups.of(keys))


def _keys(keys: Sequence[PrintKey], side: Side, wanted: Scope) -> dict[_Place, list[int]]:
    """Give the places of a side's keys within a scope, by source, venue and coin."""
    found: dict[_Place, list[int]] = {}
    for place, key in enumerate(keys):
        if side in ("both", key.side) and wanted.holds(key.venue, key.asset):
            found.setdefault((key.source, key.venue, key.asset), []).append(place)
    return found


def _heard(holdings: Holdings, windows: Windows, listeners: tuple[_Place, ...]) -> NDArray[np.float64]:
    """Give the share of each window in which any of some recordings listened; nan where none did."""

    def shares() -> NDArray[np.float64]:
        mine = [holdings.recorded_by_scope[one] for one in listeners]
        if not mine:
            return np.full(len(windows), np.nan)
        edges = (np.concatenate([getattr(one, name) for one in mine]) for name in ("start_ns", "end_ns"))
        share = holdings.once(("listened", listeners), lambda: Timeline.of(*edges)).share(windows)
        return np.where(share > 0, share, np.nan)

    return holdings.once(("heard", windows, listeners), shares)


def _full(venue: str, windows: Windows) -> NDArray[np.bool_]:
    """Tell in which windows a venue's feed held every order."""
    since = tuning().full_since(venue)
    if since is None:
        return np.zeros(len(windows), bool)
    first: NDArray[np.bool_] = windows.start_days >= (since - date(1970, 1, 1)).days
    return first
