"""What the checks ask of market data: rows with their scope, never a bare number.

`MarketData` is the only door between the checks and the archive. Every row says who tells it (`source`), of which venue
and asset, for which bucket of time, and when it was read. Several sources may tell of one venue and time: they are
readings of the same thing and are never added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

PositionSide = Literal["long", "short"]
Kind = Literal["prints", "bars", "snapshots", "candles"]


@dataclass(frozen=True, slots=True)
class Bar:
    """Liquidations of `[start, start + seconds)` as `source` sums them for `venue`, in USD by the position's side."""

    start: datetime
    seconds: int
    source: str
    venue: str
    asset: str
    long_usd: float
    short_usd: float
    retrieved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A trailing total over `hours`, as read once, some time before `retrieved_before`; in USD by position side."""

    retrieved_before: datetime
    source: str
    venue: str
    asset: str
    hours: float
    long_usd: float
    short_usd: float


@dataclass(frozen=True, slots=True)
class Candle:
    """Prices of `[start, start + seconds)`; volume in base coin, turnover in quote currency.

    `perp` is a perpetual settled in the quote currency, `inverse` one settled in the coin.
    """

    start: datetime
    seconds: int
    source: str
    venue: str
    market: Literal["spot", "perp", "inverse"]
    asset: str
    open: float
    high: float
    low: float
    close: float
    volume: float
    turnover: float | None
    retrieved_at: datetime | None = None


class PrintKey(NamedTuple):
    """The scope of a print: who recorded it, where, which coin, and whose position was liquidated.

    A tuple, for hundreds of them at a time are looked up as one key.
    """

    source: str
    venue: str
    asset: str
    side: PositionSide


@dataclass(frozen=True, slots=True)
class Prints:
    """Single liquidation orders as columns of equal length, in order of time."""

    #: Nanoseconds since 1970 UTC.
    time_ns: NDArray[np.int64]
    usd: NDArray[np.float64]
    #: Index into `keys`.
    key: NDArray[np.int32]
    keys: tuple[PrintKey, ...]
    #: A number for each venue's symbol, as good as its name; null where it is not known.
    symbol: NDArray[np.int32] | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stretch `[start, end)` in which `source` listened to `venue`: within it, no print means zero."""

    source: str
    venue: str
    asset: str
    start: datetime
    end: datetime


def is_simulated(source: str) -> bool:
    """Tell whether rows of this source come from a generator: their source's name starts with `simulated`."""
    return source.casefold().startswith("simulated")


class MarketData(Protocol):
    """Market data of whatever origin; all times are aware UTC, all windows half-open; null venue or assets mean all."""

    def prints(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> Prints:
        """Give the liquidation orders of `[start, end)`."""
        ...

    def recorded(self, start: datetime, end: datetime, *, venue: str | None = None) -> list[Recorded]:
        """Give the stretches in which prints were recorded, cut to `[start, end)`."""
        ...

    def bars(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> list[Bar]:
        """Give every bucket that touches `[start, end)`; where one was read more than once, the latest reading."""
        ...

    def snapshots(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> list[Snapshot]:
        """Give the snapshots with `retrieved_before` in `[start, end)`."""
        ...

    def candles(self, start: datetime, end: datetime, *, assets: Sequence[str] | None = None) -> list[Candle]:
        """Give every candle that touches `[start, end)`, in order of time."""
        ...


class MarketRecord(MarketData, Protocol):
    """Market data that can tell whether they have changed."""

    def version(self, start: datetime | None = None, end: datetime | None = None) -> str:
        """Give a word that changes with what may touch `[start, end)` (null: any time); empty where nothing does."""
        ...
