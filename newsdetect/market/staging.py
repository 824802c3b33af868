"""Bring one market file into an import's room: rows cleaned into `staged`, bad ones with their reason into `bad`.

Works on blocks of a file, and the tables lie on disk (room.py), so that a file larger than memory can be taken. Rows
are put down in stretches, each in order of time: a day is then found without reading all others. What becomes of the
good rows is the archive's business (merging.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from newsdetect.errors import NoUsableRow, UsageError
from newsdetect.market import coins, files
from newsdetect.market.cleaning import cleaning
from newsdetect.market.instants import nanoseconds
from newsdetect.market.kinds import COLUMNS, TIME
from newsdetect.market.reports import FileKind
from newsdetect.market.venue_names import tell_venues

#: The source of prints whose file and caller name none.
IMPORTED = "imported"
#: Clocks of recorders run ahead a little.
_AHEAD = timedelta(hours=1)
#: Rows that are put in order together.
_STRETCH = 250_000


@dataclass(slots=True)
class Staged:
    """A file whose rows stand in the room's tables `staged` and `bad` (row, reason, says)."""

    file: str
    kind: FileKind
    rows: int = 0
    notices: list[str] = field(default_factory=list)


def stage(
    connection: duckdb.DuckDBPyConnection, path: Path, *, kind: str | None, source: str | None, now: datetime
) -> Staged:
    """Read a file into the tables `staged` and `bad`.

    Raise MarketFileError where the file is of no kind or cannot be read, NoUsableRow where not one row is good.
    """
    with files.opened(path, kind=kind) as file:
        return stage_opened(connection, file, source=source, now=now)


def stage_opened(
    connection: duckdb.DuckDBPyConnection, file: files.MarketFile, *, source: str | None, now: datetime
) -> Staged:
    """Read the rows of an opened file as `stage` does."""
    staged = Staged(file.name, file.kind)
    if source is not None and file.kind != "prints":
        raise UsageError(f"{file.name}: {file.kind} name their sources in the file; leave `source` out")
    if file.left_out:
        staged.notices.append(f"columns left out: {', '.join(name[:40] for name in file.left_out[:20])}")
    parameters: dict[str, Any] = {"latest": nanoseconds(now + _AHEAD)}
    if file.kind == "prints":
        parameters["source"] = source or IMPORTED
    _make_tables(connection, file.kind, parameters)
    down = 0
    for block in file.batches:
        _take(connection, staged, block, parameters)
        if staged.rows - down >= _STRETCH:
            _put_down(connection, file.kind)
            down = staged.rows
    _put_down(connection, file.kind)
    if file.ragged:
        rows, reasons = zip(*file.ragged, strict=True)
        told = {"rows": list(rows), "reasons": list(reasons)}
        connection.execute("INSERT INTO bad SELECT unnest($rows), unnest($reasons), NULL", told)
        staged.rows += len(file.ragged)
    if not staged.rows:
        staged.notices.append("the file holds a header and no rows")
    return staged


def refuse_if_nothing_is_good(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Raise NoUsableRow where all rows are bad."""
    if not staged.rows or connection.execute("SELECT count(*) FROM staged").fetchall() != [(0,)]:
        return
    row, reason = connection.execute("SELECT row, reason FROM bad ORDER BY ALL LIMIT 1").fetchall()[0]
    raise NoUsableRow(
        f"{staged.file}: not one of its {staged.rows:,} rows can be used; row {row}: {reason}", key=staged.file
    )


def _make_tables(connection: duckdb.DuckDBPyConnection, kind: FileKind, parameters: dict[str, Any]) -> None:
    """Make the room's tables, empty: `waiting` and `staged` with the columns of a kind, `bad`, and names of venues."""
    tell_venues(connection)
    _tell_coins(connection, [])
    columns = COLUMNS[kind].required
    nothing = f"(SELECT 0 AS row, {', '.join(f'NULL::VARCHAR AS {name}' for name in columns)} LIMIT 0)"
    query = cleaning(kind, columns, relation=nothing)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE waiting AS SELECT * EXCLUDE (fault) FROM ({query})", parameters)
    connection.execute("CREATE OR REPLACE TABLE staged AS FROM waiting")
    connection.execute("CREATE OR REPLACE TABLE bad (row BIGINT, reason VARCHAR, says VARCHAR)")


def _take(connection: duckdb.DuckDBPyConnection, staged: Staged, block: pa.Table, parameters: dict[str, Any]) -> None:
    """Clean one block of text columns into `waiting` and `bad`."""
    connection.register("block", block)
    present = tuple(block.column_names)
    if "asset" in present:
        found = connection.execute("SELECT DISTINCT nullif(trim(asset), '') FROM block").fetchall()
        _tell_coins(connection, [asset for (asset,) in found if asset is not None])
    checked = cleaning(staged.kind, present, relation="block")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE checked AS {checked}", parameters)
    connection.execute("INSERT INTO waiting SELECT * EXCLUDE (fault) FROM checked WHERE fault IS NULL")
    said = ", ".join(f'"{name}" := left(block."{name}", 200)' for name in present if name != "row")
    connection.execute(
        f"INSERT INTO bad SELECT row, fault, to_json(struct_pack({said})) "
        f"FROM checked JOIN block USING (row) WHERE fault IS NOT NULL"
    )
    connection.unregister("block")
    staged.rows += block.num_rows


def _put_down(connection: duckdb.DuckDBPyConnection, kind: FileKind) -> None:
    """Move what waits into `staged`, in order of time."""
    connection.execute(f"INSERT INTO staged SELECT * FROM waiting ORDER BY {TIME[kind]}")
    connection.execute("TRUNCATE waiting")


def _tell_coins(connection: duckdb.DuckDBPyConnection, tickers: Sequence[str]) -> None:
    """Put down what `cleaning` must know of the tickers of a block."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE coin_names AS SELECT unnest($spelt::VARCHAR[]) AS spelt, "
        "unnest($coin::VARCHAR[]) AS coin, unnest($unit::BIGINT[]) AS unit, unnest($spelling::VARCHAR[]) AS spelling",
        coins.told(tickers),
    )
