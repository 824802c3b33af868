"""Minute prices of a planted market: weeks of ordinary unrest, small shocks every few days, and one rout near the end.

A rout is a run of one-sided minutes that is partly taken back within hours. Coins follow BTC by their betas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DAY = 1440
#: The standard deviation of BTC's minute, as a share: 45 % a year.
_MINUTE = 0.00062
#: Beta to BTC, first price, an hour's usual turnover in USD on the largest venue.
COINS: Mapping[str, tuple[float, float, float]] = {
    "BTC": (1.0, 95_000.0, 5e8), "ETH": (1.35, 3_400.0, 4e8), "SOL": (1.6, 170.0, 1.2e8), "XRP": (1.4, 2.4, 6e7),
    "DOGE": (1.7, 0.2, 5e7),
}  # fmt: skip
#: Small shocks come one in so many days.
_SHOCK_DAYS = 4.0


@dataclass(frozen=True, slots=True)
class Paths:
    """Minute closes by coin, with the price before the first minute in front; and the main rout's first minute."""

    closes: Mapping[str, NDArray[np.float64]]
    onset: int


def paths(rng: np.random.Generator, *, days: int, onset: int) -> Paths:
    """Draw the minute prices of all coins over so many days, with the main rout from minute `onset` on."""
    minutes = days * DAY
    unrest = _unrest(rng, minutes)
    market = unrest * rng.standard_t(5, minutes) / np.sqrt(5 / 3) + _shocks(rng, minutes, onset)
    closes = {}
    for coin, (beta, first, _) in COINS.items():
        own = 0.0 if coin == "BTC" else 0.6 * unrest * rng.standard_normal(minutes)
        path = np.concatenate([[0.0], np.cumsum(beta * market + own)])
        closes[coin] = first * rng.uniform(0.4, 1.3) * np.exp(path)
    return Paths(closes, onset)


def _unrest(rng: np.random.Generator, minutes: int) -> NDArray[np.float64]:
    """Give each minute's volatility: a slow walk by the hour that comes back to its mean, and a daily round."""
    hours = minutes // 60
    level, levels = 0.0, np.empty(hours)
    for hour, step in enumerate(rng.standard_normal(hours)):
        level = 0.97 * level + 0.1 * step
        levels[hour] = level
    round_ = 0.2 * np.sin(2 * np.pi * (np.arange(minutes) % DAY) / DAY - 2.0)
    return np.asarray(_MINUTE * np.exp(np.repeat(levels, 60) + round_))


def _shocks(rng: np.random.Generator, minutes: int, onset: int) -> NDArray[np.float64]:
    moved = np.zeros(minutes)
    at = rng.exponential(_SHOCK_DAYS * DAY)
    while at < onset - DAY:
        _shock(rng, moved, int(at), rng.choice([-1, 1], p=[0.6, 0.4]) * rng.uniform(0.008, 0.03))
        at += rng.exponential(_SHOCK_DAYS * DAY)
    _shock(rng, moved, onset, rng.choice([-1, 1], p=[0.75, 0.25]) * rng.uniform(0.04, 0.1))
    return moved


def _shock(rng: np.random.Generator, moved: NDArray[np.float64], at: int, size: float) -> None:
    """Add one shock: it comes in bursts over half an hour to two hours, and a part of it is taken back."""
    parts = ((1.0, int(rng.integers(20, 130))), (-rng.uniform(0.1, 0.5), int(rng.integers(240, 900))))
    for share, lasts in parts:
        length = min(lasts, moved.size - at)
        bursts = rng.gamma(0.4, size=length) + 1e-9
        moved[at : at + length] += share * size * bursts / bursts.sum()
        at += length
