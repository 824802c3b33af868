"""Builders for the evidence that a page lists: one row a kind, as the checks write them."""

from __future__ import annotations

from newsdetect.checks.check import Evidence
from tests.storage.builders import at

_SHARED = {"assets": ("BTC", "ETH", "SOL", "XRP"), "says": "supports", "retrieved_at": at(30)}
PRINTS = {**_SHARED, "kind": "prints", "source": "recorder", "venue": "Bybit", "coverage": 0.08, "connected": 0.98}
BARS = {**_SHARED, "kind": "bars", "source": "CoinGlass", "venue": "Binance", "coverage": 0.12, "connected": 1.0}
CANDLES = {**_SHARED, "kind": "candles", "source": "Binance", "venue": "Binance", "assets": ("BTC",), "connected": 1.0}
SUMS = {"kind": "arithmetic", "says": "silent"}


def make_evidence(row: dict, **given) -> Evidence:
    """Make one of these rows with numbers of its own."""
    return Evidence(**{**row, **given})
