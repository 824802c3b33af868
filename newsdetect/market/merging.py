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
from newsdetect.market.manifest import Manifest, Part, settle
from newsdetect.market.reports import FileKind

#: The column of time that partitions and sorts a kind, and when a row's time ends.
TIME: Mapping[FileKind, str] = {
    "prints": "time_ns", "bars": "start_ns", "snapshots": "retrieved_ns", "candles": "start_ns", "recorded": "start_ns",
}  # fmt: skip
END: Mapping[FileKind, str] = {
    "prints": "time_ns + 1",
    "bars": "start_ns + seconds * 1000000000",
    "snapshots": "retrieved_ns + 1",
    "candles": "start_ns + seconds * 1000000000",
    "recorded": "end_ns",
}
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
    _order(connection, kind)
    parts: dict[str, Part] = {}
    added = repeated = differing = 0
    partitions = connection.execute("SELECT DISTINCT partition FROM ordered ORDER BY partition").fetchall()
    for (name,) in partitions:
        before = manifest.parts.get(kind, {}).get(name)
        twice = _unite(connection, folder, kind, name, before)
        (rows,) = connection.execute("SELECT count(*) FROM united").fetchall()[0]
        repeated += twice
        if before is not None and rows == before.rows:
            continue
        parts[name] = _write(connection, folder, kind, name)
        added += rows - (before.rows if before else 0)
        differing += _differing(connection, kind)
    return Merged(parts, added, repeated, differing)


def _order(connection: duckdb.DuckDBPyConnection, kind: FileKind) -> None:
    """Put the staged rows in order of time, so that each partition is one stretch of the table."""
    form = "%Y-%m-%d" if kind == "prints" else "%Y-%m"
    names = ", ".join(stored(kind))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE ordered AS "
        f"SELECT strftime(make_timestamp({TIME[kind]} // 1000), '{form}') AS partition, {names} "
        f"FROM staged ORDER BY {TIME[kind]}"
    )


def _unite(connection: duckdb.DuckDBPyConnection, folder: Path, kind: FileKind, name: str, before: Part | None) -> int:
    """Put a partition's old and new rows into `united`, each once; give how many the file told twice."""
    names = ", ".join(stored(kind))
    mine = f"FROM ordered WHERE partition = $name GROUP BY {names}"
    new = f"SELECT {names} {mine}"
    if kind == "prints":
        new = (
            f"SELECT * EXCLUDE (twins), unnest(range(twins)) AS ordinal FROM (SELECT {names}, count(*) AS twins {mine})"
        )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE new AS {new}", {"name": name})
    columns = _columns(kind)
    united = f"SELECT {columns} FROM new"
    if before is not None:
        united += f" UNION SELECT {columns} FROM {parts(kind, '$old')}"
    parameters = {} if before is None else {"old": str(folder / before.file)}
    connection.execute(f"CREATE OR REPLACE TEMP TABLE united AS {united}", parameters)
    (told,) = connection.execute("SELECT count(*) FROM ordered WHERE partition = $name", {"name": name}).fetchall()[0]
    (once,) = connection.execute("SELECT count(*) FROM new").fetchall()[0]
    return int(told - once)


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


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, kind: FileKind, name: str) -> Part:
    """Write `united` as a partition's new file and give its part."""
    names = _columns(kind)
    rows = f"SELECT {names} FROM united"
    if kind in _READINGS:
        same, better = _READINGS[kind]
        rows = f"SELECT {names}, row_number() OVER (PARTITION BY {same} ORDER BY {better}) = 1 AS latest FROM united"
    file = f"{kind}/{name}-{uuid.uuid4().hex[:12]}.parquet"
    beside = folder / kind / f".{uuid.uuid4().hex}.tmp"
    order = f"{TIME[kind]}, {names}"
    connection.execute(
        f"COPY (SELECT * FROM ({rows}) ORDER BY {order}) TO '{_quoted(beside)}' "
        f"(FORMAT parquet, {_FORM.get(kind, _USUAL)})"
    )
    settle(beside, folder / file)
    if kind == "prints":
        rollups.write(connection, folder, file, relation="united")
    count, start, end = connection.execute(
        f"SELECT count(*), min({TIME[kind]}), max({END[kind]}) FROM united"
    ).fetchall()[0]
    return Part(file, count, start, end)


def _differing(connection: duckdb.DuckDBPyConnection, kind: FileKind) -> int:
    """Count rows of `new` beside which another row tells otherwise of the same reading."""
    if kind not in _READINGS:
        return 0
    same = _READINGS[kind][0] + (", retrieved_ns" if kind in ("bars", "candles") else "")
    many = f"SELECT {same} FROM united GROUP BY ALL HAVING count(*) > 1"
    conditions = " AND ".join(f"new.{name} IS NOT DISTINCT FROM many.{name}" for name in same.split(", "))
    (count,) = connection.execute(f"SELECT count(*) FROM new JOIN ({many}) many ON {conditions}").fetchall()[0]
    return int(count)


def _quoted(path: Path) -> str:
    """Quote a path for COPY, which takes no parameter there."""
    return str(path).replace("'", "''")
