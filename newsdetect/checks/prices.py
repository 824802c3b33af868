"""How a coin's price went over windows: from open to close, how far on the way, and how unusually.

Within one candle the order of high and low is unknown (swings.py). All is asked of many windows at once, which candles
touch; none is ever cut. What the moves say of a claim: price_words.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.bar_rows import touching
from newsdetect.checks.holdings import MARKET_COINS, Holdings
from newsdetect.checks.swings import Stretches, Swings
from newsdetect.checks.tuning import tuning
from newsdetect.checks.windows import Windows
from newsdetect.market.columns import CandleSeries
from newsdetect.market.instants import instant
from newsdetect.types import ALL, Interval, Period

#: Fewer moves of the week before tell no standard deviation.
_FEWEST_MOVES = 48
_SECOND_NS = 10**9


@dataclass(frozen=True, slots=True)
class Move:
    """How one coin's price went over a window; moves as shares of the price."""

    asset: str
    source: str
    venue: str
    start: datetime
    end: datetime
    open: float
    close: float
    low: float
    high: float
    #: The deepest fall and the highest rise on the way, both positive.
    fall: float
    rise: float
    #: Of the net move against the trailing week's moves of this length; null if not asked for, or without a week.
    z: float | None
    #: The share of the window that candles cover.
    covered: float

    @property
    def net(self) -> float:
        """The move from open to close."""
        return self.close / self.open - 1


@dataclass(frozen=True, slots=True)
class Moves:
    """How one coin's price went over many windows; where no candle touches one, its numbers mean nothing."""

    asset: str
    windows: Windows
    holdings: Holdings
    #: The number among `Holdings.candles` of the series that tells of each window, -1 for none.
    series: NDArray[np.int64]
    #: The candles `[first, last)` of that series.
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    open: NDArray[np.float64]
    close: NDArray[np.float64]
    went: Stretches
    covered: NDArray[np.float64]

    @property
    def there(self) -> NDArray[np.bool_]:
        """Which windows any candle touches."""
        return self.series >= 0

    def at(self, place: int, *, unusual: bool = False) -> Move | None:
        """Give the move of one window, with its z-score if asked."""
        if self.series[place] < 0:
            return None
        series = self.holdings.candles[int(self.series[place])]
        first, last = int(self.first[place]), int(self.last[place])
        opened, closed = float(self.open[place]), float(self.close[place])
        went = self.went
        return Move(
            asset=self.asset,
            source=series.source,
            venue=series.venue,
            start=instant(int(series.start_ns[first])),
            end=instant(int(series.start_ns[last - 1]) + series.seconds * _SECOND_NS),
            open=opened,
            close=closed,
            low=float(went.low[place]),
            high=float(went.high[place]),
            fall=float(went.fall[place]),
            rise=float(went.rise[place]),
            z=self._unusual(place, closed / opened - 1) if unusual else None,
            covered=float(self.covered[place]),
        )

    def _unusual(self, place: int, net: float) -> float | None:
        """Give the z-score of a move; several claims of a document ask for that of the same candles."""
        number, first, last = (int(column[place]) for column in (self.series, self.first, self.last))
        asked = ("unusual", number, first, last)
        return self.holdings.once(asked, lambda: _unusual(self.holdings.candles[number], first, last, net))


def moves_over(holdings: Holdings, windows: Windows, asset: str) -> list[Moves]:
    """Read the moves of a claim's coin, or of the market's leading coins, one each."""
    return [_moves(holdings, windows, coin) for coin in (MARKET_COINS if asset == ALL else (asset,))]


def moves(holdings: Holdings, window: Period, asset: str) -> list[Move]:
    """Read the moves of one window; coins without a candle in it are left out."""
    found = (one.at(0) for one in moves_over(holdings, Windows.of([window]), asset))
    return [move for move in found if move is not None]


def price_range(holdings: Holdings, window: Period, asset: str) -> Interval | None:
    """Give the lowest and highest price of a coin in a window, or None without candles."""
    move = _moves(holdings, Windows.of([window]), asset).at(0)
    return None if move is None else Interval(low=move.low, high=move.high)


def _moves(holdings: Holdings, windows: Windows, asset: str) -> Moves:
    return holdings.once(("moves", windows, asset), lambda: _read(holdings, windows, asset))


def _read(holdings: Holdings, windows: Windows, asset: str) -> Moves:
    """Read each window's move from its best series: the one that covers most, then perpetuals, then the finest."""
    mine = [number for number, one in enumerate(holdings.candles) if one.asset == asset]
    many = len(windows)
    chosen, rank = np.full(many, -1), np.full((many, 3), -np.inf)
    first, last, covered = np.zeros(many, np.int64), np.zeros(many, np.int64), np.zeros(many)
    for number in mine:
        one = holdings.candles[number]
        since, until = touching(one.start_ns, one.seconds * _SECOND_NS, windows)
        share = share_of(holdings, number, since, until, windows)
        if len(mine) == 1:
            chosen, first, last, covered = np.where(since < until, number, -1), since, until, share
            continue
        worth = np.array([(round(each, 2), one.market == "perp", -one.seconds) for each in share.tolist()])
        better = (since < until) & _greater(worth, rank)
        chosen, first, last = (
            np.where(better, new, old) for new, old in ((number, chosen), (since, first), (until, last))
        )
        covered, rank = np.where(better, share, covered), np.where(better[:, None], worth, rank)
    blank = Stretches(np.zeros((6, many)))
    found = Moves(asset, windows, holdings, chosen, first, last, np.zeros(many), np.zeros(many), blank, covered)
    for number in np.unique(chosen[chosen >= 0]).tolist():
        _walk(found, number)
    return found


def _walk(found: Moves, number: int) -> None:
    """Fill in how the price went in the windows that a series tells of."""
    series = found.holdings.candles[number]
    rows = np.flatnonzero(found.series == number)
    swings = found.holdings.once(("swings", number), lambda: Swings.of(series))
    went = swings.between(found.first[rows], found.last[rows])
    found.went.told[:, rows] = went.told
    found.open[rows], found.close[rows] = series.open[found.first[rows]], series.close[found.last[rows] - 1]


def _greater(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Compare rows of three numbers as tuples are compared."""
    a, b, c = (one[:, place] > other[:, place] for place in range(3))
    same = one == other
    return np.asarray(a | (same[:, 0] & (b | (same[:, 1] & c))))


def share_of(
    holdings: Holdings, number: int, first: NDArray[np.int64], last: NDArray[np.int64], windows: Windows
) -> NDArray[np.float64]:
    """Give the share of each window that a series' candles `[first, last)` cover; where they overlap each counts."""
    series = holdings.candles[number]
    length = series.seconds * _SECOND_NS
    overlaps = holdings.once(("overlaps", number), lambda: _overlaps(series.start_ns, length))
    touched = (last - first) * length
    # Candles of one length that follow upon each other stick out at the first and at the last alone; of series whose
    # candles overlap, several may.
    for step in range(overlaps):
        some = np.flatnonzero(first + step < last)
        head, tail = series.start_ns[first[some] + step], series.start_ns[last[some] - 1 - step] + length
        touched[some] -= np.maximum(0, windows.start_ns[some] - head) + np.maximum(0, tail - windows.end_ns[some])
    covered: NDArray[np.float64] = touched / windows.length_ns
    return covered


def _overlaps(start_ns: NDArray[np.int64], length: int) -> int:
    """Give how many buckets one instant lies in at most."""
    return int((np.searchsorted(start_ns, start_ns + length) - np.arange(start_ns.size)).max(initial=1))


def _unusual(series: CandleSeries, first: int, last: int, net: float) -> float | None:
    """Give the z-score of a move against all moves of as many candles in the week before."""
    week = int(tuning().price_history_days * 86_400) * _SECOND_NS
    since = int(np.searchsorted(series.start_ns, series.start_ns[first] - week))
    length = last - first
    many = first - since - length + 1
    if many < _FEWEST_MOVES:
        return None
    past = series.close[since + length - 1 : first] / series.open[since : since + many] - 1
    mean = math.fsum(past.tolist()) / many
    deviation = math.sqrt(math.fsum(np.square(past - mean).tolist()) / many)
    return (net - mean) / deviation if deviation > 0 else None
