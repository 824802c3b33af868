"""Hourly roll-ups of prints beside the archive's parts: exact sums, so that long windows need no single orders.

Each part of prints has one small file under `hours/` of the same name, written with it and swept with it: a row an hour
and scope, with its sum in limbs (exact.py), its largest order and its number of orders. A part without one, from an
archive of before, is summed when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from newsdetect.market.exact import Limbs, sql_limbs
from newsdetect.market.manifest import rollup_of, settle

HOUR_NS = 3_600_000_000_000
SCOPE = ("source", "venue", "asset", "side")
_SUMS = ("whole", "middle", "fine")


@dataclass(frozen=True, slots=True)
class Hours:
    """One part's sums from hour to hour; keys are places in some list of scopes."""

    #: The first hour, counted from 1970.
    first: int
    keys: NDArray[np.int64]
    #: Running sums: of all hours before the h-th, shape (3, hours + 1, keys).
    running: Limbs
    #: The largest order of each hour, shape (hours, keys).
    largest: NDArray[np.float64]

    @property
    def nbytes(self) -> int:
        """How much memory this takes."""
        return self.running.nbytes + self.largest.nbytes + self.keys.nbytes

    def between(self, start_hour: int, end_hour: int) -> tuple[Limbs, NDArray[np.float64]]:
        """Sum the hours `[start_hour, end_hour)` by key, shape (3, keys), and give the largest order of each key."""
        first, last = (min(max(hour - self.first, 0), len(self.largest)) for hour in (start_hour, end_hour))
        if first >= last:
            return np.zeros((3, self.keys.size), np.int64), np.zeros(self.keys.size)
        return self.running[:, last] - self.running[:, first], self.largest[first:last].max(axis=0)


def summing(relation: str) -> str:
    """Give the query that sums a relation of prints by hour and scope."""
    sums = ", ".join(f"sum({cut})::BIGINT AS {name}" for cut, name in zip(sql_limbs("usd"), _SUMS, strict=True))
    scope = ", ".join(SCOPE)
    return (
        f"SELECT time_ns // {HOUR_NS} AS hour, {scope}, {sums}, max(usd) AS largest, count(*) AS orders "
        f"FROM {relation} GROUP BY ALL ORDER BY ALL"
    )


def write(connection: duckdb.DuckDBPyConnection, folder: Path, part: str, *, relation: str) -> None:
    """Write the roll-up of a part's rows, which stand in `relation`, beside it."""
    place = folder / rollup_of(part)
    place.parent.mkdir(exist_ok=True)
    beside = place.with_name(f".{place.name}.tmp")
    quoted = str(beside).replace("'", "''")
    connection.execute(f"COPY ({summing(relation)}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")
    settle(beside, place)


def read(connection: duckdb.DuckDBPyConnection, folder: Path, part: str) -> pa.Table:
    """Read a part's roll-up, or sum the part where there is none; raise FileNotFoundError where that is gone too."""
    try:
        with pq.ParquetFile(folder / rollup_of(part), read_dictionary=list(SCOPE), pre_buffer=False) as file:
            return file.read(use_threads=False)
    except FileNotFoundError:
        if not (folder / part).exists():
            raise
        return connection.sql(summing("read_parquet($files)"), params={"files": [str(folder / part)]}).to_arrow_table()


def hours(table: pa.Table, key: NDArray[np.int64]) -> Hours:
    """Spread a roll-up's rows over its hours; `key` names the scope of each row."""
    hour = table.column("hour").to_numpy()
    first = int(hour.min())
    keys, column = np.unique(key, return_inverse=True)
    many = int(hour.max()) - first + 1
    running = np.zeros((3, many + 1, keys.size), np.int64)
    for row, name in zip(running, _SUMS, strict=True):
        row[hour - first + 1, column] = table.column(name).to_numpy()
    largest = np.zeros((many, keys.size))
    largest[hour - first, column] = table.column("largest").to_numpy()
    return Hours(first, keys, np.cumsum(running, axis=1), largest)
