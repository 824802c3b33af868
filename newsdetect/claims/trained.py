"""Extraction by the trained reader that ships: what every command, the API and the runners use.

The order of the steps is that of `claims.extract`; the reader stands in the place of the rules, whose opinion it knows.
The model is loaded with the first article that speaks of liquidation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock

from newsdetect.claims.claim import Cause, Extraction
from newsdetect.claims.each import told_of_each
from newsdetect.claims.extract import causes_by_rules, is_event, lay_out_if_asked
from newsdetect.claims.merging import merge
from newsdetect.claims.tagger import Tagger, load_tagger
from newsdetect.documents.document import Document

#: Two threads that ask at once load one reader.
_LOADING = Lock()


def extract(doc: Document) -> Extraction:
    """Read the claims and causes of one document; text without any gives an empty extraction, never an error.

    Raise ModelError where the shipped model's files are missing or damaged.
    """
    return _extracted(doc, shipped)


def extract_with(tagger: Tagger, doc: Document) -> Extraction:
    """Read a document with a reader of one's own."""
    return _extracted(doc, lambda: tagger)


def _extracted(doc: Document, reader: Callable[[], Tagger]) -> Extraction:
    article = lay_out_if_asked(doc)
    if article is None:
        return Extraction.empty(doc.id)
    readings, found = reader().read(article)
    claims = merge(doc, told_of_each(readings))
    event = is_event(claims)
    causes = joined(causes_by_rules(article, claims), found) if event else ()
    return Extraction(id=doc.id, event=event, claims=claims, causes=causes)


def shipped() -> Tagger:
    """Give the reader that ships, loaded once for all threads."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Tagger:
    return load_tagger()


def joined(rules: tuple[Cause, ...], trained: tuple[Cause, ...]) -> tuple[Cause, ...]:
    """Give the rules' causes, whose spans are cut more surely, and of types that they do not name the reader's best.

    Articles seldom name two causes of one type, and no words state two: what overlaps a cause of the rules is left out.
    """
    named = {cause.type for cause in rules}
    best: dict[str, Cause] = {}
    for cause in sorted(trained, key=lambda each: -each.confidence):
        if not any(cause.start < other.end and other.start < cause.end for other in rules):
            best.setdefault(cause.type, cause)
    both = (*rules, *(cause for cause in best.values() if cause.type not in named))
    return tuple(sorted(both, key=lambda cause: (cause.start, cause.end)))
