"""One made-up price path that all candle endpoints and bar vendors tell of, so that their answers can be foreseen."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

#: Where prices start from.
PRICES = {"BTC": 64_000.0, "ETH": 3_100.0, "SOL": 142.0, "XRP": 0.552}


@dataclass(frozen=True, slots=True)
class Candle:
    """One candle: prices and base volume rounded as a venue writes them."""

    start_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float

    @property
    def turnover(self) -> float:
        """The volume in quote, at the middle of the candle."""
        return round(self.volume * (self.open + self.close) / 2, 4)


def price(asset: str, time_ms: int) -> float:
    """Give the price at a time: a slow wave with a quick one on it."""
    hours = time_ms / 3_600_000
    return round(PRICES[asset] * (1 + 0.03 * math.sin(hours / 17) + 0.004 * math.sin(hours * 1.7)), 4)


def candle(asset: str, start_ms: int, seconds: int) -> Candle:
    """Give a candle; the next one opens where it closes."""
    first, last = price(asset, start_ms), price(asset, start_ms + seconds * 1000)
    high, low = round(max(first, last) * 1.0015, 4), round(min(first, last) * 0.9985, 4)
    return Candle(start_ms, first, high, low, last, round(5 + 900 * _chance(f"{asset} {start_ms} {seconds}"), 3))


def liquidated(venue: str, asset: str, start_ms: int, seconds: int) -> tuple[float, float]:
    """Give the longs and shorts, in USD, that an aggregator tells of for a bucket."""
    key = f"{venue} {asset} {start_ms} {seconds}"
    return round(2e6 * _chance(f"long {key}"), 2), round(1.5e6 * _chance(f"short {key}"), 2)


def starts(since_ms: int, until_ms: int, seconds: int) -> range:
    """Give the starts of all buckets of a length that start within `[since, until]`."""
    step = seconds * 1000
    return range(-(-since_ms // step) * step, until_ms + 1, step)


def _chance(key: str) -> float:
    """Give a number in [0, 1) that its key alone decides."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big") / 2**48
