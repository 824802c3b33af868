"""Sentences with their offsets: the unit in which an article says what belongs together.

The headline is one sentence; the text is cut at line ends and behind closing punctuation. A hard-wrapped line, one that
stops without punctuation before a line that goes on in lower case, is joined to its successor. Plain regular
expressions rather than spaCy's sentencizer: its tokenizer peels prefixes off a token one by one and so needs time
quadratic in the length of an unbroken run (a megabyte of "$" never ends), and its vocabulary grows with every text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: A longer stretch without an end is cut, so that whatever is done per sentence stays linear in the text.
_LONGEST = 1500

_LINE = re.compile(r"[^\n]+")
# Closing punctuation, a closing quote or bracket, then space and something that can open a sentence.
_END = re.compile(r"[.!?。…][\"'”’)\]]{0,2}(?=\s+[\"'“‘(\[#$€£]?\s?[A-Z0-9À-ÖØ-Þ가-힣一-鿿@$€£~])")
# Headlines glued to a body without a space ("…since 2021.Bitcoin's rally").
_GLUED = re.compile(r"(?<=[a-z0-9%)][.!?])(?=[A-Z][a-z]{2,})")
# A quoted post's stamp, and a syndicator's notice glued to the text it announces.
_STAMP = re.compile(
    r"\(@\w{1,20}\)\s\w{3,9}\s\d{1,2},\s20\d\d(?=\s)"
    r"|appeared first on (?:[A-Z][\w.]{1,20}\s){1,3}?(?=(?:The|A|An|In|As|On|It|This|More|Over|After|Bitcoin|Crypto|Ethereum)\s)"  # noqa: E501 -- a pattern reads best in one piece
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:U\.S|U\.K|E\.U|Mr|Mrs|Ms|Dr|Jr|Sr|St|vs|No|Inc|Corp|Ltd|Co|approx|est|ca"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mio|Mrd|[ap]\.m)|\b[A-Z])\.$"
)
_BULLET = re.compile(r"\s*(?:[-*•·]\s|\d{1,2}[.)]\s)")
_TERMINAL = tuple(".!?:;。…”\"'’)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `[start, end)` of a document's content that say one thing."""

    start: int
    end: int
    text: str
    #: Which paragraph (line of the text) it stands in; the headline is paragraph 0.
    paragraph: int
    #: The headline.
    title: bool = False
    #: A list's item.
    bullet: bool = False


def split(content: str) -> tuple[Sentence, ...]:
    """Cut a document's content (title, newline, text) into its sentences, in order and without overlap."""
    title_end = content.find("\n")
    title_end = len(content) if title_end < 0 else title_end
    sentences: list[Sentence] = []
    if content[:title_end].strip():
        sentences.append(_sentence(content, 0, title_end, paragraph=0, title=True))
    for number, (start, end) in enumerate(_paragraphs(content, title_end), start=1):
        bullet = _BULLET.match(content, start, end) is not None
        for left, right in _pieces(content, start, end):
            if content[left:right].strip():
                sentences.append(_sentence(content, left, right, paragraph=number, bullet=bullet))
    return tuple(sentences)


def _sentence(  # noqa: PLR0913 -- a sentence's fields
    content: str, start: int, end: int, *, paragraph: int, title: bool = False, bullet: bool = False
) -> Sentence:
    """Make a sentence of the characters between, its surrounding space left out and its length capped."""
    text = content[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()[:_LONGEST]
    return Sentence(start, start + len(text), text, paragraph, title, bullet)


def _paragraphs(content: str, start: int) -> Iterator[tuple[int, int]]:
    """Give the lines of the text, hard-wrapped ones joined."""
    left = right = -1
    for line in _LINE.finditer(content, start):
        first, last = line.span()
        if not content[first:last].strip():
            continue
        wrapped = (
            left >= 0
            and not content[max(left, right - 3) : right].rstrip().endswith(_TERMINAL)
            and content[first : first + 2].strip()[:1].islower()
        )
        if wrapped:
            right = last
            continue
        if left >= 0:
            yield left, right
        left, right = first, last
    if left >= 0:
        yield left, right


def _pieces(content: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut one paragraph behind its closing punctuation, and anything that is still too long."""
    cuts = {found.end() for found in _END.finditer(content, start, end) if not _abbreviated(content, found.start())}
    cuts.update(found.start() for found in _GLUED.finditer(content, start, end))
    cuts.update(found.end() for found in _STAMP.finditer(content, start, end))
    left = start
    for right in [*sorted(cuts), end]:
        while right - left > _LONGEST:
            space = content.rfind(" ", left + 1, left + _LONGEST)
            cut = space if space > left else left + _LONGEST
            yield left, cut
            left = cut
        if right > left:
            yield left, right
            left = right


def _abbreviated(content: str, dot: int) -> bool:
    """Tell whether the full stop at `dot` belongs to an abbreviation."""
    return content[dot] == "." and _ABBREVIATION.search(content[max(0, dot - 8) : dot + 1]) is not None
