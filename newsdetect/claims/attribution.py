"""Whose figure it is: the data source or person that the text names for it.

A source named in the figure's own sentence counts, then one named in its paragraph or next to it ("Source: CoinGlass").
Known observers are a gazetteer (fixtures/corpus/entities.toml); others are read from "according to X" and "X said".
"""

from __future__ import annotations

import re

from newsdetect.claims.article import Article, Line
from newsdetect.claims.corpus import any_word, corpus
from newsdetect.claims.entities import VENUES

_NAME = r"(?P<name>[A-Z][\w.&’'-]*(?:\s(?:[A-Z][\w.&-]*|of|the(?=\s[A-Z]))){0,3})"
_ACCORDING = re.compile(
    rf"\b(?:[Aa]ccording to|[Dd]ata (?:from|by|provided by|compiled by|shared by)|[Aa]s per|[Pp]er|[Cc]iting|[Ss]ources?:)\s(?:(?:the|recent|data|latest|figures|statistics|from|on-chain|onchain|information|by|analytics|analyst|platform|firm|trader|on|provider|market|crypto|derivatives|blockchain|tracker|monitoring|a|report|new)[\s,]){{0,6}}{_NAME}"
)
_SAYS = re.compile(
    rf"{_NAME}(?:(?:['’]s)?\s(?:data|figures|statistics|stats|numbers))?\s(?:show(?:s|ed)|reveal(?:s|ed)|indicat(?:es|ed)|report(?:s|ed)|suggest(?:s|ed))\b"
)
_COUNTERS = frozenset(corpus("entities")["liquidation_data"]["names"])
_NEVER = re.compile(rf"^(?:{any_word(corpus('attribution')['never'])})(?:\W|$)", re.IGNORECASE)


def find_source(line: Line) -> str | None:
    """Give the source a sentence names, or None."""
    if line.observers:
        return line.observers[0].value
    for pattern in (_ACCORDING, _SAYS):
        hit = pattern.search(line.text)
        if hit is not None:
            name = re.sub(r"(?:['’]s|\.|,)+$|\s+(?:data|Data|of|the)$", "", hit["name"])
            if name and not _NEVER.match(name) and not (pattern is _SAYS and name in VENUES):
                return name
    return None


def attribute(article: Article, position: int, told: set[int]) -> str | None:
    """Give the source of a figure in line `position`; `told` are the lines that hold liquidation figures.

    A source covers its own sentence, then the figures of its paragraph, then a neighbouring sentence that has none.
    """
    lines = article.lines
    own = find_source(lines[position])
    if own:
        return own
    paragraph = lines[position].sentence.paragraph
    near = [at for step in (1, 2, 3) for at in (position - step, position + step) if 0 <= at < len(lines)]
    for at in near:
        if lines[at].sentence.paragraph == paragraph and (at in told or abs(at - position) == 1):
            source = _observer(lines[at])
            if source:
                return source
    for at in (position - 1, position + 1):
        if 0 <= at < len(lines) and not lines[at].sentence.title:
            source = _observer(lines[at])
            if source and not lines[position].sentence.title:
                return source
    return _of_story(article, told)


def _of_story(article: Article, told: set[int]) -> str | None:
    """Give the one counter of liquidations that a story's other figures are attributed to."""
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
