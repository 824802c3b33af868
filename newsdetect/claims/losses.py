"""Which losses and positions were liquidated: a market's by force, not one trader's, a market's value or what is held.

"Wiped out", "lost" and "positions" are said of much that no exchange closed; here it is told apart by what stands
beside the figure, and by its size.
"""

from __future__ import annotations

import re

from newsdetect.claims.article import Figure
from newsdetect.claims.corpus import corpus
from newsdetect.claims.cues import LIQUIDATION, ONE_TRADER, clause, cue, is_told

_OPENED = re.compile(cue(corpus("roles")["other"]["position_size"]), re.IGNORECASE)
# "$850 million bloodbath", in so many words.
_WIPEOUT = re.compile(
    r"\s(?:(?:crypto|market|leverage|leveraged|long|short|bitcoin|liquidation)\s){0,2}(?:bloodbath|wipe-?out|flush|washout)",
    re.IGNORECASE,
)
#: More dollars than were ever liquidated in one event; larger sums wiped out are market values.
_MOST_EVER = 5e10
_CAPITAL = re.compile(
    r"\b(?:market[- ]?(?:cap|value)|capitali[sz]ation|funds\b|holders\b|reali[sz]ed\b|hack|exploit|bug\b|shares\b|banks?\b)",  # noqa: E501 -- a pattern reads best in one piece
    re.IGNORECASE,
)
_MARKET_VALUE = re.compile(
    r"\b(?:from|off|in)\s(?:the\s)?(?:\w+\s){0,3}(?:markets?|value|capitali\w+)\b|market cap", re.IGNORECASE
)
# "A long position of 9,080 ETH".
_ONE_POSITION = re.compile(r"\b(?:an?|one|his|her)\s(?:\w+\s){0,2}position\b", re.IGNORECASE)
_LEVERED = re.compile(r"\b\d+x\b")
_LOSSES = re.compile(
    r"\b(?:total losses|losses (?:hit|reach|top|exceed|total|of)\w*|lost|in (?:total )?losses|heavy losses|losses)\b",
    re.IGNORECASE,
)

# "$1 billion was liquidated, including a $200 million loss on Binance": a part of what was liquidated.
_INCLUDED = re.compile(r"\b(?:includ(?:ing|es)|with|among\sthem)\s(?:\w+\s){0,4}$", re.IGNORECASE)
_LOSS_THERE = re.compile(r"\s(?:(?:in|of)\s)?loss(?:es)?\s(?:on|at|in|for|from)\s", re.IGNORECASE)


def is_too_large(figure: Figure) -> bool:
    """Tell a sum that no event ever liquidated."""
    return figure.amount.unit == "USD" and figure.amount.value >= _MOST_EVER


def is_opened(figure: Figure) -> bool:
    """Tell the size of a position that was opened or is held."""
    return _OPENED.search(figure.left[-45:]) is not None


def is_wiped(figure: Figure, *, told: bool) -> bool:
    """Tell a sum of positions wiped out from a market's value or a trader's loss."""
    loss = figure.line.has(ONE_TRADER) and _LOSSES.search(figure.right)
    if figure.line.has(_MARKET_VALUE):
        return is_told(figure.line) and not loss and not is_too_large(figure)
    return bool((told or _WIPEOUT.match(figure.right)) and not is_too_large(figure) and not loss)


def position_rule(figure: Figure, *, told: bool, carries_on: bool) -> str | None:
    """Name the rule by which positions of this size were liquidated, or None where one was only held."""
    around = figure.left[-70:] + figure.right[:40]
    opened = is_opened(figure) or _LEVERED.search(around) is not None
    if is_too_large(figure) and not figure.line.has(LIQUIDATION):
        return None
    if told and not (opened and not LIQUIDATION.search(figure.right)):
        return "role.position" if _is_one_position(figure) else "role.positions"
    alone = figure.line.has(ONE_TRADER)
    return "role.list" if carries_on and not opened and not alone else None


def _is_one_position(figure: Figure) -> bool:
    """Tell one trader's position from the sum of many: the checks hold no market total against it."""
    line = figure.line.text
    return ONE_TRADER.search(line) is not None or _ONE_POSITION.search(line) is not None


def is_market_loss(figure: Figure) -> bool:
    """Tell losses that a market's traders took by liquidation from one trader's loss."""
    around = figure.left + " " + figure.right
    if LIQUIDATION.search(figure.left[-40:]) and figure.right.startswith(" loss"):
        return True  # "liquidation data shows a $5 million loss"
    if _INCLUDED.search(figure.left) and _LOSS_THERE.match(figure.right) and LIQUIDATION.search(figure.line.text):
        return True
    if _CAPITAL.search(clause(figure)):
        return False
    return _LOSSES.search(around) is not None and not figure.line.has(ONE_TRADER)
