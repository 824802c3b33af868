"""An archive opened for a batch of questions: the sums of prints from memory, all else as the archive answers it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from newsdetect.market.columns import TellsColumns
from newsdetect.market.instants import nanoseconds
from newsdetect.market.orders_at_hand import OrdersAtHand
from newsdetect.market.provider import MarketData
from newsdetect.market.ranges import TellsRanges
from newsdetect.market.totals import PrintTotals, SumsPrints


class Archive(MarketData, SumsPrints, TellsColumns, TellsRanges, Protocol):
    """All that a check may ask of an archive."""


class AtHand:
    """An archive for a batch of questions, best asked in order of time; made for one thread."""

    def __init__(self, archive: Archive, orders: OrdersAtHand) -> None:
        self._archive, self._orders = archive, orders
        # All else is the archive's own answer.
        self.prints, self.recorded, self.bars = archive.prints, archive.recorded, archive.bars
        self.snapshots, self.candles = archive.snapshots, archive.candles
        self.bar_series, self.snapshot_series = archive.bar_series, archive.snapshot_series
        self.recorded_series, self.candle_series = archive.recorded_series, archive.candle_series
        self.ranges = archive.ranges

    def print_totals(self, start: datetime, end: datetime) -> PrintTotals:
        """Give the sums of the prints of `[start, end)` over any windows within it, exactly."""
        edges = nanoseconds(start), nanoseconds(end)
        return self._orders.totals(*edges) if self._orders.reaches(*edges) else self._archive.print_totals(start, end)
