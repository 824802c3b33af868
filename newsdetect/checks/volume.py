"""The bound that traded volume sets: what is liquidated on a venue is traded there.

Taker sales alone would be the tighter bound, but candles carry only the total. Spot volume bounds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.bar_rows import touching
from newsdetect.checks.holdings import Holdings
from newsdetect.checks.prices import share_of
from newsdetect.checks.readings import WHOLE
from newsdetect.checks.running import Running
from newsdetect.checks.tuning import tuning
from newsdetect.checks.windows import Windows

_SECOND_NS = 10**9


@dataclass(frozen=True, slots=True)
class Volume:
    """By one venue's perpetuals no more than `usd` can have been liquidated in a coin."""

    source: str
    venue: str
    usd: float


@dataclass(frozen=True, slots=True)
class Volumes:
    """The bounds of many windows, inf where the volume is not known throughout."""

    usd: NDArray[np.float64]
    #: The number among `Holdings.candles` of the series that bounds each window, -1 for none.
    series: NDArray[np.int64]
    holdings: Holdings

    def at(self, place: int) -> Volume | None:
        """Give the bound of one window."""
        if self.series[place] < 0:
            return None
        series = self.holdings.candles[int(self.series[place])]
        return Volume(series.source, series.venue, float(self.usd[place]))


def volume_bounds(holdings: Holdings, windows: Windows, *, venue: str, asset: str) -> Volumes:
    """Bound a venue's liquidations in a coin by its traded volume, in USD; the first series that can counts."""

    def bounds() -> Volumes:
        usd, series = np.full(len(windows), np.inf), np.full(len(windows), -1)
        for number, one in enumerate(holdings.candles):
            if one.asset == asset and one.market == "perp" and one.venue.casefold() == venue.casefold():
                first, last = touching(one.start_ns, one.seconds * _SECOND_NS, windows)
                new = (series < 0) & (first < last) & (share_of(holdings, number, first, last, windows) >= WHOLE)
                running = _running(holdings, number)
                usd[new] = running.between(first[new], last[new]) * tuning().volume
                series[new] = number
        return Volumes(usd, series, holdings)

    return holdings.once(("volume", windows, venue, asset), bounds)


def _running(holdings: Holdings, number: int) -> Running:
    """Sum the turnover of a series up; where it is not told, by volume and the highest price."""
    one = holdings.candles[number]
    usd = np.where(np.isnan(one.turnover), one.volume * one.high, one.turnover)
    return holdings.once(("turnover", number), lambda: Running.of(usd))
