"""Bars summed over many windows: those inside bound a sum from below, those touching from above; none is ever cut."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

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
    by_scope: dict[tuple[str, str, str], list[int]] = {}
    for number, one in enumerate(holdings.bars):
        if wanted.holds(one.venue, one.asset):
            by_scope.setdefault((one.source, one.venue, one.asset), []).append(number)
    if not by_scope:
        return Rows.none(len(windows))
    told = [
        _tightest([_bounds(holdings, windows, side, number) for number in numbers])
        for _, numbers in sorted(by_scope.items())
    ]
    there, low, high, connected = (np.stack(column) for column in zip(*told, strict=True))

    def extras(place: int) -> Sequence[Extra]:
        numbered = (numbers for _, numbers in sorted(by_scope.items()))
        return [(0.0, _read_at(holdings, windows, place, numbers)) for numbers in numbered]

    heads = tuple(Head("bars", *scope) for scope in sorted(by_scope))
    return Rows(heads, there.astype(bool), low, high, connected, np.zeros(low.shape, bool), extras)


_Bounds = tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _tightest(many: Sequence[_Bounds]) -> _Bounds:
    """Join the bounds by bars of several lengths: where any touches, the highest from below, the lowest from above."""
    there, low, high, share = many[0]
    for other, below, above, covered in many[1:]:
        there, low, share = there | other, np.maximum(low, below), np.maximum(share, covered)
        high = np.fmin(high, above)
    return there, low, np.maximum(low, high), share


def _bounds(holdings: Holdings, windows: Windows, side: Side, number: int) -> _Bounds:
    """Bound each window by the bars of one series: whether any touch, from below, from above, share covered."""

    def bounds() -> _Bounds:
        series = holdings.bars[number]
        running = holdings.once(("bars run", number, side), lambda: Running.of(_usd(series, side)))
        length = series.seconds * _SECOND_NS
        first, last = touching(series.start_ns, length, windows)
        inner = np.searchsorted(series.start_ns, windows.start_ns)
        outer = np.searchsorted(series.start_ns, windows.end_ns - length, side="right")
        covered = holdings.once(
            ("bars cover", number), lambda: Timeline.of(series.start_ns, series.start_ns + length)
        ).share(windows)
        above = np.where(covered >= WHOLE, running.between(first, last), np.nan)
        return first < last, running.between(inner, outer), above, covered

    return holdings.once(("bars bound", windows, number, side), bounds)


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


def _read_at(holdings: Holdings, windows: Windows, place: int, numbers: Sequence[int]) -> datetime | None:
    """Give when the latest of the bars that touch a window was read."""
    latest = UNKNOWN
    for number in numbers:
        series = holdings.bars[number]
        first, last = touching(series.start_ns, series.seconds * _SECOND_NS, windows)
        latest = max(latest, int(series.retrieved_ns[first[place] : last[place]].max(initial=UNKNOWN)))
    return None if latest == UNKNOWN else instant(latest)
