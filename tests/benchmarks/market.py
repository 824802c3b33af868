"""The market archive: import, one window's sum beside plain DuckDB over the files, and one claim checked."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from newsdetect.documents.article import read_record
from newsdetect.market.archive import MarketArchive
from newsdetect.pipeline import process
from tests.benchmarks.timing import best

_END = datetime(2025, 8, 25, 21, 4, 45, tzinfo=UTC)


def bench(shared: Path) -> None:
    """Print the lines of this part."""
    folder = shared / "data" / "market"
    files = sorted([*folder.glob("bars*.csv"), *folder.glob("snapshots*.csv"), *folder.glob("candles*")])
    if not files:
        print(f"market  {folder} holds no files: nothing to measure the archive on")
        return
    with tempfile.TemporaryDirectory() as home, MarketArchive(Path(home)) as archive:
        taken, reports = best(lambda: [archive.import_file(file) for file in files], rounds=1)
        rows = sum(report.rows for report in reports)
        print(f"market  import of {len(files)} files, {rows:,} rows: {taken:.1f} CPU-s")
        _sum(archive, folder / "bars_coinglass_binance_4h.csv")
        _check(archive)


def _sum(archive, file: Path) -> None:
    """Sum 24 hours by venue and side, and let plain DuckDB do the same over one CSV file."""
    start = _END - timedelta(hours=24)
    ours, _ = best(lambda: archive.sum(start, _END))
    query = "SELECT venue, sum(long_usd), sum(short_usd) FROM read_csv(?) WHERE start >= ? AND start < ? GROUP BY venue"
    peer, _ = best(lambda: duckdb.execute(query, [str(file), start, _END]).fetchall())
    print(f"market  24 h sum: {ours * 1000:.0f} ms CPU; {ours / peer:.2f} × plain DuckDB over one CSV file")


def _check(archive) -> None:
    """Check the seed's two claims: end-time fit, evidence, verdict."""
    text = "Crypto futures saw $343 million liquidated in a single hour. The 24-hour total stood at $852 million."
    doc = read_record({"id": "seed", "title": "", "text": text, "published": "2025-08-25T21:04:45Z"})
    taken, article = best(lambda: process(doc, market=archive))
    print(f"market  one article's {len(article.checks)} claims read and checked: {taken * 1000:.0f} ms CPU")
