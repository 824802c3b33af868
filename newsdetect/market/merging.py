"""Merge staged rows into the archive's partitions: one Parquet file a partition, sorted by time, each row once.

Prints lie in partitions of a day, all else in months, so that a question reads only what it touches. A partition is
written anew beside the old file; the list of parts is swapped when all are written. A print's key is everything it says
and its ordinal among identical ones of its file: twins inside one file are real orders, the same file again adds none.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from newsdetect.market import rollups
from newsdetect.market.cleaning import stored
from newsdetect.market.kinds import END, TIME
from newsdetect.market.manifest import Manifest, Part, settle
from newsdetect.market.reports import FileKind

#: What makes two rows readings of one thing, and which of them is read: the latest; where that is not known or the
#: same, the one that tells of more, for liquidations and volumes are missed rather than made up.
_READINGS: Mapping[FileKind, tuple[str, str]] = {
    "bars": (
        "start_ns, seconds, source, venue, asset",
        "retrieved_ns DESC NULLS LAST, long_usd + short_usd DESC, long_usd DESC",
    ),
    "snapshots": ("retrieved_ns, source, venue, asset, hours", "long_usd + short_usd DESC, long_usd DESC"),
    "candles": (
        "start_ns, seconds, source, venue, market, asset",
        "retrieved_ns DESC NULLS LAST, volume DESC, turnover DESC NULLS LAST, high DESC, low, open, close",
    ),
}
#: How a kind's files are written. Prints are read for their edges, again and again: in small groups, by a codec that is
#: unpacked in half of zstd's time, for half as much again on disk.
_FORM: Mapping[FileKind, str] = {"prints": "COMPRESSION lz4_raw, ROW_GROUP_SIZE 20480"}
_USUAL = "COMPRESSION zstd, ROW_GROUP_SIZE 51200"


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge: new parts by partition, and counts of rows."""

    parts: Mapping[str, Part]
    added: int
    #: Rows of the file that say the same as an earlier row of it; for prints none.
    repeated: int
    #: New rows that tell otherwise of what was held, at the same or an unknown time of reading.
    differing: int


def merge(connection: duckdb.DuckDBPyConnection, folder: Path, kind: FileKind, manifest: Manifest) -> Merged:
    """Write the partitions that the rows of the table `staged` touch; give the new parts, not listed yet."""
    (folder / kind).mkdir(parents=True, exist_ok=True)
    parts: dict[str, Part] = {}
    added = repeated = differing = 0
    for one in _partitions(connection, kind):
        before = manifest.parts.get(kind, {}).get(one.name)
        repeated += _new(connection, kind, one)
        united = _united(connection, folder, kind, before)
        (rows,) = connection.execute(f"SELECT count(*) FROM {united}").fetchall()[0]
        if before is not None and rows == before.rows:
            continue
        parts[one.name] = _write(connection, folder, kind, one.name, united)
        added += rows - (before.rows if before else 0)
        differing += _differing(connection, kind, united)
    return Merged(parts, added, repeated, differing)


@dataclass(frozen=True, slots=True)
class _Partition:
    """A day or a month, and its time `[start_ns, end_ns)`."""

    name: str
    start_ns: int
    end_ns: int


def _partitions(connection: duckdb.DuckDBPyConnection, kind: FileKind) -> list[_Partition]:
    """Give the partitions of the rows of `staged`, in order of time."""
    unit, form = ("day", "%Y-%m-%d") if kind == "prints" else ("month", "%Y-%m")
    found = connection.execute(
        f"SELECT name, epoch_ns(start), epoch_ns(start + INTERVAL 1 {unit}) FROM (SELECT strftime(start, '{form}') AS "
        f"name, start FROM (SELECT DISTINCT date_trunc('{unit}', make_timestamp({TIME[kind]} // 1000)) AS start "
        f"FROM staged)) ORDER BY ALL"
    ).fetchall()
    return [_Partition(*one) for one in found]


def _new(connection: duckdb.DuckDBPyConnection, kind: FileKind, one: _Partition) -> int:
    """Put a partition's staged rows into `new`, each once; give how many the file told twice."""
    names = ", ".join(stored(kind))
    mine = f"FROM staged WHERE {TIME[kind]} >= $start AND {TIME[kind]} < $end"
    within = {"start": one.start_ns, "end": one.end_ns}
    grouped = f"SELECT {names}, count(*) AS told {mine} GROUP BY {names}"
    if kind == "prints":
        # What the file tells twice are two orders, numbered.
        grouped = f"SELECT * EXCLUDE (told), unnest(range(told)) AS ordinal FROM ({grouped})"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE new AS {grouped}", within)
        return 0
    connection.execute(f"CREATE OR REPLACE TEMP TABLE new AS {grouped}", within)
    (twice,) = connection.execute("SELECT sum(told) - count(*) FROM new").fetchall()[0]
    return int(twice)


def _united(connection: duckdb.DuckDBPyConnection, folder: Path, kind: FileKind, before: Part | None) -> str:
    """Name the table of a partition's old and new rows, each once."""
    if before is None:
        return "new"
    columns = _columns(kind)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE united AS "
        f"SELECT {columns} FROM new UNION SELECT {columns} FROM {parts(kind, '$old')}",
        {"old": str(folder / before.file)},
    )
    return "united"


def parts(kind: FileKind, files: str) -> str:
    """Give the relation that reads parts of a kind; `files` is a parameter's name."""
    if kind == "candles":
        # Parts written before candles kept their time of reading lack the column: it is null there.
        return (
            f"(SELECT NULL::BIGINT AS retrieved_ns WHERE false "
            f"UNION ALL BY NAME SELECT * FROM read_parquet({files}, union_by_name := true))"
        )
    return f"read_parquet({files})"


def _columns(kind: FileKind) -> str:
    """Name the columns of a part that tell its rows apart."""
    return ", ".join((*stored(kind), "ordinal") if kind == "prints" else stored(kind))


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, kind: FileKind, name: str, united: str) -> Part:
    """Write a table as a partition's new file and give its part."""
    names = _columns(kind)
    rows = f"SELECT {names} FROM {united}"
    if kind in _READINGS:
        same, better = _READINGS[kind]
        rows = f"SELECT {names}, row_number() OVER (PARTITION BY {same} ORDER BY {better}) = 1 AS latest FROM {united}"
    file = f"{kind}/{name}-{uuid.uuid4().hex[:12]}.parquet"
    beside = folder / kind / f".{uuid.uuid4().hex}.tmp"
    order = f"{TIME[kind]}, {names}"
    connection.execute(
        f"COPY (SELECT * FROM ({rows}) ORDER BY {order}) TO '{_quoted(beside)}' "
        f"(FORMAT parquet, {_FORM.get(kind, _USUAL)})"
    )
    settle(beside, folder / file)
    if kind == "prints":
        rollups.write(connection, folder, file, relation=united)
    count, start, end = connection.execute(
        f"SELECT count(*), min({TIME[kind]}), max({END[kind]}) FROM {united}"
    ).fetchall()[0]
    return Part(file, count, start, end)


def _differing(connection: duckdb.DuckDBPyConnection, kind: FileKind, united: str) -> int:
    """Count rows of `new` beside which another row tells otherwise of the same reading."""
    if kind not in _READINGS:
        return 0
    same = _READINGS[kind][0] + (", retrieved_ns" if kind in ("bars", "candles") else "")
    many = f"SELECT {same} FROM {united} GROUP BY ALL HAVING count(*) > 1"
    conditions = " AND ".join(f"new.{name} IS NOT DISTINCT FROM many.{name}" for name in same.split(", "))
    (count,) = connection.execute(f"SELECT count(*) FROM new JOIN ({many}) many ON {conditions}").fetchall()[0]
    return int(count)


def _quoted(path: Path) -> str:
    """Quote a path for COPY, which takes no parameter there."""
    return str(path).replace("'", "''")
