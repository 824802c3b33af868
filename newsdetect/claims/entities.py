"""Coins, venues, sides and observers named in a text, by the gazetteers of fixtures/corpus/entities.toml.

Names are matched with their case, for half of all tickers are words. Limits: a coin that is not listed is not seen, and
which of two coins a figure speaks of is not decided here but in binding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from newsdetect.claims.corpus import any_of, any_word, corpus, spaced

_ENTITIES = corpus("entities")


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in the text: characters `[start, end)` of the string that was searched, and what it stands for."""

    start: int
    end: int
    value: str
    #: A side that only most of it was: "mostly longs".
    share: bool = False


def _by_name(table: dict[str, list[str]]) -> dict[str, str]:
    """Turn canonical → names round."""
    return {name: canonical for canonical, names in table.items() for name in names}


#: Every name of a coin → its ticker; of a venue, of an observer → the name it is known by.
ASSETS: dict[str, str] = _by_name(_ENTITIES["assets"])
VENUES: dict[str, str] = _by_name(_ENTITIES["venues"])
OBSERVERS: dict[str, str] = _by_name(_ENTITIES["observers"])


def _names(table: dict[str, str], not_behind: list[str]) -> re.Pattern[str]:
    """Compile a gazetteer: whole words (a hyphen or slash may follow), unless a word of `not_behind` follows."""
    behind = rf"(?!\s{any_word(not_behind)}\b)" if not_behind else ""
    return re.compile(rf"(?<![\w@/.]){any_word(table)}(?!\w){behind}")


_ASSET = _names(ASSETS, _ENTITIES["not_behind"]["asset"])
# What follows a coin in the name of its contract: "ETH-USD", "BTCUSDT-PERP".
_QUOTED = r"[-/_]?(?:USDT|USDC|FDUSD|BUSD|USD|PERP)(?:-(?:PERP|SWAP))?(?!\w)"
_QUOTE = re.compile(_QUOTED)
_PAIR = re.compile(rf"(?<![\w@/.])(?:k|10+)?([A-Z]{{2,10}}?){_QUOTED}")
# "RLUSD", "PYUSD": the name of a stablecoin, unless a listed coin stands before it.
_STABLECOIN = re.compile(r"[A-Z]+USD")
# A ticker no list has: in a table's row ("VINE $9 million 79%"), or in brackets ("Vine (VINE) $9 million").
_ROW_TICKER = re.compile(
    r"(?<![\w$@#/.&-])(?:(?P<row>[A-Z][A-Z0-9]{2,9})(?=\s\$?\d[\d.,]{0,12}\s?(?:(?i:million|billion|thousand)|[KMB])\s(?:(?i:longs?|shorts?)\s)?\d{1,3}(?:\.\d{1,3})?\s?%)"
    r"|(?<=[a-z0-9]\s\()(?P<name>[A-Z][A-Z0-9]{2,9})(?=\)\s?[:|–—-]?\s?\$\d))"
)
_NO_TICKER = re.compile(rf"{any_word(_ENTITIES['no_ticker'])}$")
_VENUE = _names(VENUES, _ENTITIES["not_behind"]["venue"])
# A name may be glued to the next sentence ("Source: CoinGlassThe latest …").
_OBSERVER = re.compile(rf"(?<![\w@/.]){any_word(OBSERVERS)}(?![a-z0-9_])")
_SIDE = re.compile(
    rf"\b(?:(?P<long>{any_of(_ENTITIES['sides']['long'])})|(?P<short>{any_of(_ENTITIES['sides']['short'])}))(?!\w)",
    re.IGNORECASE,
)


_SIDE_WORD = re.compile(r"long|short|bull|bear", re.IGNORECASE)
_SHARE = re.compile(any_of(_ENTITIES["sides"]["side_share"]), re.IGNORECASE)
_NEVER_BEFORE = re.compile(any_of(_ENTITIES["sides"]["side_never_before"]), re.IGNORECASE)
_NEVER_BEHIND = re.compile(any_of(_ENTITIES["sides"]["side_never_behind"]), re.IGNORECASE)
_SHARE_BEHIND = re.compile(any_of(_ENTITIES["sides"]["side_share_behind"]), re.IGNORECASE)


def find_assets(text: str) -> list[Mention]:
    """Find the coins named in `text`, trading pairs (`BTCUSDT`) included, in order."""
    found = []
    for hit in _ASSET.finditer(text):
        quote = _QUOTE.match(text, hit.end())
        found.append(Mention(hit.start(), quote.end() if quote else hit.end(), ASSETS[spaced(hit[0])]))
    taken = {mention.start for mention in found}
    found += [
        Mention(hit.start(), hit.end(), ASSETS.get(hit[1], hit[1]))
        for hit in _PAIR.finditer(text)
        if hit.start() not in taken and (hit[1] in ASSETS or not _STABLECOIN.fullmatch(hit[0]))
    ]
    taken |= {mention.start for mention in found}
    found += [
        Mention(hit.start(hit.lastgroup), hit.end(hit.lastgroup), hit[0])
        for hit in _ROW_TICKER.finditer(text)
        if hit.lastgroup and hit.start() not in taken and not _NO_TICKER.match(hit[0])
    ]
    return sorted(found, key=lambda mention: mention.start)


def find_venues(text: str) -> list[Mention]:
    """Find the exchanges and lending protocols named in `text`, in order."""
    return [Mention(hit.start(), hit.end(), VENUES[spaced(hit[0])]) for hit in _VENUE.finditer(text)]


def find_observers(text: str) -> list[Mention]:
    """Find the data sources named in `text`, in order."""
    return [Mention(hit.start(), hit.end(), OBSERVERS[spaced(hit[0])]) for hit in _OBSERVER.finditer(text)]


def find_sides(text: str) -> list[Mention]:
    """Find the words in `text` that tell long from short positions, in order."""
    sides: list[Mention] = []
    for hit in _SIDE.finditer(text):
        if _NEVER_BEHIND.match(text, hit.end()):
            continue
        side: Literal["long", "short"] = "long" if hit["long"] else "short"
        word = _SIDE_WORD.search(text, hit.start(), hit.end())
        start = word.start() if word else hit.start()
        before, behind = max(0, start - 60), min(len(text), hit.end() + 40)
        if _NEVER_BEFORE.search(text, before, start):
            continue
        share = _SHARE.search(text, before, start) or _SHARE_BEHIND.match(text, hit.end(), behind)
        sides.append(Mention(hit.start(), hit.end(), side, share=share is not None))
    return sides
