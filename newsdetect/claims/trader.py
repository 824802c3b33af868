"""One trader's liquidation: its coin, venue and side, which the story tells once and every figure shares.

"Wynn was liquidated for $25 million" says nothing of them; the story does where it speaks of the bet ("his 40x long on
Bitcoin, on Hyperliquid"). Only what nearly all of a story's words agree on is taken, and only for a figure whose own
part of the sentence speaks of one trader.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from newsdetect.claims.article import Article, Line
from newsdetect.claims.binding import is_of_positions
from newsdetect.claims.corpus import any_of, corpus
from newsdetect.claims.meaning import Reading
from newsdetect.types import ALL, Side

_TRADER = re.compile(any_of(corpus("roles")["trader"]), re.IGNORECASE)
_MANY = re.compile(
    r"\b(?:traders|market|markets|across|investors|largest|biggest|crypto liquidations)\b", re.IGNORECASE
)
#: The share of a story's mentions that must agree.
_AGREED = 0.75


@dataclass(frozen=True, slots=True)
class Bet:
    """What a story says of its trader's position; null where it says nothing, or more than one thing."""

    asset: str | None
    venue: str | None
    side: str | None

    def give(self, reading: Reading) -> Reading:
        """Give a trader's liquidation what its own sentence leaves out."""
        figure = reading.figure
        own = figure.left + figure.right
        if not _TRADER.search(own) or _MANY.search(own) or "asset.several" in reading.rules:
            return reading
        changed = replace(
            reading,
            asset=self.asset if self.asset and reading.asset == ALL else reading.asset,
            venue=self.venue if self.venue and reading.venue == ALL else reading.venue,
            side=cast("Side", self.side) if self.side and reading.side is None else reading.side,
        )
        return changed if changed == reading else replace(changed, rules=(*reading.rules, "trader.bet"))


def is_of_trader(line: Line) -> bool:
    """Tell a sentence about one trader from one about a market, or about its largest order."""
    return line.has(_TRADER) and not line.has(_MANY)


def find_bet(article: Article) -> Bet:
    """Find the position that a story of one trader is about."""
    lines = [line for line in article.lines if line.has(_TRADER)]
    if not lines:
        return Bet(None, None, None)
    coins = (each.value for line in article.lines for each in line.assets if is_of_positions(line, each))
    venues = (each.value for line in article.lines for each in line.venues)
    sides = (each.value for line in lines for each in line.sides)
    return Bet(_agreed(coins), _agreed(venues), _agreed(sides))


def _agreed(names: Iterable[str]) -> str | None:
    """Give the name that nearly all of them are, or None."""
    counted = Counter(names)
    if not counted:
        return None
    name, times = counted.most_common(1)[0]
    return name if times >= _AGREED * counted.total() else None
