"""Why the liquidations of an article's own event happened, as the article says: first causes, by named rules.

Phrases that name a cause (`causes_phrases`, `causes_clauses`) are ranked by what ties them to the event
(`causes_ranking`): the figures in their sentence or near it, the connective, the length of the text, the direction that
the liquidated side calls for. Each type is given once, at its best mention. The rules see phrases, not arguments: a
cause told without any of the corpus' words is missed, and a background told in the words of the day's news is taken for
a cause. The corpus is `fixtures/corpus/causes.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from string import ascii_lowercase, ascii_uppercase

from newsdetect.claims.causes_clauses import standing
from newsdetect.claims.causes_corpus import corpus
from newsdetect.claims.causes_phrases import Candidate, factors, moves, stated
from newsdetect.claims.causes_ranking import Place, Telling, chance
from newsdetect.claims.claim import Cause, CauseType, Claim
from newsdetect.documents.document import Document

#: The chance from which on a phrase is given as a cause, and from which on both a fall and a rise are.
LEAST = 0.40
TWO_WAYS = 0.55
#: Figures whose later mentions are looked for; an article has a handful.
FIGURES = 40
#: The corpus is written in lower case, and text is read in it: a letter for a letter, so that offsets stay.
LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
#: Nothing that is read off words is certain.
SUREST = 0.95


def find_causes(doc: Document, sentences: Sequence[tuple[int, int]], claims: Sequence[Claim]) -> tuple[Cause, ...]:
    """Find the causes that `doc` gives for the liquidations of its own event, in the order they stand.

    `sentences` are spans `[start, end)` of `doc.content`, in order and apart; `claims` those of the document, of which
    the asserted ones are the event: without any there are no causes. Offsets are exact, and no type comes twice.
    """
    best: dict[CauseType, tuple[float, Candidate]] = {}
    denied: set[tuple[CauseType, int, int]] = set()
    for candidate, place, telling in candidates(doc, sentences, claims):
        kind = candidate.type
        assert kind != "move"
        if candidate.role == "denied":
            denied.add((kind, candidate.start, candidate.end))
        worth = chance(candidate, place, telling)
        if worth >= LEAST and (kind not in best or worth > best[kind][0]):
            best[kind] = (worth, candidate)
    _drop_rebound(best)
    if "price_drop" in best or "price_rally" in best:
        # Volatility is then but another word for the move.
        best.pop("other", None)
    return tuple(
        _cause(doc.content, replace(one, role="denied") if (kind, one.start, one.end) in denied else one, score)
        for kind, (score, one) in sorted(best.items(), key=lambda item: (item[1][1].start, item[1][1].end, item[0]))
    )


def candidates(
    doc: Document, sentences: Sequence[tuple[int, int]], claims: Sequence[Claim]
) -> Iterator[tuple[Candidate, Place, Telling]]:
    """Give the phrases that may be causes, of settled types, with the facts by which they are ranked."""
    event = [claim for claim in claims if claim.status == "asserted"]
    if not event:
        return
    expected = _directions(event)
    content = doc.content.translate(LOWER)
    found = [
        (_directed(candidate, expected), place)
        for place in _places(content, sentences, _mentions(doc.content, event))
        for read in (moves, stated, factors, standing)
        if read is not standing or not place.aside
        for candidate in read(content, place.start, place.end)
    ]
    titled = bool(doc.title.strip())
    headline = frozenset(candidate.type for candidate, place in found if titled and place.index == 0)
    telling = Telling(content, len(sentences), titled, headline, {str(kind): worth for kind, worth in expected.items()})
    yield from ((candidate, place, telling) for candidate, place in found)


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
        confidence=round(min(score, SUREST), 2),
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
            index=index,
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


def _directed(move: Candidate, expected: dict[CauseType, float]) -> Candidate:
    """Give a move without direction the one that the liquidated side calls for; a drop where none does."""
    if move.type != "move":
        return move
    return replace(
        move, type="price_rally" if expected["price_rally"] > 0 else "price_drop", rules=(*move.rules, "cause.vague")
    )
