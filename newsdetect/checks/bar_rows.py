"""Bars summed over many windows: those inside bound a sum from below, those touching from above; none is ever cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.holdings import Holdings
from newsdetect.checks.readings import WHOLE, Scope
from newsdetect.checks.rows import Extra, Head, Rows
from newsdetect.checks.running import Running
from newsdetect.checks.timeline import Timeline
from newsdetect.checks.windows import Windows
from newsdetect.market.columns import UNKNOWN, BarSeries
from newsdetect.market.instants import instant
from newsdetect.types import Side

_SECOND_NS = 10**9


def bar_rows(holdings: Holdings, windows: Windows, side: Side, wanted: Scope) -> Rows:
    """Bound a sum by the bars inside and those touching; of several bucket lengths the tightest bounds."""
    grids = holdings.once("bar grids", lambda: _grids(holdings.bars))
    scopes = holdings.once(("bar scopes", wanted), lambda: _scopes(holdings.bars, grids, wanted))
    if not scopes.heads:
        return Rows.none(len(windows))
    bounds = [_bounds(holdings, windows, side, place, grid) for place, grid in enumerate(grids)]
    touch, below, above, covered = (np.concatenate(column)[scopes.order] for column in zip(*bounds, strict=True))
    # Of several series of a scope: any that touches, the highest from below, the lowest from above.
    there = np.logical_or.reduceat(touch, scopes.begin)
    low, connected = (np.maximum.reduceat(column, scopes.begin) for column in (below, covered))
    high = np.maximum(low, np.fmin.reduceat(above, scopes.begin))

    def extras(place: int, _: bool) -> Sequence[Extra]:
        touched = [_touched(holdings, windows, number, grid) for number, grid in enumerate(grids)]
        edges = [(int(one.first[place]), int(one.last[place])) for one in touched]
        return [
            (0.0, _read_at([holdings.bars[number].retrieved_ns[slice(*edges[grid])] for grid, number in series]))
            for series in scopes.series
        ]

    return Rows(scopes.heads, there, low, high, connected, np.zeros(low.shape, bool), extras)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Series whose bars stand at the same times: what windows touch is worked out for all of them at once."""

    seconds: int
    start_ns: NDArray[np.int64]
    #: Their numbers among `Holdings.bars`.
    numbers: tuple[int, ...]


def _grids(bars: Sequence[BarSeries]) -> list[_Grid]:
    found: dict[tuple[int, bytes], list[int]] = {}
    for number, one in enumerate(bars):
        found.setdefault((one.seconds, one.start_ns.tobytes()), []).append(number)
    return [_Grid(seconds, bars[many[0]].start_ns, tuple(many)) for (seconds, _), many in found.items()]


@dataclass(frozen=True, slots=True)
class _Scopes:
    """The scopes in a claim's own that bars tell of, in order, and the series of each: their grid and number."""

    heads: tuple[Head, ...]
    series: tuple[tuple[tuple[int, int], ...], ...]
    #: The same series by their place among those of all grids, scope by scope, and where each scope begins.
    order: NDArray[np.int64]
    begin: NDArray[np.int64]


def _scopes(bars: Sequence[BarSeries], grids: Sequence[_Grid], wanted: Scope) -> _Scopes:
    by_scope: dict[tuple[str, str, str], list[int]] = {}
    for number, one in enumerate(bars):
        if wanted.holds(one.venue, one.asset):
            by_scope.setdefault((one.source, one.venue, one.asset), []).append(number)
    of = {number: grid for grid, each in enumerate(grids) for number in each.numbers}
    place = {number: at for at, number in enumerate(number for each in grids for number in each.numbers)}
    scopes = sorted(by_scope)
    series = [by_scope[scope] for scope in scopes]
    return _Scopes(
        tuple(Head("bars", *scope) for scope in scopes),
        tuple(tuple((of[number], number) for number in many) for many in series),
        np.array([place[number] for many in series for number in many], np.int64),
        np.cumsum([0, *(len(many) for many in series)])[:-1],
    )


#: Columns of shape (series, windows): whether any bar touches, the sum from below and from above (nan: open), and the
#: share that is covered.
_Bounds = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]


def _bounds(holdings: Holdings, windows: Windows, side: Side, place: int, grid: _Grid) -> _Bounds:
    """Bound each window by a grid's series."""

    def bounds() -> _Bounds:
        usd = [_usd(holdings.bars[number], side) for number in grid.numbers]
        running = holdings.once(("bars run", place, side), lambda: Running.of(np.array(usd)))
        at = _touched(holdings, windows, place, grid)
        below, above = running.between(np.array([at.inner, at.first]), np.array([at.outer, at.last])).swapaxes(0, 1)
        touch, covered = (column[None].repeat(len(usd), axis=0) for column in (at.first < at.last, at.covered))
        return touch, below, np.where(at.covered >= WHOLE, above, np.nan), covered

    return holdings.once(("bars bound", windows, place, side), bounds)


@dataclass(frozen=True, slots=True)
class _Touched:
    """The places of a grid's bars `[first, last)` that touch each window, `[inner, outer)` of those inside."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    inner: NDArray[np.int64]
    outer: NDArray[np.int64]
    #: The share of each window that the bars cover.
    covered: NDArray[np.float64]


def _touched(holdings: Holdings, windows: Windows, place: int, grid: _Grid) -> _Touched:
    """Find a grid's bars in windows, the same for every side and coin."""

    def touched() -> _Touched:
        length = grid.seconds * _SECOND_NS
        timeline = holdings.once(("bars cover", place), lambda: Timeline.of(grid.start_ns, grid.start_ns + length))
        return _Touched(
            *touching(grid.start_ns, length, windows),
            np.searchsorted(grid.start_ns, windows.start_ns),
            np.searchsorted(grid.start_ns, windows.end_ns - length, side="right"),
            timeline.share(windows),
        )

    return holdings.once(("bars touched", windows, place), touched)


def touching(
    start_ns: NDArray[np.int64], length_ns: int, windows: Windows
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the places `[first, last)` of the buckets of one length that touch each window."""
    first = np.searchsorted(start_ns, windows.start_ns - length_ns, side="right")
    return first, np.maximum(first, np.searchsorted(start_ns, windows.end_ns))


def _usd(series: BarSeries, side: Side) -> NDArray[np.float64]:
    if side == "both":
        return series.long_usd + series.short_usd
    return series.long_usd if side == "long" else series.short_usd


def _read_at(retrieved_ns: Sequence[NDArray[np.int64]]) -> datetime | None:
    """Give when the latest of some bars was read."""
    latest = max(int(many.max(initial=UNKNOWN)) for many in retrieved_ns)
    return None if latest == UNKNOWN else instant(latest)
