"""What the price says of a claim: whether it moved the way the losing side loses, how far, and how unusually.

Within one candle the order of high and low is unknown: a falling candle is read as open, high, low, close, a rising one
as open, low, high, close. Refuting needs more than a wrong close: the losing move must never have come at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from newsdetect.checks.holdings import MARKET_COINS, Holdings
from newsdetect.checks.sums import WHOLE
from newsdetect.checks.tuning import tuning
from newsdetect.market.provider import Candle
from newsdetect.types import ALL, Interval, Period, Side

Word = Literal["supports", "silent", "against", "refutes"]


@dataclass(frozen=True, slots=True)
class Move:
    """How one coin's price went over a window; moves as shares of the price."""

    asset: str
    source: str
    venue: str
    start: datetime
    end: datetime
    open: float
    close: float
    low: float
    high: float
    #: The deepest fall and the highest rise on the way, both positive.
    fall: float
    rise: float
    #: Of the net move against the trailing week's moves of this length; null if not asked for, or without a week.
    z: float | None
    #: The share of the window that candles cover.
    covered: float

    @property
    def net(self) -> float:
        """The move from open to close."""
        return self.close / self.open - 1


def moves(holdings: Holdings, window: Period, asset: str, *, unusual: bool = False) -> list[Move]:
    """Read the moves of a claim's coin, or of the market's leading coins, one each; with z-scores if asked."""
    wanted = MARKET_COINS if asset == ALL else (asset,)
    found = (_remembered(holdings, window, coin, unusual=unusual) for coin in wanted)
    return [move for move in found if move is not None]


def direction(found: Sequence[Move], side: Side) -> Word:
    """Say whether the moves fit a wipe-out of `side`; `refutes` where every coin's candles leave no doubt."""
    tuned = tuning()
    if not found:
        return "silent"
    if side == "both":
        return "supports" if any(max(one.fall, one.rise) >= tuned.move_supports for one in found) else "silent"
    losing = [one.fall if side == "long" else one.rise for one in found]
    other = [one.net if side == "long" else -one.net for one in found]
    if all(
        moved < tuned.never_more and way >= tuned.moved_other_way and one.covered >= WHOLE
        for one, moved, way in zip(found, losing, other, strict=True)
    ):
        return "refutes"
    if all(
        moved < tuned.move_supports and way >= tuned.move_supports for moved, way in zip(losing, other, strict=True)
    ):
        return "against"
    return "supports" if any(moved >= tuned.move_supports for moved in losing) else "silent"


def never_traded(found: Sequence[Move], levels: Mapping[str, float]) -> list[tuple[Move, float]]:
    """Give the named price levels (coin → USD) that lie outside all that was traded in the window."""
    slack = tuning().level
    return [
        (move, levels[move.asset])
        for move in found
        if move.asset in levels
        and move.covered >= WHOLE
        and not move.low * (1 - slack) <= levels[move.asset] <= move.high * (1 + slack)
    ]


def price_range(holdings: Holdings, window: Period, asset: str) -> Interval | None:
    """Give the lowest and highest price of a coin in a window, or None without candles."""
    move = _remembered(holdings, window, asset)
    return None if move is None else Interval(low=move.low, high=move.high)


def volume_bound(holdings: Holdings, window: Period, *, venue: str, asset: str) -> tuple[Candle, float] | None:
    """Bound a venue's liquidations in a coin by its traded volume, in USD; None where it is not known throughout.

    Taker sales alone would be the tighter bound, but candles carry only the total. Spot volume bounds nothing.
    """
    for series in _series(holdings, window, asset):
        first = series[0]
        if first.market == "perp" and first.venue.casefold() == venue.casefold() and _covered(series, window) >= WHOLE:
            traded = sum(one.turnover if one.turnover is not None else one.volume * one.high for one in series)
            return first, traded * tuning().volume
    return None


def _remembered(holdings: Holdings, window: Period, asset: str, *, unusual: bool = False) -> Move | None:
    """Read one coin's move, once for each question."""
    asked = ("move", window.start, window.end, asset, unusual)
    if asked not in holdings.memo:
        holdings.memo[asked] = _move(holdings, window, asset, unusual=unusual)
    move: Move | None = holdings.memo[asked]
    return move


def _move(holdings: Holdings, window: Period, asset: str, *, unusual: bool = False) -> Move | None:
    """Read one coin's move from its best series: the one that covers most, then perpetuals, then the finest."""
    series = max(
        _series(holdings, window, asset),
        key=lambda one: (round(_covered(one, window), 2), one[0].market == "perp", -one[0].seconds),
        default=None,
    )
    if series is None:
        return None
    first, last = series[0], series[-1]
    low, high, fall, rise = _path(holdings, series)
    return Move(
        asset=asset,
        source=first.source,
        venue=first.venue,
        start=first.start,
        end=last.start + timedelta(seconds=last.seconds),
        open=first.open,
        close=last.close,
        low=low,
        high=high,
        fall=fall,
        rise=rise,
        z=_unusual(holdings.candles, series, last.close / first.open - 1) if unusual else None,
        covered=_covered(series, window),
    )


def _series(holdings: Holdings, window: Period, asset: str) -> Iterator[Sequence[Candle]]:
    """Give the candles that touch a window, by source, venue, market and length, in order of time."""
    for _, series in holdings.candles_touching(window, asset):
        yield series


def _covered(series: Sequence[Candle], window: Period) -> float:
    touched = timedelta(0)
    for one in series:
        touched += min(one.start + timedelta(seconds=one.seconds), window.end) - max(one.start, window.start)
    return touched / (window.end - window.start)


def _path(holdings: Holdings, series: Sequence[Candle]) -> tuple[float, float, float, float]:
    """Give the lowest and highest price of a stretch of candles and its swings, once: many windows touch the same."""
    first = series[0]
    asked = ("path", *_scope(first), first.start, len(series))
    found: tuple[float, float, float, float] | None = holdings.memo.get(asked)
    if found is None:
        found = min(one.low for one in series), max(one.high for one in series), *_swings(series)
        holdings.memo[asked] = found
    return found


def _swings(series: Sequence[Candle]) -> tuple[float, float]:
    """Give the deepest fall and the highest rise along the path of candles."""
    top = bottom = series[0].open
    fall = rise = 0.0
    for one in series:
        inner = (one.high, one.low) if one.close < one.open else (one.low, one.high)
        for price in (one.open, *inner, one.close):
            top, bottom = max(top, price), min(bottom, price)
            fall, rise = max(fall, 1 - price / top), max(rise, price / bottom - 1)
    return fall, rise


def _unusual(candles: Sequence[Candle], series: Sequence[Candle], net: float) -> float | None:
    """Give the z-score of a move against all moves of as many candles in the week before."""
    first = series[0]
    since = first.start - timedelta(days=tuning().price_history_days)
    scope = (first.source, first.venue, first.market, first.seconds, first.asset)
    before = sorted(
        (one for one in candles if since <= one.start < first.start and scope == _scope(one)), key=lambda one: one.start
    )
    length = len(series)
    past = [before[i + length - 1].close / before[i].open - 1 for i in range(len(before) - length + 1)]
    if len(past) < 48:
        return None
    mean = math.fsum(past) / len(past)
    deviation = math.sqrt(math.fsum((one - mean) ** 2 for one in past) / len(past))
    return (net - mean) / deviation if deviation > 0 else None


def _scope(one: Candle) -> tuple[str, str, str, int, str]:
    return one.source, one.venue, one.market, one.seconds, one.asset
