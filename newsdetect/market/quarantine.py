"""Rows that were kept out: counted by reason for the report, written down once for whoever wants to look them up."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import duckdb

from newsdetect.market.manifest import settle
from newsdetect.market.reports import FileKind, RowFault

_EXAMPLES = 5
_AT_ONCE = 50_000


def faults(connection: duckdb.DuckDBPyConnection) -> tuple[RowFault, ...]:
    """Count the rows of the table `bad` by reason, the most frequent first."""
    found = connection.execute(
        f"SELECT reason, count(*), min(row, {_EXAMPLES}) FROM bad GROUP BY reason ORDER BY count(*) DESC, reason"
    ).fetchall()
    return tuple(RowFault(reason=reason, rows=rows, first=tuple(first)) for reason, rows, first in found)


def set_aside(connection: duckdb.DuckDBPyConnection, folder: Path, kind: FileKind, file: str) -> None:
    """Write the rows of `bad` down under `quarantine/`, once, under a name that their content gives.

    JSON lines: file, row, reason, and what the row says.
    """
    place = folder / "quarantine"
    place.mkdir(exist_ok=True)
    beside = place / f".{kind}.{os.getpid()}.tmp"
    content = hashlib.sha256()
    rows = connection.execute("SELECT row, reason, says FROM bad ORDER BY row, reason, says")
    with beside.open("wb") as out:
        while many := rows.fetchmany(_AT_ONCE):
            told = "".join(_line(file, *one) for one in many).encode()
            content.update(told)
            out.write(told)
    settle(beside, place / f"{kind}-{content.hexdigest()[:16]}.jsonl")


def _line(file: str, row: int, reason: str, says: str | None) -> str:
    return json.dumps({"file": file, "row": row, "reason": reason, "says": json.loads(says) if says else None}) + "\n"
