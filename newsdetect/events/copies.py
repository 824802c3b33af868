"""Near-copies: which of two documents' texts was made from the other.

Word shingles of the smaller text contained in the larger tell a copy that was cut or framed anew. Likeness of words
alone merges template pieces that differ in their numbers, so the numeric facts must be shared too. The pairs compared
are those of one event, a few dozen documents: exact sets are fast enough, no sketch is needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsdetect.documents.document import Document

#: Words a shingle: five are seldom shared by chance, and one changed word spoils only five of them.
_WORDS = 5
#: The share of the smaller text's shingles that the larger must hold.
_CONTAINED = 0.6
#: The share of the smaller text's numbers that the larger must hold: template pieces differ in these alone.
_FACTS = 0.8
#: Texts with fewer shingles are a line or two: they agree by chance.
_LEAST = 12

_WORD = re.compile(r"[^\W_]+")
_FACT = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Print:
    """One text's fingerprint: its shingles and its numbers."""

    shingles: frozenset[int]
    facts: frozenset[str]


def fingerprint(doc: Document) -> Print:
    """Take a document's fingerprint; numbers lose their thousands separators, words their case."""
    words = [word.casefold() for word in _WORD.findall(doc.content)]
    shingles = frozenset(hash(tuple(words[i : i + _WORDS])) for i in range(len(words) - _WORDS + 1))
    facts = frozenset(fact.replace(",", "").rstrip(".") for fact in _FACT.findall(doc.content))
    return Print(shingles, facts)


def near_copy(one: Print, other: Print) -> bool:
    """Tell whether one text was made from the other: words contained and numbers shared."""
    smaller, larger = (one, other) if len(one.shingles) <= len(other.shingles) else (other, one)
    if len(smaller.shingles) < _LEAST:
        return False
    if len(smaller.shingles & larger.shingles) < _CONTAINED * len(smaller.shingles):
        return False
    return not smaller.facts or len(smaller.facts & larger.facts) >= _FACTS * len(smaller.facts)
