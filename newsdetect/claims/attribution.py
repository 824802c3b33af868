"""Whose figure it is: the data source or person that the text names for it.

A source named in the figure's own sentence counts; then the account whose post is quoted, then what surrounds the
figure: a source named before it goes on holding, one behind it reaches back only as a caption ("Source: CoinGlass"), as
a sentence about the figures told ("That is CoinGlass's count"), or where the same source spoke before. What counters
report of today covers neither an earlier event nor a forecast a few sentences on; an article's only one covers a long
list of parts. Words are data (fixtures/corpus/attribution.toml), names are read by `sources`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from newsdetect.claims.article import Article, Figure, Line
from newsdetect.claims.corpus import any_of, any_word, corpus
from newsdetect.claims.cues import is_told
from newsdetect.claims.full_names import NAMED, full_name
from newsdetect.claims.plaintiffs import find_plaintiff
from newsdetect.claims.posts import find_poster
from newsdetect.claims.sales import is_legal_line, is_legal_story
from newsdetect.claims.sources import (
    COUNTERS,
    WATCHERS,
    find_counter,
    find_source,
    find_speaker,
    find_writer,
    is_glued,
    is_nobodys,
    source_of,
)
from newsdetect.types import Status

_WORDS = corpus("attribution")
# A chart's line under a figure.
_CAPTION = re.compile(
    r"\b(?:Source|Chart|Via|Credit|Data|Image|Screenshot|Graphic)s?\s?[:.]\s|\|\sSource|^\W*\([^()]{0,60}\)\W*$",
    re.IGNORECASE,
)
_OTHER_CHART = re.compile(any_of(_WORDS["other_chart"]), re.IGNORECASE)
_COVERS = re.compile(any_of(_WORDS["covers"]), re.IGNORECASE)
_QUOTE = tuple('“"')
_AGAIN = re.compile(any_of(_WORDS["again"]), re.IGNORECASE)
# "According to a recent report by …": what follows is from it too.
_REPORT = re.compile(rf"^According to\b[^,]{{0,60}}\b{any_word(_WORDS['papers'])}\b")
# "Longs made up most of that sum, CoinGlass says": the next sentence is of the figure just told.
_PART = re.compile(any_of(_WORDS["part"]), re.IGNORECASE)
# Only a person is called so.
_PERSON = ("he ", "she ")
#: How many sentences on a counter of liquidations still covers figures; any other observer; an earlier speaker.
_REACH, _NEAR, _SPOKEN = 8, 2, 4
#: The same by status: a forecast, and another time's figure, which a running count does not include.
_REACHES = {"asserted": _REACH, "hypothetical": 2, "historical": 1}
#: How many sentences back a caption, and a sentence about the figures told, reach.
_CAPTIONED, _COVERED = 4, 6
#: How many sentences on the article's only counter covers the parts of what it counted.
_PARTS = 24
#: From which character on a source stands at a sentence's end rather than opening it.
_LATE = 40
#: How far back a speaker's full name is looked for, in sentences.
_INTRODUCED = 40


class Sources:
    """The sources of one article's figures; `told` are the lines that hold liquidation figures."""

    def __init__(self, article: Article, told: set[int]) -> None:
        self._article = article
        self._lines = article.lines
        self._told = told
        self._found: dict[tuple[int, str], str | None] = {}
        self._legal = is_legal_story(article.title)

    def of(self, figure: Figure, status: Status) -> str | None:
        """Give the source of a figure of a known status, or None."""
        line = figure.line
        if is_nobodys(figure):
            return None
        own = source_of(figure)
        if own:
            return self._full(own, line.position)
        if status == "historical" and (self._legal or is_legal_line(line)):
            return find_plaintiff(self._article)
        return self._of_story() if line.sentence.title else self._around(figure, status)

    def _around(self, figure: Figure, status: Status) -> str | None:
        """Give the source that what surrounds a figure's sentence names for it."""
        line = figure.line
        post = find_poster(self._lines, figure)
        if post:
            return post
        if line.has(_AGAIN) or line.text[:1] in _QUOTE:
            return self._last_speaker(line.position, own=not is_glued(figure))
        near = self._before(line, status) or self._between(line) or self._behind(line)
        return near or (self._breakdown(line) if status == "asserted" else None)

    def _before(self, line: Line, status: Status) -> str | None:
        """Give the source named before a sentence that still covers it."""
        reach = _REACHES[status]
        for at in range(line.position - 1, max(-1, line.position - 1 - reach), -1):
            other = self._lines[at]
            source = self._observed(at) or (self._at(at, find_source) if other.has(_REPORT) else None)
            if not source and status != "historical" and at == line.position - 1:
                speaker = self._speaks_on(other, line)
                if speaker:
                    return speaker
            if not source or other.sentence.title or self._is_other_chart(at) or _are_items(other, line):
                continue
            writer = self._at(at, find_writer)
            told_there = is_told(other) or source in WATCHERS or other.has(_REPORT)
            if writer and source not in COUNTERS and line.position - at <= _NEAR:
                return writer
            if source in COUNTERS and line.position - at > _NEAR and not is_told(other) and other.has(_OTHER_CHART):
                continue  # of what else it counts: that covers few figures behind it
            if source in COUNTERS or (line.position - at <= _NEAR and told_there):
                return source
        return None

    def _speaks_on(self, other: Line, line: Line) -> str | None:
        """Give who is said to tell of liquidations in a sentence, where the next of its paragraph goes on with it."""
        if other.sentence.title or not _are_one(other, line) or not is_told(other):
            return None
        named = self._at(other.position, find_source)
        if named:
            return self._full(named, other.position)
        return self._last_speaker(other.position) if other.has(_AGAIN) else None

    def _between(self, line: Line) -> str | None:
        """Give the speaker who is heard both before and behind a sentence."""
        for at in range(line.position - 1, max(-1, line.position - 1 - _SPOKEN), -1):
            speaker = self._at(at, find_source)
            if speaker is None:
                continue
            for again in range(line.position + 1, min(len(self._lines), line.position + 1 + _NEAR)):
                other = self._at(again, find_source)
                if (other and other.split()[-1] in speaker.split()) or (
                    not other and self._says_again(again, line, speaker)
                ):
                    return self._full(speaker, at)
            return None
        return None

    def _says_again(self, at: int, line: Line, speaker: str) -> bool:
        """Tell whether a sentence of the same paragraph lets an unnamed speaker go on; no firm is "he" or "she"."""
        other = self._lines[at]
        again = _AGAIN.search(other.text) if _are_one(other, line) else None
        return again is not None and not (speaker in NAMED and again[0].casefold().startswith(_PERSON))

    def _breakdown(self, line: Line) -> str | None:
        """Give the article's only counter, where the parts of what it counted are told on far behind its name."""
        if self._only is None:
            return None
        before = range(line.position - 1, max(-1, line.position - 1 - _PARTS), -1)
        at = next((at for at in before if find_counter(self._lines[at])), None)
        if at is None or self._lines[at].sentence.title or not is_told(self._lines[at]) or self._is_other_chart(at):
            return None
        return self._only if any(position in self._told for position in range(at + 1, line.position)) else None

    @cached_property
    def _only(self) -> str | None:
        """The one counter of liquidations that the article names."""
        counters = {each.value for line in self._lines for each in line.observers if each.value in COUNTERS}
        return counters.pop() if len(counters) == 1 else None

    def _behind(self, line: Line) -> str | None:
        """Give the source that a caption, or a sentence about the figures just told, names for them."""
        for at in range(line.position + 1, min(len(self._lines), line.position + 1 + _COVERED)):
            other, far = self._lines[at], at - line.position
            if other.has(_CAPTION):
                if far > _CAPTIONED or self._is_other_chart(at):
                    return None
                named = self._at(at, find_source) if far == 1 or is_told(other) else None
                return self._observed(at) or named
            source = self._observed(at)
            if source and (other.has(_COVERS) or (far == 1 and self._goes_on(line, other))):
                return source
        return None

    def _goes_on(self, line: Line, other: Line) -> bool:
        """Tell whether the next sentence goes on about the same figures and names its counter only at its end."""
        if other.sentence.paragraph != line.sentence.paragraph:
            return False
        counters = [each for each in other.observers if each.value in COUNTERS]
        if counters and other.has(_PART):
            return True
        return is_told(other) and any(each.start > _LATE for each in counters)

    def _of_story(self) -> str | None:
        """Give the one counter of liquidations that a story's figures are attributed to, for its headline."""
        near = {at + step for at in self._told for step in (-1, 0, 1)}
        if max(self._told, default=0) == 0:
            near |= {2, 3}  # a body without figures: whom it opens with
        counters = {
            mention.value
            for at in near
            if 0 <= at < len(self._lines)
            for mention in self._lines[at].observers
            if mention.value in COUNTERS
        }
        return counters.pop() if len(counters) == 1 else None

    def _last_speaker(self, position: int, *, own: bool = True) -> str | None:
        """Give the speaker before a sentence that only says "he said" or "the report", or its `own` expert."""
        named = self._at(position, find_speaker) if own else None
        if named:
            return named
        for at in range(position - 1, max(-1, position - 1 - _SPOKEN), -1):
            speaker = self._at(at, find_speaker)
            if speaker:
                return self._full(speaker, at)
        return None

    def _full(self, name: str, position: int) -> str:
        """Give the full name of a person who was introduced by it up to a sentence."""
        return full_name(name, self._lines[max(0, position - _INTRODUCED) : position + 1])

    def _is_other_chart(self, at: int) -> bool:
        """Tell whether a sentence is the caption of a chart that shows something else."""
        line = self._lines[at]
        if not line.has(_CAPTION) or is_told(line):
            return False
        caption = _CAPTION.search(line.text)
        before = line.text[: caption.start()] if caption and caption.start() > 3 else self._lines[max(0, at - 1)].text
        return _OTHER_CHART.search(before[-90:]) is not None

    def _observed(self, at: int) -> str | None:
        """Give the known observer a sentence names, a counter first; an "X said" covers no neighbours."""
        observers = self._lines[at].observers
        return find_counter(self._lines[at]) or (observers[0].value if observers else None)

    def _at(self, at: int, find: Callable[[Line], str | None]) -> str | None:
        """Look for a sentence's source once, however many figures ask."""
        key = (at, find.__name__)
        if key not in self._found:
            self._found[key] = find(self._lines[at])
        return self._found[key]


def _are_one(first: Line, second: Line) -> bool:
    """Tell whether two sentences stand in one paragraph."""
    return first.sentence.paragraph == second.sentence.paragraph


def _are_items(first: Line, second: Line) -> bool:
    """Tell whether two sentences are items of one list, not next to each other: each has its own source."""
    far = second.sentence.paragraph - first.sentence.paragraph > 1
    return first.sentence.bullet and second.sentence.bullet and far
