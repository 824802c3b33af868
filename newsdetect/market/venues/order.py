"""One liquidation order as a venue's live feed tells it, in one form for all venues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class LiquidationOrder:
    """One forced order. Identical twins inside one message are two real orders, told apart by `ordinal` alone."""

    venue: str
    #: `usdm`, `coinm` (Binance), `linear`, `inverse` (Bybit), `swap`, `futures` (OKX).
    market: str
    #: As the venue writes it.
    symbol: str
    #: The coin's ticker.
    asset: str
    #: The POSITION that was liquidated, not the order that did it.
    side: Literal["long", "short"]
    #: USD a coin: average fill (Binance) or bankruptcy price (Bybit, OKX).
    price: float
    #: In coins, also where the venue counts contracts or thousands.
    quantity: float
    usd: float
    #: Milliseconds since 1970 by the venue's clock.
    time_ms: int
    #: Its number among identical orders of its message; the first is 0.
    ordinal: int = 0

    @property
    def key(self) -> str:
        """Tell this order from all others; the same order in another message has the same key."""
        return f"{self.venue}|{self.symbol}|{self.side}|{self.price!r}|{self.quantity!r}|{self.time_ms}|{self.ordinal}"
