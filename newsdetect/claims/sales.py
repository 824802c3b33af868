"""Liquidation that is no forced closing: a holder who sells, a debtor before the court.

"BlackRock has liquidated $561 million in Bitcoin" is a sale, "the drop liquidated $561 million in Bitcoin longs" is
not: a holder sells coins or shares, a market closes positions. What a creditor is accused of having liquidated was
closed by force, but lies back. Which words tell these apart is data (roles.toml).
"""

from __future__ import annotations

import re

from newsdetect.claims.article import Figure, Line
from newsdetect.claims.corpus import any_of, corpus

_WORDS = corpus("roles")
_SOLD = re.compile(any_of(_WORDS["sold"]), re.IGNORECASE)
_FORCED = re.compile(any_of(_WORDS["forced"]), re.IGNORECASE)
_LAW = re.compile(rf"(?<![\w-]){any_of(_WORDS['law_sentence'])}", re.IGNORECASE)
_LAW_STORY = re.compile(rf"(?<![\w-]){any_of(_WORDS['law_story'])}\b", re.IGNORECASE)
# The figure is what someone liquidates: "liquidated nearly $1 million in stock".
_OBJECT = re.compile(
    r"(?<!been )(?<!were )(?<!was )\bliquidat(?:ed|es|ing|e)\s(?:[a-z]+\s){0,3}(?:[\d,.]+\s\w+\s)?[^\w\s]?$"
)
_GOODS = re.compile(rf"['’]?\s(?:(?:worth|of|in)\s){{0,2}}(?:\w+\s){{0,1}}?{any_of(_WORDS['goods'])}\b")
_HELD_OPEN = re.compile(any_of(_WORDS["position"]), re.IGNORECASE)
_MARKET = re.compile(rf"\b{any_of(_WORDS['moved_by'])}\w*", re.IGNORECASE)
# "Liquidation of $22M Bitcoin": coins in one hand.
_STOCK_OF = re.compile(r"\b[Ll]iquidation\sof\s(?:\w+\s){0,2}$")
_COINS = re.compile(rf"\s{any_of(_WORDS['goods'])}\b(?!\s{any_of(_WORDS['position'])})", re.IGNORECASE)
_CONTESTED = re.compile(any_of(_WORDS["contested"]), re.IGNORECASE)
_GOVERNED = re.compile(r"\bliquidat(?:ed|ing|ion)\s(?:of\s)?(?:[a-z]+\s){0,3}$", re.IGNORECASE)
_NAMED = re.compile(r"\s(?:Bitcoin|bitcoin|BTC|Ethereum|ETH|crypto)\sliquidation\b", re.IGNORECASE)
#: How much text behind a figure says what was sold, and how it came about; how far before it a market's move counts.
_BEHIND, _REACH = 60, 220


def is_sold(figure: Figure) -> bool:
    """Tell a figure of what a holder sold from one of positions closed by force."""
    text = figure.line.text
    if figure.line.has(_SOLD) and not figure.line.has(_FORCED):
        return True
    behind = text[figure.end : figure.end + _BEHIND]
    if _HELD_OPEN.search(behind) or _FORCED.search(text, figure.end, figure.end + _REACH):
        return False
    if figure.amount.kind == "money" and _STOCK_OF.search(figure.left) and _COINS.match(behind):
        return True
    goods = figure.amount.kind == "coin" or _GOODS.match(behind)
    return bool(
        goods and _OBJECT.search(figure.left) and not _MARKET.search(text, max(0, figure.start - _REACH), figure.start)
    )


def is_legal_line(line: Line) -> bool:
    """Tell a sentence about a court, a creditor or a bankruptcy, whose liquidations are of another kind."""
    return line.has(_LAW)


def is_contested(figure: Figure) -> bool:
    """Tell a figure of what a creditor is accused of having liquidated: another's collateral, closed by force."""
    if not figure.line.has(_CONTESTED):
        return False
    return bool(_GOVERNED.search(figure.left) or _NAMED.match(figure.right))


def is_legal_story(title: Line | None) -> bool:
    """Tell a story about a case by its headline: what it tells of liquidations lies back."""
    return title is not None and _LAW_STORY.search(title.text) is not None
