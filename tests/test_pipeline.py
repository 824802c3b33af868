"""The flow on one page: what is read, checked, saved and linked, and what of the store is linked anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsdetect import pipeline
from newsdetect.documents.article import read_record, read_text
from newsdetect.errors import DocumentError
from newsdetect.sources.entry import Entry
from newsdetect.sources.folder import FolderOpener
from tests.checks.builders import ONE, Market, hourly_bars, path

NOON = datetime(2025, 6, 10, 12, 0, tzinfo=UTC)
FALL = [101_000.0 - 250 * min(step, 20) for step in range(200)]


def article(ident: str, value: str, at: datetime, *, market: Market | None = None) -> pipeline.Article:
    """Read and check one short report."""
    text = f"Some ${value} million was liquidated over the past 24 hours, CoinGlass data shows."
    doc = read_record({"id": ident, "title": f"${value}M liquidated", "text": text, "published": at.isoformat()})
    return pipeline.process(doc, market=market)


def test_an_article_is_read_and_checked_in_one_go():
    """A document gives claims, and each claim a check that rests on the market."""
    market = Market(bar_rows=hourly_bars(4e6), candle_rows=path(FALL))
    found = article("a", "212", NOON, market=market)
    assert [check.claim_id for check in found.checks] == [claim.id for claim in found.extraction.claims]
    assert found.checks[0].verdict == "plausible"


def test_a_named_level_that_was_never_traded_contradicts():
    """Bitcoin at 101,000 throughout cannot have fallen to 74,300: the text's own level speaks against its figure."""
    market = Market(candle_rows=path([101_000.0 + 10 * (step % 3) for step in range(72)], end=ONE))
    text = "Some $212 million was liquidated over the past 24 hours as bitcoin fell to $74,300."
    doc = read_record({"id": "a", "title": "", "text": text, "published": NOON.isoformat()})
    (check,) = pipeline.process(doc, market=market).checks
    assert check.verdict == "contradicted"
    assert "74,300" in check.explanation


def test_without_a_market_only_the_arithmetic_is_done():
    """No market data are no evidence, and never an error."""
    (check,) = article("a", "212", NOON).checks
    assert check.verdict == "not_checkable"


def test_a_teaser_is_read_from_its_page_and_a_full_text_is_not(tmp_path):
    """Only an entry whose feed holds the text back opens its page."""
    page = tmp_path / "page.html"
    page.write_text(
        "<html><body><article><p>"
        + "Longs lost $171 million in a single hour today. " * 8
        + "</p></article></body></html>"
    )
    opener = FolderOpener({"https://a.example/1": page})
    teaser = Entry(key="1", url="https://a.example/1", title="Longs", html="Longs lost", body="feed_summary")
    full = Entry(
        key="2", url="https://a.example/2", title="Longs", html="<p>Longs lost $5 million.</p>", body="feed_full"
    )
    assert "single hour" in pipeline.document_of(teaser, opener, max_text=10_000).text
    assert pipeline.document_of(full, opener, max_text=10_000).text == "Longs lost $5 million."


def test_a_text_over_the_cap_is_refused_by_name():
    """The fault names the article and the cap."""
    with pytest.raises(DocumentError, match="at most 10"):
        pipeline.within(read_text("Longs lost $171 million in an hour."), 10)


def test_saving_links_the_articles_to_events(store):
    """Two reports of one figure are one event; saving them again changes nothing."""
    articles = [article("a", "212", NOON), article("b", "212", NOON + timedelta(minutes=30))]
    assert pipeline.save(store, articles) == 2
    (event,) = store.events().items
    assert set(event.documents) == {"a", "b"}
    assert pipeline.save(store, articles) == 0
    assert store.events().items == (event,)


@pytest.mark.parametrize("days", [0, 1, 4, 6, 9, 11, 15, 40])
def test_linking_anew_leaves_other_events_as_they_are(store, days):
    """Whatever the time between two happenings, saving the later one neither cuts nor doubles the earlier one."""
    first = [article("a", "212", NOON), article("b", "212", NOON + timedelta(hours=40))]
    pipeline.save(store, first)
    pipeline.save(store, [article("c", "487", NOON + timedelta(days=days, hours=47))])
    whole = pipeline.link(
        [(each.doc, each.extraction) for each in [*first, article("c", "487", NOON + timedelta(days=days, hours=47))]]
    )
    assert {event.id: event.documents for event in store.events().items} == {
        event.id: event.documents for event in whole
    }


def test_an_older_article_that_comes_late_joins_its_event(store):
    """A report that is found days after it appeared takes its place in the event of its time."""
    pipeline.save(store, [article("new", "487", NOON + timedelta(days=30))])
    pipeline.save(store, [article("b", "212", NOON)])
    pipeline.save(store, [article("a", "212", NOON - timedelta(hours=1))])
    assert {event.documents for event in store.events().items} == {("a", "b"), ("new",)}
