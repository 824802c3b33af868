"""What of a planted market somebody holds: own prints with outages, an aggregator's bars, snapshots, candles, nothing.

A view is a name and the rows that go with it. Whoever checks sees one view of a market and never the truth behind it.
All sources are called `simulated …`, for none of it happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from newsdetect.market.instants import nanoseconds
from newsdetect.market.memory import MemoryMarket
from newsdetect.market.planted import ASSETS, DAYS, HISTORY_DAYS, VENUES, Planted
from newsdetect.market.planted_prices import COINS
from newsdetect.market.provider import Bar, Candle, PrintKey, Prints, Recorded, Snapshot
from newsdetect.types import ALL, Period, Side

TRACKER, ANOTHER, RECORDER = "simulated CoinGlass", "simulated Coinalyze", "simulated recorder"
#: The venues that a recorder of one's own listens to.
RECORDED = ("Binance", "Bybit", "OKX")
#: A connection lasts so long at the mean, in hours.
_LASTS = 2.0
#: Of an aggregator's rows so many are told otherwise at a later reading, by this much (standard deviation of the log).
_REVISED, _REVISION = 0.056, 0.15
_SIDES: tuple[Side, Side] = ("long", "short")


def own_prints(
    planted: Planted, rng: np.random.Generator, *, venues: Sequence[str] = RECORDED, lost: float = 0.0
) -> tuple[Prints, list[Recorded]]:
    """Give what a recorder keeps of public feeds, with the stretches it listened; `lost` is the share of outages."""
    keep = np.zeros(planted.usd.size, dtype=bool)
    stretches = []
    for venue in venues:
        mine = planted.chosen(venue=venue)
        for start, end in _connected(planted, rng, lost):
            first, last = np.searchsorted(planted.time_ns, [nanoseconds(start), nanoseconds(end)])
            keep[first:last] |= mine[first:last]
            stretches.append(Recorded(RECORDER, venue, ALL, start, end))
    keep &= planted.told
    keys = tuple(PrintKey(RECORDER, v, a, "short" if s else "long") for v in VENUES for a in ASSETS for s in (0, 1))
    key = (planted.venue[keep].astype(np.int32) * len(ASSETS) + planted.asset[keep]) * 2 + planted.short[keep]
    return Prints(planted.time_ns[keep], planted.usd[keep], key.astype(np.int32), keys), stretches


def _connected(planted: Planted, rng: np.random.Generator, lost: float) -> Iterator[tuple[datetime, datetime]]:
    if not lost:
        yield planted.first, planted.last
        return
    at = planted.first
    while at < planted.last:
        end = at + timedelta(hours=max(0.02, rng.exponential(_LASTS)))
        yield at, min(end, planted.last)
        at = end + timedelta(hours=rng.exponential(_LASTS * lost / (1 - lost)))


def bars(
    planted: Planted, rng: np.random.Generator, *, scopes: Sequence[tuple[str, str, int]], source: str = TRACKER,
    days: float = DAYS,
) -> list[Bar]:  # fmt: skip
    """Give an aggregator's bars for (venue, coin, seconds) over the last `days`, as read when the tape had ended."""
    found = []
    since = nanoseconds(planted.last - timedelta(days=days))
    usd = planted.usd * planted.told * (planted.another if source == ANOTHER else 1.0)
    for venue, asset, seconds in scopes:
        count = int(days * 86_400) // seconds
        bucket = (planted.time_ns - since) // (seconds * 10**9)
        sums = []
        for side in _SIDES:
            rows = planted.chosen(venue=venue, asset=asset, side=side) & (bucket >= 0)
            sums.append(np.bincount(bucket[rows], weights=usd[rows], minlength=count))
        revised = np.where(rng.random(count) < _REVISED, np.exp(rng.normal(0.0, _REVISION, count)), 1.0)
        start = planted.last - timedelta(days=days)
        found += [
            Bar(start + timedelta(seconds=n * seconds), seconds, source, venue, asset,
                round(float(sums[0][n] * revised[n])), round(float(sums[1][n] * revised[n])), planted.last)
            for n in range(count)
        ]  # fmt: skip
    return found


def snapshots(planted: Planted, rng: np.random.Generator) -> list[Snapshot]:
    """Give the tracker's trailing totals as somebody read them once an hour around the rout, before it each 4 hours."""
    found = []
    for hour in range(26, DAYS * 24):
        if hour < (HISTORY_DAYS - 1) * 24 and hour % 4:
            continue
        before = planted.first + timedelta(hours=hour)
        read = before - timedelta(minutes=float(rng.uniform(1, 50)))
        for hours in (1, 4, 12, 24):
            for asset in (ALL, "BTC", "ETH"):
                long, short = (planted.reading(Period.trailing(read, hours), asset=asset, side=side) for side in _SIDES)
                found.append(Snapshot(before, TRACKER, ALL, asset, hours, round(long), round(short)))
    return found


def candles(planted: Planted, rng: np.random.Generator) -> list[Candle]:
    """Give hourly perpetual candles of the leading coins on the largest venue."""
    found = []
    for coin, (_, _, usual) in COINS.items():
        path = planted.paths.closes[coin]
        for hour in range(DAYS * 24):
            prices = path[hour * 60 : hour * 60 + 61]
            begin, end = float(prices[0]), float(prices[-1])
            stirred = 1 + 40 * abs(end / begin - 1) + 20 * float(prices.max() / prices.min() - 1)
            turnover = usual * float(rng.uniform(0.5, 1.5)) * stirred
            found.append(
                Candle(planted.first + timedelta(hours=hour), 3600, "simulated Binance", "Binance", "perp", coin, begin,
                       float(prices.max()), float(prices.min()), end, round(turnover / end, 3), round(turnover, 2))
            )  # fmt: skip
    return found


_COINS = ("BTC", "ETH", "SOL")
#: What a tracker tells: all together and each coin by the hour, venues and pairs by four hours.
SERIES = (
    (ALL, ALL, 3600), *((ALL, coin, 3600) for coin in _COINS), *((venue, ALL, 14_400) for venue in VENUES),
    *((venue, coin, 14_400) for venue in RECORDED for coin in _COINS),
)  # fmt: skip
FINE = ((ALL, ALL, 300), *((ALL, coin, 300) for coin in _COINS), *((venue, ALL, 300) for venue in RECORDED))
ONE_VENUE = tuple(("Binance", coin, 14_400) for coin in ("BTC", "ETH", "SOL", "XRP"))


def _recorder(lost: tuple[float, float] | None = None, missing: int = 0) -> Callable[..., MemoryMarket]:
    def see(planted: Planted, rng: np.random.Generator, prices: Sequence[Candle]) -> MemoryMarket:
        venues = [str(name) for name in rng.permutation(RECORDED)[missing:]]
        share = float(rng.uniform(*lost)) if lost else 0.0
        prints, stretches = own_prints(planted, rng, venues=venues, lost=share)
        return MemoryMarket(prints=prints, recorded=stretches, candles=prices)

    return see


def _series(*, fine: bool = False, recorder: bool = False, source: str = TRACKER) -> Callable[..., MemoryMarket]:
    def see(planted: Planted, rng: np.random.Generator, prices: Sequence[Candle]) -> MemoryMarket:
        rows = bars(planted, rng, scopes=SERIES, source=source)
        if fine:
            rows += bars(planted, rng, scopes=FINE, source=source, days=7)
        prints, stretches = own_prints(planted, rng, lost=0.1) if recorder else (None, [])
        return MemoryMarket(prints=prints, recorded=stretches, bars=rows, candles=prices)

    return see


#: What may be held of a market, by the view's name.
VIEWS: Mapping[str, Callable[[Planted, np.random.Generator, Sequence[Candle]], MemoryMarket]] = {
    "prints": _recorder(),
    "prints, outages": _recorder(lost=(0.1, 0.9)),
    "prints, a venue missing": _recorder(missing=1),
    "prints and bars": _series(recorder=True, fine=True),
    "bars": _series(),
    "fine bars": _series(fine=True),
    "another's bars": _series(source=ANOTHER),
    "one venue's bars": lambda planted, rng, prices: MemoryMarket(
        bars=bars(planted, rng, scopes=ONE_VENUE), candles=prices
    ),
    "snapshots": lambda planted, rng, prices: MemoryMarket(snapshots=snapshots(planted, rng), candles=prices),
    "candles": lambda _planted, _rng, prices: MemoryMarket(candles=prices),
    "nothing": lambda _planted, _rng, _prices: MemoryMarket(),
}
