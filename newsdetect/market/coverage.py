"""What the archive holds, one row a kind, source, venue and asset: from when to when, and what is missing in between.

A time is covered by whatever touches it: a bar or candle by its bucket, a snapshot by the hours it trails, a recorded
stretch by itself. Prints cover nothing of themselves: their gaps are those of the recording, and unknown without one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

import duckdb

from newsdetect.market.instants import instant
from newsdetect.market.kinds import END, TIME
from newsdetect.market.manifest import Manifest
from newsdetect.market.reports import CoverageRow, FileKind
from newsdetect.types import ALL, Period

#: From where a row's time counts, where that is not its column of time.
_SINCE: Mapping[FileKind, str] = {"snapshots": "retrieved_ns - (hours * 3600000000000)::BIGINT"}
_Scope = tuple[str, str, str]
#: First and last nanosecond, and number of rows.
_Extent = tuple[int, int, int]


def coverage(connection: duckdb.DuckDBPyConnection, folder: str, manifest: Manifest) -> list[CoverageRow]:
    """Give all that is held, in order of kind, source, venue and asset."""
    found: list[CoverageRow] = []
    recording: dict[_Scope, list[Period]] = {}
    for kind in ("recorded", "prints", "bars", "snapshots", "candles"):
        files = [f"{folder}/{part.file}" for part in manifest.all(kind)]
        if not files:
            continue
        held = _extents(connection, kind, files)
        if kind == "prints":
            found += [_row(kind, scope, extent, _unheard(scope, extent, recording)) for scope, extent in held.items()]
            continue
        stretches = _stretches(connection, kind, files)
        if kind == "recorded":
            recording = stretches
        found += [_row(kind, scope, extent, _between(stretches[scope])) for scope, extent in held.items()]
    return sorted(found, key=lambda row: (row.kind, row.source, row.venue, row.asset))


def _row(kind: FileKind, scope: _Scope, extent: _Extent, gaps: tuple[Period, ...] | None) -> CoverageRow:
    source, venue, asset = scope
    start, end, rows = extent
    return CoverageRow(
        kind=kind, source=source, venue=venue, asset=asset, start=instant(start), end=instant(end), rows=rows, gaps=gaps
    )


def _extents(connection: duckdb.DuckDBPyConnection, kind: FileKind, files: list[str]) -> dict[_Scope, _Extent]:
    """Give each scope's first and last nanosecond and its number of rows."""
    latest = "WHERE latest" if kind in ("bars", "snapshots", "candles") else ""
    rows = connection.execute(
        f"SELECT source, venue, asset, min({_SINCE.get(kind, TIME[kind])}), max({END[kind]}), count(*) "
        f"FROM read_parquet($files) {latest} GROUP BY source, venue, asset",
        {"files": files},
    ).fetchall()
    return {(source, venue, asset): (start, end, count) for source, venue, asset, start, end, count in rows}


def _stretches(connection: duckdb.DuckDBPyConnection, kind: FileKind, files: list[str]) -> dict[_Scope, list[Period]]:
    """Join what touches to stretches, by scope, in order of time."""
    since = _SINCE.get(kind, TIME[kind])
    scope = "PARTITION BY source, venue, asset ORDER BY since, until"
    rows = connection.execute(
        f"""WITH held AS (SELECT source, venue, asset, {since} AS since, {END[kind]} AS until
                FROM read_parquet($files)),
            reach AS (SELECT *, max(until) OVER ({scope} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
                FROM held),
            numbered AS (SELECT *, sum((reached IS NULL OR since > reached)::INT)
                OVER ({scope} ROWS UNBOUNDED PRECEDING) AS stretch FROM reach)
        SELECT source, venue, asset, min(since), max(until) FROM numbered
        GROUP BY source, venue, asset, stretch ORDER BY ALL""",
        {"files": files},
    ).fetchall()
    found: dict[_Scope, list[Period]] = defaultdict(list)
    for source, venue, asset, start, end in rows:
        found[source, venue, asset].append(Period(start=instant(start), end=instant(end)))
    return found


def _between(stretches: list[Period]) -> tuple[Period, ...]:
    """Give the gaps between stretches."""
    return tuple(Period(start=one.end, end=after.start) for one, after in pairwise(stretches))


def _unheard(scope: _Scope, extent: _Extent, recording: Mapping[_Scope, list[Period]]) -> tuple[Period, ...] | None:
    """Give the gaps in the recording of a scope's prints, from its first to its last; None if it is not known."""
    source, venue, _ = scope
    heard = sorted(
        [*recording.get(scope, []), *recording.get((source, venue, ALL), [])], key=lambda one: (one.start, one.end)
    )
    if not heard:
        return None
    gaps, reached, end = [], instant(extent[0]), instant(extent[1])
    for one in heard:
        if one.start > reached and reached < end:
            gaps.append(Period(start=reached, end=min(one.start, end)))
        reached = max(reached, one.end)
    if reached < end:
        gaps.append(Period(start=reached, end=end))
    return tuple(gaps)
