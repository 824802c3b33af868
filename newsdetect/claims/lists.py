"""Figures that carry a story's liquidations on without the word: rows, parts, sums and later readings.

"Ether followed with $116 million", "Total: $311 million", "It stood at $302 million at noon" say nothing of closing;
that a liquidation figure or a heading of liquidations stands shortly before does. Each form here is one way of going
on; their words are data (roles.toml). What speaks of other money has been sorted out before (`roles`).
"""

from __future__ import annotations

import re

from newsdetect.claims.article import Figure
from newsdetect.claims.corpus import any_of, corpus
from newsdetect.claims.cues import cue
from newsdetect.claims.entities import Mention
from newsdetect.claims.sources import find_counter
from newsdetect.claims.timeframes import LENGTHS

_WORDS = corpus("roles")
_CONTINUATION = re.compile(cue(_WORDS["continuation"]), re.IGNORECASE)
_HEDGE = r"(?:\s(?:about|around|over|nearly|almost|roughly|some|just|more|than|at|least|under|up|to|only|a|an|now|even|still|already|further)\b){0,3}"  # noqa: E501 -- a pattern reads best in one piece
# A row: its name right before the figure, "Gate ($73 million)", "Ripple (XRP) $16 million", "ether traders $9 million".
_ROW = re.compile(
    r"\)?(?:['’]s?)?(?:\s(?:traders|longs|shorts|positions|contracts|futures|holders|alone|positions alone|share|part|portion|only))?"  # noqa: E501 -- a pattern reads best in one piece
    rf"\s?[:=–—,-]?{_HEDGE}\s?\(?[~≈>]?",
    re.IGNORECASE,
)
_TOTAL = any_of(_WORDS["total"])
_TOTAL_ROW = re.compile(rf"(?:^|[\s(“\"-]){_TOTAL}(?:\s\w+){{0,3}}\s?[:=–—,]?{_HEDGE}\s?\(?[~≈>]?$", re.IGNORECASE)
# The total said once more: "in the past hour the figure was $12 million", "it is now $1.6 billion".
_AGAIN = re.compile(any_of(_WORDS["continuation_total"]), re.IGNORECASE)
_PRONOUN = re.compile(
    rf"\b(?:it|that|this|they|these)(?:['’]s|\s(?:is|was|are|were|has been|had been|stands?|stood|has risen|had risen|rose|grew|had grown|had peaked|had gone))\b(?:\s(?:now|at|to|for|of))?{_HEDGE}\s$",  # noqa: E501 -- a pattern reads best in one piece
    re.IGNORECASE,
)
# What a figure is a part of: "of it", "of the longs", "of which".
_PART_BEFORE = re.compile(
    r"\b(?:[Oo]f|[Aa]mong|[Oo]ut of) (?:it|this|that|these|those|which|them|the (?:total|sum|figure|longs|shorts|former|latter))\b[^$]{0,40}$"  # noqa: E501 -- a pattern reads best in one piece
)
_PART_BEHIND = re.compile(
    r"(?:-?\+|-plus)?\s(?:worth\s)?of (?:it|this|that|these|those|which|them|the (?:total|sum|figure|longs|shorts|former|latter|day|week)\b)"  # noqa: E501 -- a pattern reads best in one piece
)
# A label or a clock time and nothing else before the figure: "Ether in particular: $291 million", "08:00, $1.98 billion".  # noqa: E501 -- a pattern reads best in one piece
_LABEL = re.compile(rf"(?:^|[.;(]\s?|\bUTC\s?—\s)[^.;:$]{{1,44}}(?:\d\d:\d\d)?:{_HEDGE}\s?$")
_CLOCK = re.compile(rf"\b\d\d:\d\d(?:\s(?:UTC|GMT|ET))?\s?[:,–—-]?{_HEDGE}\s?$")
_HOURS = re.compile(
    rf"^\W*(?:[A-Za-z]+\s){{0,2}}(?:\d{{1,2}}|one|two|four|six|eight|twelve|twenty-four)[\s-]?(?:h|hrs?|hours?|min|minutes|days?)\s?[:=–—,-]?{_HEDGE}\s?$",
    re.IGNORECASE,
)
# "$203 million short", "$119.8M longs", "$98 million of it on the short side"; "a $230 million long" is one position.
_SIDED = re.compile(
    r"(?:-?\+|-plus)?\s(?:(?:was|were|is|are|on the|in|for|from)\s){0,2}(?:longs?|shorts?)\b(?!-term| term)",
    re.IGNORECASE,
)
_ONE = re.compile(r"(?:\b(?:an?|his|her|its|their|new|another|the|this)|['’]s)\s(?:\S+\s){0,2}$", re.IGNORECASE)
# "$428M in BTC", "$39 million of ether".
_OF_NAME = re.compile(r"(?:-?\+|-plus)?\s(?:worth\s)?(?:in|of|for|from|on)\s(?:the\s)?")
#: A time that lasts, said within so many characters behind the figure, counts it over again.
_NEAR = 14
# Between a time and its figure.
_DATED = re.compile(
    rf"(?:,?\s(?:alone|it|they|with|was|were|is|had|saw|seen|brought|ended|closed|came|in|full|contributed|accounts?|accounted|add(?:s|ed)|stood|of|responsible|followed)\b){{0,4}}(?:\s(?:at|to|for|with|out))?\s?[:(,–—-]?{_HEDGE}\s?",
    re.IGNORECASE,
)
_LASTING = LENGTHS | {"time.rate"}


def goes_on(figure: Figure, last: Figure) -> bool:
    """Tell whether a figure without a cue of its own is a part in the list that `last` stands in."""
    if last.line is figure.line or is_listed(figure) or is_again(figure) or _is_dated(figure):
        return True
    if _PART_BEFORE.search(figure.left) or _PART_BEHIND.match(figure.right):
        return True
    if figure.line.position - last.line.position <= 1 and _PRONOUN.search(figure.left):
        return True
    if _names_begin(figure):
        return True
    return bool(_named(figure)) and _CONTINUATION.search(figure.left + " " + figure.right) is not None


def is_again(figure: Figure) -> bool:
    """Tell a total that is told once more, or by one who counts them: "CoinGlass shows $334 million over 24 hours"."""
    if _AGAIN.search(figure.left):
        return True
    return find_counter(figure.line) is not None and any(time.rule in _LASTING for time in figure.line.times)


def _is_dated(figure: Figure) -> bool:
    """Tell a figure of another day or hour: "March 9 had $302 million", "Thursday was $2.7 billion"."""
    before = [each for each in figure.line.times if figure.low <= each.start and each.end <= figure.start]
    return any(_DATED.fullmatch(figure.line.text, each.end, figure.start) for each in before)


def is_listed(figure: Figure) -> bool:
    """Tell a row, whose figure stands right at a name, a side, a sum or a time."""
    line = figure.line
    if any(each.end <= figure.start and _ROW.fullmatch(line.text, each.end, figure.start) for each in _named(figure)):
        return True
    if any(form.search(figure.left) for form in (_TOTAL_ROW, _LABEL, _CLOCK, _HOURS)):
        return True
    sided = _SIDED.match(figure.right) is not None and not _ONE.search(figure.left)
    return sided or _is_timed(figure)


def _named(figure: Figure) -> list[Mention]:
    """Give the sides, coins and venues named in a figure's own part of the sentence."""
    line = figure.line
    return [each for each in (*line.sides, *line.assets, *line.venues) if figure.low <= each.start < figure.high]


def _names_begin(figure: Figure) -> bool:
    """Tell whether a figure is said to be `of` or `in` a name right behind it: "$428M in BTC"."""
    behind = _OF_NAME.match(figure.right)
    return behind is not None and any(each.start == figure.end + behind.end() for each in _named(figure))


def _is_timed(figure: Figure) -> bool:
    """Tell a figure that a lasting time stands right beside: "4h: $61 million", "$616 million over 24 hours"."""
    for time in figure.line.times:
        if time.rule not in _LASTING:
            continue
        if figure.end <= time.start <= figure.end + _NEAR:
            return True
        if figure.low <= time.end <= figure.start and _ROW.fullmatch(figure.line.text, time.end, figure.start):
            return True
    return False
