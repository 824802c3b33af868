"""What a feed that keeps one order of a symbol a second has left out, told from how many seconds hold an order.

Orders that come evenly, λ a second, fill p = 1 − e^−λ of the seconds, so the amount seen stands for λ/p of itself. Of
k filled seconds of n, −ln(1 − k/n) overstates λ (the logarithm bends: by 3 % at two orders a second and sixty seconds).
Right at the mean is the coupon collector's sum: it takes n/n + n/(n−1) + … + n/(n−k+1) orders to fill k of n seconds.
Simulated, that is within 1 % up to 3 orders a second, 5 % low at 4, and half of the truth at 10, never above it.

Liquidations come in bursts, so this is an estimate beside the sum, never in place of it; from p = .95 on it says no
more than "at least". No verdict rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.tuning import tuning
from newsdetect.market.instants import nanoseconds
from newsdetect.market.provider import Prints
from newsdetect.types import Period, Side

_SECOND, _MINUTE = 1_000_000_000, 60
#: 1 + 1/2 + … + 1/n, at n; a window's edge may cut a second, which then counts.
_HARMONIC = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, _MINUTE + 2))])


@dataclass(frozen=True, slots=True)
class Corrected:
    """One sampled feed's amount over a window, in USD, with what it left out put back."""

    source: str
    venue: str
    asset: str
    observed: float
    corrected: float
    #: The share of `observed` from minutes in which more cannot be told: there `corrected` is a lower bound at best.
    saturated: float


def corrections(prints: Prints, window: Period, side: Side) -> list[Corrected]:
    """Correct the sums of sampled feeds over a window, one row a source, venue and coin; other feeds give none."""
    sampled = [tuning().sampled_feed(key.venue, window.end) for key in prints.keys]
    first, last = np.searchsorted(prints.time_ns, [nanoseconds(window.start), nanoseconds(window.end)])
    key = prints.key[first:last]
    scopes = {number: (one.source, one.venue, one.asset) for number, one in enumerate(prints.keys)}
    names = sorted({scopes[number] for number, wanted in enumerate(sampled) if wanted})
    if not names or not key.size:
        return []
    second = prints.time_ns[first:last] // _SECOND
    symbol = np.zeros(key.size, dtype=np.int64) if prints.symbol is None else prints.symbol[first:last].astype(np.int64)
    found = []
    for name in names:
        both = _among(key, [number for number, scope in scopes.items() if scope == name])
        mine = [
            number for number, scope in scopes.items() if scope == name and side in ("both", prints.keys[number].side)
        ]
        usd = np.where(_among(key, mine), prints.usd[first:last], 0.0)[both]
        if not usd.any():
            continue
        factor, full = _factors(second[both], symbol[both], window)
        observed = float(usd.sum())
        found.append(Corrected(*name, observed, float(usd @ factor), float(usd @ full) / observed))
    return found


def _among(key: NDArray[np.int32], numbers: list[int]) -> NDArray[np.bool_]:
    return np.isin(key, np.array(numbers, dtype=np.int32))


def _factors(
    second: NDArray[np.int64], symbol: NDArray[np.int64], window: Period
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give each order's factor, and 1 for those whose minute is saturated, else 0.

    The feed keeps the latest order of a symbol, whichever its side, so both sides fill its seconds.
    """
    most = tuning().saturated
    minute = second // _MINUTE
    # A number a symbol and minute, and one a symbol and second.
    span = int(second.max()) + 1
    _, place = np.unique(symbol * span + minute, return_inverse=True)
    filled = np.unique(symbol * span + second, return_index=True)[1]
    seconds = np.bincount(place[filled], minlength=int(place.max()) + 1)
    # The first and the last minute lie in the window in part.
    start, end = nanoseconds(window.start) / _SECOND, nanoseconds(window.end) / _SECOND
    at = np.zeros(seconds.size)
    at[place] = minute
    inside = np.minimum((at + 1) * _MINUTE, end) - np.maximum(at * _MINUTE, start)
    whole = np.maximum(np.ceil(inside).astype(np.int64), seconds)
    orders = whole * (_HARMONIC[whole] - _HARMONIC[whole - seconds])
    full = seconds >= most * whole
    return (orders / seconds)[place], full.astype(np.float64)[place]
