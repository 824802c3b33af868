"""Read a contract's symbol: its coin, what it is quoted in, and how many coins one unit of it is.

`1000PEPEUSDT` trades PEPE by the thousand, so its price is that of 1,000 coins. Contracts quoted in another coin
(`ETHBTC`) have no value in USD of their own and are refused by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

#: What counts as a dollar; an order's USD are taken at par.
DOLLARS = ("USDT", "USDC", "FDUSD", "BUSD", "USDE", "USD1", "USD")
_MULTIPLE = re.compile(r"(1M|1000+)([A-Z][A-Z0-9]*)")
_MULTIPLE_BEHIND = re.compile(r"([A-Z]+)(1000+)")


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
    """Take a multiple off a base: 1000SHIB, 1MBABYDOGE, SHIB1000."""
    ahead = _MULTIPLE.fullmatch(base)
    if ahead:
        return Contract(ahead[2], quote, 1_000_000 if ahead[1] == "1M" else int(ahead[1]))
    behind = _MULTIPLE_BEHIND.fullmatch(base)
    if behind:
        return Contract(behind[1], quote, int(behind[2]))
    return Contract(base, quote)
