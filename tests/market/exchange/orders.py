"""Liquidation orders that a made-up exchange knows of, and what an archive must hold of each.

The rules of quantity and USD are written down here a second time, from the venues' own descriptions and apart from the
package's parsers: both are held against each other.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Instrument:
    """One contract: what its size counts."""

    venue: str
    market: str
    symbol: str
    asset: str
    #: One unit of size, in base coin (`linear`) or in USD (inverse).
    unit: Decimal
    inverse: bool
    price: Decimal


def _one(feed: str, symbol: str, asset: str, unit: str, price: str) -> Instrument:
    venue, market = feed.split()
    inverse = market in {"coinm", "inverse"} or symbol.endswith("-USD-SWAP")
    return Instrument(venue, market, symbol, asset, Decimal(unit), inverse, Decimal(price))


#: Contract sizes as the venues tell them: 100 USD for BTC and 10 USD else (COIN-M), 1 USD (Bybit inverse), ctVal (OKX).
INSTRUMENTS: tuple[Instrument, ...] = (
    _one("Binance usdm", "BTCUSDT", "BTC", "1", "64321.5"),
    _one("Binance usdm", "ETHUSDT", "ETH", "1", "3120.25"),
    _one("Binance usdm", "SOLUSDT", "SOL", "1", "142.37"),
    _one("Binance coinm", "BTCUSD_PERP", "BTC", "100", "64318.1"),
    _one("Binance coinm", "ETHUSD_PERP", "ETH", "10", "3119.8"),
    _one("Bybit linear", "BTCUSDT", "BTC", "1", "64320.4"),
    _one("Bybit linear", "ETHUSDT", "ETH", "1", "3120.05"),
    _one("Bybit linear", "XRPUSDT", "XRP", "1", "0.5521"),
    _one("Bybit inverse", "BTCUSD", "BTC", "1", "64319.5"),
    _one("OKX swap", "BTC-USDT-SWAP", "BTC", "0.01", "64322.2"),
    _one("OKX swap", "ETH-USDT-SWAP", "ETH", "0.1", "3120.6"),
    _one("OKX swap", "XRP-USDT-SWAP", "XRP", "100", "0.5522"),
    _one("OKX swap", "BTC-USD-SWAP", "BTC", "100", "64317.9"),
)
#: The feeds there are, each the name of a venue and of one of its markets.
FEEDS: tuple[str, ...] = tuple(dict.fromkeys(f"{one.venue} {one.market}" for one in INSTRUMENTS))


def instruments(feed: str) -> list[Instrument]:
    """Give the contracts of a feed."""
    return [one for one in INSTRUMENTS if f"{one.venue} {one.market}" == feed]


@dataclass(frozen=True, slots=True)
class Order:
    """One liquidation as the venue knows it; price and size are the wire's own digits."""

    of: Instrument
    side: Literal["long", "short"]
    price: str
    size: str
    time_ms: int


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """What an archive must hold of an order; money and coins rounded to what floats carry."""

    time_ms: int
    venue: str
    symbol: str
    asset: str
    side: str
    price: float
    quantity: float
    usd: float


def row(order: Order) -> Row:
    """Give an order as the archive must hold it: quantity in base coin, money in USD."""
    price, size = Decimal(order.price), Decimal(order.size) * order.of.unit
    quantity, usd = (size / price, size) if order.of.inverse else (size, size * price)
    return Row(
        order.time_ms, order.of.venue, order.of.symbol, order.of.asset, order.side,
        rounded(float(price)), rounded(float(quantity)), rounded(float(usd)),
    )  # fmt: skip


def rows(orders: Iterable[Order]) -> list[Row]:
    """Give the rows of orders in the order of time."""
    return sorted(map(row, orders))


def rounded(value: float) -> float:
    """Keep ten significant digits: two ways of multiplying the same numbers differ in the last ones."""
    return float(f"{value:.10g}")


def orders(feed: str, count: int, *, start_ms: int, step_ms: int = 0, first: int = 0, seed: int = 1) -> list[Order]:
    """Make `count` orders over the contracts of a feed; no two have the same size, numbered on from `first`."""
    chance, known = random.Random(f"{feed} {seed} {first}"), instruments(feed)
    return [_order(chance, known, first + index, start_ms + index * step_ms) for index in range(count)]


def _order(chance: random.Random, known: Sequence[Instrument], number: int, time_ms: int) -> Order:
    of = chance.choice(known)
    ticks = -int(of.price.as_tuple().exponent)
    price = of.price * Decimal(chance.randint(9_900, 10_100)) / 10_000
    whole = of.inverse or of.unit != 1
    size = str(number + 1) if whole else f"{(number + 1) / 1_000:.3f}"
    return Order(of, chance.choice(("long", "short")), f"{price:.{ticks}f}", size, time_ms)
