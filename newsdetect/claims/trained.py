"""Extraction by the trained reader that ships: what every command, the API and the runners use.

The order of the steps is that of `claims.extract`; the reader stands in the place of the rules, whose opinion it knows.
The model is loaded with the first article that speaks of liquidation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock

from newsdetect.claims.cause_joining import joined
from newsdetect.claims.claim import Extraction
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
    read = reader().read(article)
    claims = merge(doc, told_of_each(read.readings))
    event = is_event(claims)
    causes = joined(causes_by_rules(article, claims), read.causes, read.seen) if event else ()
    return Extraction(id=doc.id, event=event, claims=claims, causes=causes)


def shipped() -> Tagger:
    """Give the reader that ships, loaded once for all threads."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Tagger:
    return load_tagger()
