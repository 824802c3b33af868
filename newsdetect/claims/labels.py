"""Labels: a name that stands right in front of its figure, as in "Longs $98M, Shorts $219M" or "BTC: $41M / ETH: $36M".

A label belongs to the figure behind it, wherever the cut between two figures fell. One that touches the figure before
it as well ("$98M longs $219M shorts") is that one's, unless that figure has a label of its own already.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from newsdetect.claims.article import Figure
from newsdetect.claims.entities import Mention

# Between a label and its figure.
_GAP = re.compile(r"\)?(?:['’]s)?\s?(?:[:=|–—-]|at\b|worth\b|for\b|→)?\s?\(?[~≈>]?")
# Between a figure and the name of what it is, behind it.
_BEHIND = re.compile(r"\s?(?:in\s|of\s)?(?:the\s)?")
#: Figures looked through for the next or last sum.
_FEW = 4


def label_of(figure: Figure, mentions: Sequence[Mention]) -> Mention | None:
    """Give the name that labels a figure, among the mentions near it."""
    name = _touching(figure, mentions)
    last = sum_before(figure) if name is not None else None
    if name is None or last is None or not _BEHIND.fullmatch(figure.line.text, last.end, name.start):
        return name
    return name if _touching(last, mentions) is not None else None


def labels_next(figure: Figure, mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Tell a name behind a figure that labels the next one."""
    if mention.start < figure.end:
        return False
    after = _sum_behind(figure)
    return after is not None and mention.end <= after.start and label_of(after, mentions) == mention


def _touching(figure: Figure, mentions: Sequence[Mention]) -> Mention | None:
    """Give the last name before a figure, if it touches it."""
    before = [each for each in mentions if each.end <= figure.start]
    if not before or not _GAP.fullmatch(figure.line.text, before[-1].end, figure.start):
        return None
    return before[-1]


def sum_before(figure: Figure) -> Figure | None:
    """Give the amount of money or coins last before a figure, plain numbers left out."""
    figures = figure.line.figures
    at = bisect_left(figures, figure.start, key=lambda each: each.start)
    return next((each for each in reversed(figures[max(0, at - _FEW) : at]) if _is_sum(each)), None)


def _sum_behind(figure: Figure) -> Figure | None:
    figures = figure.line.figures
    at = bisect_left(figures, figure.end, key=lambda each: each.start)
    return next((each for each in figures[at : at + _FEW] if _is_sum(each)), None)


def _is_sum(figure: Figure) -> bool:
    return figure.amount.kind != "bare"
