"""A planted market: a tape of liquidated orders whose every sum is known, to hold what checks say against the truth.

Orders follow the price: the harder it falls within ten minutes, the more longs are closed, in clusters of seconds and
with heavy-tailed sizes, over venues and coins whose shares differ from market to market and from day to day. What a
public feed *tells* of it is less: some venues keep the latest order of each second and symbol alone. Aggregators sum
what feeds tell. Two sums stay apart: what was told (`told`) and what happened (`all`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from newsdetect.market.instants import nanoseconds
from newsdetect.market.planted_prices import DAY, Paths, paths
from newsdetect.types import ALL, Period, Side

#: History before the rout, so that specificity has its 60 days, and time after it.
HISTORY_DAYS, AFTER_DAYS = 63, 4
DAYS = HISTORY_DAYS + AFTER_DAYS
#: Medians of venues' shares in CoinGlass's 4-hour snapshots of 2025; `BitMEX` stands for all smaller ones.
VENUES = {"Binance": 0.22, "Bybit": 0.29, "OKX": 0.11, "Gate": 0.13, "HTX": 0.10, "Hyperliquid": 0.04, "BitMEX": 0.05}
#: Hyperliquid's share since October 2025.
_GROWN = (date(2025, 10, 1), "Hyperliquid", 0.22)
#: Shares of coins as the press of 2024 and 2025 told them; the last four stand for all smaller ones.
ASSETS = {
    "BTC": 0.28, "ETH": 0.27, "SOL": 0.07, "XRP": 0.04, "DOGE": 0.03, "SUI": 0.1, "ADA": 0.07, "LINK": 0.07,
    "AVAX": 0.07,
}  # fmt: skip
#: Spread of a share between markets and between days, as standard deviations of its logarithm.
_BETWEEN, _BY_DAY = 0.35, 0.15
_VENUES, _ASSETS = tuple(VENUES), tuple(ASSETS)
#: Feeds that keep the latest order of each second and symbol; Bybit's did before its full feed.
SAMPLED = ("Binance", "OKX")
FULL_BYBIT = date(2025, 2, 26)
#: USD of one side in a quiet minute, USD of a mean order, the ten-minute move that doubles a side.
_QUIET, _MEAN, _DOUBLES = 5e4, 20_000.0, 0.002
#: Another aggregator against CoinGlass: .80 at the mean; three days in four differ by more than 15 %.
ANOTHER, _ANOTHER_SPREAD = 0.80, 0.25

Reader = Literal["told", "another", "all"]


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted market. The columns are of equal length, one row an order, in order of time."""

    number: int
    first: datetime
    paths: Paths
    #: Nanoseconds since 1970; USD; 0 long and 1 short; places in `VENUES` and `ASSETS`.
    time_ns: NDArray[np.int64]
    usd: NDArray[np.float64]
    short: NDArray[np.int8]
    venue: NDArray[np.int8]
    asset: NDArray[np.int8]
    #: Whether a public feed told the order.
    told: NDArray[np.bool_]
    #: What another aggregator makes of each order that was told, as a factor.
    another: NDArray[np.float64]

    @property
    def last(self) -> datetime:
        """Where the tape ends."""
        return self.first + timedelta(days=DAYS)

    @property
    def onset(self) -> datetime:
        """When the main rout begins."""
        return self.first + timedelta(minutes=self.paths.onset)

    def chosen(
        self, *, venue: str = ALL, asset: str = ALL, side: Side = "both", among: slice = slice(None)
    ) -> NDArray[np.bool_]:
        """Give which orders a scope holds, of those `among` the rows of a slice."""
        rows = np.ones(self.usd[among].size, dtype=bool)
        if venue != ALL:
            rows &= self.venue[among] == _VENUES.index(venue)
        if asset != ALL:
            rows &= self.asset[among] == _ASSETS.index(asset)
        if side != "both":
            rows &= self.short[among] == (side == "short")
        return rows

    def reading(
        self, window: Period, *, venue: str = ALL, asset: str = ALL, side: Side = "both", reader: Reader = "told"
    ) -> float:
        """Give the true sum of a window and scope in USD: of what feeds told, of another's telling, or of all."""
        first, last = np.searchsorted(self.time_ns, [nanoseconds(window.start), nanoseconds(window.end)])
        rows = self.chosen(venue=venue, asset=asset, side=side, among=slice(first, last))
        usd = self.usd[first:last]
        if reader != "all":
            rows &= self.told[first:last]
        if reader == "another":
            usd = usd * self.another[first:last]
        return float(usd[rows].sum())


def plant(seed: int, number: int) -> Planted:
    """Draw the market of a number under a seed: its date, its prices, its orders, and what feeds told of them."""
    rng = np.random.Generator(np.random.PCG64([seed, number]))
    rout = datetime(2024, 6, 1, tzinfo=UTC) + timedelta(days=int(rng.integers(0, 640)))
    first = rout - timedelta(days=HISTORY_DAYS)
    onset = HISTORY_DAYS * DAY + int(rng.integers(0, DAY))
    went = paths(rng, days=DAYS, onset=onset)
    minute, short, usd = _orders(rng, went)
    size = usd.size
    seconds = _clustered(rng, minute)
    order = np.argsort(seconds, kind="stable")
    minute, short, usd, seconds = minute[order], short[order], usd[order], seconds[order]
    day = minute // DAY
    venue = _drawn(rng, day, _shares(rng, _of_the_time(rout.date())))
    asset = _drawn(rng, day, _shares(rng, ASSETS))
    sampled = SAMPLED if rout.date() >= FULL_BYBIT else (*SAMPLED, "Bybit")
    told = latest_of_each_second(seconds, venue, asset, tuple(_VENUES.index(name) for name in sampled))
    factors = ANOTHER * np.exp(rng.normal(-(_ANOTHER_SPREAD**2) / 2, _ANOTHER_SPREAD, (DAYS, len(_VENUES))))
    return Planted(
        number=number, first=first, paths=went, time_ns=nanoseconds(first) + np.round(seconds * 1e9).astype(np.int64),
        usd=np.round(usd, 2), short=short.astype(np.int8), venue=venue.astype(np.int8), asset=asset.astype(np.int8),
        told=told, another=factors[day, venue] if size else np.empty(0),
    )  # fmt: skip


def _orders(rng: np.random.Generator, went: Paths) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Draw orders from the price: each one's minute, side and USD."""
    market = sum(share * np.log(went.closes[coin]) for coin, share in (("BTC", 0.5), ("ETH", 0.3), ("SOL", 0.2)))
    assert isinstance(market, np.ndarray)
    moved = np.concatenate([np.zeros(9), market[10:] - market[:-10]])[: market.size - 1]
    mood = np.exp(np.repeat(rng.normal(0.0, 0.5, moved.size // 60), 60)) * rng.uniform(0.6, 1.6)
    minutes, sides = [], []
    for side, adverse in enumerate((-moved, moved)):
        usd = _QUIET * mood * (1 + np.minimum((np.maximum(adverse, 0.0) / _DOUBLES) ** 2.5, 400.0))
        minutes.append(np.repeat(np.arange(moved.size), rng.poisson(usd / _MEAN)))
        sides.append(np.full(minutes[-1].size, side))
    minute, side_of = np.concatenate(minutes), np.concatenate(sides)
    # Sizes: log-normal, a third of the mean at the median, none above 30 M.
    size = np.minimum(np.exp(rng.normal(-1.1, 1.5, minute.size)), 1500.0) * _MEAN
    return minute, side_of, size


def _clustered(rng: np.random.Generator, minute: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give each order its second: a minute's orders gather behind eight moments of it."""
    moments = rng.uniform(0.0, 58.0, (DAYS * DAY, 8))
    lag = np.minimum(rng.exponential(2.0, minute.size), 1.999)
    return minute * 60.0 + moments[minute, rng.integers(0, 8, minute.size)] + lag


def _of_the_time(day: date) -> dict[str, float]:
    since, name, share = _GROWN
    return VENUES | ({name: share} if day >= since else {})


def _shares(rng: np.random.Generator, medians: dict[str, float]) -> NDArray[np.float64]:
    """Draw one market's shares day by day; each row makes one."""
    drawn = np.array(list(medians.values())) * np.exp(rng.normal(0.0, _BETWEEN, len(medians)))
    by_day = drawn * np.exp(rng.normal(0.0, _BY_DAY, (DAYS, len(medians))))
    return np.asarray(by_day / by_day.sum(axis=1, keepdims=True))


def _drawn(rng: np.random.Generator, day: NDArray[np.int64], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    edges = np.cumsum(shares, axis=1)[:, :-1]
    return np.asarray((rng.random(day.size)[:, None] > edges[day]).sum(axis=1))


def latest_of_each_second(
    seconds: NDArray[np.float64], venue: NDArray[np.int64], asset: NDArray[np.int64], sampled: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Tell which orders a feed kept: of a sampled venue the last of each second and coin."""
    told = ~np.isin(venue, sampled)
    rows = np.flatnonzero(~told)[::-1]
    key = (seconds[rows].astype(np.int64) * len(_VENUES) + venue[rows]) * len(_ASSETS) + asset[rows]
    _, latest = np.unique(key, return_index=True)
    told[rows[latest]] = True
    return np.asarray(told)
