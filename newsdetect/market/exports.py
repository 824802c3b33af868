"""Files of vendors' own making: what CoinGlass and Coinalyze answer, saved as JSON or as CSV with their column names.

Such an answer does not say all that a row must: CoinGlass names neither venue nor coin nor interval, Coinalyze neither
interval nor unit. What it leaves out has to be said by whoever imports it; nothing is guessed, and amounts in coins are
refused. What it does say is held against the importer's words: a row of another venue or coin is kept out with that
reason. A CSV or Parquet file with the archive's own columns is taken as such, if all its rows are of what was said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from newsdetect.errors import BrokenAnswer, MarketFileError
from newsdetect.market import export_files, files
from newsdetect.market.archive import MarketArchive
from newsdetect.market.coins import coin_of
from newsdetect.market.reports import FileKind, ImportReport
from newsdetect.market.vendors import coinalyze, coinglass
from newsdetect.market.vendors.buckets import INTERVALS, Told
from newsdetect.market.venue_names import venue_name
from newsdetect.market.venues.symbols import contract
from newsdetect.types import iso

VENDORS = {"coinglass": coinglass.SOURCE, "coinalyze": coinalyze.SOURCE}
#: Coinalyze's codes of venues, as far as they are known for sure; `--venue` names any other.
_CODES = {"A": "Binance", "6": "Bybit", "0": "BitMEX"}
_DATED = re.compile(r"_\d{6}$")
_Rows = list[dict[str, Told]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an export leaves out, as its importer says it."""

    venue: str | None = None
    asset: str | None = None
    #: A name of INTERVALS.
    interval: str | None = None
    hours: float | None = None
    retrieved: datetime | None = None
    #: Coinalyze's amounts are dollars (it was asked with convert_to_usd).
    usd: bool = False


def import_export(
    archive: MarketArchive, path: Path, vendor: str, scope: Scope, *, now: datetime | None = None
) -> ImportReport:
    """Take a vendor's export into the archive; `vendor` is a key of VENDORS.

    Raise MarketFileError where the file is none of its, or where its scope is not known.
    """
    content = export_files.content(path)
    if content[:4] == b"PAR1" or export_files.is_ours(content, path):
        seconds = INTERVALS.get(scope.interval) if scope.interval else None
        said = {"venue": scope.venue, "asset": scope.asset, "seconds": seconds, "hours": scope.hours}
        export_files.hold_against(path, VENDORS[vendor], {name: one for name, one in said.items() if one is not None})
        return archive.import_file(path, now=now)
    records = export_files.records(content, path)
    read: Callable[[_Export], tuple[FileKind, _Rows]] = {"coinglass": _coinglass, "coinalyze": _coinalyze}[vendor]
    export = _Export(path.name, records, scope, [])
    try:
        kind, rows = read(export)
    except BrokenAnswer as fault:
        raise MarketFileError(f"{path.name}: {fault}", key=str(path)) from fault
    return archive.import_rows(files.of_rows(rows, kind, name=path.name, bad=export.bad), now=now)


@dataclass(frozen=True, slots=True)
class _Export:
    name: str
    records: list[Mapping[str, Any]]
    scope: Scope
    bad: list[tuple[int, str]]

    def needs(self, **said: object) -> None:
        """Refuse a file of which something that it must say is not known."""
        missing = [f"--{name}" for name, value in said.items() if value is None]
        if missing:
            raise MarketFileError(f"{self.name}: does not say it: name it with {', '.join(missing)}", key=self.name)


def _coinglass(export: _Export) -> tuple[FileKind, _Rows]:
    scope, records = export.scope, export.records
    if any("exchange" in record for record in records):
        export.needs(hours=scope.hours, asset=scope.asset, retrieved=scope.retrieved)
        return "snapshots", _totals(export)
    export.needs(venue=scope.venue, asset=scope.asset, interval=scope.interval)
    buckets = []
    for row, record in enumerate(records, start=1):
        if otherwise := _otherwise(record, scope):
            export.bad.append((row, otherwise))
            continue
        try:
            ((start, told),) = coinglass.history_rows([record], "row")
        except BrokenAnswer as fault:
            export.bad.append((row, _reason(fault)))
            continue
        buckets.append((start, {**told, "row": row, "venue": scope.venue, "asset": scope.asset}))
    return "bars", _bars(export, coinglass.SOURCE, buckets)


def _totals(export: _Export) -> _Rows:
    """Make rows of snapshots of the list of venues; one of another venue or coin than was said is bad."""
    scope, rows = export.scope, []
    assert scope.hours is not None
    assert scope.asset is not None
    assert scope.retrieved is not None
    told = coinglass.total_rows(export.records, hours=scope.hours, asset=scope.asset, retrieved=iso(scope.retrieved))
    for row, (record, one) in enumerate(zip(export.records, told, strict=True), start=1):
        otherwise = _otherwise(record, scope)
        if otherwise is None:
            rows.append({**one, "row": row})
        else:
            export.bad.append((row, otherwise))
    return rows


def _otherwise(record: Mapping[str, Any], scope: Scope) -> str | None:
    """Tell where a record of CoinGlass names another venue or coin than the importer."""
    for field, named in (("exchange", scope.venue), ("symbol", scope.asset), ("asset", scope.asset)):
        told = str(record.get(field) or "").strip()
        if told and named and not _same(told, named):
            word = "venue" if field == "exchange" else "asset"
            return f"{field} is {told[:40]}, --{word} says {named}"
    return None


def _same(told: str, named: str) -> bool:
    """Tell whether two names are of one venue or coin."""
    venues = {venue_name(name).casefold() for name in (told, named)}
    return len(venues) == 1 or coin_of(told) == coin_of(named)


def _coinalyze(export: _Export) -> tuple[FileKind, _Rows]:
    scope = export.scope
    export.needs(interval=scope.interval)
    if not scope.usd:
        raise MarketFileError(
            f"{export.name}: Coinalyze tells coins unless it was asked with convert_to_usd=true; if it was, say --usd",
            key=export.name,
        )
    buckets = []
    for row, (symbol, told) in enumerate(_by_symbol(export.records), start=1):
        if {"o", "c"} <= told.keys():
            raise MarketFileError(f"{export.name}: holds candles (t, o, h, l, c), no liquidations", key=export.name)
        try:
            where = _scope_of(symbol, scope)
            ((_, start, amounts),) = coinalyze.history_rows([{"symbol": symbol, "history": [told]}], "row")
        except BrokenAnswer as fault:
            export.bad.append((row, _reason(fault)))
            continue
        buckets.append((start, {**amounts, "row": row, **where}))
    return "bars", _bars(export, coinalyze.SOURCE, buckets)


def _bars(export: _Export, source: str, buckets: Sequence[tuple[int, dict[str, Told]]]) -> _Rows:
    """Make rows of bars; those off the interval's grid are bad."""
    scope = export.scope
    if scope.interval is None or scope.interval not in INTERVALS:
        raise MarketFileError(f"{export.name}: --interval {scope.interval}: one of {', '.join(INTERVALS)}")
    step = INTERVALS[scope.interval] * 1000
    apart = [later - earlier for earlier, later in pairwise(sorted({start for start, _ in buckets}))]
    if len(apart) > 1 and min(apart) > step:
        raise MarketFileError(
            f"{export.name}: its buckets lie {min(apart) // 1000} s apart, those of {scope.interval} {step // 1000} s",
            key=export.name,
        )
    retrieved = iso(scope.retrieved) if scope.retrieved else None
    rows: _Rows = []
    for start, told in buckets:
        if start % step:
            export.bad.append((int(told["row"] or 0), f"start lies on no grid of {step // 1000} s"))
            continue
        rows.append({**told, "start": str(start), "seconds": step // 1000, "source": source, "retrieved_at": retrieved})
    return rows


def _by_symbol(records: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Give single rows with their symbols, of an answer or of a table."""
    found: list[tuple[str, Mapping[str, Any]]] = []
    for record in records:
        history = record.get("history", [record])
        if not isinstance(history, list) or not all(isinstance(row, dict) for row in history):
            raise BrokenAnswer("its `history` is no list of records")
        found += [(str(record.get("symbol", "")), row) for row in history]
    return found


def _scope_of(symbol: str, scope: Scope) -> dict[str, Told]:
    """Read a symbol such as BTCUSDT_PERP.A: the coin, and the venue by its code; the importer says what it does not.

    Raise BrokenAnswer for a symbol that says otherwise than the importer, or from which not all is known.
    """
    pair, _, code = symbol.rpartition(".")
    if _DATED.search(pair):
        raise BrokenAnswer("symbol is no perpetual")
    read = contract(pair.removesuffix("_PERP"))
    told = {"venue": _CODES.get(code), "asset": read.asset if read else None}
    for word, named in (("venue", scope.venue), ("asset", scope.asset)):
        if told[word] and named and not _same(str(told[word]), named):
            raise BrokenAnswer(f"symbol is of {told[word]}, --{word} says {named}")
    if symbol and not read:
        raise BrokenAnswer("symbol is no perpetual in dollars")
    found = {"venue": told["venue"] or scope.venue, "asset": told["asset"] or scope.asset}
    missing = [f"--{word}" for word, one in found.items() if one is None]
    if missing:
        raise BrokenAnswer(f"symbol does not say all: name it with {', '.join(missing)}")
    return dict(found)


def _reason(fault: BrokenAnswer) -> str:
    return str(fault).removeprefix("row: ")
