"""Read the archive's parts: rows of Parquet files as the value objects that the checks ask for.

DuckDB reads only the columns, row groups and partitions a question touches; what comes back is small. Of several
readings of one bucket the one marked `latest` is given, the others stay in the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from newsdetect.market.instants import instant
from newsdetect.market.kinds import END, TIME
from newsdetect.market.merging import parts
from newsdetect.market.provider import Bar, Candle, PrintKey, Prints, Recorded, Snapshot
from newsdetect.market.reports import FileKind

_COLUMNS: Mapping[FileKind, str] = {
    "bars": "start_ns, seconds, source, venue, asset, long_usd, short_usd, retrieved_ns",
    "snapshots": "retrieved_ns, source, venue, asset, hours, long_usd, short_usd",
    "candles": "start_ns, seconds, source, venue, market, asset, open, high, low, close, volume, turnover, "
    "retrieved_ns",
    "recorded": "source, venue, asset, start_ns, end_ns",
    "prints": "time_ns, usd, source, venue, asset, side, symbol",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows are wanted: those of a kind that touch `[start_ns, end_ns)`, in the parts that may hold them."""

    kind: FileKind
    files: tuple[str, ...]
    start_ns: int
    end_ns: int
    venue: str | None = None
    assets: tuple[str, ...] | None = None

    def sql(self, columns: str) -> tuple[str, dict[str, Any]]:
        """Give the query for some columns, with its parameters."""
        parameters: dict[str, Any] = {"files": list(self.files), "start": self.start_ns, "end": self.end_ns}
        wanted = [f"{TIME[self.kind]} < $end", f"{END[self.kind]} > $start"]
        if self.kind in ("bars", "snapshots", "candles"):
            wanted.append("latest")
        if self.venue is not None:
            wanted.append("lower(venue) = $venue")
            parameters["venue"] = self.venue.casefold()
        if self.assets is not None:
            wanted.append("list_contains($assets, asset)")
            parameters["assets"] = [asset.upper() for asset in self.assets]
        where = " AND ".join(wanted)
        return f"SELECT {columns} FROM {parts(self.kind, '$files')} WHERE {where}", parameters


def fetch(connection: duckdb.DuckDBPyConnection, asked: Question) -> list[tuple[Any, ...]]:
    """Give the rows asked for as tuples, in order of time."""
    if not asked.files or asked.start_ns >= asked.end_ns:
        return []
    query, parameters = asked.sql(_COLUMNS[asked.kind])
    rows: list[tuple[Any, ...]] = connection.execute(f"{query} ORDER BY ALL", parameters).fetchall()
    return rows


def bars(connection: duckdb.DuckDBPyConnection, asked: Question) -> list[Bar]:
    """Give bars, in order of time."""
    return [
        Bar(instant(start), seconds, source, venue, asset, long, short, None if read is None else instant(read))
        for start, seconds, source, venue, asset, long, short, read in fetch(connection, asked)
    ]


def snapshots(connection: duckdb.DuckDBPyConnection, asked: Question) -> list[Snapshot]:
    """Give snapshots, in order of time."""
    return [Snapshot(instant(read), *rest) for read, *rest in fetch(connection, asked)]


def candles(connection: duckdb.DuckDBPyConnection, asked: Question) -> list[Candle]:
    """Give candles, in order of time."""
    rows = fetch(connection, asked)
    return [Candle(instant(start), *rest, *_instants(read)) for start, *rest, read in rows]


def _instants(read: int | None) -> list[datetime]:
    """Give when a row was read, where that is known."""
    return [] if read is None else [instant(read)]


def recorded(connection: duckdb.DuckDBPyConnection, asked: Question) -> list[Recorded]:
    """Give recorded stretches, cut to the time asked for."""
    return sorted(
        (
            Recorded(source, venue, asset, instant(max(start, asked.start_ns)), instant(min(end, asked.end_ns)))
            for source, venue, asset, start, end in fetch(connection, asked)
        ),
        key=lambda one: (one.start, one.source, one.venue, one.asset),
    )


def prints(connection: duckdb.DuckDBPyConnection, asked: Question) -> Prints:
    """Give prints as columns, in order of time."""
    if not asked.files or asked.start_ns >= asked.end_ns:
        return no_prints()
    query, parameters = asked.sql(_COLUMNS["prints"])
    table: pa.Table = connection.sql(f"{query} ORDER BY ALL", params=parameters).to_arrow_table()
    scopes = [table.column(name).combine_chunks().dictionary_encode() for name in ("source", "venue", "asset", "side")]
    symbol = table.column("symbol").combine_chunks().fill_null("").dictionary_encode()
    code = np.zeros(table.num_rows, dtype=np.int64)
    for scope in scopes:
        code = code * max(1, len(scope.dictionary)) + scope.indices.to_numpy()
    _, first, key = np.unique(code, return_index=True, return_inverse=True)
    keys = tuple(PrintKey(*(scope[int(row)].as_py() for scope in scopes)) for row in first)
    return Prints(
        time_ns=table.column("time_ns").to_numpy(), usd=table.column("usd").to_numpy(),
        key=key.astype(np.int32), keys=keys, symbol=symbol.indices.to_numpy().astype(np.int32),
    )  # fmt: skip


def holds(connection: duckdb.DuckDBPyConnection, asked: Question) -> bool:
    """Tell whether a single row is what is asked for."""
    if not asked.files:
        return False
    query, parameters = asked.sql("1")
    return bool(connection.execute(f"{query} LIMIT 1", parameters).fetchall())


def no_prints() -> Prints:
    """Give no prints at all."""
    return Prints(np.empty(0, np.int64), np.empty(0, np.float64), np.empty(0, np.int32), ())


def print_sums(connection: duckdb.DuckDBPyConnection, asked: Question) -> list[tuple[str, str, str, float, float]]:
    """Sum prints by scope without fetching them: source, venue, asset, USD of longs, USD of shorts."""
    if not asked.files or asked.start_ns >= asked.end_ns:
        return []
    long, short = (f"coalesce(sum(usd) FILTER (side = '{side}'), 0)" for side in ("long", "short"))
    query, parameters = asked.sql(f"source, venue, asset, {long}, {short}")
    return connection.execute(f"{query} GROUP BY source, venue, asset ORDER BY ALL", parameters).fetchall()
