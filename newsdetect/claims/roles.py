"""What a figure is a figure of: liquidations, the largest order, a count of traders, or none of these.

The nearest cue inside the figure's own territory decides ("$8.8 billion of open interest" is none, "liquidations
totaling $539 million" is one). Where no cue stands there, the sentence's own talk of liquidation does, and after that
the list that the sentence carries on ("Ethereum followed with $116 million"). Cues are data (roles.toml).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsdetect.claims.article import Figure
from newsdetect.claims.corpus import any_of, corpus
from newsdetect.claims.cues import (
    LIQUIDATION,
    OTHER_STORY,
    POSITION,
    WIPE,
    clause,
    is_told,
    moved_before,
    nearest_cue,
)
from newsdetect.claims.largest import is_largest
from newsdetect.claims.lists import goes_on, is_again, is_listed
from newsdetect.claims.losses import is_market_loss, is_opened, is_too_large, is_wiped, position_rule
from newsdetect.claims.quantities import are_coins_liquidated, carries_coins_on, is_count, is_worth
from newsdetect.claims.sales import is_contested, is_legal_line, is_sold
from newsdetect.claims.terse import is_row, is_side_loss, is_timed_total
from newsdetect.types import Metric

_WORDS = corpus("roles")
_NO_FIGURE = re.compile(any_of(_WORDS["no_figure"]), re.IGNORECASE)
# "$342 million more than shorts", "$2 billion above the day before": a difference.
_DIFFERENCE = re.compile(
    r"\s(?:(?:more|less|fewer|higher|lower)\sthan|(?:above|below)\s(?:the\s(?:day|week|month|year)|yesterday))\b",
    re.IGNORECASE,
)
#: How many times the figure before it a list's next one may be.
_LARGEST_STEP = 50
# A link to another story, glued into the text.
_ELSEWHERE = re.compile(
    r"\b(?:Related(?: Reading)?|Read (?:more|also)|See also|Also read|You might also like|More)\s?:"
)
_DIRECT = re.compile(
    r"\+?\s(?:(?:worth\s)?(?:of|in)\s(?:\w+\s){0,4}(?:liquidat|longs?\b|shorts?\b)|(?:(?:was|were|got|been|being)\s)?liquidat)",
    re.IGNORECASE,
)
# "$8 million worth of ether collateral was liquidated": said outright, whatever else the words behind it name.
_PASSIVE = re.compile(
    r"(?:-?\+|-plus)?\s(?:(?:worth\s)?(?:of|in)\s(?:(?!and\b)[\w-]+\s){0,4})?"
    r"(?:(?:was|were|got|been|being|be|gets|get)\s(?:\w+\s)?liquidated\b"
    r"|(?:(?:is|are|was|were|now)\s)?(?:at|in|near|on|facing|faces?)\s(?:\w+\s){0,2}(?:of|from|for|to)\s(?:\w+\s)?liquidat(?:ion|ions|ed)\b)",
    re.IGNORECASE,
)
_DIRECT_BEFORE = re.compile(r"liquidat\w+\s(?:of|worth|totall?ing|totall?ed|for)\s(?:\w+\s){0,2}$", re.IGNORECASE)
# What lenders close: "$51 million in collateral got liquidated", "$430 million in loans unwound".
_LOANS = re.compile(
    r"\+?\s(?:worth\s)?(?:of|in)\s(?:(?!and\b)[\w-]+\s){0,3}?(?:collateral|loans?|debt|vaults)\s(?:(?:was|were|got|has\sbeen|have\sbeen|being|are|is)\s)?"
    r"(?:liquidated|auctioned|seized|unwound|wiped|closed\sby\sforce)",
    re.IGNORECASE,
)
# "$79 billion in futures open interest": what the figure is of stands right behind it.
_OF_OTHER = re.compile(
    r"\+?\s(?:worth\s)?(?:of|in)\s(?:(?!liquidat|longs?\b|shorts?\b)\w+\s){0,3}?(?:open interest|OI\b|(?:trading )?volumes?\b|inflows?\b|outflows?\b|market cap)",  # noqa: E501 -- a pattern reads best in one piece
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Role:
    """What a figure is of, and the rule that said so."""

    metric: Metric
    rule: str


def find_role(  # noqa: PLR0911 -- one return a kind of figure
    figure: Figure, *, last: Figure | None, near: bool = False, opened: bool = False
) -> Role | None:
    """Say what a figure is.

    `last`: the liquidation figure shortly before it; `near`: forced closing is told around it; `opened`: by a heading.
    """
    kind = figure.amount.kind
    if is_legal_line(figure.line):
        return Role("liquidations", "role.contested") if _is_sum(figure) and is_contested(figure) else None
    if is_sold(figure) or _NO_FIGURE.search(figure.left) or _DIFFERENCE.match(figure.right):
        return None
    told = is_told(figure.line)
    if kind == "count" or (kind == "bare" and not figure.amount.scaled):
        return Role("traders_liquidated", "role.count") if is_count(figure, last=last, told=told) else None
    if kind == "coin":
        taken = are_coins_liquidated(figure, carries_on=last is not None) or (
            last is not None and carries_coins_on(figure, last)
        )
        return Role("liquidations", "role.coin") if taken else None
    if last is not None and last.amount.kind == "coin" and last.line is figure.line and is_worth(figure, last):
        return Role("liquidations", "role.worth")
    if _is_price(figure) or _is_mere_worth(figure, last=last) or (kind == "bare" and not _DIRECT.match(figure.right)):
        return None
    if (told or last is not None or figure.line.has(WIPE)) and is_largest(figure):
        return Role("largest_liquidation", "role.largest")
    if _LOANS.match(figure.right):
        return Role("liquidations", "role.loans")
    rule = _liquidation(figure, told=told, last=last, opened=opened) or _terse(figure, near=near)
    return Role("liquidations", rule) if rule else None


def _is_sum(figure: Figure) -> bool:
    """Tell an amount of money or coins from prices and counts."""
    return figure.amount.kind == "coin" or (figure.amount.kind == "money" and figure.amount.scaled)


def _is_price(figure: Figure) -> bool:
    """Tell a price from a sum: prices are written without million or billion, and seldom said to be liquidated."""
    if figure.amount.scaled:
        return False
    return not (_DIRECT.match(figure.right) or _DIRECT_BEFORE.search(figure.left))


def _is_mere_worth(figure: Figure, *, last: Figure | None) -> bool:
    """Tell the dollar worth of a coin amount that is no claim itself ("80,000 ETH worth $168 million")."""
    coins = [other for other in figure.line.figures if other.amount.kind == "coin" and other.end <= figure.start]
    if not coins or (last is not None and last.amount is coins[-1].amount):
        return False
    listed = last is not None and figure.line.has(POSITION) and not moved_before(coins[-1])
    return is_worth(figure, coins[-1]) and not listed


def _may_follow(figure: Figure, last: Figure) -> bool:
    """Tell whether a figure can be of the list that `last` stands in: no other story's, and of a like size."""
    return _may_open(figure) and figure.amount.value < _LARGEST_STEP * last.amount.value


def _may_open(figure: Figure) -> bool:
    """Tell whether a figure can be of a list of liquidations at all."""
    if OTHER_STORY.search(clause(figure)) or _ELSEWHERE.search(figure.left) or moved_before(figure):
        return False
    return not is_too_large(figure) and not is_opened(figure)


def _liquidation(figure: Figure, *, told: bool, last: Figure | None, opened: bool) -> str | None:  # noqa: PLR0911 -- one return a class of cue
    """Name the rule by which a sum is one of liquidations, or None."""
    if _OF_OTHER.match(figure.right):
        return None
    name = nearest_cue(figure)
    if name == "liquidation" or (told and _PASSIVE.match(figure.right)):
        return "role.liquidation"
    if name is None and told and figure.line.has(LIQUIDATION):
        return None if moved_before(figure) else "role.sentence"
    carries_on = last is not None and _may_follow(figure, last)
    heads = opened and last is None and _may_open(figure) and (is_listed(figure) or is_again(figure))
    if name == "level":
        return "role.level" if figure.amount.scaled else None
    if name == "wipe":
        return "role.wipe" if is_wiped(figure, told=told or carries_on) else None
    if name == "position":
        return position_rule(figure, told=told, carries_on=carries_on or heads)
    if name == "result":
        return "role.losses" if (told or carries_on) and is_market_loss(figure) else None
    if name is not None:
        return None
    if heads:
        return "role.heading"
    return "role.list" if last is not None and carries_on and goes_on(figure, last) else None


def _terse(figure: Figure, *, near: bool) -> str | None:
    """Name the rule by which a sum without a word of liquidation is one of it, or None."""
    if is_too_large(figure) or moved_before(figure):
        return None
    name = nearest_cue(figure)
    if is_side_loss(figure) and name in ("result", "position", "wipe", None):
        return "role.side"
    if near and name in ("position", None):
        if is_row(figure):
            return "role.row"
        if name is None and is_timed_total(figure):
            return "role.timed"
    return None
