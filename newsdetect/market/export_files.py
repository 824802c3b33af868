"""Read a vendor's export as records: JSON or CSV, packed or not; and tell one that has the archive's own columns."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsdetect.errors import MarketFileError
from newsdetect.market import files
from newsdetect.market.coins import coin_of
from newsdetect.market.kinds import kind_of
from newsdetect.market.vendors import coinglass
from newsdetect.market.venue_names import venue_name

_MOST_BYTES = 512 * 1024 * 1024
#: Under which name fields stand that the header does not name.
_MORE = "\0more"


def content(path: Path) -> bytes:
    """Give a file's bytes, unpacked; raise MarketFileError where there are none or too many."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if content[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(_MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise MarketFileError(f"{path.name}: cannot be read: {fault}", key=str(path)) from fault
    if len(content) > _MOST_BYTES:
        raise MarketFileError(f"{path.name}: over {_MOST_BYTES >> 20} MiB: split the export", key=str(path))
    if not content.strip():
        raise MarketFileError(f"{path.name}: the file is empty", key=str(path))
    return content


def records(content: bytes, path: Path) -> list[Mapping[str, Any]]:
    """Read JSON or CSV as records; raise MarketFileError for what is neither, or tells a fault."""
    try:
        text = content.decode("utf-8-sig")
        if text.lstrip()[:1] not in "{[":
            return _table(text, path)
        data = json.loads(text)
    except (ValueError, RecursionError, csv.Error) as fault:
        raise MarketFileError(f"{path.name}: is neither JSON nor CSV: {str(fault)[:120]}", key=str(path)) from fault
    if isinstance(data, dict):
        if str(data.get("code", "0")) != "0" or "message" in data:
            told = str(data.get("msg") or data.get("message") or data.get("code"))[:120]
            raise MarketFileError(f"{path.name}: holds a fault of the vendor, no data: {told}", key=str(path))
        data = data.get("data")
    if not isinstance(data, list) or not all(isinstance(record, dict) for record in data):
        raise MarketFileError(f"{path.name}: holds no list of records", key=str(path))
    return data


def _table(text: str, path: Path) -> list[Mapping[str, Any]]:
    rows = csv.DictReader(io.StringIO(text, newline=""), restval="", restkey=_MORE)
    names = {(name or "").strip() for name in rows.fieldnames or ()}
    if not ({"time", coinglass.LONG, coinglass.SHORT} <= names or {"t", "l", "s"} <= names or "exchange" in names):
        raise MarketFileError(
            f"{path.name}: its columns are neither the vendor's nor the archive's: {', '.join(sorted(names))[:200]}",
            key=str(path),
        )
    found: list[Mapping[str, Any]] = []
    for row in rows:
        if _MORE in row:
            raise MarketFileError(
                f"{path.name}: line {rows.line_num} has more fields than its header: write numbers without commas",
                key=str(path),
            )
        found.append({str(name).strip(): value for name, value in row.items()})
    return found


def is_ours(content: bytes, path: Path) -> bool:
    """Tell whether a CSV has the archive's columns."""
    head = content.lstrip()[:4096].partition(b"\n")[0].decode("utf-8", "replace").removeprefix("\ufeff")
    if head[:1] in "{[":
        return False
    try:
        kind_of([name.strip().casefold() for name in next(iter(csv.reader([head])), [])], file=path.name)
    except (MarketFileError, csv.Error):
        return False
    return True


def hold_against(path: Path, source: str, said: Mapping[str, object]) -> None:
    """Refuse a file of ours with a row of another source than its vendor, or of another scope than its importer said.

    `said` are columns with what they must hold. Raise MarketFileError that names the row.
    """
    with files.opened(path) as file:
        for batch in file.batches:
            for name, wanted in {"source": source, **said}.items():
                if name not in batch.column_names:
                    raise MarketFileError(f"{path.name}: has no {name}, and was said to be of {wanted}", key=str(path))
                for told in batch.column(name).unique().to_pylist():
                    if not _is(name, told, wanted):
                        row = batch.column("row")[batch.column(name).to_pylist().index(told)]
                        raise MarketFileError(
                            f"{path.name}: row {row}: its {name} is {str(told)[:80]}, not {wanted}"
                            + (": leave --format out" if name == "source" else ""),
                            key=str(path),
                        )


def _is(name: str, told: object, wanted: object) -> bool:
    """Tell whether a cell holds what was said: a number by its value, a name in any case and spelling."""
    word = str(told or "").strip()
    if isinstance(wanted, int | float):
        try:
            return float(word) == float(wanted)
        except ValueError:
            return False
    if name == "source":
        return word == wanted
    if name == "asset":
        return coin_of(word) == coin_of(str(wanted))
    return venue_name(word).casefold() == venue_name(str(wanted)).casefold()
