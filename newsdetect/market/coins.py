"""One ticker a coin: what venues call it (XBT, LUNA2), and the multiples it is traded by (1000PEPE, kPEPE, SHIB1000).

Files and feeds name a coin as their venue does; the archive keeps it under one name and by the single coin, so that a
claim about PEPE finds all of PEPE. Names stand in `fixtures/market_venues/coins.toml`, multiples are read by rule.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from newsdetect.bundled import fixtures

_AHEAD = re.compile(r"(1M|10{3,9})([A-Z][A-Z0-9]*)")
#: Thousands as some venues write them; a ticker written in small letters alone (kava) is none.
_THOUSANDS = re.compile(r"k([A-Z][A-Z0-9]+)")
_BEHIND = re.compile(r"([A-Z]+)(10{3,9})")
#: What may stand behind a coin in a contract's name: its quote, a mark, a date; no more of another ticker.
_END = r"(USD|EUR|PERP|F0|[^A-Z]|$)"


@dataclass(frozen=True, slots=True)
class Coin:
    """What a ticker stands for."""

    asset: str
    #: Coins that one of it is.
    unit: int = 1


@lru_cache(maxsize=65_536)
def coin_of(ticker: str) -> Coin:
    """Read a ticker: kPEPE and 1000PEPE are a thousand PEPE, XBT is BTC; any other is itself, in capitals."""
    thousands = _THOUSANDS.fullmatch(ticker)
    if thousands:
        return Coin(_named(thousands[1]), 1000)
    name = ticker.upper()
    ahead = _AHEAD.fullmatch(name)
    if ahead:
        return Coin(_named(ahead[2]), 1_000_000 if ahead[1] == "1M" else int(ahead[1]))
    behind = _BEHIND.fullmatch(name)
    if behind:
        return Coin(_named(behind[1]), int(behind[2]))
    return Coin(_named(name))


def spelling(asset: str) -> str | None:
    """Give a pattern that finds a coin's other tickers in a contract's name, in capitals; None where it has none."""
    others = _also().get(asset, ())
    return f"({'|'.join(map(re.escape, others))}){_END}" if others else None


def told(tickers: Iterable[str]) -> dict[str, list[str | int | None]]:
    """Read tickers into columns: `spelt`, `coin`, `unit`, `spelling`."""
    spelt = list(tickers)
    coins = [coin_of(ticker) for ticker in spelt]
    return {
        "spelt": list(spelt),
        "coin": [one.asset for one in coins],
        "unit": [one.unit for one in coins],
        "spelling": [spelling(one.asset) for one in coins],
    }


def _named(ticker: str) -> str:
    return _names().get(ticker, ticker)


@cache
def _also() -> dict[str, list[str]]:
    with (fixtures() / "market_venues" / "coins.toml").open("rb") as file:
        named: dict[str, list[str]] = tomllib.load(file)["also"]
    return named


@cache
def _names() -> dict[str, str]:
    return {other: asset for asset, others in _also().items() for other in others}
