"""The lowest and highest price, the deepest fall and the highest rise, over any stretches of a series of candles.

Two stretches that follow upon each other join into one: the deepest fall of both is that of either, or from the top of
the first to the bottom of the second. So stretches of 1, 2, 4, … candles are worked out once, and any other is joined
of a few of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from newsdetect.market.columns import CandleSeries

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stretches:
    """Of some stretches of candles: price bounds by highs and lows, bounds of all points of the path, and swings."""

    low: Column
    high: Column
    bottom: Column
    top: Column
    fall: Column
    rise: Column

    def taken(self, places: NDArray[np.int64] | slice) -> Stretches:
        """Give some of them."""
        return Stretches(*(getattr(self, name)[places] for name in self.__slots__))

    def joined(self, after: Stretches) -> Stretches:
        """Join each with the one that follows upon it."""
        # Nothing joined so far has a top of 0 and a bottom without end, which leave the other's swings as they are.
        with np.errstate(divide="ignore"):
            fall = np.maximum(np.maximum(self.fall, after.fall), 1 - after.bottom / self.top)
            rise = np.maximum(np.maximum(self.rise, after.rise), after.top / self.bottom - 1)
        return Stretches(
            np.minimum(self.low, after.low), np.maximum(self.high, after.high),
            np.minimum(self.bottom, after.bottom), np.maximum(self.top, after.top), fall, rise,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Swings:
    """Stretches of 1, 2, 4, … candles by their first candle."""

    levels: tuple[Stretches, ...]

    @classmethod
    def of(cls, series: CandleSeries) -> Self:
        """Work a series out.

        Within one candle a falling one is read as open, high, low, close, a rising one as open, low, high, close.
        """
        falls = series.close < series.open
        inner = np.where(falls, series.high, series.low), np.where(falls, series.low, series.high)
        path = np.stack([series.open, *inner, series.close])
        fall = (1 - path / np.maximum.accumulate(path)).max(axis=0)
        rise = (path / np.minimum.accumulate(path) - 1).max(axis=0)
        levels = [Stretches(series.low, series.high, path.min(axis=0), path.max(axis=0), fall, rise)]
        while (span := 1 << (len(levels) - 1)) * 2 <= series.open.size:
            half = levels[-1]
            levels.append(half.taken(slice(None, -span)).joined(half.taken(slice(span, None))))
        return cls(tuple(levels))

    def between(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> Stretches:
        """Give the stretches of the candles `[first, last)`, none of them empty."""
        many = first.size
        found = Stretches(
            np.full(many, np.inf), np.full(many, -np.inf), np.full(many, np.inf), np.zeros(many), np.zeros(many),
            np.zeros(many),
        )  # fmt: skip
        place = first.copy()
        for number, level in reversed(list(enumerate(self.levels))):
            rows = np.flatnonzero((last - first) >> number & 1)
            if rows.size:
                more = found.taken(rows).joined(level.taken(place[rows]))
                for name in Stretches.__slots__:
                    getattr(found, name)[rows] = getattr(more, name)
                place[rows] += 1 << number
        return found
