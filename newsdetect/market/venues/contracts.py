"""What one contract is worth, where a feed counts contracts: OKX swaps and futures, Binance's COIN-M.

Sizes are asked of the venue when the recorder starts; until that answers, the shipped table serves. An order of a
contract whose size is in neither is refused with that reason: a guessed size would be a guessed sum.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from newsdetect.bundled import fixtures


@dataclass(frozen=True, slots=True)
class ContractSize:
    """One contract's worth: `size` coins, or `size` USD where the contract is an inverse one."""

    size: float
    unit: Literal["coin", "usd"]


@dataclass(frozen=True, slots=True)
class Contracts:
    """Contract sizes of one venue by symbol (OKX instId, Binance COIN-M pair or symbol)."""

    sizes: Mapping[str, ContractSize] = field(default_factory=dict)

    def get(self, symbol: str) -> ContractSize | None:
        """Give the size of a contract; a dated one that is not listed has that of its family."""
        found = self.sizes.get(symbol)
        return found if found is not None else self.sizes.get(family(symbol))

    def updated(self, sizes: Mapping[str, ContractSize]) -> Contracts:
        """Give the table with newer sizes over it."""
        return Contracts({**self.sizes, **sizes})

    def as_json(self) -> dict[str, list[Any]]:
        """Give the table as JSON can hold it."""
        return {symbol: [one.size, one.unit] for symbol, one in self.sizes.items()}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Contracts:
        """Read what `as_json` gave."""
        return cls({symbol: ContractSize(float(size), unit) for symbol, (size, unit) in raw.items()})


def family(symbol: str) -> str:
    """Give what a family of contracts shares: `BTC-USD` of BTC-USD-SWAP and BTC-USD-261225, `BTCUSD` of BTCUSD_PERP."""
    if "_" in symbol:
        return symbol.partition("_")[0]
    return "-".join(symbol.split("-")[:2])


@cache
def shipped(venue: str) -> Contracts:
    """Give the table that ships with the product; empty for a venue that counts coins."""
    raw = json.loads((fixtures() / "market_venues" / "contracts.json").read_text(encoding="utf-8"))
    return Contracts.from_json(raw["sizes"].get(venue, {}))
