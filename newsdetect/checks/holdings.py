"""What the market archive holds around a document, fetched once, so that many end times can be tried against it.

Fetching is the only contact of the checks with `MarketData`; all that follows is arithmetic on these rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from newsdetect.checks.tuning import tuning
from newsdetect.market.provider import Bar, Candle, MarketData, Prints, Recorded, Snapshot
from newsdetect.types import ALL

#: The coins whose price stands for the market's.
MARKET_COINS = ("BTC", "ETH")


@dataclass(frozen=True, slots=True)
class Holdings:
    """All rows that touch `[start, end)`; candles reach back a further week, to know what an unusual move is."""

    start: datetime
    end: datetime
    prints: Prints
    recorded: tuple[Recorded, ...]
    bars: tuple[Bar, ...]
    snapshots: tuple[Snapshot, ...]
    candles: tuple[Candle, ...]
    #: What was already summed of these rows, by its question: many claims of a document ask the same.
    memo: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def empty(self) -> bool:
        """Whether nothing at all is held: neither rows nor a stretch that was recorded."""
        rows = (self.recorded, self.bars, self.snapshots, self.candles)
        return not self.prints.time_ns.size and not any(rows)


def fetch(market: MarketData, start: datetime, end: datetime, *, coins: Collection[str] = ()) -> Holdings:
    """Read what is held of `[start, end)`; `coins` are those of the claims, whose candles are needed as well."""
    tuned = tuning()
    assets = sorted({*MARKET_COINS, *(coin for coin in coins if coin != ALL)})
    week = timedelta(days=tuned.price_history_days)
    return Holdings(
        start=start,
        end=end,
        prints=market.prints(start, end),
        recorded=tuple(market.recorded(start, end)),
        bars=tuple(market.bars(start, end)),
        snapshots=tuple(market.snapshots(start, end + timedelta(hours=tuned.snapshot_lag_hours))),
        candles=tuple(market.candles(start - week, end, assets=assets)),
    )
