"""Fit how far tellers lie apart, and parts' shares of their wholes, over all windows that both tell of.

Windows of one, four and twenty-four hours from midnight UTC on. A series tells of one where its bars fill it, or where
its recorder listened throughout; snapshots are compared with those of the same reading alone. What a generator made is
never held against what a market did.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import duckdb

from newsdetect.errors import StoreError
from newsdetect.market.instants import instant, nanoseconds
from newsdetect.market.manifest import Manifest, put
from newsdetect.market.merging import parts
from newsdetect.market.provider import Recorded
from newsdetect.market.ranges import NO_RANGES, Fitted, Ranges, Teller
from newsdetect.market.reports import FileKind
from newsdetect.market.series import WHOLE
from newsdetect.market.stretches import Stretch, united

#: The lengths that are fitted, in seconds: those that reports speak of and aggregators tell.
LENGTHS = (3600, 14_400, 86_400)
_VERSION = 1
_NAME = "ranges.json"
_SECOND = 1_000_000_000

#: One row a series and window: who tells it, the window's number, USD of longs and of shorts.
_BARS = f"""
    SELECT source, venue, asset, seconds AS own, start_ns // $ns AS place,
        sum(long_usd) AS long, sum(short_usd) AS short
    FROM {{bars}} WHERE latest AND seconds <= $seconds AND $seconds % seconds = 0
        AND start_ns // $ns = (start_ns + seconds * {_SECOND} - 1) // $ns
    GROUP BY ALL HAVING count(*) * seconds = $seconds"""
_PRINTS = """
    SELECT named.source, named.venue, named.asset, 0 AS own, heard.place,
        coalesce(summed.long, 0) AS long, coalesce(summed.short, 0) AS short
    FROM (SELECT DISTINCT source, venue, asset FROM {prints}) named
    JOIN heard ON heard.source = named.source AND lower(heard.venue) = lower(named.venue)
        AND heard.asset IN (named.asset, 'ALL')
    LEFT JOIN (SELECT source, venue, asset, time_ns // $ns AS place,
            sum(usd) FILTER (WHERE side = 'long') AS long, sum(usd) FILTER (WHERE side = 'short') AS short
        FROM {prints} GROUP BY ALL) summed
    ON summed.source = named.source AND summed.venue = named.venue AND summed.asset = named.asset
        AND summed.place = heard.place"""
_SNAPSHOTS = """
    SELECT source, venue, asset, 0 AS own, retrieved_ns AS place, long_usd AS long, short_usd AS short
    FROM {snapshots} WHERE latest AND hours * 3600 = $seconds"""

_WHOLE_OF_PART = """a.source = b.source AND (
        (b.venue = 'ALL' AND a.venue <> 'ALL' AND a.asset = b.asset)
        OR (b.asset = 'ALL' AND a.asset <> 'ALL' AND lower(a.venue) = lower(b.venue))
        OR (b.venue = 'ALL' AND b.asset = 'ALL' AND a.venue <> 'ALL' AND a.asset <> 'ALL'))"""
_SAME_THING = """a.source < b.source AND lower(a.venue) = lower(b.venue) AND a.asset = b.asset
        AND starts_with(lower(a.source), 'simulated') = starts_with(lower(b.source), 'simulated')"""

#: Of each pair the busier half of its windows, by the larger of the two; a window in which both told zero is none.
_FIT = """
    WITH told AS (SELECT * FROM ({told}) QUALIFY row_number() OVER (
            PARTITION BY source, venue, asset, place ORDER BY own DESC) = 1),
        sided AS (SELECT source, venue, asset, place, unnest(['both', 'long', 'short']) AS side,
            unnest([long + short, long, short]) AS usd FROM told),
        pairs AS (SELECT a.source AS of_source, a.venue AS of_venue, a.asset AS of_asset,
                b.source AS to_source, b.venue AS to_venue, b.asset AS to_asset, a.side, a.place,
                a.place * {unit} AS since, a.usd AS of_usd, b.usd AS to_usd
            FROM sided a JOIN sided b ON a.place = b.place AND a.side = b.side AND {joined}
            WHERE greatest(a.usd, b.usd) > 0),
        busy AS (SELECT * FROM pairs QUALIFY greatest(of_usd, to_usd) >= median(greatest(of_usd, to_usd)) OVER (
            PARTITION BY of_source, of_venue, of_asset, to_source, to_venue, to_asset, side)),
        factors AS (SELECT *, CASE WHEN {below} > 0 THEN {above} / {below} ELSE 'infinity'::DOUBLE END AS factor,
            strftime(make_timestamp(since // 1000), '%Y') || '-' ||
                CASE WHEN month(make_timestamp(since // 1000)) < 7 THEN '1' ELSE '2' END AS era FROM busy)
    SELECT of_source, of_venue, of_asset, to_source, to_venue, to_asset, side, era, count(*), min(since), max(since),
        quantile_disc(factor, 0.1), quantile_disc(factor, 0.5), quantile_disc(factor, 0.9), min(factor), max(factor)
    FROM factors
    GROUP BY GROUPING SETS ((of_source, of_venue, of_asset, to_source, to_venue, to_asset, side),
        (of_source, of_venue, of_asset, to_source, to_venue, to_asset, side, era))
    ORDER BY ALL"""


def fit(
    connection: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, recorded: Iterable[Recorded]
) -> Iterator[Fitted]:
    """Fit all ranges that an archive's parts tell; `recorded` are the stretches in which its recorders listened."""
    kinds: tuple[FileKind, ...] = ("bars", "prints", "snapshots")
    files = {kind: [str(folder / part.file) for part in manifest.all(kind)] for kind in kinds}
    stretches = list(recorded)
    for seconds in LENGTHS:
        told = [_BARS.format(bars=parts("bars", "$bars"))] if files["bars"] else []
        if files["prints"] and _hear(connection, stretches, seconds):
            told.append(_PRINTS.format(prints=parts("prints", "$prints")))
        if told:
            series = " UNION ALL BY NAME ".join(told)
            for kind in ("tellers", "share"):
                yield from _fitted(connection, kind, series, files, seconds, unit=seconds * _SECOND)
    if files["snapshots"]:
        series = _SNAPSHOTS.format(snapshots=parts("snapshots", "$snapshots"))
        for seconds in _lengths(connection, files["snapshots"]):
            yield from _fitted(connection, "share", series, files, seconds, unit=1)


def _fitted(  # noqa: PLR0913 -- what one query is made of
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    series: str,
    files: dict[FileKind, list[str]],
    seconds: int,
    *,
    unit: int,
) -> Iterator[Fitted]:
    """Fit one kind of range over windows of one length; `unit` turns a window's number into its first nanosecond."""
    joined, above, below = (
        (_SAME_THING, "to_usd", "of_usd") if kind == "tellers" else (_WHOLE_OF_PART, "of_usd", "to_usd")
    )
    query = _FIT.format(told=series, joined=joined, above=above, below=below, unit=unit)
    asked: list[tuple[str, object]] = [("seconds", seconds), ("ns", seconds * _SECOND), *files.items()]
    wanted = {name: value for name, value in asked if f"${name}" in query}
    for row in connection.execute(query, wanted).fetchall():
        of, to, (side, era, windows, first, last), factors = row[:3], row[3:6], row[6:11], row[11:]
        low, middle, high, least, most = (None if value == float("inf") else value for value in factors)
        yield Fitted(
            kind="tellers" if kind == "tellers" else "share",
            of=_teller(of), to=_teller(to), seconds=seconds, side=side, era=era, windows=windows,
            since=instant(first), until=instant(last + (seconds * _SECOND if unit > 1 else 0)),
            low=low, middle=middle, high=high, least=least, most=most,
        )  # fmt: skip


def _teller(names: tuple[str, str, str]) -> Teller:
    source, venue, asset = names
    return Teller(source=source, venue=venue, asset=asset)


def _hear(connection: duckdb.DuckDBPyConnection, recorded: Iterable[Recorded], seconds: int) -> bool:
    """Write down, as `heard`, the windows that a recorder listened to throughout; tell whether there are any."""
    by_scope: dict[tuple[str, str, str], list[Stretch]] = {}
    for one in recorded:
        stretch = nanoseconds(one.start), nanoseconds(one.end)
        by_scope.setdefault((one.source, one.venue, one.asset), []).append(stretch)
    long = seconds * _SECOND
    heard: dict[tuple[str, str, str, int], float] = {}
    for scope, stretches in by_scope.items():
        # A time that two stretches tell of was listened to once.
        for start, end in united(stretches):
            for place in range(start // long, -(-end // long)):
                share = (min(end, (place + 1) * long) - max(start, place * long)) / long
                heard[*scope, place] = heard.get((*scope, place), 0.0) + share
    whole = [scope for scope, share in heard.items() if share >= WHOLE]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE heard (source VARCHAR, venue VARCHAR, asset VARCHAR, place BIGINT)"
    )
    if whole:
        columns = [list(column) for column in zip(*whole, strict=True)]
        connection.execute("INSERT INTO heard SELECT unnest(?), unnest(?), unnest(?), unnest(?)", columns)
    return bool(whole)


def _lengths(connection: duckdb.DuckDBPyConnection, files: list[str]) -> list[int]:
    """Give the lengths of the snapshots that are held, in seconds."""
    query = f"SELECT DISTINCT (hours * 3600)::BIGINT FROM {parts('snapshots', '$files')} WHERE latest ORDER BY ALL"
    return [seconds for (seconds,) in connection.execute(query, {"files": files}).fetchall()]


def write(folder: Path, ranges: Ranges) -> None:
    """Keep fitted ranges beside the archive's parts, in place of those of before."""
    assert ranges.made is not None
    told = {
        "version": _VERSION,
        "made": ranges.made.isoformat(),
        "fitted": [one.model_dump(mode="json") for one in ranges.fitted],
    }
    put(folder / _NAME, json.dumps(told, indent=0).encode())


def read(folder: Path) -> Ranges:
    """Read the fitted ranges; none where none were made. Raise StoreError for a file that is none of ours."""
    path = folder / _NAME
    try:
        raw = json.loads(path.read_bytes())
        if raw["version"] != _VERSION:
            raise StoreError(f"{path}: is of version {raw['version']}, not {_VERSION}: fit anew", key=str(path))
        fitted = tuple(Fitted.model_validate(one) for one in raw["fitted"])
        return Ranges(fitted, datetime.fromisoformat(raw["made"]))
    except FileNotFoundError:
        return NO_RANGES
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise StoreError(
            f"{path}: holds no fitted ranges ({type(fault).__name__}); run `newsdetect market ranges --fit`",
            key=str(path),
        ) from fault


def stamp(folder: Path) -> tuple[int, ...]:
    """Give what changes whenever ranges are fitted anew."""
    try:
        stat = os.stat(f"{folder}/{_NAME}")  # noqa: PTH116 -- asked before each question: a path costs more than this
    except FileNotFoundError:
        return ()
    return (stat.st_mtime_ns, stat.st_ino, stat.st_size)
