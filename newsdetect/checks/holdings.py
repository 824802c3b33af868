"""What the market archive holds around a document, fetched once, so that many end times can be tried against it.

Fetching is the only contact of the checks with `MarketData`; all that follows is arithmetic on these columns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from newsdetect.checks.tuning import tuning
from newsdetect.market.columns import (
    BarSeries,
    CandleSeries,
    RecordedSeries,
    SnapshotSeries,
    TellsColumns,
    bar_series,
    candle_series,
    recorded_series,
    snapshot_series,
)
from newsdetect.market.provider import MarketData, Prints
from newsdetect.market.ranges import NO_RANGES, Ranges, TellsRanges
from newsdetect.market.totals import PrintTotals, SumsPrints, totals_of
from newsdetect.types import ALL

_Found = TypeVar("_Found")

#: The coins whose price stands for the market's.
MARKET_COINS = ("BTC", "ETH")


@dataclass(frozen=True)
class Holdings:
    """All rows that touch `[start, end)`; candles reach back a further week, to know what an unusual move is."""

    start: datetime
    end: datetime
    prints: PrintTotals
    recorded: Sequence[RecordedSeries]
    bars: Sequence[BarSeries]
    snapshots: Sequence[SnapshotSeries]
    candles: Sequence[CandleSeries]
    #: How far sources lie apart, as the archive's own series show it; none where that was never fitted.
    ranges: Ranges = field(default=NO_RANGES, compare=False, repr=False)
    #: Reads the single orders of a time, where what sampled feeds left out is to be told; null spares that.
    orders: Callable[[datetime, datetime], Prints] | None = field(default=None, compare=False, repr=False)
    #: What was already worked out of these rows, by its question: many claims of a document ask the same.
    memo: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def empty(self) -> bool:
        """Whether nothing at all is held: neither rows nor a stretch that was recorded."""
        return self.prints.empty and not any((self.recorded, self.bars, self.snapshots, self.candles))

    @cached_property
    def recorded_by_scope(self) -> dict[tuple[str, str, str], RecordedSeries]:
        """The recorded stretches by source, venue and asset."""
        return {(one.source, one.venue, one.asset): one for one in self.recorded}

    def once(self, asked: Hashable, make: Callable[[], _Found]) -> _Found:
        """Give what was worked out of a question before, or work it out."""
        if asked not in self.memo:
            self.memo[asked] = make()
        found: _Found = self.memo[asked]
        return found

    def forget(self) -> None:
        """Let go of what was worked out: it refers to the rows that remember it, a circle of many columns.

        Of thousands of documents these would else lie in memory until all garbage is collected.
        """
        self.memo.clear()


def fetch(
    market: MarketData, start: datetime, end: datetime, *, coins: Collection[str] = (), orders: bool = False
) -> Holdings:
    """Read what is held of `[start, end)`; `coins` are those of the claims, whose candles are needed as well.

    With `orders`, single prints can be read later on.
    """
    tuned = tuning()
    assets = sorted({*MARKET_COINS, *(coin for coin in coins if coin != ALL)})
    since, until = start - timedelta(days=tuned.price_history_days), end + timedelta(hours=tuned.snapshot_lag_hours)
    prints = market.print_totals(start, end) if isinstance(market, SumsPrints) else totals_of(market.prints(start, end))
    ranges = market.ranges() if isinstance(market, TellsRanges) else NO_RANGES
    reader = market.prints if orders else None
    if isinstance(market, TellsColumns):
        return Holdings(
            start, end, prints, market.recorded_series(start, end), market.bar_series(start, end),
            market.snapshot_series(start, until), market.candle_series(since, end, assets=assets), ranges,
            reader,
        )  # fmt: skip
    return Holdings(
        start, end, prints, recorded_series(market.recorded(start, end)), bar_series(market.bars(start, end)),
        snapshot_series(market.snapshots(start, until)), candle_series(market.candles(since, end, assets=assets)),
        ranges, reader,
    )  # fmt: skip
