"""Sums told without a word of liquidation: what a side lost, a row of a table, a count for so many hours.

"Longs lost $120 million", "BTC: $58 million, ETH: $49 million", "$745 million in the past day": each is a claim only
where the story around it speaks of forced closing, the first also on its own. Which words a row or a loss is told in
is data (roles.toml).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from newsdetect.claims.article import Figure, Line
from newsdetect.claims.corpus import any_of, corpus
from newsdetect.claims.cues import ONE_TRADER, OTHER_STORY, cue
from newsdetect.claims.entities import Mention

_WORDS = corpus("roles")
_LOST = re.compile(
    rf"(?:\s(?!and\b|caus|forc)(?-i:[a-z,-]+|in [A-Z]\w+)){{0,5}}?\s"
    rf"{any_of(_WORDS['side_lost'])}\s(?:[a-z-]+\s){{0,4}}$",
    re.IGNORECASE,
)
_COST = re.compile(r"\bcost(?:s|ing)?\s(?:[a-z-]+\s){0,3}$", re.IGNORECASE)
_COSTED = re.compile(r"(?:\s[\w-]+){0,4}\s", re.IGNORECASE)
# Who bets against a share loses on paper.
_NO_TOTAL = re.compile(cue(_WORDS["no_total"]), re.IGNORECASE)
_HELD = re.compile(cue([*_WORDS["other"]["position_size"], *_WORDS["held"], "[0-9]+x"]) + r"\b", re.IGNORECASE)
_ON_PAPER = re.compile(cue(_WORDS["on_paper"]), re.IGNORECASE)
#: How far before its figure, in characters, a side is looked for, and how many of them.
_REACH, _MOST = 110, 6
# A name right before its figure, "Gate ($73 million)", "ETH led with $2 million", "longs worth $5 million".
_ROW = re.compile(
    r"[)\"”]?(?:['’]s?)?(?:\s(?:traders|longs|shorts|positions|contracts|futures|perpetuals|holders|pairs|orders|ones|bets|share))?"
    r"\s?[:=–—,-]?\s?(?:(?:at|with|for|of|worth|about|around|nearly|over|roughly|some|only|just)\s){0,2}\(?[~≈]?(?:US)?",
    re.IGNORECASE,
)
# A side right behind its figure: "$794 million longs", "$1.6 billion of it long".
_SIDE_BEHIND = re.compile(
    r"\+?\s(?:(?:of|it|them|in|for|was|were|being|crypto|bitcoin|ether|BTC|ETH)\s){0,3}", re.IGNORECASE
)


def is_side_loss(figure: Figure) -> bool:
    """Tell what one side of the market lost: "bears paid $119 million", "which cost longs $54 million"."""
    if figure.line.has(_ON_PAPER) or figure.line.has(ONE_TRADER):
        return False
    text = figure.line.text
    sides = figure.line.sides
    since = bisect_left([each.start for each in sides], max(figure.low, figure.start - _REACH))
    for side in sides[since : since + _MOST]:
        if side.end > figure.start:
            break
        if _LOST.fullmatch(text, side.end, figure.start):
            return True
        if _COST.search(text, figure.low, side.start) and _COSTED.fullmatch(text, side.end, figure.start):
            return True
    return False


def is_row(figure: Figure) -> bool:
    """Tell a figure with its side, or with its coin or venue in a list of such, from other money."""
    line = figure.line
    if not figure.amount.scaled or any(line.has(each) for each in (OTHER_STORY, ONE_TRADER, _HELD)):
        return False
    sides, names = _rows(line)
    return figure.start in sides or (figure.start in names and len(names) > 1)


@lru_cache(maxsize=4)
def _rows(line: Line) -> tuple[frozenset[int], frozenset[int]]:
    """Find where the figures start that stand beside a side, and those that stand behind a coin or venue."""
    figures = [each for each in line.figures if each.amount.scaled]
    before = _beside(line.sides, figures) | {
        figure.start
        for figure in figures
        for side in _first(line.sides, figure.end)
        if _SIDE_BEHIND.fullmatch(line.text, figure.end, side.start)
    }
    return frozenset(before), frozenset(_beside(line.assets, figures) | _beside(line.venues, figures))


def _beside(names: list[Mention], figures: list[Figure]) -> set[int]:
    """Give where the figures start that stand right behind one of the names."""
    starts = [each.start for each in names]
    found: set[int] = set()
    for figure in figures:
        at = bisect_left(starts, figure.start) - 1
        if at >= 0 and _ROW.fullmatch(figure.line.text, names[at].end, figure.start):
            found.add(figure.start)
    return found


def _first(names: list[Mention], since: int) -> list[Mention]:
    """Give the first of the names from a place on, if there is one."""
    at = bisect_left([each.start for each in names], since)
    return names[at : at + 1]


def is_timed_total(figure: Figure) -> bool:
    """Tell a sum for so many hours, or one that a counter of liquidations gives."""
    line = figure.line
    if not figure.amount.scaled or any(line.has(each) for each in (OTHER_STORY, ONE_TRADER, _NO_TOTAL)):
        return False
    return any(
        time.window is not None and time.window.hours is not None
        for time in line.times[bisect_left([each.start for each in line.times], figure.low) :][:_MOST]
        if time.start < figure.high
    )
