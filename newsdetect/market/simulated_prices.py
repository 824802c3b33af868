"""Simulated hourly candles through planned levels, and the price at any second that goes with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from newsdetect.market.provider import Candle
from newsdetect.market.simulated_day import COINS, EXCHANGE, LAST, OTHERS, PRICES_FROM, RUSH, RUSH_FACTOR, Coin

_HOUR = timedelta(hours=1)
#: How far a candle's shadow reaches beyond its body, at most, as a share of an hour's chance.
_SHADOW = 0.4


def simulated_candles(rng: np.random.Generator) -> dict[str, list[Candle]]:
    """Draw each coin's hourly perpetual candles, from a week before the tape to its end."""
    return {asset: _candles(rng, asset, coin) for asset, coin in COINS.items()}


def _candles(rng: np.random.Generator, asset: str, coin: Coin) -> list[Candle]:
    closes = _closes(rng, coin)
    volumes = _volumes(rng, coin, closes)
    candles = []
    for number, (before, after) in enumerate(pairwise(closes)):
        start = PRICES_FROM + number * _HOUR
        # A rout's hours leave small shadows on the losing side: there is no rebound inside them.
        shadow = coin.chance * _SHADOW * (0.25 if abs(start - RUSH) <= _HOUR else 1.0)
        above, below = (shadow * float(share) for share in rng.random(2))
        candles.append(
            Candle(
                start, 3600, EXCHANGE, "Binance", "perp", asset, before,
                round(max(before, after) * (1 + above), coin.decimals),
                round(min(before, after) * (1 - below), coin.decimals), after, volumes[number],
                round(volumes[number] * (before + after) / 2, 2),
            )
        )  # fmt: skip
    return candles


def _closes(rng: np.random.Generator, coin: Coin) -> list[float]:
    """Walk from level to level: steps by chance, bent so that each level is met."""
    closes = [next(iter(coin.levels.values()))]
    for (since, low), (until, high) in pairwise(coin.levels.items()):
        hours = int((until - since) / _HOUR)
        walk = np.concatenate([[0.0], np.cumsum([_chance(rng) for _ in range(hours)])])
        part = np.arange(hours + 1) / hours
        bent = walk - part * walk[-1]
        path = (low + (high - low) * part) * (1 + coin.chance * bent)
        closes += [round(float(price), coin.decimals) for price in path[1:]]
    return closes


def _volumes(rng: np.random.Generator, coin: Coin, closes: list[float]) -> list[float]:
    """Draw volumes that grow with the move; the planned hour has its multiple of the hour before."""
    volumes: list[float] = []
    for number, (before, after) in enumerate(pairwise(closes)):
        usual = coin.volume * (0.5 + float(rng.random()))
        drawn = usual * (1 + abs(after / before - 1) / coin.chance / 2)
        rush = PRICES_FROM + number * _HOUR == RUSH
        volumes.append(round(volumes[-1] * RUSH_FACTOR if rush else drawn, 3))
    return volumes


def _chance(rng: np.random.Generator) -> float:
    """Draw a number of about standard normal by sums alone, whose bytes are the same on every machine."""
    return float(np.add.reduce(rng.random(12))) - 6.0


def price_at(candles: Mapping[str, Sequence[Candle]], asset: str, at: datetime) -> float:
    """Give a coin's price at a time: straight from a candle's open to its close; other coins follow BTC."""
    if asset in OTHERS:
        start = candles["BTC"][0].open
        return OTHERS[asset][0] * (1 + 1.3 * (price_at(candles, "BTC", at) / start - 1))
    number = min(int((at - PRICES_FROM) / _HOUR), int((LAST - PRICES_FROM) / _HOUR) - 1)
    candle = candles[asset][number]
    return candle.open + (candle.close - candle.open) * ((at - candle.start) / _HOUR)
