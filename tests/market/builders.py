"""Small market files for the archive's tests: one good row a kind, and files made of changes to it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsdetect.market.archive import MarketArchive
from newsdetect.market.kinds import COLUMNS
from newsdetect.market.reports import ImportReport

#: A row that every rule lets pass, by kind.
GOOD: dict[str, dict[str, Any]] = {
    "prints": {
        "time": "2025-06-10T12:00:00Z", "venue": "Binance", "symbol": "BTCUSDT", "asset": "BTC", "side": "long",
        "price": 100_000, "quantity": 0.5, "usd": 50_000,
    },
    "bars": {
        "start": "2025-06-10T12:00:00Z", "seconds": 3600, "source": "CoinGlass", "venue": "Binance", "asset": "BTC",
        "long_usd": 80, "short_usd": 20, "retrieved_at": "",
    },
    "snapshots": {
        "retrieved_before": "2025-06-10T12:00:00Z", "source": "CoinGlass", "venue": "ALL", "asset": "BTC", "hours": 4,
        "long_usd": 80, "short_usd": 20,
    },
    "candles": {
        "start": "2025-06-10T12:00:00Z", "seconds": 3600, "source": "Binance", "venue": "Binance", "market": "perp",
        "asset": "BTC", "open": 100, "high": 110, "low": 90, "close": 105, "volume": 7, "turnover": "",
        "retrieved_at": "",
    },
    "recorded": {
        "source": "imported", "venue": "Binance", "asset": "ALL", "start": "2025-06-10T12:00:00Z",
        "end": "2025-06-10T13:00:00Z",
    },
}  # fmt: skip
#: A clock behind all made-up rows.
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def row(kind: str, **changes: Any) -> dict[str, Any]:
    """Make a row of a kind: the good one with changes; a print of another coin has that coin's contract."""
    good = GOOD[kind] | changes
    if kind == "prints" and "asset" in changes and "symbol" not in changes:
        good["symbol"] = f"{changes['asset']}USDT"
    return good


def write(path: Path, rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str] | None = None) -> Path:
    """Write rows as a CSV file; the first row's columns unless others are given."""
    names = list(columns or rows[0])
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.DictWriter(file, names, extrasaction="ignore")
        lines.writeheader()
        lines.writerows(rows)
    return path


def load(archive: MarketArchive, kind: str, /, *changes: Mapping[str, Any], **options: Any) -> ImportReport:
    """Import one file of the good row with each of the changes."""
    folder = archive.folder.parent
    folder.mkdir(parents=True, exist_ok=True)
    path = write(folder / f"{kind}.csv", [row(kind, **change) for change in changes])
    return archive.import_file(path, now=NOW, **options)


def header(kind: str) -> str:
    """Give a kind's header line."""
    return ",".join(COLUMNS[kind].known)  # type: ignore[index]


def at(text: str) -> datetime:
    """Read an instant: `12:30` is of 10 June 2025 UTC, all else ISO."""
    full = f"2025-06-10T{text}Z" if "-" not in text else text
    return datetime.fromisoformat(full).astimezone(UTC)
