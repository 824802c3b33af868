"""The project's own market: candles and a tape of liquidated orders, drawn from one seed.

Orders come in clusters and with heavy-tailed sizes; they are then scaled so that the plan's totals come out to the
dollar's rounding. Only sums and products of uniform draws are used, so that one seed gives the same tape everywhere.
What is told of the tape, always under sources called `simulated …`, is in simulated_files.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from newsdetect.market import simulated_day as plan
from newsdetect.market.provider import Candle
from newsdetect.market.simulated_prices import price_at, simulated_candles

SEED = 20250825
#: The largest order of a draw against the smallest, before scaling.
_TAIL = 300.0
_SPREAD_S = 40.0
#: Orders a cluster; the share of shorts by number, so that both sides are there in every stretch.
_CLUSTER, _SHORTS = 8, 0.35
_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Order:
    """One liquidated position."""

    time: datetime
    venue: str
    asset: str
    side: str
    price: float
    quantity: float
    usd: float


@dataclass(frozen=True, slots=True)
class Tape:
    """The simulated market: all of its orders in order of time, and its candles by coin."""

    orders: tuple[Order, ...]
    candles: Mapping[str, Sequence[Candle]]


@dataclass(frozen=True, slots=True)
class _Draws:
    """Orders as columns of equal length: places in the plan's lists, seconds since its start, and relative sizes."""

    stretch: NDArray[np.int64]
    seconds: NDArray[np.float64]
    short: NDArray[np.int64]
    venue: NDArray[np.int64]
    asset: NDArray[np.int64]
    size: NDArray[np.float64]


def simulate(seed: int = SEED) -> Tape:
    """Draw the market of the plan's days."""
    rng = np.random.Generator(np.random.PCG64(seed))
    candles = simulated_candles(rng)
    whale = _whale(candles)
    orders = [whale]
    many = [_draw(rng, number) for number in range(len(plan.STRETCHES))]
    told = [one for number, one in enumerate(many) if number in plan.TOLD]
    others = [one for number, one in enumerate(many) if number not in plan.TOLD]
    for draws, apart in ((_joined(told), None), (_joined(others), whale)):
        usd = _scaled(draws, apart)
        orders += [_order(draws, row, float(usd[row]), candles) for row in range(usd.size)]
    return Tape(tuple(sorted(orders, key=astuple)), candles)


def _draw(rng: np.random.Generator, number: int) -> _Draws:
    """Draw one stretch's orders: when, which side, where, which coin, and how large against each other."""
    one, count = plan.STRETCHES[number], plan.STRETCHES[number].orders
    end = plan.STRETCHES[number + 1].start if number + 1 < len(plan.STRETCHES) else plan.LAST
    length = (end - one.start).total_seconds()
    # Clusters: one order in eight starts one, the others follow within seconds.
    heads = rng.random((max(1, count // _CLUSTER), 3))
    crowded = heads[:, 0] * (1 - one.crowding) + one.crowding * (heads[:, 1] + heads[:, 2]) / 2
    member = (rng.random(count) * len(heads)).astype(np.int64)
    lag = _SPREAD_S * rng.random(count) * rng.random(count)
    within = np.minimum(crowded[member] * length + lag, length - 0.001)
    return _Draws(
        stretch=np.full(count, number),
        seconds=(one.start - plan.FIRST).total_seconds() + within,
        short=(rng.random(count) < _SHORTS).astype(np.int64),
        venue=_pick(rng.random(count), plan.VENUES),
        asset=_pick(rng.random(count), plan.ASSETS),
        size=1 / (1 / _TAIL + rng.random(count)),
    )


def _pick(draws: NDArray[np.float64], shares: Mapping[str, float]) -> NDArray[np.int64]:
    """Pick places in `shares` by their weight."""
    edges = np.cumsum(list(shares.values())[:-1])
    return np.searchsorted(edges, draws, side="right").astype(np.int64)


def _joined(many: Sequence[_Draws]) -> _Draws:
    return _Draws(*(np.concatenate([getattr(one, field.name) for one in many]) for field in fields(_Draws)))


def _scaled(draws: _Draws, apart: Order | None) -> NDArray[np.float64]:
    """Scale sizes to USD until stretch and side, venue and coin all have their totals (iterative proportional fitting).

    `apart` is an order with a size of its own: the others make up the rest of its stretch.
    """
    totals = np.zeros(2 * len(plan.STRETCHES))
    for number in np.unique(draws.stretch):
        totals[2 * number : 2 * number + 2] = plan.STRETCHES[number].long_usd, plan.STRETCHES[number].short_usd
    if apart is not None:
        number = max(place for place, one in enumerate(plan.STRETCHES) if one.start <= apart.time)
        totals[2 * number] -= apart.usd
    whole = float(totals.sum())
    groups = [
        (draws.asset, np.array(list(plan.ASSETS.values())) * whole),
        (draws.venue, np.array(list(plan.VENUES.values())) * whole),
        (2 * draws.stretch + draws.short, totals),
    ]
    usd = draws.size
    for _ in range(_ROUNDS):
        for column, wanted in groups:
            have = np.bincount(column, weights=usd, minlength=wanted.size)
            usd = usd * np.divide(wanted, have, out=np.ones(wanted.size), where=have > 0)[column]
    return usd


def _whale(candles: Mapping[str, Sequence[Candle]]) -> Order:
    at, venue, asset, quantity = plan.WHALE
    price = round(price_at(candles, asset, at), plan.COINS[asset].decimals)
    return Order(at, venue, asset, "long", price, quantity, round(price * quantity, 2))


def _order(draws: _Draws, row: int, usd: float, candles: Mapping[str, Sequence[Candle]]) -> Order:
    """Make an order of about `usd` at the time's price, in the coin's steps."""
    at = plan.FIRST + timedelta(milliseconds=round(float(draws.seconds[row]) * 1000))
    venue, asset = list(plan.VENUES)[draws.venue[row]], list(plan.ASSETS)[draws.asset[row]]
    coin = plan.COINS.get(asset)
    decimals, step = (coin.decimals, coin.step) if coin else (4, plan.OTHERS[asset][1])
    price = round(price_at(candles, asset, at), decimals)
    quantity = max(round(usd / price, step), 10.0**-step)
    side = "short" if draws.short[row] else "long"
    return Order(at, venue, asset, side, price, quantity, round(price * quantity, 2))
