"""What the market archive holds around a document, fetched once, so that many end times can be tried against it.

Fetching is the only contact of the checks with `MarketData`; all that follows is arithmetic on these rows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from newsdetect.checks.tuning import tuning
from newsdetect.market.provider import Bar, Candle, MarketData, Prints, Recorded, Snapshot
from newsdetect.market.totals import PrintTotals, SumsPrints, totals_of
from newsdetect.types import ALL, Period

_Row = TypeVar("_Row", Bar, Candle)
_Scope = tuple[Any, ...]

#: The coins whose price stands for the market's.
MARKET_COINS = ("BTC", "ETH")


@dataclass(frozen=True, slots=True)
class Holdings:
    """All rows that touch `[start, end)`; candles reach back a further week, to know what an unusual move is."""

    start: datetime
    end: datetime
    prints: PrintTotals
    recorded: tuple[Recorded, ...]
    bars: tuple[Bar, ...]
    snapshots: tuple[Snapshot, ...]
    candles: tuple[Candle, ...]
    #: Reads the single orders of a time, where what sampled feeds left out is to be told; null spares that.
    orders: Callable[[datetime, datetime], Prints] | None = field(default=None, compare=False, repr=False)
    #: What was already summed of these rows, by its question: many claims of a document ask the same.
    memo: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def empty(self) -> bool:
        """Whether nothing at all is held: neither rows nor a stretch that was recorded."""
        rows = (self.recorded, self.bars, self.snapshots, self.candles)
        return self.prints.empty and not any(rows)

    def bars_touching(self, window: Period) -> Iterator[tuple[_Scope, Sequence[Bar]]]:
        """Give the bars that touch a window, by source, venue, asset and seconds, in order of time."""
        return _touching(self._grouped("bars", self.bars, ("source", "venue", "asset", "seconds")), window)

    def candles_touching(self, window: Period, asset: str) -> Iterator[tuple[_Scope, Sequence[Candle]]]:
        """Give a coin's candles that touch a window, by asset, source, venue, market and seconds, in order of time."""
        groups = self._grouped("candles", self.candles, ("asset", "source", "venue", "market", "seconds"))
        return _touching({scope: many for scope, many in groups.items() if scope[0] == asset}, window)

    def recorded_by_scope(self) -> Mapping[tuple[str, str, str], Sequence[Recorded]]:
        """Give the recorded stretches by source, venue and asset, in order of time."""
        found: Mapping[tuple[str, str, str], Sequence[Recorded]] = self._grouped(
            "recorded", self.recorded, ("source", "venue", "asset")
        )
        return found

    def _grouped(self, name: str, rows: Sequence[Any], fields: tuple[str, ...]) -> dict[_Scope, list[Any]]:
        """Put rows of one scope together, once: a search over many ends asks again and again."""
        asked = ("grouped", name)
        if asked not in self.memo:
            groups: dict[_Scope, list[Any]] = defaultdict(list)
            for row in rows:
                groups[tuple(getattr(row, field) for field in fields)].append(row)
            self.memo[asked] = {scope: sorted(many, key=lambda one: one.start) for scope, many in groups.items()}
        found: dict[_Scope, list[Any]] = self.memo[asked]
        return found


def _touching(groups: Mapping[_Scope, list[_Row]], window: Period) -> Iterator[tuple[_Scope, Sequence[_Row]]]:
    """Cut each group to the rows that touch a window; a group's rows are all of one length, the last of its scope."""
    for scope, many in groups.items():
        length = timedelta(seconds=scope[-1])
        first = bisect_left(many, window.start, key=lambda one: one.start + length)
        if first < len(many) and many[first].start + length == window.start:
            first += 1
        last = bisect_left(many, window.end, key=lambda one: one.start)
        if first < last:
            yield scope, many[first:last]


def fetch(
    market: MarketData, start: datetime, end: datetime, *, coins: Collection[str] = (), orders: bool = False
) -> Holdings:
    """Read what is held of `[start, end)`; `coins` are those of the claims, whose candles are needed as well.

    With `orders`, single prints can be read later on.
    """
    tuned = tuning()
    assets = sorted({*MARKET_COINS, *(coin for coin in coins if coin != ALL)})
    week = timedelta(days=tuned.price_history_days)
    return Holdings(
        start=start,
        end=end,
        prints=market.print_totals(start, end)
        if isinstance(market, SumsPrints)
        else totals_of(market.prints(start, end)),
        recorded=tuple(market.recorded(start, end)),
        bars=tuple(market.bars(start, end)),
        snapshots=tuple(market.snapshots(start, end + timedelta(hours=tuned.snapshot_lag_hours))),
        candles=tuple(market.candles(start - week, end, assets=assets)),
        orders=market.prints if orders else None,
    )
