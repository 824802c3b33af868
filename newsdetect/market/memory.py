"""Market data held in memory, as `MarketData` for the checks: what an evaluation's thousands of questions are asked of.

The archive on disk gives the same answers (tests/evaluation holds one against the other).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from newsdetect.market.instants import nanoseconds
from newsdetect.market.provider import Bar, Candle, Prints, Recorded, Snapshot
from newsdetect.market.rows import no_prints

_Bucket = TypeVar("_Bucket", Bar, Candle)


class MemoryMarket:
    """Rows of one market; prints are columns in order of time, all else is put in order here."""

    def __init__(
        self,
        *,
        prints: Prints | None = None,
        recorded: Sequence[Recorded] = (),
        bars: Sequence[Bar] = (),
        snapshots: Sequence[Snapshot] = (),
        candles: Sequence[Candle] = (),
    ) -> None:
        self._prints = prints if prints is not None else no_prints()
        self._recorded = sorted(recorded, key=lambda one: (one.start, one.source, one.venue, one.asset))
        self._bars = sorted(bars, key=lambda one: one.start)
        self._snapshots = sorted(snapshots, key=lambda one: one.retrieved_before)
        self._candles = sorted(candles, key=lambda one: one.start)

    def prints(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> Prints:
        """Give the liquidation orders of `[start, end)`."""
        held = self._prints
        first, last = np.searchsorted(held.time_ns, [nanoseconds(start), nanoseconds(end)])
        cut = Prints(held.time_ns[first:last], held.usd[first:last], held.key[first:last], held.keys)
        if venue is None and assets is None:
            return cut
        wanted = np.array([_in(one.venue, one.asset, venue, assets) for one in held.keys], dtype=bool)[cut.key]
        return Prints(cut.time_ns[wanted], cut.usd[wanted], cut.key[wanted], held.keys)

    def recorded(self, start: datetime, end: datetime, *, venue: str | None = None) -> list[Recorded]:
        """Give the stretches in which prints were recorded, cut to `[start, end)`."""
        return [
            Recorded(one.source, one.venue, one.asset, max(one.start, start), min(one.end, end))
            for one in self._recorded
            if one.start < end and one.end > start and _in(one.venue, one.asset, venue, None)
        ]

    def bars(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> list[Bar]:
        """Give every bucket that touches `[start, end)`."""
        return [one for one in _touching(self._bars, start, end) if _in(one.venue, one.asset, venue, assets)]

    def snapshots(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> list[Snapshot]:
        """Give the snapshots with `retrieved_before` in `[start, end)`."""
        first = bisect_left(self._snapshots, start, key=lambda one: one.retrieved_before)
        last = bisect_left(self._snapshots, end, key=lambda one: one.retrieved_before)
        return [one for one in self._snapshots[first:last] if _in(one.venue, one.asset, venue, assets)]

    def candles(self, start: datetime, end: datetime, *, assets: Sequence[str] | None = None) -> list[Candle]:
        """Give every candle that touches `[start, end)`, in order of time."""
        return [one for one in _touching(self._candles, start, end) if assets is None or one.asset in assets]


def _touching(rows: Sequence[_Bucket], start: datetime, end: datetime) -> list[_Bucket]:
    longest = timedelta(seconds=max((one.seconds for one in rows), default=0))
    first = bisect_left(rows, start - longest, key=lambda one: one.start)
    last = bisect_left(rows, end, key=lambda one: one.start)
    return [one for one in rows[first:last] if one.start + timedelta(seconds=one.seconds) > start]


def _in(venue: str, asset: str, wanted: str | None, assets: Sequence[str] | None) -> bool:
    return (wanted is None or venue.casefold() == wanted.casefold()) and (assets is None or asset in assets)
