"""Why the liquidations of an article's own event happened, as the article says: first causes, by named rules.

A phrase that names a cause (`newsdetect.claims.causes_phrases`) counts by what ties it to the event: the figures in its
sentence or near it, the connective, the direction that the liquidated side calls for. Each type is given once, at its
best mention. The rules see phrases, not arguments: a cause told without any of the corpus' words is missed, and a
background told in the words of the day's news is taken for a cause. The corpus is `fixtures/corpus/causes.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from string import ascii_lowercase, ascii_uppercase

from newsdetect.claims.causes_corpus import corpus
from newsdetect.claims.causes_phrases import Candidate, factors, moves, stated
from newsdetect.claims.claim import Cause, CauseType, Claim
from newsdetect.documents.document import Document

#: What it is worth that the price went the way that the liquidated side calls for.
SIDE = 1.5
#: What both a fall and a rise must score to be causes together.
TWO_WAYS = 6.0
#: What a sentence away from the figures loses that tells of what may come or of the past.
ASIDE = 1.5
#: Of two tied phrases the fuller one says more: what each further word is worth, and up to how many.
WORD, WORDS = 0.3, 6
#: What a move told without its direction is worth less than one told with it.
VAGUE = 1.0
#: Figures whose later mentions are looked for; an article has a handful.
FIGURES = 40
#: The corpus is written in lower case, and text is read in it: a letter for a letter, so that offsets stay.
LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
#: A score at which a tie is as good as sure; `confidence` is its share, capped below certainty.
SURE = 9.0


@dataclass(frozen=True)
class Place:
    """A sentence and what it has to do with the event."""

    start: int
    end: int
    #: Sentences to the nearest figure of the event; 0 holds one.
    distance: int
    liquidation: bool
    market: bool
    #: Told of what may come or of the past.
    aside: bool


def find_causes(doc: Document, sentences: Sequence[tuple[int, int]], claims: Sequence[Claim]) -> tuple[Cause, ...]:
    """Find the causes that `doc` gives for the liquidations of its own event, in the order they stand.

    `sentences` are spans `[start, end)` of `doc.content`, in order and apart; `claims` those of the document, of which
    the asserted ones are the event: without any there are no causes. Offsets are exact, and no type comes twice.
    """
    event = [claim for claim in claims if claim.status == "asserted"]
    if not event:
        return ()
    expected = _directions(event)
    best: dict[CauseType, tuple[float, Candidate]] = {}
    lowered = doc.content.translate(LOWER)
    for place in _places(lowered, sentences, _mentions(doc.content, event)):
        for candidate, score in _scored(lowered, place, expected):
            kind = candidate.type
            assert kind != "move"
            if kind not in best or score > best[kind][0]:
                best[kind] = (score, candidate)
    _drop_rebound(best)
    if "price_drop" in best or "price_rally" in best:
        # Volatility is then but another word for the move.
        best.pop("other", None)
    return tuple(
        _cause(doc.content, candidate, score)
        for score, candidate in sorted(best.values(), key=lambda one: (one[1].start, one[1].end, one[1].type))
    )


def _drop_rebound(best: dict[CauseType, tuple[float, Candidate]]) -> None:
    """Of a fall and a rise leave the one that is tied better: the other is what came before, or after."""
    if "price_drop" in best and "price_rally" in best:
        lesser: CauseType = "price_drop" if best["price_drop"][0] < best["price_rally"][0] else "price_rally"
        if best[lesser][0] < TWO_WAYS:
            del best[lesser]


def _cause(content: str, candidate: Candidate, score: float) -> Cause:
    assert candidate.type != "move"
    return Cause(
        type=candidate.type,
        role=candidate.role,
        text=content[candidate.start : candidate.end],
        start=candidate.start,
        end=candidate.end,
        confidence=round(min(score / SURE, 0.95), 2),
        rules=candidate.rules,
    )


def _directions(event: Iterable[Claim]) -> dict[CauseType, float]:
    """Say which way the price must have gone for these sides to be liquidated: longs in a drop, shorts in a rally."""
    worth = {"long": 0.0, "short": 0.0}
    for claim in event:
        if claim.side != "both" and claim.unit == "USD":
            worth[claim.side] += claim.value
    if worth["long"] == worth["short"]:
        return {"price_drop": 0.0, "price_rally": 0.0}
    drop = 1.0 if worth["long"] > worth["short"] else -1.0
    return {"price_drop": drop, "price_rally": -drop}


def _places(content: str, sentences: Sequence[tuple[int, int]], figures: Iterable[int]) -> Iterator[Place]:
    """Give the sentences that may tell a cause, each with what it has to do with the event."""
    starts = [start for start, _ in sentences]
    holders = sorted({max(0, bisect_right(starts, at) - 1) for at in figures})
    effects, moods = corpus().effects, corpus().moods
    for index, (start, end) in enumerate(sentences):
        at = bisect_left(holders, index)
        distance = min((abs(index - holder) for holder in holders[max(0, at - 1) : at + 1]), default=len(starts))
        generic = moods["generic"].search(content, start, end) is not None
        if distance and generic:
            continue
        aside = generic or any(moods[mood].search(content, start, end) for mood in ("hypothetical", "historical"))
        yield Place(
            start=start,
            end=end,
            distance=distance,
            liquidation=effects["liquidation"].search(content, start, end) is not None,
            market=effects["market"].search(content, start, end) is not None,
            aside=aside,
        )


def _mentions(content: str, event: Sequence[Claim]) -> Iterator[int]:
    """Give where the event's figures stand: a claim is the first mention, a later one says as much about causes."""
    yield from (claim.evidence.start for claim in event)
    figures = list(islice(dict.fromkeys(claim.evidence.text for claim in event if claim.evidence.text), FIGURES))
    if figures:
        for found in re.finditer(rf"(?<!\d)(?:{'|'.join(map(re.escape, figures))})(?!\d)", content):
            yield found.start()


def _scored(content: str, place: Place, expected: dict[CauseType, float]) -> Iterator[tuple[Candidate, float]]:
    """Give the candidates of a place that score enough, with their scores."""
    near = {0: 2.5, 1: 1.5, 2: 1.0}.get(place.distance, 0.0)
    base = near + (1.0 if place.liquidation else 0.0) - (ASIDE if place.aside and place.distance else 0.0)
    if place.liquidation or place.distance <= 1:
        for move in moves(content, place.start, place.end):
            candidate = _directed(move, expected)
            assert candidate.type != "move"
            score = base + move.tie + expected[candidate.type] * SIDE
            if score >= candidate.least:
                yield candidate, score - (VAGUE if move.type == "move" else 0.0)
    if base >= 2.0:
        for candidate in stated(content, place.start, place.end):
            if (score := base + candidate.tie) >= candidate.least:
                yield candidate, score
    if place.liquidation or place.market:
        for candidate in factors(content, place.start, place.end):
            if (score := base + candidate.tie + (0.5 if place.market else 0.0)) >= candidate.least:
                yield candidate, score + WORD * min(content.count(" ", candidate.start, candidate.end), WORDS)


def _directed(move: Candidate, expected: dict[CauseType, float]) -> Candidate:
    """Give a move without direction the one that the liquidated side calls for; a drop where none does."""
    if move.type != "move":
        return move
    return replace(move, type="price_rally" if expected["price_rally"] > 0 else "price_drop")
