"""Take finished spool files into the archive: orders as prints, listening as `recorded` stretches.

Idempotent: an order is known by its key, a stretch by what was told, and the archive adds nothing twice; a compaction
that is killed half way is done again. What is no order is written under `quarantine/` with file, stream and reason.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsdetect.errors import NoUsableRow
from newsdetect.market.archive import MarketArchive
from newsdetect.market.kinds import COLUMNS
from newsdetect.market.listened import read_listened, write_listened
from newsdetect.market.manifest import put
from newsdetect.market.reports import FileKind, ImportReport
from newsdetect.market.spool import TAKEN, files, taken
from newsdetect.market.spool_reading import read_spool
from newsdetect.market.venues.order import LiquidationOrder

SOURCE = "recorded"
#: Files are taken together up to so many bytes.
_BATCH = 128 << 20


@dataclass(frozen=True, slots=True)
class Compacted:
    """What became of spool files: orders that are new to the archive, orders that came again, and what was kept out."""

    files: int = 0
    orders: int = 0
    duplicates: int = 0
    quarantined: int = 0
    stretches: int = 0

    def plus(self, other: Compacted) -> Compacted:
        """Add two up."""
        return Compacted(
            self.files + other.files,
            self.orders + other.orders,
            self.duplicates + other.duplicates,
            self.quarantined + other.quarantined,
            self.stretches + other.stretches,
        )


def compact(
    folder: Path, archive: MarketArchive, *, before: int | None = None, keep_s: float = 0.0, now: datetime | None = None
) -> Compacted:
    """Take the spool's finished files, those with a number below `before`, into the archive; give what came of it.

    Taken files stay under `taken/` for `keep_s` seconds. The caller holds the spool. Raise MarketFileError, StoreError
    or SpoolError where the archive or the spool cannot be used: the files then stay for the next time.
    """
    done = Compacted()
    paths = [path for path in files(folder) if before is None or int(path.stem) < before]
    for batch in _batches(paths):
        done = done.plus(_take(folder, archive, batch, now or datetime.now(UTC)))
    _sweep(folder, keep_s)
    return done


def _take(folder: Path, archive: MarketArchive, paths: Sequence[Path], now: datetime) -> Compacted:
    reading = read_spool(paths)
    listened = read_listened(folder)
    listened.add(reading.scopes, reading.listened)
    news = listened.news()
    name = f"spool-{paths[0].stem}-{paths[-1].stem}"
    with tempfile.TemporaryDirectory(prefix=".taking-", dir=folder) as room:
        prints = _import(
            archive, Path(room) / f"{name}.prints.csv", "prints", map(_print, reading.orders.values()), now
        )
        stretches = [(SOURCE, venue, asset, start, end) for venue, asset, start, end in news]
        heard = _import(archive, Path(room) / f"{name}.recorded.csv", "recorded", stretches, now)
    if reading.faults:
        kept_out = folder / "quarantine"
        kept_out.mkdir(exist_ok=True)
        put(kept_out / f"{name}.jsonl", "".join(f"{fault}\n" for fault in reading.faults).encode())
    write_listened(folder, listened)
    (folder / TAKEN).mkdir(exist_ok=True)
    for path in paths:
        path.replace(folder / TAKEN / path.name)
    return Compacted(
        files=len(paths),
        orders=prints.added,
        duplicates=reading.duplicates + prints.known,
        quarantined=len(reading.faults) + prints.quarantined,
        stretches=heard.added,
    )


def _import(
    archive: MarketArchive, path: Path, kind: FileKind, rows: Iterable[tuple[object, ...]], now: datetime
) -> ImportReport:
    """Write rows as a market file and import it; no rows are no file."""
    written = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(COLUMNS[kind].required)
        for row in rows:
            lines.writerow(row)
            written += 1
    empty = ImportReport(file=path.name, kind=kind, rows=0, added=0)
    if not written:
        return empty
    try:
        return archive.import_file(path, kind=kind, source=SOURCE if kind == "prints" else None, now=now)
    except NoUsableRow as fault:
        # Not one good row: all of them are kept out, none is a reason to keep the spool for ever.
        return empty.model_copy(update={"rows": written, "quarantined": written, "notices": (str(fault),)})


def _print(order: LiquidationOrder) -> tuple[object, ...]:
    return (
        order.time_ms,
        order.venue,
        order.symbol,
        order.asset,
        order.side,
        order.price,
        order.quantity,
        order.usd,
    )


def _batches(paths: Sequence[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    size = 0
    for path in paths:
        batch.append(path)
        size += path.stat().st_size
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _sweep(folder: Path, keep_s: float) -> None:
    """Remove files taken long ago, never the last: it tells which session numbers are used."""
    old = time.time() - keep_s
    for path in taken(folder)[:-1]:
        if path.stat().st_mtime < old:
            path.unlink()
