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
    """Of some stretches of candles: price bounds by highs and lows, bounds of all points of the path, and swings.

    In one array of shape (6, stretches), so that they are taken and joined in few steps.
    """

    told: Column

    @property
    def low(self) -> Column:
        """The lowest low."""
        return self._row(0)

    @property
    def bottom(self) -> Column:
        """The lowest point of the path."""
        return self._row(1)

    @property
    def high(self) -> Column:
        """The highest high."""
        return self._row(2)

    @property
    def top(self) -> Column:
        """The highest point of the path."""
        return self._row(3)

    @property
    def fall(self) -> Column:
        """The deepest fall on the way."""
        return self._row(4)

    @property
    def rise(self) -> Column:
        """The highest rise on the way."""
        return self._row(5)

    def _row(self, number: int) -> Column:
        row: Column = self.told[number]
        return row

    @classmethod
    def blank(cls, many: int) -> Self:
        """Give stretches of no candle, which any may be joined to."""
        return cls(np.repeat(_BLANK[:, None], many, axis=1))

    def taken(self, places: NDArray[np.int64] | slice) -> Stretches:
        """Give some of them."""
        return Stretches(self.told[:, places])

    def joined(self, after: Stretches) -> Stretches:
        """Join each with the one that follows upon it."""
        one, other = self.told, after.told
        joined = np.empty_like(one)
        np.minimum(one[:2], other[:2], out=joined[:2])
        np.maximum(one[2:], other[2:], out=joined[2:])
        # Nothing joined so far has a top of 0 and a bottom without end, which leave the other's swings as they are
        # (`between`, which joins such, minds no division by them).
        np.maximum(joined[4], 1 - after.bottom / self.top, out=joined[4])
        np.maximum(joined[5], after.top / self.bottom - 1, out=joined[5])
        return Stretches(joined)


_BLANK = np.array([np.inf, np.inf, -np.inf, 0.0, 0.0, 0.0])


@dataclass(frozen=True, slots=True)
class Swings:
    """Stretches of 1, 2, 4, … candles by their first candle; the longer ones are made when they are asked for."""

    levels: list[Stretches]

    @classmethod
    def of(cls, series: CandleSeries) -> Self:
        """Work a series out.

        Within one candle a falling one is read as open, high, low, close, a rising one as open, low, high, close.
        """
        falls = series.close < series.open
        inner = np.where(falls, series.high, series.low), np.where(falls, series.low, series.high)
        path = np.array([series.open, *inner, series.close])
        fall = (1 - path / np.maximum.accumulate(path)).max(axis=0)
        rise = (path / np.minimum.accumulate(path) - 1).max(axis=0)
        bounds = (series.low, path.min(axis=0), series.high, path.max(axis=0))
        return cls([Stretches(np.array([*bounds, fall, rise]))])

    @np.errstate(divide="ignore")
    def between(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> Stretches:
        """Give the stretches of the candles `[first, last)`, none of them empty."""
        found = Stretches.blank(first.size)
        length = last - first
        place = first.copy()
        for number in reversed(range(int(length.max(initial=0)).bit_length())):
            rows = np.flatnonzero(length >> number & 1)
            if rows.size:
                found.told[:, rows] = found.taken(rows).joined(self._level(number).taken(place[rows])).told
                place[rows] += 1 << number
        return found

    def _level(self, number: int) -> Stretches:
        """Give the stretches of 2 ** number candles."""
        while len(self.levels) <= number:
            half, span = self.levels[-1], 1 << (len(self.levels) - 1)
            self.levels.append(half.taken(slice(None, -span)).joined(half.taken(slice(span, None))))
        return self.levels[number]
