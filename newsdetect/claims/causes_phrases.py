"""Phrases of one sentence that name a cause: moves of the price, and factors of any other sort that are tied to one.

A move needs a price that goes somewhere; a factor needs a connective (`due to`, `after`, `rattled`) with a phrase
beside it whose words name a type. Each candidate carries the rules that made it; whether it is a cause of the article's
own event is for `newsdetect.claims.causes` to decide.

Every pattern looks at a bounded stretch, so that a sentence is read in time linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from newsdetect.claims.causes_corpus import Kind, corpus
from newsdetect.claims.claim import CauseRole, CauseType

#: A cause's type, or `move` for a price movement whose direction the words leave open.
Sort = CauseType | Literal["move"]
#: What the corpus' patterns of movement find.
DIRECTIONS: dict[str, Sort] = {"drop": "price_drop", "rally": "price_rally", "neutral": "move"}
# "A reminder of the dangers of high leverage": what there is to learn is not why it happened.
_LESSON = re.compile(
    r"\b(?:reminder|dangers?|risks?|perils?|lessons?|warnings?) (?:of|about|in|from)\s(?:\w+\s){0,4}$", re.IGNORECASE
)
LESSON = 50
#: How far a connective's phrase reaches, and how far a tie is looked for, in characters.
REACH = 170
TIE = 70
#: Connectives of one sort that are read in a sentence; written ones hold three or four.
TIES = 20
#: Members of one list that are read.
LIST = 6


@dataclass(frozen=True)
class Candidate:
    """A phrase that may be a cause, at offsets of the document's content."""

    type: Sort
    role: CauseRole
    start: int
    end: int
    rules: tuple[str, ...]
    #: Whether none but wide words name the type.
    wide: bool = False


def moves(content: str, start: int, end: int) -> Iterator[Candidate]:
    """Give the price moves told in `content[start:end]`; a move without direction has the type `move`."""
    patterns = corpus().moves
    for direction, kind in DIRECTIONS.items():
        for found in patterns[direction].finditer(content, start, end):
            left, right = trimmed(content, found.start(), found.end())
            before, after = content[max(start, left - TIE) : left], content[right : min(end, right + TIE)]
            if right <= left or _of_something_else(before, after) or _brought_about(before, after):
                continue
            yield _move(kind, before, after, left, right)


def _of_something_else(before: str, after: str) -> bool:
    """Tell whether it is not the price that moved but a sum, a volume, the liquidations themselves."""
    patterns = corpus().moves
    return patterns["not_before"].search(before) is not None or patterns["sum_after"].match(after) is not None


def _brought_about(before: str, after: str) -> bool:
    """Tell whether the liquidations are said to have brought the move about."""
    patterns = corpus().moves
    return patterns["reversed"].search(before) is not None or patterns["reversed_after"].match(after) is not None


def _move(kind: Sort, before: str, after: str, left: int, right: int) -> Candidate:
    patterns = corpus().moves
    rules = [f"cause.{kind}"]
    role: CauseRole = "trigger"
    if patterns["tied_before"].search(before):
        rules = [*rules, "cause.tied_before"]
    if patterns["tied_after"].match(after):
        rules = [*rules, "cause.tied_after"]
    if patterns["named_before"].search(before):
        rules = [*rules, "cause.named_before"]
    if patterns["inferred_before"].search(before):
        role, rules = "mechanism", [*rules, "cause.inferred"]
    return Candidate(kind, role, left, right, tuple(rules))


def stated(content: str, start: int, end: int) -> Iterator[Candidate]:
    """Give the phrases of `content[start:end]` that need no tie beside the figures (crowded longs, thin books)."""
    for kind in corpus().kinds:
        for found in kind.stated.finditer(content, start, end) if kind.stated else ():
            left, right = trimmed(content, found.start(), found.end())
            if right > left and not _LESSON.search(content, max(start, left - LESSON), left):
                yield Candidate(kind.type, kind.role, left, right, (f"cause.{kind.type}", "cause.stated"))


def factors(content: str, start: int, end: int) -> Iterator[Candidate]:
    """Give the causes of other sorts that a connective of `content[start:end]` ties to something."""
    for name in ("explicit_behind", "amplifier_behind", "denied_behind", "weak_behind"):
        for found in islice(corpus().connectives[name].finditer(content, start, end), TIES):
            for candidate in _behind(content, found.end(), _word_end(content, found.end() + REACH, end)):
                yield _named(candidate, name, content[max(start, found.start() - REACH) : found.start()])
    for found in islice(corpus().connectives["verb"].finditer(content, start, end), TIES):
        yield from _before(content, _word_start(content, found.start() - REACH, start), found.start(), found[0])


def _named(candidate: Candidate, connective: str, before: str) -> Candidate:
    role = candidate.role
    if connective == "denied_behind":
        role = "denied"
    elif connective == "amplifier_behind" or corpus().connectives["amplifier_hint"].search(before):
        role = "amplifier"
    return replace(candidate, role=role, rules=(*candidate.rules, f"cause.{connective}"))


def _behind(content: str, start: int, end: int) -> Iterator[Candidate]:
    """Read the phrase that begins at `start`; of a list, each member that names a type of its own."""
    seen: set[str] = set()
    members = list(_members(content, start, end))
    if not any(content.startswith("and ", left - 4) for left, _ in members if left >= 4):
        # No list, but a phrase and the clauses behind its comma.
        del members[1:]
    for left, right in members:
        named = kind_of(content[left:right])
        if named is None or named[0].type in seen:
            continue
        kind, wide = named
        seen.add(kind.type)
        yield Candidate(kind.type, kind.role, left, right, (f"cause.{kind.type}",), wide)


def _members(content: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the members of the list that begins at `start`: it goes on over `, ` and `and` until another border."""
    at = start
    for _ in range(LIST):
        left, _right = trimmed(content, at, end)
        border = corpus().borders["end"].search(content, left + 1, end)
        stop = border.start() if border else end
        cut = corpus().borders["split"].search(content, left + 1, stop)
        if cut and distinct(content[left : cut.start()], content[cut.end() : stop]):
            yield trimmed(content, left, cut.start())
            at = cut.end()
            continue
        yield trimmed(content, left, stop)
        if border is None or content[border.start()] != ",":
            return
        at = border.end()


def distinct(one: str, other: str) -> bool:
    """Tell whether two halves of a phrase name causes of two sorts."""
    first, second = kind_of(one), kind_of(other)
    return first is not None and second is not None and first[0].type != second[0].type


def _before(content: str, start: int, verb: int, words: str) -> Iterator[Candidate]:
    """Read the phrase that ends where the verb begins, and the members of the list that it closes.

    Before a participle (`…, triggering`) it is the clause in front of the comma.
    """
    clause = corpus().borders["participle"].search(content, start, verb)
    right = clause.start() if clause else verb
    borders = [border.span() for border in corpus().borders["begin"].finditer(content, start, right)]
    amplifies = corpus().connectives["amplifier_hint"].search(words) is not None
    seen: set[str] = set()
    for before, left in [*reversed(borders[-LIST:]), (start, start)]:
        first, last = trimmed(content, left, right)
        named = kind_of(content[first:last])
        if named is None or named[0].type in seen:
            return
        kind, wide = named
        seen.add(kind.type)
        role: CauseRole = "amplifier" if amplifies else kind.role
        yield Candidate(kind.type, role, first, last, (f"cause.{kind.type}", "cause.verb"), wide)
        if content[before:left] != ",":
            return
        right = before


def _word_end(content: str, at: int, end: int) -> int:
    """Give the end of the last whole word before `at`, or `end` if that comes first."""
    return end if at >= end else max(content.rfind(" ", at - TIE, at), at - TIE)


def _word_start(content: str, at: int, start: int) -> int:
    """Give the start of the first whole word behind `at`, or `start` if that comes later."""
    if at <= start:
        return start
    space = content.find(" ", at, at + TIE)
    return space if space >= 0 else at + TIE


def kind_of(phrase: str, *, strict: bool = True) -> tuple[Kind, bool] | None:
    """Give the type that the phrase's words name, by the corpus' precedence, and whether only wide words name it.

    A phrase on liquidations is an effect, unless not `strict`.
    """
    if (strict and corpus().effects["told"].search(phrase)) or corpus().borders["none"].match(phrase):
        return None
    kinds = corpus().kinds
    for generic in (False, True):
        for kind in kinds:
            if kind.generic is generic and kind.words.search(phrase):
                return kind, False
        for kind in kinds:
            if kind.generic is generic and kind.wide is not None and kind.wide.search(phrase):
                return kind, True
    return None


def trimmed(content: str, start: int, end: int) -> tuple[int, int]:
    """Shrink a span to the words that matter: no white space, no connective at its head, no loose word at its tail."""
    borders = corpus().borders
    for _ in range(4):
        while start < end and not (content[start].isalnum() or content[start] in "$€£“‘'\"~"):
            start += 1
        while end > start and not (content[end - 1].isalnum() or content[end - 1] in _closing(content, start, end)):
            end -= 1
        lead = borders["trim_lead"].match(content[start:end])
        tail = borders["trim_tail"].search(content[start:end]) if end - start <= 3 * REACH else None
        if not lead and not tail:
            break
        end = start + tail.start() if tail else end
        start = min(end, start + lead.end()) if lead else start
    return start, end


def _closing(content: str, start: int, end: int) -> str:
    """Give the signs that a span may end on: a bracket or quote only if it was opened inside."""
    opened = content[start : min(end, start + 3 * REACH)]
    return (
        "%’'" + (")" if "(" in opened else "") + ("”" if "“" in opened else "") + ('"' if opened.count('"') > 1 else "")
    )
