"""Coin amounts and counts among the figures: which of them are claims.

An amount of coins is a claim only where the coins themselves are said to be liquidated ("liquidated for 949 BTC", "long
liquidations hit 2,200 BTC"); a plain number only where it counts traders.
"""

from __future__ import annotations

import re

from newsdetect.claims.article import Figure, Line
from newsdetect.claims.cues import WIPE

#: What may stand between a coin amount and its dollar worth.
_WORTH = re.compile(
    r"\W{0,3}(?:(?:worth|valued at|or|approximately|around|about|over|roughly|nearly|coins|tokens|more than)\W{0,2}){0,4}"  # noqa: E501 -- a pattern reads best in one piece
)
_COIN_AFTER = re.compile(
    r"\s(?:\([^)]{0,40}\)\s)?(?:(?:worth|in|of|were|was|got|been|being|have|has|is|are|be|could|would|may|might|will|get|face|faces|facing"
    r"|long|short|longs|shorts|positions?|bets|contracts)\s){0,6}(?:liquidat|wiped|at (?:\w+ )?risk|in danger of)",
    re.IGNORECASE,
)
# "7,500 BTC, worth over $500 million, were liquidated"
_WORTH_AFTER = re.compile(
    r",?\s\(?(?:worth|valued\sat)\s(?:\w+\s){0,3}\$?[\d.,]+\s?\w+\)?,?\s(?:were|was|got|have\sbeen|has\sbeen)\s(?:\w+\s)?(?:liquidated|wiped)",
    re.IGNORECASE,
)
_COIN_BEFORE = re.compile(
    r"(?:(?:liquidat\w+|traders lost|wiped out)\s(?:(?:of|for|about|around|over|nearly|roughly|some|another|a|total|more|than|worth"  # noqa: E501 -- a pattern reads best in one piece
    r"|hit|reach\w*|totall?\w*|topp?\w*|exceed\w*|surpass\w*|amount\w*|stood|at|to|rose|climb\w*|by|volume|spik\w*|jump\w*)\s){0,4}"
    r"|liquidations?\s(?:\w+\s){0,4}?(?:hit|reach\w*|totall?\w*|topp?\w*|exceed\w*|surpass\w*|amount\w*|stood|rose|climb\w*|came)\s(?:\w+\s){0,3}"
    r"|liquidations?\s(?:would|could|might|will|may)\s(?:have\s)?(?:dump|unload|push|put|throw|release|flood|bring|force|send|hit|sell)\w*\s(?:\w+\s){0,3}"
    r"|(?:equivalent to|equal to)\s(?:\w+\s)?)$",
    re.IGNORECASE,
)
_EQUIVALENT = re.compile(r"equivalent to|equal to")
_TRADERS_BEFORE = re.compile(
    r"\b(?:traders|accounts|ones|people|users|investors)\b[^.;$]{0,45}\b(?:exceed\w*|reach\w*|hit|at|of|to|surpass\w*|was|is|stood at|topped)[\s:]+(?:\w+\s){0,2}$",  # noqa: E501 -- a pattern reads best in one piece
    re.IGNORECASE,
)
# "Traders hit: 470,000", "a number of traders of 721,000".
_COUNT_LABEL = re.compile(
    r"\b(?:traders|accounts|people|users)(?:\s(?:hit|affected|liquidated|closed|out|rekt|in|past|last|\d{1,2}h?|hours)){0,5}\s?(?:[:,]|of|=)\s(?:about\s|over\s|some\s)?$",
    re.IGNORECASE,
)
# Coins taken from a loan or a trader: "2,460 ETH of his short were bought back", "8,000 ETH went to liquidators".
_COIN_TAKEN = re.compile(
    r"(?:\s?\([^)]{0,40}\)|,\s(?:worth|or|about)\s[^,;.]{1,30}(?:\.\d+\s?\w+)?,)?"
    r"(?:\s(?!and\b|or\b|but\b)[\w'’-]+){0,6}?\s(?:(?:was|were|got|been|being)\s(?:\w+\s)?(?:liquidat|wiped|seized|auctioned|force)|went\sto\sliquidators|to\sliquidation)",
    re.IGNORECASE,
)
# "forced out of 8,140 ETH", "lost its 6,152 ETH long to liquidation", "cost bulls 3,460 BTC".
_COIN_FROM = re.compile(
    r"(?:forced out of|liquidations? (?:had |has |have )?(?:eaten|ate|took|taken))\s(?:\w+\s){0,3}$", re.IGNORECASE
)
_LIST_ON = re.compile(r"^\W*(?:(?:and|plus|then|another|a further|or|first|for)\W+){0,3}$", re.IGNORECASE)
# "It lost $19 million. This includes 6,200 vBTC and …".
_INCLUDES = re.compile(
    r"^\W*(?:this|that|it|these|they|the\s(?:total|sum|figure|position|amount|haul))\s(?:also\s|mainly\s|mostly\s)?"
    r"(?:includ|compris|consist|was\smade\sup|were\smade\sup|is\smade\sup)\w*\s",
    re.IGNORECASE,
)
_COUNT_AFTER = re.compile(r"\s(?:\w+\s)?liquidated\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_AFFECTED = re.compile(
    r"\b(?:affect|impact|wreck|hit|lost|losing|caught|involved|victim|cleared|suffer|expos|betroffen|afectad)\w*",
    re.IGNORECASE,
)
# A row or a list's end that is a count and nothing more.
_ALONE = re.compile(r"\s\w+\W*(?:,[^,]{0,12}\W*)?$")
#: Fewer were never worth a headline; a number this large before "liquidated" counts traders.
_FEWEST, _CROWD = 50, 1000


def is_worth(figure: Figure, coins: Figure) -> bool:
    """Tell whether a figure is the dollar worth of the coins right before it."""
    return _WORTH.fullmatch(figure.line.text, coins.end, figure.start) is not None


def are_coins_liquidated(figure: Figure, *, carries_on: bool) -> bool:
    """Tell whether a coin amount is said to be liquidated; `carries_on`: a liquidation figure stands shortly before."""
    if _COIN_AFTER.match(figure.right) or _WORTH_AFTER.match(figure.line.text, figure.end):
        return True
    if _COIN_TAKEN.match(figure.right) or _COIN_FROM.search(figure.left):
        return True
    if not _COIN_BEFORE.search(figure.left):
        return False
    return carries_on or not _EQUIVALENT.search(figure.left[-25:])


def carries_coins_on(figure: Figure, last: Figure) -> bool:
    """Tell whether a coin amount stands in a list with the liquidated coins or their worth before it."""
    if figure.line.position - last.line.position == 1 and is_included(figure.line):
        return figure.amount is next(each.amount for each in figure.line.figures if each.amount.kind != "bare")
    if last.line is not figure.line:
        return False
    beside = is_worth(figure, last) and ")" not in figure.line.text[last.end : figure.start]
    return beside or (last.amount.kind == "coin" and _LIST_ON.match(figure.left) is not None)


def is_included(line: Line) -> bool:
    """Tell a sentence of what the figure before it was made up of."""
    return _INCLUDES.match(line.text) is not None


def is_count(figure: Figure, *, last: Figure | None, told: bool) -> bool:
    """Tell a count of liquidated traders from any other number."""
    if figure.amount.kind == "bare":
        return _counts_traders(figure, told=told, carries_on=last is not None)
    text = figure.line.text
    if told or WIPE.search(text) is not None:
        return True
    return last is not None and (_AFFECTED.search(text) is not None or _ALONE.match(text, figure.end) is not None)


def _counts_traders(figure: Figure, *, told: bool, carries_on: bool = False) -> bool:
    """Tell whether a plain number counts traders: "the number of liquidated ones has exceeded 70,000"."""
    text = figure.line.text
    if (told or carries_on) and figure.amount.value >= _FEWEST and _COUNT_LABEL.search(text, 0, figure.start):
        return True
    if not (told or WIPE.search(text)) or figure.amount.value < _FEWEST:
        return False
    if _YEAR.match(text[figure.start : figure.end]):
        return False
    before = text[max(0, figure.start - 90) : figure.start]
    crowd = figure.amount.value >= _CROWD and _COUNT_AFTER.match(text, figure.end) and "raders" in text
    return bool(_TRADERS_BEFORE.search(before) or crowd)
