"""Whose figure it is: the data source or person that the text names for it.

A source named in the figure's own sentence counts, then one named in its paragraph or next to it ("Source: CoinGlass").
Known observers are a gazetteer (fixtures/corpus/entities.toml); others are read from "according to X" and "X said".
"""

from __future__ import annotations

import re

from newsdetect.claims.article import Article, Line
from newsdetect.claims.corpus import any_of, any_word, corpus
from newsdetect.claims.cues import is_told
from newsdetect.claims.entities import VENUES

_WORDS = corpus("attribution")
_NAME = r"(?P<name>[A-Z][\w.&’'-]*(?:\s(?:[A-Z][\w.&-]*|of|the(?=\s[A-Z]))){0,3})"
_ACCORDING = re.compile(
    rf"\b(?:[Aa]ccording to|[Dd]ata (?:from|by|provided by|compiled by|shared by)|[Aa]s per|[Pp]er|[Cc]iting|[Ss]ources?:)\s(?:(?:the|recent|data|latest|figures|statistics|from|on-chain|onchain|information|by|analytics|analyst|platform|firm|trader|on|provider|market|crypto|derivatives|blockchain|tracker|monitoring|a|report|new)[\s,]){{0,6}}{_NAME}"  # noqa: E501 -- a pattern reads best in one piece
)
_SAYS = re.compile(
    rf"{_NAME}(?:(?:(?<=['’]s)|['’]s?)?\s(?:data|figures|statistics|stats|numbers)|(?<!['’]s))\s{any_of(_WORDS['says'])}\b"
)
# "…,” said Jane Example, head of research": the speaker behind the words.
_SAID = re.compile(rf"[,.]?[\"”’']\s(?:said|says|wrote|noted|explained|added|stated)\s(?:analyst\s|trader\s)?{_NAME}")
_COUNTERS = frozenset(corpus("entities")["liquidation_data"]["names"])
_WATCHERS = frozenset(corpus("entities")["liquidation_data"]["watchers"])
_NEVER = re.compile(rf"^(?:{any_word(_WORDS['never'])})(?:\W|$)", re.IGNORECASE)
_TITLES = re.compile(
    r"^(?:(?:Crypto|Market|On-chain|Onchain|Senior|Lead|Chief)\s)*(?:Analysts?|Trader|Researcher|Economist|Strategist)\s"
)
# A chart's line under a figure.
_CAPTION = re.compile(r"\b(?:Source|Chart|Via|Credit)s?\s?:|\|\sSource", re.IGNORECASE)
#: How many sentences on a counter of liquidations still covers figures; how near any other, or a caption, must stand.
_REACH, _NEAR = 8, 2


def find_source(line: Line) -> str | None:
    """Give the source a sentence names, or None."""
    if line.observers:
        names = [mention.value for mention in line.observers]
        return next((name for name in names if name in _COUNTERS), names[0])
    for pattern in (_ACCORDING, _SAID, _SAYS):
        hit = pattern.search(line.text)
        if hit is not None:
            name = _TITLES.sub("", re.sub(r"(?:['’]s|\.|,)+$|\s+(?:data|Data|of|the)$", "", hit["name"]))
            if name and not _NEVER.match(name) and not (pattern is _SAYS and name in VENUES):
                return name
    return None


def attribute(article: Article, position: int, told: set[int]) -> str | None:
    """Give the source of a figure in line `position`; `told` are the lines that hold liquidation figures.

    A source covers its own sentence and what follows it: the rest of its paragraph, then the figures of the paragraphs
    behind it, for as long as nobody else is named. Back it reaches only as a chart's caption ("Source: CoinGlass"), or
    over the headline.
    """
    lines = article.lines
    own = find_source(lines[position])
    if own:
        return own
    if lines[position].sentence.title:
        return _of_story(article, told)
    for at in range(position - 1, max(-1, position - 1 - _REACH), -1):
        source = _observer(lines[at])
        if not source or lines[at].sentence.title:
            continue
        told_there = is_told(lines[at]) or source in _WATCHERS
        if source in _COUNTERS or (position - at <= _NEAR and told_there):
            return source
    for at in range(position + 1, min(len(lines), position + 1 + _NEAR)):
        if _CAPTION.search(lines[at].text):
            return _observer(lines[at])
    return None


def _of_story(article: Article, told: set[int]) -> str | None:
    """Give the one counter of liquidations that a story's figures are attributed to, for its headline."""
    near = {at + step for at in told for step in (-1, 0, 1)}
    counters = {
        mention.value
        for at in near
        if 0 <= at < len(article.lines)
        for mention in article.lines[at].observers
        if mention.value in _COUNTERS
    }
    return counters.pop() if len(counters) == 1 else None


def _observer(line: Line) -> str | None:
    """Give the known observer a sentence names; a passing "X said" does not cover its neighbours."""
    return line.observers[0].value if line.observers else None
