"""The plan of the simulated market: what the press told of 24 to 26 August 2025, as totals that a tape must make.

The figures are the press's readings of one rolling 24-hour total (806.4 M at 08:20 UTC on the 25th, 852 M at 21:04:45
with 343 M in the last hour, 904 M at midnight, over 930 M at 06:00), solved for the stretches between them. Venues and
coins share it as that week's trackers told. Prices go through the levels of those days; all between is drawn by chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: The days that bars tell of.
FIRST, LAST = datetime(2025, 8, 24, tzinfo=UTC), datetime(2025, 8, 26, 12, tzinfo=UTC)
#: Candles reach back a week more, so that an unusual move can be told from a usual one.
PRICES_FROM = FIRST - timedelta(days=7)
#: When the bars were read off.
READ_AT = datetime(2025, 8, 26, 12, 30, tzinfo=UTC)

TRACKER = "simulated CoinGlass"
RECORDER = "simulated recorder"
EXCHANGE = "simulated Binance"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Liquidations from `start` to the next stretch, in USD by side, told by so many orders."""

    start: datetime
    long_usd: float
    short_usd: float
    orders: int
    #: How strongly the orders crowd in the middle of the stretch: 0 is even.
    crowding: float = 0.0


def _at(day: int, clock: str) -> datetime:
    return datetime.fromisoformat(f"2025-08-{day}T{clock}Z")


#: In millions; the comments give the readings that each closes.
STRETCHES = tuple(
    Stretch(_at(day, clock), long * 1e6, short * 1e6, orders, crowding)
    for day, clock, long, short, orders, crowding in (
        (24, "00:00:00", 48.0, 42.0, 400, 0.0),
        (24, "08:20:00", 75.0, 59.4, 700, 0.0),
        (24, "14:00:00", 40.0, 22.0, 400, 0.0),
        (24, "19:00:00", 331.0, 29.0, 1600, 0.8),  # a whale's sale on a Sunday evening
        (24, "21:04:45", 44.0, 16.0, 350, 0.0),
        (25, "00:00:00", 74.0, 26.0, 500, 0.0),
        (25, "06:00:00", 68.0, 22.0, 500, 0.0),  # the 24 h to 08:20: 806.4
        (25, "08:20:00", 47.0, 23.0, 400, 0.0),  # the 24 h to 14:00: 742
        (25, "14:00:00", 90.2, 34.8, 500, 0.0),
        (25, "19:00:00", 54.4, 9.6, 500, 0.0),
        (25, "20:04:45", 308.7, 34.3, 1800, 0.5),  # the hour: 343, nine in ten longs; the 24 h: 852
        (25, "21:04:45", 89.6, 22.4, 700, 0.0),  # the 24 h to midnight: 904, longs 731.9 and shorts 172.1
        (26, "00:00:00", 92.0, 38.0, 500, 0.0),  # the 24 h to 06:00: 934
        (26, "06:00:00", 30.0, 25.0, 350, 0.0),
    )
)
#: The stretches of the reading at 08:20, whose coins and venue were told too: BTC 267.9, ETH 263.4, Binance 209 M.
TOLD = range(1, 7)


def _shares(rest: str, **told: float) -> dict[str, float]:
    """Give shares that make one, `rest` taking what the others leave."""
    return {**told, rest: 1 - sum(told.values())}


#: Shares by venue and by coin, near the medians of fixtures/checks/coverage.toml; Binance, BTC and ETH as told.
VENUES: Mapping[str, float] = _shares(
    "CoinEx", Binance=209.0 / 806.4, Bybit=0.30, OKX=0.12, Gate=0.12, HTX=0.09, Hyperliquid=0.05
)
ASSETS: Mapping[str, float] = _shares(
    "AVAX", BTC=267.9 / 806.4, ETH=263.4 / 806.4, SOL=0.09, XRP=0.05, DOGE=0.04, SUI=0.03, ADA=0.03, LINK=0.03
)
#: The coins that the tracker tells of one by one.
TOLD_ASSETS = ("BTC", "ETH", "SOL", "XRP", "DOGE")

#: One trader's long on a venue whose liquidations no public feed carries: time, venue, coin, quantity.
WHALE = (_at(25, "20:55:37"), "Hyperliquid", "ETH", 9080.0)

#: What the recorder listened to: venue, from, to; one connection was lost for minutes, in the middle of it all.
RECORDED = (
    ("Binance", _at(25, "19:00:00"), _at(25, "22:00:00")),
    ("OKX", _at(25, "19:00:00"), _at(25, "22:00:00")),
    ("Bybit", _at(25, "19:00:00"), _at(25, "20:31:10")),
    ("Bybit", _at(25, "20:33:40"), _at(25, "22:00:00")),
)
#: Feeds that keep the latest order of each second and symbol.
SAMPLED = ("Binance", "OKX")


@dataclass(frozen=True, slots=True)
class Coin:
    """How one coin's price goes: through levels at full hours, with so much chance a hour between them."""

    levels: Mapping[datetime, float]
    #: Standard deviation of an hour's move, as a share.
    chance: float
    decimals: int
    #: Smallest step of a quantity, as decimals.
    step: int
    #: An hour's usual volume in coins.
    volume: float


def _levels(*told: tuple[int, int, float]) -> dict[datetime, float]:
    return {_at(day, f"{hour:02}:00:00"): price for day, hour, price in told}


COINS: Mapping[str, Coin] = {
    "BTC": Coin(_levels(
        (17, 0, 117_400.0), (19, 0, 116_300.0), (20, 0, 113_100.0), (22, 13, 112_500.0), (22, 16, 116_700.0),
        (24, 0, 115_300.0), (24, 19, 114_600.0), (24, 21, 111_950.0), (25, 0, 113_400.0), (25, 8, 111_900.0),
        (25, 14, 112_100.0), (25, 19, 112_403.0), (25, 20, 111_640.0), (25, 21, 109_562.0), (25, 22, 109_700.0),
        (26, 0, 109_812.0), (26, 1, 109_900.0), (26, 6, 110_030.0), (26, 12, 110_150.0),
    ), 0.0025, 1, 3, 7_000.0),
    "ETH": Coin(_levels(
        (17, 0, 4_430.0), (19, 0, 4_310.0), (20, 0, 4_080.0), (22, 13, 4_290.0), (22, 16, 4_750.0), (24, 0, 4_770.0),
        (24, 19, 4_835.0), (24, 21, 4_700.0), (25, 0, 4_775.0), (25, 8, 4_640.0), (25, 14, 4_600.0), (25, 19, 4_575.0),
        (25, 20, 4_478.0), (25, 21, 4_352.0), (25, 22, 4_356.0), (26, 0, 4_361.0), (26, 1, 4_368.0), (26, 6, 4_395.0),
        (26, 12, 4_410.0),
    ), 0.004, 2, 3, 150_000.0),
    "SOL": Coin(_levels(
        (17, 0, 189.0), (20, 0, 178.0), (22, 13, 180.0), (22, 16, 196.0), (24, 0, 203.0), (24, 19, 208.0),
        (24, 21, 201.0), (25, 0, 206.0), (25, 8, 200.0), (25, 19, 197.5), (25, 20, 194.4), (25, 21, 187.0),
        (25, 22, 187.3), (26, 0, 187.2), (26, 12, 189.0),
    ), 0.005, 2, 2, 1_500_000.0),
    "XRP": Coin(_levels(
        (17, 0, 3.12), (20, 0, 2.88), (22, 13, 2.84), (22, 16, 3.05), (24, 0, 3.04), (24, 19, 3.03), (24, 21, 2.97),
        (25, 0, 3.01), (25, 8, 2.96), (25, 19, 2.94), (25, 20, 2.915), (25, 21, 2.852), (25, 22, 2.855), (26, 0, 2.86),
        (26, 12, 2.89),
    ), 0.004, 4, 0, 35_000_000.0),
}  # fmt: skip
#: Coins without candles of their own: their price on the first day, and quantities' decimals; they follow BTC.
OTHERS: Mapping[str, tuple[float, int]] = {
    "DOGE": (0.2380, 0), "SUI": (3.72, 1), "ADA": (0.912, 0), "LINK": (26.1, 2), "AVAX": (25.4, 2),
}  # fmt: skip
#: The hour that the seed's article tells of trades three times what the hour before it did.
RUSH, RUSH_FACTOR = _at(25, "20:00:00"), 3.0
