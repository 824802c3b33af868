"""The archive's bars, snapshots, candles and recorded stretches as columns, each part read once and kept while in use.

What single rows say stands in rows.py; here the same rows come as series, cut to the time asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from newsdetect.market import rows
from newsdetect.market.columns import UNKNOWN, BarSeries, CandleSeries, RecordedSeries, SnapshotSeries
from newsdetect.market.keeping import Kept
from newsdetect.market.manifest import Part
from newsdetect.market.reports import FileKind

_Series = TypeVar("_Series", BarSeries, SnapshotSeries, RecordedSeries, CandleSeries)
#: Bytes of columns that are kept: some years of hourly bars and candles of dozens of scopes.
_KEPT = 128 << 20
_SECOND_NS = 10**9
#: Of each kind: its series, the columns that name one, and those of its rows, in the order of the series' fields.
_KINDS: dict[FileKind, tuple[type[Any], tuple[str, ...], tuple[str, ...]]] = {
    "bars": (BarSeries, ("source", "venue", "asset", "seconds"), ("start_ns", "long_usd", "short_usd", "retrieved_ns")),
    "snapshots": (SnapshotSeries, ("source", "venue", "asset", "hours"), ("retrieved_ns", "long_usd", "short_usd")),
    "recorded": (RecordedSeries, ("source", "venue", "asset"), ("start_ns", "end_ns")),
    "candles": (
        CandleSeries, ("asset", "source", "venue", "market", "seconds"),
        ("start_ns", "open", "high", "low", "close", "volume", "turnover"),
    ),
}  # fmt: skip
#: Of each kind of series its columns: all fields but those that name one.
_COLUMNS = {
    made: tuple(field.name for field in fields(made) if field.name not in named) for made, named, _ in _KINDS.values()
}


class Shelf:
    """Reads the parts of an archive that are no prints; safe to share between threads."""

    def __init__(
        self,
        folder: Path,
        connect: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]],
        *,
        kept: int = _KEPT,
    ) -> None:
        self._folder, self._connect = folder, connect
        self._kept: Kept[list[Any]] = Kept(kept)

    def bars(self, parts: Sequence[Part], start_ns: int, end_ns: int) -> list[BarSeries]:
        """Give every bar that touches `[start_ns, end_ns)`."""
        whole: list[BarSeries] = self._series("bars", parts)
        return _cut(whole, [(one.start_ns, one.seconds * _SECOND_NS) for one in whole], start_ns, end_ns)

    def snapshots(self, parts: Sequence[Part], start_ns: int, end_ns: int) -> list[SnapshotSeries]:
        """Give the snapshots read in `[start_ns, end_ns)`."""
        whole: list[SnapshotSeries] = self._series("snapshots", parts)
        return _cut(whole, [(one.read_ns, 1) for one in whole], start_ns, end_ns)

    def recorded(self, parts: Sequence[Part], start_ns: int, end_ns: int) -> list[RecordedSeries]:
        """Give the recorded stretches, cut to `[start_ns, end_ns)`."""
        found = []
        # One recorder mostly listened to all its venues in the same stretches, which are cut once.
        cut: dict[tuple[bytes, bytes], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        for one in self._series("recorded", parts):
            told = one.start_ns.tobytes(), one.end_ns.tobytes()
            if told not in cut:
                inside = (one.start_ns < end_ns) & (one.end_ns > start_ns)
                cut[told] = np.maximum(one.start_ns[inside], start_ns), np.minimum(one.end_ns[inside], end_ns)
            start, end = cut[told]
            if start.size:
                found.append(RecordedSeries(one.source, one.venue, one.asset, start, end))
        return found

    def candles(self, parts: Sequence[Part], start_ns: int, end_ns: int, assets: Collection[str]) -> list[CandleSeries]:
        """Give every candle of some coins that touches `[start_ns, end_ns)`, series in order of their first candle."""
        whole: list[CandleSeries] = [one for one in self._series("candles", parts) if one.asset in assets]
        cut = _cut(whole, [(one.start_ns, one.seconds * _SECOND_NS) for one in whole], start_ns, end_ns)
        return sorted(cut, key=lambda one: (one.start_ns[0], one.seconds, one.source, one.venue, one.market))

    def _series(self, kind: FileKind, parts: Sequence[Part]) -> list[Any]:
        """Give all series of some parts, those of one scope joined in order of time."""
        names = tuple(part.file for part in parts)
        return self._kept.once(names, lambda: self._joined(kind, parts), _nbytes)

    def _joined(self, kind: FileKind, parts: Sequence[Part]) -> list[Any]:
        _, named, _ = _KINDS[kind]
        by_scope: dict[tuple[Any, ...], list[Any]] = {}
        for part in parts:
            for one in self._kept.once(part.file, lambda part=part: self._read(kind, part), _nbytes):  # type: ignore[misc]
                by_scope.setdefault(tuple(getattr(one, name) for name in named), []).append(one)
        return [many[0] if len(many) == 1 else _chained(many) for many in by_scope.values()]

    def _read(self, kind: FileKind, part: Part) -> list[Any]:
        made, named, columns = _KINDS[kind]
        asked = rows.Question(kind, (str(self._folder / part.file),), part.start_ns, part.end_ns)
        query, parameters = asked.sql(", ".join((*columns, *named)))
        with self._connect() as connection:
            table = connection.sql(f"{query} ORDER BY {', '.join(named)}, {columns[0]}", params=parameters)
            told = table.to_arrow_table()
        values = [_column(told, name) for name in columns]
        keys = [told.column(name).to_pylist() for name in named]
        scopes = list(zip(*keys, strict=True))
        begin = [place for place, scope in enumerate(scopes) if not place or scope != scopes[place - 1]]
        ends = [*begin[1:], len(scopes)]
        return [
            made(*scopes[first], *(column[first:last] for column in values))
            for first, last in zip(begin, ends, strict=True)
        ]


def _column(table: pa.Table, name: str) -> NDArray[Any]:
    """Give a column as numbers; a time that is not told is UNKNOWN, an amount nan."""
    column = table.column(name)
    if name.endswith("_ns"):
        return np.asarray(column.fill_null(UNKNOWN).to_numpy(), np.int64)
    return np.asarray(column.to_numpy(), np.float64)


def _arrays(one: Any) -> dict[str, NDArray[Any]]:  # noqa: ANN401 -- a series of any kind
    return {name: getattr(one, name) for name in _COLUMNS[type(one)]}


def _chained(many: Sequence[_Series]) -> _Series:
    """Join series of one scope, in order of time."""
    columns = {name: np.concatenate([_arrays(one)[name] for one in many]) for name in _arrays(many[0])}
    order = np.argsort(next(iter(columns.values())), kind="stable")
    return _with(many[0], {name: column[order] for name, column in columns.items()})


def _cut(
    whole: Sequence[_Series], times: Iterable[tuple[NDArray[np.int64], int]], start_ns: int, end_ns: int
) -> list[_Series]:
    """Cut series to the rows whose time (when it begins, how long it is) touches `[start_ns, end_ns)`.

    Series without one vanish.
    """
    found = []
    for one, (begins, length) in zip(whole, times, strict=True):
        first, last = int(begins.searchsorted(start_ns - length, side="right")), int(begins.searchsorted(end_ns))
        if first < last:
            found.append(_with(one, {name: column[first:last] for name, column in _arrays(one).items()}))
    return found


def _with(one: _Series, columns: dict[str, Any]) -> _Series:
    """Give a series with other columns."""
    return replace(one, **columns)


def _nbytes(many: Sequence[Any]) -> int:
    return sum(column.nbytes for one in many for column in _arrays(one).values()) + 512
