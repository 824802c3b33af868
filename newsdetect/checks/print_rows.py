"""Prints summed by source, venue and coin over a window: a lower bound, whole where the feed was heard throughout."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsdetect.checks.holdings import Holdings
from newsdetect.checks.readings import WHOLE, Scope, Sum, within
from newsdetect.checks.readings import share as share_of
from newsdetect.checks.tuning import tuning
from newsdetect.types import ALL, Period, Side


def print_rows(holdings: Holdings, window: Period, side: Side, wanted: Scope) -> Iterator[Sum]:
    """Sum the prints by source, venue and coin; a stretch recorded without a print is a sum of zero."""
    told = holdings.prints.window(window.start, window.end, side)
    heard = _heard(holdings, window)
    # Of a venue's many coins the recording and the feed are one: told once for the window.
    connected: dict[tuple[_Place, ...], float | None] = {}
    full: dict[str, bool] = {}
    usd, top = told.usd, told.largest
    for one in _print_scopes(holdings, side, wanted, told.scopes):
        source, venue, asset = one.scope
        if len(one.places) == 1:
            total, largest = usd[one.places[0]], top[one.places[0]]
        else:
            total = math.fsum(usd[place] for place in one.places)
            largest = max((top[place] for place in one.places), default=0.0)
        if one.listeners not in connected:
            stretches = [stretch for name in one.listeners for stretch in heard.get(name, ())]
            connected[one.listeners] = share_of(stretches, window) if stretches else None
        share = connected[one.listeners]
        if one.printed:
            if share is None and not total:
                continue
        elif not any(teller in heard for teller in one.tellers):
            continue
        if venue not in full:
            full[venue] = tuning().full_feed(venue, window.start)
        high = total if share is not None and share >= WHOLE else None
        yield Sum("prints", source, venue, asset, total, high, share, largest, full[venue])


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


def _print_scopes(holdings: Holdings, side: Side, wanted: Scope, scopes: Sequence[_Place]) -> list[_PrintScope]:
    """Give the scopes of prints in a claim's own, once for all windows; a venue's recording is one of them."""
    asked = ("print scopes", side, wanted)
    found: list[_PrintScope] | None = holdings.memo.get(asked)
    if found is None:
        held = {scope: number for number, scope in enumerate(scopes) if wanted.holds(scope[1], scope[2])}
        # Who listened to a venue's whole listened to each of its coins.
        recorded = [
            one
            for one in holdings.recorded_by_scope()
            if within(one[1], wanted.venue) and (one[2] == ALL or within(one[2], wanted.asset))
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
