"""Articles in the store: all or nothing, once, and whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event

from newsdetect.checks.check import CauseCheck
from newsdetect.claims.claim import Extraction
from newsdetect.errors import StoreError
from newsdetect.storage.rows import ClaimFilter
from newsdetect.storage.store import open_store
from newsdetect.types import Span, Window
from tests.storage.builders import at, make_article, make_cause, make_check, make_claim, make_doc


def contents(store) -> tuple:
    """Give everything that the store tells of its articles."""
    return store.documents(), store.claims(), store.checks(), store.recent_articles()


def test_an_article_comes_back_as_it_was_given(store):
    """Document, claims, causes and checks are equal to those that were saved."""
    doc, extraction = make_article()
    check = make_check(extraction.claims[0])
    assert store.save_article(doc, extraction, [check])
    assert store.document(doc.id) == doc
    assert store.extraction(doc.id) == extraction
    assert store.recent_articles() == [(doc, extraction)]
    assert store.checks_of([check.claim_id]) == {check.claim_id: check}
    assert store.claims().items[0].claim == extraction.claims[0]
    assert store.claims().items[0].document.url == doc.url


def test_saving_twice_changes_nothing(store):
    """The same article again is not new and leaves everything, times included."""
    doc, extraction = make_article()
    checks = [make_check(extraction.claims[0])]
    store.save_article(doc, extraction, checks)
    before = contents(store)
    assert not store.save_article(doc, extraction, checks)
    assert contents(store) == before


def test_a_new_extraction_replaces_the_old_one(store):
    """Claims that are gone go with their checks; those that stay keep theirs."""
    doc, extraction = make_article()
    kept, gone = extraction.claims[0], make_claim(doc, 852.0, window=Window(hours=24))
    first = extraction.model_copy(update={"claims": (kept, gone)})
    store.save_article(doc, first, [make_check(kept), make_check(gone)])
    added = make_claim(doc, 10.0)
    again = Extraction(id=doc.id, event=True, claims=(added, kept), causes=(make_cause(type="whale"),))
    assert not store.save_article(doc, again)
    assert store.extraction(doc.id) == again
    assert set(store.checks_of([kept.id, gone.id, added.id])) == {kept.id}


def test_a_changed_check_replaces_the_old_one(store):
    """A claim has one check, the latest."""
    doc, extraction = make_article()
    claim = extraction.claims[0]
    store.save_article(doc, extraction, [make_check(claim)])
    store.save_checks([make_check(claim, "contradicted")])
    assert [stored.check.verdict for stored in store.checks().items] == ["contradicted"]


def test_an_article_is_stored_whole_or_not_at_all(store):
    """A check of a claim that the article does not make stores neither the check nor the article."""
    doc, extraction = make_article()
    stray = make_check(make_claim(make_doc("Other words.")))
    with pytest.raises(StoreError, match=stray.claim_id):
        store.save_article(doc, extraction, [stray])
    assert store.document(doc.id) is None
    assert store.claims().items == ()


def test_checks_of_causes_are_stored_with_their_article_or_not_at_all(store):
    """One transaction: an article is never there with causes whose checks are still to come."""
    doc, extraction = make_article()
    fits = {doc.id: (CauseCheck(cause=0, type="price_drop", result="consistent"),)}
    stray = make_check(make_claim(make_doc("Other words.")))
    with pytest.raises(StoreError, match=stray.claim_id):
        store.save_articles([(doc, extraction, [stray])], fits)
    assert store.causes_of([doc.id]) == {}
    committed: list[object] = []
    event.listen(store._transactions.writer, "commit", committed.append)
    store.save_articles([(doc, extraction, ())], fits)
    assert len(committed) == 1
    assert store.causes_of([doc.id]) == {doc.id: [(extraction.causes[0], fits[doc.id][0])]}


@pytest.mark.parametrize(
    "odd", ["\x00", "\x1a", "\x1a0000", "a\x00b\x1ac", "\u202e\u2028", "😀 ﷽", "'; DROP TABLE claims; --"]
)
def test_odd_characters_come_back(store, odd):
    """NUL, which PostgreSQL does not take, and its likes come back in every text, so that offsets keep counting."""
    doc = make_doc(f"x{odd}y", title=odd, outlet=odd, url=f"https://news.example/{odd}")
    claim = make_claim(doc, venue=odd, attributed_to=odd, evidence=Span(start=0, end=len(odd), text=odd))
    extraction = Extraction(id=doc.id, event=True, claims=(claim,), causes=(make_cause(text=odd),))
    check = make_check(claim, explanation=odd)
    store.save_article(doc, extraction, [check])
    assert store.recent_articles() == [(doc, extraction)]
    assert store.checks_of([claim.id]) == {claim.id: check}
    assert [row.claim for row in store.claims(ClaimFilter(venue=odd)).items] == [claim]


def test_an_undated_document_stays_undated(store):
    """A missing date is never filled in; the document is listed by when it was first seen."""
    doc, extraction = make_article(hours=None)
    store.save_article(doc, extraction)
    assert store.document(doc.id).published is None
    assert store.documents().items[0].published is None
    assert store.documents(since=at(0)).items


def test_recent_articles_are_those_since(store):
    """Only articles from the instant on are given, the oldest first, each with its own claims."""
    articles = [make_article(f"Wave {hours}.", hours=hours) for hours in (1, 5, 3)]
    for doc, extraction in articles:
        store.save_article(doc, extraction)
    assert store.recent_articles(at(3)) == [articles[2], articles[1]]


def test_two_writers_of_one_article_store_it_once(store, store_url):
    """Whoever writes the same articles at the same time fails in neither case, and one of them was first."""
    articles = [make_article(f"Wave {number}.", millions=number + 1.0) for number in range(8)]
    together = Barrier(4)

    def write(turned: bool) -> list[bool]:
        with open_store(store_url) as own:
            together.wait()
            given = reversed(articles) if turned else articles
            return [own.save_article(doc, extraction, [make_check(extraction.claims[0])]) for doc, extraction in given]

    with ThreadPoolExecutor(4) as pool:
        news = list(pool.map(write, [False, True, False, True]))
    assert sum(map(sum, news)) == len(articles)
    assert len(store.documents().items) == len(store.claims().items) == len(store.checks().items) == len(articles)
