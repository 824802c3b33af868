"""Clauses that name a cause by standing near the figures, with no connective: news in brief tells its reasons so.

A flash has no room for background: what it tells beside the figures ("Payrolls missed by miles.") is why. The
sentence is cut at its punctuation, at its conjunctions and before the words that name an effect; a piece whose words
name a type of cause is a candidate. How much it counts depends on the length of the text
(`newsdetect.claims.causes_ranking`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from newsdetect.claims.causes_corpus import corpus
from newsdetect.claims.causes_phrases import REACH, Candidate, distinct, kind_of, trimmed

#: Pieces of one sentence that are read; written ones hold five or six.
PIECES = 30


def standing(content: str, start: int, end: int) -> Iterator[Candidate]:
    """Give the pieces of `content[start:end]` whose words name a cause."""
    borders, effect = corpus().borders, corpus().connectives["verb"]
    at = start
    for border in islice(borders["clause"].finditer(content, start, end), PIECES):
        yield from _pieces(content, at, border.start(), effect)
        at = border.end()
    yield from _pieces(content, at, end, effect)


def _pieces(content: str, start: int, end: int, effect: re.Pattern[str]) -> Iterator[Candidate]:
    """Read a clause: what stands before the verb of an effect, and the clause behind it; members of a list each."""
    for verb in islice(effect.finditer(content, start, end), PIECES):
        yield from _members(content, start, verb.start())
        start = verb.end()
    yield from _members(content, start, end)


def _members(content: str, start: int, end: int) -> Iterator[Candidate]:
    """Read a piece; where `and` joins two sorts of cause, each of the two."""
    joint = corpus().borders["split"].search(content, start, end)
    if joint and distinct(content[start : joint.start()], content[joint.end() : end]):
        yield from _named(content, start, joint.start())
        start = joint.end()
    yield from _named(content, start, end)


def _named(content: str, start: int, end: int) -> Iterator[Candidate]:
    left, right = trimmed(content, start, min(end, start + REACH))
    if right - left < 4 or corpus().effects["suffered"].search(content, left, right):
        return
    named = kind_of(content[left:right], strict=False)
    if named is not None:
        kind, wide = named
        rules = (f"cause.{kind.type}", "cause.standing")
        yield Candidate(kind.type, kind.role, left, right, rules, wide)
