"""Read a contract's symbol: its coin, what it is quoted in, and how many coins one unit of it is.

`1000PEPEUSDT` trades PEPE by the thousand, so its price is that of 1,000 coins. Contracts quoted in another coin
(`ETHBTC`) have no value in USD of their own and are refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from newsdetect.market.coins import coin_of

#: What counts as a dollar; an order's USD are taken at par.
DOLLARS = ("USDT", "USDC", "FDUSD", "BUSD", "USDE", "USD1", "USD")


@dataclass(frozen=True, slots=True)
class Contract:
    """What a symbol says of its contract."""

    asset: str
    #: One of DOLLARS.
    quote: str
    #: Coins a unit of the base.
    unit: int = 1


@lru_cache(maxsize=8192)
def contract(base_and_quote: str) -> Contract | None:
    """Read `BTCUSDT`, `1000PEPEUSDC`; None where the quote is no dollar or there is no coin before it."""
    for quote in DOLLARS:
        if base_and_quote.endswith(quote) and len(base_and_quote) > len(quote):
            return coin(base_and_quote[: -len(quote)], quote)
    return None


def coin(base: str, quote: str) -> Contract:
    """Read a base as one coin: a multiple taken off (1000SHIB, SHIB1000), under the coin's own ticker (LUNA2)."""
    of = coin_of(base)
    return Contract(of.asset, quote, of.unit)
