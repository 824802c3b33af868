"""Rows of the market as columns, one series a scope: what questions over many windows at once are asked of.

Times are nanoseconds since 1970 UTC as int64, amounts float64; a null amount is nan, an unknown time `UNKNOWN`. All
columns of a series are of equal length and in order of time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from newsdetect.market.instants import nanoseconds
from newsdetect.market.provider import Bar, Candle, Recorded, Snapshot

UNKNOWN = -(2**63)
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class BarSeries:
    """The bars of one source, venue, coin and bucket length."""

    source: str
    venue: str
    asset: str
    seconds: int
    start_ns: NDArray[np.int64]
    long_usd: NDArray[np.float64]
    short_usd: NDArray[np.float64]
    retrieved_ns: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SnapshotSeries:
    """The trailing totals over so many hours that one source told of a venue and coin; `read_ns` is the latest time."""

    source: str
    venue: str
    asset: str
    hours: float
    read_ns: NDArray[np.int64]
    long_usd: NDArray[np.float64]
    short_usd: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RecordedSeries:
    """The stretches `[start_ns, end_ns)` in which one source listened to a venue and coin; they may overlap."""

    source: str
    venue: str
    asset: str
    start_ns: NDArray[np.int64]
    end_ns: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CandleSeries:
    """The candles of one coin, source, venue, market and length."""

    asset: str
    source: str
    venue: str
    market: Literal["spot", "perp", "inverse"]
    seconds: int
    start_ns: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    turnover: NDArray[np.float64]


@runtime_checkable
class TellsColumns(Protocol):
    """Market data that give their rows as columns: those that `MarketData` gives of the same time, one by one."""

    def bar_series(self, start: datetime, end: datetime) -> list[BarSeries]:
        """Give every bar that touches `[start, end)`."""
        ...

    def snapshot_series(self, start: datetime, end: datetime) -> list[SnapshotSeries]:
        """Give the snapshots with `retrieved_before` in `[start, end)`."""
        ...

    def recorded_series(self, start: datetime, end: datetime) -> list[RecordedSeries]:
        """Give the recorded stretches, cut to `[start, end)`."""
        ...

    def candle_series(self, start: datetime, end: datetime, *, assets: Collection[str]) -> list[CandleSeries]:
        """Give every candle of some coins that touches `[start, end)`, series in order of their first candle."""
        ...


def bar_series(rows: Iterable[Bar]) -> list[BarSeries]:
    """Put bars in columns."""
    return [
        BarSeries(
            *scope,  # type: ignore[call-arg]
            _times(many, lambda one: one.start),
            _amounts(many, lambda one: one.long_usd),
            _amounts(many, lambda one: one.short_usd),
            _times(many, lambda one: one.retrieved_at),
        )
        for scope, many in _by_scope(rows, ("source", "venue", "asset", "seconds"), "start")
    ]


def snapshot_series(rows: Iterable[Snapshot]) -> list[SnapshotSeries]:
    """Put snapshots in columns."""
    return [
        SnapshotSeries(
            *scope,  # type: ignore[call-arg]
            _times(many, lambda one: one.retrieved_before),
            _amounts(many, lambda one: one.long_usd),
            _amounts(many, lambda one: one.short_usd),
        )
        for scope, many in _by_scope(rows, ("source", "venue", "asset", "hours"), "retrieved_before")
    ]


def recorded_series(rows: Iterable[Recorded]) -> list[RecordedSeries]:
    """Put recorded stretches in columns."""
    return [
        RecordedSeries(*scope, _times(many, lambda one: one.start), _times(many, lambda one: one.end))  # type: ignore[call-arg]
        for scope, many in _by_scope(rows, ("source", "venue", "asset"), "start")
    ]


def candle_series(rows: Iterable[Candle]) -> list[CandleSeries]:
    """Put candles in columns."""
    return [
        CandleSeries(
            *scope,  # type: ignore[call-arg]
            _times(many, lambda one: one.start),
            *(_amounts(many, lambda one, name=name: getattr(one, name)) for name in _CANDLE),  # type: ignore[misc]
        )
        for scope, many in _by_scope(rows, ("asset", "source", "venue", "market", "seconds"), "start")
    ]


_CANDLE = ("open", "high", "low", "close", "volume", "turnover")


def _by_scope(rows: Iterable[_Row], fields: tuple[str, ...], time: str) -> list[tuple[Any, list[_Row]]]:
    """Put rows of one scope together, in order of time; scopes in order of their first row."""
    groups: dict[tuple[Any, ...], list[_Row]] = {}
    for row in rows:
        groups.setdefault(tuple(getattr(row, field) for field in fields), []).append(row)
    return [(scope, sorted(many, key=lambda one: getattr(one, time))) for scope, many in groups.items()]


def _times(rows: Sequence[_Row], told: Callable[[_Row], datetime | None]) -> NDArray[np.int64]:
    return np.array([UNKNOWN if (at := told(row)) is None else nanoseconds(at) for row in rows], np.int64)


def _amounts(rows: Sequence[_Row], told: Callable[[_Row], float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if (usd := told(row)) is None else usd for row in rows], np.float64)
