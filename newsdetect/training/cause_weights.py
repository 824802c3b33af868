"""Weights of the signs by which the rules rank phrases that may be causes, fitted to labelled texts.

A penalised logistic regression over a few hundred signs and some ten thousand phrases: seconds of work, and the same
weights each time. What it gives is the table of `fixtures/corpus/causes_weights.toml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from newsdetect.claims.causes import candidates
from newsdetect.claims.causes_ranking import signs
from newsdetect.claims.claim import Claim
from newsdetect.documents.document import Document
from newsdetect.evaluation.scores import words_f1
from newsdetect.training.logistic import logistic

#: A sign that fewer phrases show gets no weight, nor does one whose weight would be smaller than this.
SHOWN, SMALLEST = 6, 0.05
#: How strongly weights are held near zero; the larger, the nearer.
PENALTY = 1 / 0.3
#: Of a phrase of a right type that misses the told span: how much it counts as right.
PARTLY = 0.35
#: The least overlap of words at which a span is the told one.
SAME_WORDS = 0.5


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that may be a cause: the signs it shows, how right it is (0 to 1), and what it counts."""

    signs: tuple[str, ...]
    right: float
    counts: float = 1.0


def phrases(
    doc: Document,
    sentences: Sequence[tuple[int, int]],
    claims: Sequence[Claim],
    told: Sequence[tuple[str, str]],
    *,
    counts: float = 1.0,
) -> Iterator[Phrase]:
    """Give the phrases of a labelled document; `told` are the types and words of its causes."""
    for candidate, place, telling in candidates(doc, sentences, claims):
        text = doc.content[candidate.start : candidate.end]
        same = [words for kind, words in told if kind == candidate.type]
        right = 1.0 if any(words_f1(words, text) >= SAME_WORDS for words in same) else PARTLY if same else 0.0
        yield Phrase(tuple(sorted(set(signs(candidate, place, telling)))), right, counts)


def fit(read: Iterable[Phrase]) -> dict[str, float]:
    """Fit the weights; `always` is the one of every phrase."""
    shown = list(read)
    common = Counter(sign for phrase in shown for sign in phrase.signs)
    columns = {sign: at for at, sign in enumerate(sorted(s for s, n in common.items() if n >= SHOWN), start=1)}
    table = np.zeros((len(shown), len(columns) + 1))
    table[:, 0] = 1.0
    for row, phrase in enumerate(shown):
        for sign in phrase.signs:
            if sign in columns:
                table[row, columns[sign]] = 1.0
    right = np.array([phrase.right for phrase in shown])
    counts = np.array([phrase.counts for phrase in shown])
    held = np.full(table.shape[1], PENALTY)
    held[0] = 1e-6
    worth = logistic(table, right, shrink=held, counts=counts)
    kept = {sign: round(float(worth[at]), 2) for sign, at in columns.items() if abs(worth[at]) >= SMALLEST}
    return {"always": round(float(worth[0]), 2), **kept}


def written(weights: dict[str, float]) -> str:
    """Write weights as the corpus' table."""
    lines = [f'"{sign}" = {worth}' for sign, worth in weights.items()]
    return "\n".join(["[weights]", *lines, ""])
