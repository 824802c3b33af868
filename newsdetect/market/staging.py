"""Bring one market file into a temporary table: rows cleaned, bad ones set aside with their number and reason.

Works on blocks of a file, so that a file larger than memory can be taken. What becomes of the good rows is the
archive's business (merging.py).
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from newsdetect.bundled import fixtures
from newsdetect.errors import NoUsableRow, UsageError
from newsdetect.market import files
from newsdetect.market.cleaning import cleaning, stored
from newsdetect.market.instants import nanoseconds
from newsdetect.market.manifest import put
from newsdetect.market.reports import FileKind, RowFault
from newsdetect.types import ALL

#: The source of prints whose file and caller name none.
IMPORTED = "imported"
#: Clocks of recorders run ahead a little.
_AHEAD = timedelta(hours=1)
_EXAMPLES = 5
#: A price this many times off its coin's median of the month is a slipped digit, not a market.
_ABSURD = 10.0
_FEWEST = 10


@dataclass(slots=True)
class Staged:
    """A file's good rows stand in the table `staged` of the connection; this is the rest of the story."""

    file: str
    kind: FileKind
    rows: int = 0
    #: Number, reason and text of each bad row.
    bad: list[tuple[int, str, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def faults(self) -> tuple[RowFault, ...]:
        """Count the bad rows by reason, the most frequent first."""
        by_reason: dict[str, list[int]] = defaultdict(list)
        for row, reason, _ in sorted(self.bad):
            by_reason[reason].append(row)
        ordered = sorted(by_reason.items(), key=lambda one: (-len(one[1]), one[0]))
        return tuple(RowFault(reason=why, rows=len(rows), first=tuple(rows[:_EXAMPLES])) for why, rows in ordered)


def stage(
    connection: duckdb.DuckDBPyConnection, path: Path, *, kind: str | None, source: str | None, now: datetime
) -> Staged:
    """Read a file's good rows into the temporary table `staged`.

    Raise MarketFileError where the file is of no kind or cannot be read, NoUsableRow where not one row is good.
    """
    with files.opened(path, kind=kind) as file:
        return stage_opened(connection, file, source=source, now=now)


def stage_opened(
    connection: duckdb.DuckDBPyConnection, file: files.MarketFile, *, source: str | None, now: datetime
) -> Staged:
    """Read the good rows of an opened file into the temporary table `staged`, as `stage` does."""
    staged = Staged(file.name, file.kind)
    if source is not None and file.kind != "prints":
        raise UsageError(f"{file.name}: {file.kind} name their sources in the file; leave `source` out")
    if file.left_out:
        staged.notices.append(f"columns left out: {', '.join(name[:40] for name in file.left_out[:20])}")
    parameters: dict[str, Any] = {"latest": nanoseconds(now + _AHEAD)}
    if file.kind == "prints":
        parameters["source"] = source or IMPORTED
    first = True
    for block in file.batches:
        _take(connection, staged, block, parameters, first=first)
        first = False
    staged.bad += [(row, reason, "") for row, reason in file.ragged]
    staged.rows += len(file.ragged)
    if first:
        if not staged.rows:
            staged.notices.append("the file holds a header and no rows")
        _empty(connection, staged.kind)
    elif staged.kind == "prints":
        _set_absurd_prices_aside(connection, staged)
    _refuse_if_nothing_is_good(staged)
    return staged


def set_aside(folder: Path, staged: Staged) -> None:
    """Write bad rows down under `quarantine/`, once, under a name that their content gives.

    JSON lines: file, row, reason, and what the row says.
    """
    lines = (
        json.dumps({"file": staged.file, "row": row, "reason": reason, "says": json.loads(says) if says else None})
        for row, reason, says in sorted(staged.bad)
    )
    told = ("\n".join(lines) + "\n").encode()
    place = folder / "quarantine"
    place.mkdir(exist_ok=True)
    put(place / f"{staged.kind}-{hashlib.sha256(told).hexdigest()[:16]}.jsonl", told)


def _take(
    connection: duckdb.DuckDBPyConnection, staged: Staged, block: pa.Table, parameters: dict[str, Any], *, first: bool
) -> None:
    """Clean one block of text columns into `staged`."""
    connection.register("block", block)
    present = tuple(block.column_names)
    checked = cleaning(staged.kind, present, relation="block")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE checked AS {checked}", parameters)
    verb = "CREATE OR REPLACE TEMP TABLE staged AS" if first else "INSERT INTO staged"
    connection.execute(f"{verb} SELECT * EXCLUDE (fault) FROM checked WHERE fault IS NULL")
    said = ", ".join(f'"{name}" := left(block."{name}", 200)' for name in present if name != "row")
    bad = connection.execute(
        f"SELECT row, fault, to_json(struct_pack({said})) FROM checked JOIN block USING (row) WHERE fault IS NOT NULL"
    ).fetchall()
    staged.bad += bad
    staged.rows += block.num_rows
    connection.unregister("block")


def _empty(connection: duckdb.DuckDBPyConnection, kind: FileKind) -> None:
    columns = ", ".join(f"NULL AS {name}" for name in stored(kind))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE staged AS SELECT NULL AS row, {columns} LIMIT 0")


def _set_absurd_prices_aside(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Set aside prints whose price is far from all others of their symbol and month."""
    month = "time_ns // 2592000000000000"
    absurd = connection.execute(
        f"""WITH usual AS (
            SELECT venue, symbol, {month} AS month, median(price) AS price FROM staged
            GROUP BY ALL HAVING count(*) >= {_FEWEST})
        SELECT row, staged.price FROM staged JOIN usual
        ON staged.venue = usual.venue AND staged.symbol = usual.symbol AND {month} = usual.month
        WHERE staged.price > usual.price * {_ABSURD} OR staged.price < usual.price / {_ABSURD}"""
    ).fetchall()
    if not absurd:
        return
    reason = f"price is over {_ABSURD:g} times off the others of its symbol"
    staged.bad += [(row, reason, json.dumps({"price": price})) for row, price in absurd]
    connection.execute("DELETE FROM staged WHERE row IN (SELECT unnest($rows))", {"rows": [row for row, _ in absurd]})


def _refuse_if_nothing_is_good(staged: Staged) -> None:
    if staged.rows and len(staged.bad) == staged.rows:
        row, reason, _ = min(staged.bad)
        raise NoUsableRow(
            f"{staged.file}: not one of its {staged.rows:,} rows can be used; row {row}: {reason}", key=staged.file
        )


def venue_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Put down the spellings of venues that `cleaning` reads, in lower case, each with the venue's name."""
    names = _venues()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE venue_names AS SELECT unnest($aliases) AS alias, unnest($names) AS name",
        {"aliases": list(names), "names": list(names.values())},
    )


def venue_name(said: str) -> str:
    """Give the name under which claims know a venue; as it was said where they do not."""
    return _venues().get(said.strip().lower(), said.strip())


@cache
def _venues() -> dict[str, str]:
    """Give the spellings of venues in lower case, with the name under which claims know them."""
    with (fixtures() / "corpus" / "entities.toml").open("rb") as file:
        names: dict[str, list[str]] = tomllib.load(file)["venues"]
    known = {alias.lower(): name for name, aliases in names.items() for alias in (name, *aliases)}
    return known | {ALL.lower(): ALL}
