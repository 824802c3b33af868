"""A simulated archive on disk, written part by part as an import would leave it, without the import's checks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from newsdetect.market import manifest, rollups
from newsdetect.market.simulated_archive import tape

FIRST = datetime(2025, 3, 1, tzinfo=UTC)
#: As an import writes them (merging.py).
_ROWS_A_GROUP, _CODEC = 20_480, "lz4"


def fill(folder: Path, orders: int, days: int) -> None:
    """Fill an archive's folder with the simulated tape and its roll-ups."""
    (folder / "prints").mkdir(parents=True)
    parts = {}
    with duckdb.connect() as connection:
        for number, day in enumerate(tape(orders, days, first=FIRST)):
            name = datetime.fromtimestamp(FIRST.timestamp() + number * 86_400, UTC).strftime("%Y-%m-%d")
            parts[name] = _part(connection, folder, f"prints/{name}-simulated.parquet", day)
    manifest.write(folder, manifest.Manifest().replaced("prints", parts))


def _part(connection: duckdb.DuckDBPyConnection, folder: Path, file: str, day: pa.Table) -> manifest.Part:
    time = day.column("time").cast(pa.int64())
    stored = day.set_column(0, "time_ns", time).append_column("ordinal", pa.repeat(0, len(day)).cast(pa.int64()))
    pq.write_table(stored, folder / file, compression=_CODEC, row_group_size=_ROWS_A_GROUP, store_schema=False)
    connection.register("day", stored)
    rollups.write(connection, folder, file, relation="day")
    connection.unregister("day")
    return manifest.Part(file, len(day), time[0].as_py(), time[-1].as_py() + 1)
