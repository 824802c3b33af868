"""One round over everything that can be wrong with feeds and pages, through the real network, reader and store."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsdetect.config import FeedSettings, FetchSettings
from newsdetect.fetch import Fetcher
from newsdetect.runners.local import LocalRunner
from newsdetect.storage.rows import ClaimFilter
from tests.documents.builders import PROSE, make_page
from tests.sources.builders import rss
from tests.sources.web import bomb, reply, serving

#: A sentence with one figure, which must come through whatever stands around it.
FIGURE = "Some $343 million of long positions was liquidated within one hour, data from CoinGlass shows."
FEEDS = {
    "cut": reply(body=rss("<guid>urn:x:1</guid><title>Before the cut</title>")[:60]),
    "empty": reply(),
    "html": reply(body=b"<!doctype html><title>Sorry</title>", Content_Type="text/html"),
    "missing": reply(404),
    "gone": reply(410),
    "bomb": reply(body=bomb(60), Content_Encoding="gzip"),
}
BAD_PAGES = {
    "bodyless": reply(body=b"<html><head><title>T</title></head></html>", Content_Type="text/html"),
    "huge": reply(body=b"<p>words</p>" * 4_200_000, Content_Type="text/html"),
}
GOOD_PAGES = {
    "nested": f"<html><body><article>{'<div>' * 20_000}<p>{FIGURE}</p><p>{PROSE[1]}</p>",
    "long": make_page(*(PROSE[1] for _ in range(9_500)), FIGURE),
    "odd": make_page(FIGURE.replace("$343 million", "$343\u00a0mil\u00adlion\0").replace(" of ", "\u2009of\u200b ")),
}


@pytest.fixture
def web():
    """Run a server with all of it; `/endless` never stops to send."""
    with serving() as running:
        running.answers |= {f"/{name}": answer for name, answer in (FEEDS | BAD_PAGES).items()}
        running.answers["/endless"] = running.drip(b"<item/>" * 1000, 0, head=b"HTTP/1.1 200 OK\r\n\r\n")
        for name, page in GOOD_PAGES.items():
            running.answers[f"/{name}"] = reply(body=page.encode(), Content_Type="text/html; charset=utf-8")
        names = (*BAD_PAGES, *GOOD_PAGES)
        running.answers["/good"] = reply(body=rss(*(f"<link>{running.url}/{name}</link>" for name in names)))
        yield running


@pytest.fixture
def runner(store):
    """Give a runner that reads answers of at most two megabytes."""
    settings = FetchSettings(allow_private=True, host_delay_s=0, attempts=1, max_bytes=2_000_000)
    with Fetcher(settings) as opener:
        clock = datetime(2025, 8, 25, 22, tzinfo=UTC)
        yield LocalRunner(store=store, opener=opener, market=None, max_text=4_000_000, clock=lambda: clock)


def test_what_is_bad_is_named_and_what_is_good_goes_on(web, runner, store):
    """Each bad feed and page is a recorded fault with its address; from each good page the figure is read, once."""
    feeds = [FeedSettings(url=f"{web.url}/{name}") for name in (*FEEDS, "endless", "good")]
    runner.run_feeds(feeds)
    bad = {f"{web.url}/{name}" for name in (*FEEDS, "endless", *BAD_PAGES)}
    assert {fault.key for fault in store.faults().items} == bad
    found = store.claims(ClaimFilter(min_usd=343e6)).items
    assert sorted(row.document.url for row in found) == sorted(f"{web.url}/{name}" for name in GOOD_PAGES)
    for row in found:
        doc, evidence = store.document(row.document.id), row.claim.evidence
        assert doc.content[evidence.start : evidence.end] == evidence.text == "$343 million"
        assert row.claim.window.hours == 1.0
        assert row.claim.side == "long"


def test_a_second_round_stores_nothing_twice(web, runner, store):
    """Faults and articles of a second round are those of the first."""
    feeds = [FeedSettings(url=f"{web.url}/{name}") for name in ("cut", "gone", "good")]
    runner.run_feeds(feeds)
    before = store.documents(), store.claims(), store.events(), len(store.faults().items)
    assert runner.run_feeds(feeds, every=True).new == 0
    assert (store.documents(), store.claims(), store.events(), len(store.faults().items)) == before
