"""Taking a large CSV of prints into the archive: rows a second, peak memory, beside DuckDB's plain copy to Parquet.

The copy checks nothing, sorts nothing and parts nothing into days: it is what reading and writing alone cost.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv

from newsdetect.market.archive import MarketArchive
from newsdetect.market.simulated_archive import tape
from tests.benchmarks.simulated import FIRST
from tests.benchmarks.timing import peak_mb

_DAYS = 120


def bench(prints: int) -> None:
    """Print the lines of this part."""
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "prints.csv"
        _write(path, prints)
        copied = _timed(lambda: _copy(path, Path(home) / "copy.parquet"))
        taken = _timed(lambda: _taken(Path(home) / "first", path))
        peak = peak_mb(_taken, Path(home) / "second", path)
        print(
            f"import  CSV of {prints:,} prints ({path.stat().st_size / 1e6:,.0f} MB): {taken[0]:.1f} CPU-s, "
            f"{prints / taken[0]:,.0f} rows a CPU-second ({prints / taken[1]:,.0f} a second by the clock), "
            f"{taken[0] / copied[0]:.1f} × DuckDB's plain CSV to Parquet copy, peak memory {peak:,.0f} MB (limit 1,000)"
        )


def _write(path: Path, prints: int) -> None:
    writer = None
    for day in tape(prints, _DAYS, first=FIRST):
        columns = [_plain(day.column(name)) for name in day.column_names]
        table = pa.table(columns, names=day.column_names)
        writer = writer or pacsv.CSVWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Write times as epochs and names as text."""
    if pa.types.is_dictionary(column.type):
        return column.cast(pa.string())
    return column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column


def _copy(path: Path, out: Path) -> None:
    duckdb.execute(f"COPY (FROM read_csv('{path}')) TO '{out}' (FORMAT parquet, COMPRESSION lz4_raw)")


def _taken(folder: Path, path: Path) -> None:
    with MarketArchive(folder) as archive:
        report = archive.import_file(path)
    if report.added != report.rows:
        raise AssertionError(f"{report.added:,} of {report.rows:,} rows were taken")


def _timed(work) -> tuple[float, float]:
    """Give CPU seconds and seconds by the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - clock
