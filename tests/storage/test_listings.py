"""Listings: filters, pages that do not shift, cursors, events, feed states and faults."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.claims.claim import Extraction
from newsdetect.errors import UsageError
from newsdetect.sources.schedule import FeedState
from newsdetect.storage.paging import read_cursor, write_cursor
from newsdetect.storage.rows import ClaimFilter, Fault
from tests.storage.builders import at, make_article, make_check, make_claim, make_doc, make_event


def values(page) -> list[float]:
    """Give the values of a page of claims, in millions."""
    return [row.claim.value / 1e6 for row in page.items]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, {1, 2, 3, 4}),
        ({"asset": "BTC"}, {2}),
        ({"venue": "Binance"}, {3}),
        ({"side": "long"}, {2, 3}),
        ({"metric": "largest_liquidation"}, {4}),
        ({"status": "historical"}, {1}),
        ({"min_usd": 2e6}, {2, 3}),
        ({"since": at(21)}, {1, 2, 3, 4}),
        ({"until": at(21)}, set()),
        ({"side": "long", "asset": "BTC", "min_usd": 3e6}, set()),
    ],
)
def test_each_filter_lets_through_its_own(store, wanted, expected):
    """A claim is listed where it meets all that is asked; times are half-open, and dollars are only US dollars."""
    doc = make_doc()
    claims = (
        make_claim(doc, 1, status="historical"),
        make_claim(doc, 2, asset="BTC", side="long"),
        make_claim(doc, 3, venue="Binance", side="long"),
        make_claim(doc, 4, metric="largest_liquidation", unit="EUR"),
    )
    store.save_article(doc, Extraction(id=doc.id, event=True, claims=claims))
    assert set(values(store.claims(ClaimFilter(**wanted)))) == expected


def test_pages_do_not_shift_when_articles_arrive(store):
    """What is inserted between two pages neither repeats nor hides an older row, also among equal times."""
    for number in range(10):
        store.save_article(*make_article(f"Wave {number}.", millions=number + 1, hours=number // 3))
    everything = values(store.claims())
    first = store.claims(limit=4)
    store.save_article(*make_article("Later.", millions=99, hours=23))
    second = store.claims(cursor=first.next, limit=4)
    third = store.claims(cursor=second.next, limit=4)
    assert values(first) + values(second) + values(third) == everything
    assert third.next is None
    assert values(store.claims())[0] == 99


def test_a_full_last_page_has_no_next(store):
    """The cursor is null as soon as nothing follows."""
    store.save_article(*make_article())
    assert store.claims(limit=1).next is None


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_has_bounds(store, limit):
    """Nobody asks for no rows or for all of them."""
    with pytest.raises(UsageError, match="1 to 500"):
        store.documents(limit=limit)


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", "a" * 5000, *(base64.urlsafe_b64encode(raw).decode() for raw in (b"[]", b"{}", b'["x","y"]',
     b'["0001-01-01T00:00:00+14:00","y"]', b"[" * 3000, b"[1,2]", b"\xff"))],
)  # fmt: skip
def test_a_bad_cursor_is_the_callers_mistake(store, cursor):
    """A cursor that is not ours is a UsageError that says what to do."""
    with pytest.raises(UsageError, match="leave it out"):
        store.claims(cursor=cursor)


@given(st.datetimes(timezones=st.just(at(0).tzinfo)), st.text(st.characters(exclude_categories=["Cs"])))
def test_a_cursor_is_read_as_it_was_written(when, ident):
    """Writing and reading a cursor loses nothing."""
    assert read_cursor(write_cursor((when, ident))) == (when, ident)


def test_a_cursor_with_odd_characters_harms_nothing(store):
    """A forged cursor with NUL in it is compared like any other."""
    assert store.claims(cursor=write_cursor((at(0), "\x00"))).items == ()


def test_events_come_back_as_they_were_given(store):
    """Figures, windows, lineage and instants are equal to those saved; saving again changes nothing."""
    events = [make_event("e1", hours=21), make_event("e2", hours=None, start=None, end=None, assets=())]
    store.replace_events(events)
    before = store.events()
    store.replace_events(events)
    assert store.events() == before
    assert store.event("e1") == events[0]
    assert store.event("e2") == events[1]
    assert store.event("e3") is None


def test_events_are_filtered(store):
    """Asset, side and time of the first report; an asset is compared whole."""
    store.replace_events([make_event("e1", hours=1), make_event("e2", hours=5, side="short", assets=("BTCX",))])
    ids = {
        "BTC": [event.id for event in store.events(asset="BTC").items],
        "short": [event.id for event in store.events(side="short").items],
        "late": [event.id for event in store.events(since=at(5)).items],
        "early": [event.id for event in store.events(until=at(5)).items],
    }
    assert ids == {"BTC": ["e1"], "short": ["e2"], "late": ["e2"], "early": ["e1"]}


def test_events_replace_those_since(store):
    """Events from the instant on that are not given again go; older ones stay; a changed one is changed."""
    store.replace_events([make_event("old", hours=1), make_event("gone", hours=5), make_event("kept", hours=6)])
    changed = make_event("kept", hours=6, assets=("SOL",))
    store.replace_events([changed], since=at(4))
    assert [event.id for event in store.events().items] == ["kept", "old"]
    assert store.events(asset="SOL").items == (changed,)
    assert [event.id for event in store.events(asset="BTC").items] == ["old"]


def test_checks_are_listed_by_verdict(store):
    """Only checks of that verdict are given, with the time they were made."""
    doc = make_doc()
    claims = (make_claim(doc, 1), make_claim(doc, 2))
    checks = [make_check(claims[0]), make_check(claims[1], "contradicted", probability=None, window=None)]
    store.save_article(doc, Extraction(id=doc.id, event=True, claims=claims), checks)
    listed = store.checks(verdict="contradicted").items
    assert [row.check for row in listed] == checks[1:]
    assert listed[0].checked_at.tzinfo is not None


def test_a_feed_state_follows_its_feed(store):
    """The state of a feed is replaced; when its address changes, the old address is forgotten."""
    old = FeedState(url="https://a.example/feed", etag='"1"', next_poll=at(1))
    moved = old.model_copy(update={"url": "https://b.example/" + "x" * 5000, "failures": 2})
    store.save_feed_state(old)
    store.save_feed_state(old)
    assert store.feed_states() == [old]
    store.save_feed_state(moved, was=old.url)
    assert store.feed_states() == [moved]


def test_a_fault_that_comes_again_is_kept_once(store):
    """One row a fault, with the last time it was seen."""
    first = Fault(what="feed", key="https://a.example", message="404\x00", at=at(1))
    again = first.model_copy(update={"at": at(2)})
    other = first.model_copy(update={"message": "410"})
    store.save_faults([first, other])
    store.save_faults([again])
    assert store.faults().items == (again, other)
    assert store.faults(since=at(2)).items == (again,)


def test_no_number_of_ids_is_too_many(store):
    """More ids than a statement takes values are looked up all the same; unknown ones are left out."""
    doc, extraction = make_article()
    store.save_article(doc, extraction, [make_check(extraction.claims[0])])
    many = [f"none-{number}" for number in range(70_000)]
    assert list(store.document_refs([*many, doc.id])) == [doc.id]
    assert list(store.documents_by_id([doc.id, *many])) == [doc.id]
    (claim,) = extraction.claims
    assert list(store.claims_by_id([*many, claim.id])) == list(store.checks_of([*many, claim.id])) == [claim.id]
