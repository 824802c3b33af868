"""A simulated tape of any size, day by day: prints as columns, for archives that must show what they can carry.

Days differ as markets do (a few hold ten times the orders of most), orders come in clusters and with heavy-tailed
sizes; venues and coins share them as the plan of the demo does. One seed gives the same tape. It all is told by
`simulated recorder`, for none of it happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from newsdetect.market.instants import nanoseconds
from newsdetect.market.simulated_day import ASSETS, RECORDER, VENUES

_DAY_MS = 86_400_000
#: Standard deviation of the logarithm of a day's number of orders, and orders a cluster.
_UNEVEN, _CLUSTER = 0.8, 8
#: A coin's price in USD at the tape's start, and the decimals of a quantity.
_PRICES = {
    "BTC": (110_000.0, 3), "ETH": (4_400.0, 3), "SOL": (190.0, 2), "XRP": (2.9, 0), "DOGE": (0.22, 0), "SUI": (3.4, 1),
    "ADA": (0.85, 0), "LINK": (24.0, 2), "AVAX": (24.0, 2),
}  # fmt: skip


def tape(orders: int, days: int, *, first: datetime, seed: int = 1) -> Iterator[pa.Table]:
    """Draw `orders` prints over `days` from midnight `first` on, a table a day in order of time.

    Columns are those of a file of prints; `time` is in nanoseconds UTC.
    """
    rng = np.random.default_rng(seed)
    weights = np.exp(rng.normal(0.0, _UNEVEN, days))
    counts = rng.multinomial(orders, weights / weights.sum())
    levels = np.cumprod(1 + rng.normal(0.0, 0.02, (days, len(ASSETS))), axis=0)
    for number, (count, level) in enumerate(zip(counts.tolist(), levels, strict=True)):
        yield _day(rng, count, nanoseconds(first) + number * _DAY_MS * 1_000_000, level)


def _day(rng: np.random.Generator, count: int, start_ns: int, level: NDArray[np.float64]) -> pa.Table:
    """Draw one day's orders."""
    heads = rng.random(count // _CLUSTER + 1) * _DAY_MS
    lag = rng.exponential(4_000.0, count)
    time = np.sort(np.minimum(heads[rng.integers(0, heads.size, count)] + lag, _DAY_MS - 1).astype(np.int64))
    coin = rng.choice(len(ASSETS), count, p=list(ASSETS.values()))
    base, decimals = (np.array([_PRICES[name][place] for name in ASSETS]) for place in (0, 1))
    # Prices stay within a percent of the day's level.
    price = np.round(base[coin] * level[coin] * (1 + 0.01 * (rng.random(count) - 0.5)), 4)
    scale = 10.0 ** decimals[coin]
    quantity = np.maximum(np.round(np.exp(rng.normal(7.5, 1.8, count)) / price * scale), 1.0) / scale
    return pa.table(
        {
            "time": pa.array(start_ns + time * 1_000_000, pa.timestamp("ns", "UTC")),
            "source": _named([RECORDER], np.zeros(count, np.int8)),
            "venue": _named(list(VENUES), rng.choice(len(VENUES), count, p=list(VENUES.values()))),
            "symbol": _named([f"{name}USDT" for name in ASSETS], coin),
            "asset": _named(list(ASSETS), coin),
            "side": _named(["long", "short"], rng.random(count) < 0.35),
            "price": price,
            "quantity": quantity,
            "usd": np.maximum(np.round(price * quantity, 2), 0.01),
        }
    )


def _named(names: list[str], places: NDArray[np.generic]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int8)), names)
