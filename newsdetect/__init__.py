"""newsdetect reads liquidation claims out of crypto news and holds them against market data."""

from __future__ import annotations

__version__ = "0.1.0"
