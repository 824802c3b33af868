"""How likely a phrase is a cause of the article's own event: the named signs it shows, and what each is worth.

A candidate's signs are plain facts: how it was found, its type, how far the figures are, which word leads to it, how
long the text is. Each has a weight in `fixtures/corpus/causes_weights.toml`; the weights of a candidate's signs add up
to the logarithm of its odds. They were fitted by `newsdetect.training.cause_weights`. A sign
without a weight says nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import exp

from newsdetect.bundled import fixtures
from newsdetect.claims.causes_phrases import Candidate
from newsdetect.errors import ConfigError

#: Texts of at most so many sentences are brief, or of middling length: a flash has no room for background.
BRIEF, MIDDLING = 8, 16
#: A sentence with a number up to this stands at the head of the text.
HEAD = 3
#: Where a count of words goes from one class to the next.
WORDS = (2, 3, 5, 9, 14)
#: How far the word before or behind a phrase is looked for.
NEAR = 25
#: A distance, in sentences, from which on all are alike.
FAR = 4

_BEFORE = re.compile(r"([a-z']+)[\s\"“(]*$")
_BEHIND = re.compile(r"[\s\"”]{0,3}([a-z]+|[,.;:])")


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence and what it has to do with the event."""

    start: int
    end: int
    #: Its number in the document.
    index: int
    #: Sentences to the nearest figure of the event; 0 holds one.
    distance: int
    liquidation: bool
    market: bool
    #: Told of what may come or of the past.
    aside: bool


@dataclass(frozen=True, slots=True)
class Telling:
    """What counts for all candidates of one document."""

    #: The lower-case content.
    content: str
    sentences: int
    titled: bool
    #: Types that the headline names.
    headline: frozenset[str]
    #: By type of move: above zero where the liquidated side calls for it, below where it speaks against it.
    expected: dict[str, float]


def chance(candidate: Candidate, place: Place, telling: Telling) -> float:
    """Give the chance that a candidate is a cause of the event, 0 to 1."""
    worth = weights()
    total = worth["always"] + sum(worth.get(sign, 0.0) for sign in set(signs(candidate, place, telling)))
    return 1.0 / (1.0 + exp(-total))


@cache
def weights() -> dict[str, float]:
    """Give the shipped weights by sign.

    Raises ConfigError if the file does not hold them.
    """
    path = fixtures() / "corpus" / "causes_weights.toml"
    try:
        return {str(sign): float(worth) for sign, worth in tomllib.loads(path.read_text("utf-8"))["weights"].items()}
    except (KeyError, ValueError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(f"the weights of causes cannot be read: {fault!r}", key=str(path)) from fault


def signs(candidate: Candidate, place: Place, telling: Telling) -> Iterator[str]:
    """Give the names of what a candidate shows; its type must be settled."""
    told = [rule.removeprefix("cause.") for rule in candidate.rules]
    group = "move" if candidate.type in telling.expected else told[-1]
    length = "brief" if telling.sentences <= BRIEF else "middling" if telling.sentences <= MIDDLING else "long"
    yield f"type:{candidate.type}"
    ways = {*told, group} - {candidate.type}
    yield from (f"told:{way}" for way in ways)
    yield from (f"type:{candidate.type}, told:{way}" for way in ways)
    yield f"type:{candidate.type}, length:{length}"
    yield f"length:{length}"
    yield f"distance:{min(place.distance, FAR)}"
    yield f"distance:{min(place.distance, FAR - 1)}, {length}, {group}"
    yield from _of_the_place(candidate, place, telling)
    yield from _of_the_words(candidate, place, telling.content, group)
    if worth := telling.expected.get(candidate.type, 0.0):
        side = "for" if worth > 0 else "against"
        yield f"side:{side}"


def _of_the_place(candidate: Candidate, place: Place, telling: Telling) -> Iterator[str]:
    facts = {
        "liquidation": place.liquidation,
        "market": place.market,
        "aside": place.aside,
        "aside and far": place.aside and place.distance > 0,
        "title": telling.titled and place.index == 0,
        "head": place.index <= HEAD,
        "in the headline too": place.index > 0 and candidate.type in telling.headline,
        "wide": candidate.wide,
    }
    yield from (fact for fact, holds in facts.items() if holds)


def _of_the_words(candidate: Candidate, place: Place, content: str, group: str) -> Iterator[str]:
    count = content.count(" ", candidate.start, candidate.end) + 1
    size = next((most for most in WORDS if count <= most), "more")
    yield f"words:{size}"
    yield f"words:{size}, {'move' if group == 'move' else 'other'}"
    before = _BEFORE.search(content[max(place.start, candidate.start - NEAR) : candidate.start])
    first = candidate.start - place.start <= len("“ “")
    yield f"before:{before[1] if before else 'nothing' if first else 'sign'}"
    behind = _BEHIND.match(content, candidate.end, candidate.end + NEAR)
    yield f"behind:{behind[1] if behind else 'nothing'}"
