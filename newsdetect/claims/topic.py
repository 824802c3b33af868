"""The coin that a whole story is about, for figures that name none.

Two signs give a figure the story's coin: a headline of that coin's liquidations ("XRP longs get wiped"), or a figure
too small to be the market's in a story about one coin alone. A sentence that speaks of the market keeps its ALL.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from newsdetect.claims.article import Article
from newsdetect.claims.binding import is_of_positions
from newsdetect.claims.cues import is_told
from newsdetect.claims.meaning import Reading
from newsdetect.types import ALL

_MARKET = re.compile(
    r"\b(?:crypto\w*|altcoins?|digital assets?|across|industry|markets?|market-wide|(?:all|other) coins|entire|traders"
    r"|investors)\b",
    re.IGNORECASE,
)
# "The slide led to $180 million in liquidations", "The rally saw $68 million": the move did it, to all.
_COST = re.compile(
    r"\b(?:slide|slid|slips?|drop|fall|dip|rally|climb|jump|rise|move|swings?|dives?|deal|crash|plunge|leap|surge|rout)\b"
    r"[^.;]{0,80}\b(?:led\sto|leading\sto|caus(?:ed|ing)|trigger(?:ed|ing|s)|spark(?:ed|ing|s)|cost(?:s|ing)?|set\soff|saw|sees|squeez\w+|"
    r"liquidat(?:ed|ing|es)|wip(?:ed|ing|es)|forc(?:ed|ing|es))\b[^.;]{0,30}$",
    re.IGNORECASE,
)
#: A day of the whole market has seldom seen less liquidated than this, in dollars; one coin's stays under the other.
_LEAST_OF_MARKET, _MOST_OF_COIN = 9e7, 1.5e8
#: What a coin's move is said to have cost everyone is its own only where it is smaller still.
_MOST_OF_MOVE = 2e7
#: The share of a story's mentions of coins that makes it a story of one.
_ALONE = 0.75
#: A section's sentences before and behind a figure, and how often they name its coin.
_BEFORE, _BEHIND, _OFTEN = 4, 2, 5


@dataclass(frozen=True, slots=True)
class Topic:
    """The coin of a story: in its headline's liquidations, or alone in all of it; null where there is none."""

    headline: str | None
    story: str | None
    #: The headline's one coin, and where the sentences are around which no other is named.
    coin: str | None = None
    among: frozenset[int] = frozenset()

    def give(self, reading: Reading) -> Reading:
        """Give a reading without a coin the story's, where the signs are there."""
        line = reading.figure.line
        if "asset.several" in reading.rules or (line.has(_MARKET) and not line.sentence.title):
            return reading
        if self.headline and not line.sentence.title and all(each.value == self.headline for each in line.assets):
            return replace(reading, asset=self.headline, rules=(*reading.rules, "asset.headline"))
        if self.story and _is_small(reading, self.story):
            return replace(reading, asset=self.story, rules=(*reading.rules, "asset.small"))
        if self.coin and line.position in self.among and _is_small(reading, self.coin):
            return replace(reading, asset=self.coin, rules=(*reading.rules, "asset.section"))
        return reading


def find_topic(article: Article) -> Topic:
    """Find the coin of a story."""
    title = article.title
    if title is None:
        return Topic(None, None)
    coins = {mention.value for mention in title.assets}
    if len(coins) != 1:
        return Topic(None, None)
    coin = next(iter(coins))
    bound = is_told(title) and any(is_of_positions(title, mention) for mention in title.assets)
    named = Counter(mention.value for line in article.lines for mention in line.assets)
    alone = named[coin] >= _ALONE * named.total()
    return Topic(coin if bound else None, coin if alone else None, coin, _sections(article, coin))


def _sections(article: Article, coin: str) -> frozenset[int]:
    """Give the positions of the sentences around which a coin is named, several times, and no other."""
    names = [[mention.value for mention in line.assets] for line in article.lines]
    found = set()
    for at in range(len(names)):
        near = [name for each in names[max(0, at - _BEFORE) : at + _BEHIND + 1] for name in each]
        if len(near) >= _OFTEN and set(near) == {coin}:
            found.add(at)
    return frozenset(found)


def _is_small(reading: Reading, coin: str) -> bool:
    """Tell whether a sum is too small to be the market's."""
    if reading.metric != "liquidations" or reading.figure.amount.unit != "USD" or reading.venue != ALL:
        return False
    if reading.figure.amount.value > _MOST_OF_MOVE and _COST.search(reading.figure.left) is not None:
        return False
    if coin == "BTC":
        long_enough = reading.window is None or reading.window.length_hours >= 12
        return long_enough and reading.figure.amount.value <= _LEAST_OF_MARKET
    return reading.figure.amount.value < _MOST_OF_COIN
