"""The local runner over a real web server: feeds polled, pages read once, faults recorded, nothing stored twice."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from newsdetect.config import FeedSettings, FetchSettings, Settings
from newsdetect.errors import ConfigError, ModelError
from newsdetect.fetch import Fetcher
from newsdetect.runners.local import LocalRunner, configured_feeds
from newsdetect.storage.store import open_store
from tests.sources.web import reply, serving

NOON = datetime(2025, 6, 10, 12, 0, tzinfo=UTC)
TEXT = (
    "Over $212 million was liquidated over the past 24 hours, data from CoinGlass shows. Longs accounted for $171 "
    "million of that, after bitcoin slid under $101,000 in early trading and leveraged buyers were closed out."
)
PAGE = (
    "<html><head><title>Longs lose $171 million</title></head><body><article><h1>Longs lose $171 million</h1>"
    f"<p>{TEXT}</p><p>{TEXT[:80]} again, as told.</p></article></body></html>"
)


def rss(*items: str) -> bytes:
    """Make a feed of items."""
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'.encode()


def item(url: str, body: str = "A teaser.", *, full: bool = False) -> str:
    """Make one item, a teaser or a whole text."""
    whole = f"<p>{body}</p>".replace("<", "&lt;")
    content = f"<e:encoded xmlns:e='http://purl.org/rss/1.0/modules/content/'>{whole}</e:encoded>"
    return (
        f"<item><guid>{url}</guid><link>{url}</link><title>Longs lose $171 million</title>"
        f"<pubDate>Tue, 10 Jun 2025 10:00:00 GMT</pubDate><description>{body[:40]}</description>"
        f"{content if full else ''}</item>"
    )


@pytest.fixture
def web():
    """Run a server."""
    with serving() as server:
        yield server


@pytest.fixture
def runner(web, store):
    """Give a runner over the network of this machine, without a market."""
    settings = FetchSettings(allow_private=True, host_delay_s=0, attempts=1)
    with Fetcher(settings) as opener:
        yield LocalRunner(store=store, opener=opener, market=None, max_text=100_000, clock=lambda: NOON)


def test_a_feeds_full_text_becomes_article_claims_and_event(web, runner, store):
    """One poll of one feed leaves the article, its claims, their checks and the event they make."""
    web.answers["/feed"] = reply(
        200, rss(item(f"{web.url}/a", TEXT * 2, full=True)), Content_Type="application/rss+xml"
    )
    done = runner.run_feeds([FeedSettings(url=f"{web.url}/feed", outlet="The Test")])
    assert (done.feeds, done.entries, done.new, done.faults) == (1, 1, 1, [])
    values = {row.claim.value for row in store.claims().items}
    assert {212e6, 171e6} <= values
    (event,) = store.events().items
    assert event.observers == ("CoinGlass",)
    assert store.checks().items


def test_a_second_round_adds_nothing(web, runner, store):
    """The same feed read again leaves every row as it was."""
    web.answers["/feed"] = reply(200, rss(item(f"{web.url}/a", TEXT * 2, full=True)))
    feeds = [FeedSettings(url=f"{web.url}/feed")]
    runner.run_feeds(feeds)
    before = store.documents(), store.claims(), store.events(), store.checks()
    assert runner.run_feeds(feeds, every=True).new == 0
    assert (store.documents(), store.claims(), store.events(), store.checks()) == before


def test_a_feed_that_is_not_due_is_not_asked(web, runner):
    """After a poll the feed rests until its time has come."""
    web.answers["/feed"] = reply(200, rss(item(f"{web.url}/a", TEXT, full=True)))
    feeds = [FeedSettings(url=f"{web.url}/feed")]
    runner.run_feeds(feeds)
    assert runner.run_feeds(feeds).feeds == 0
    assert web.paths() == ["/feed"]
    assert timedelta(minutes=5) < runner.next_due(feeds) <= timedelta(days=1)


def test_a_teasers_page_is_fetched_once(web, runner, store):
    """Where the feed brings a teaser, its page is read, and not asked for again."""
    web.answers["/feed"] = reply(200, rss(item(f"{web.url}/a")))
    web.answers["/a"] = reply(200, PAGE.encode(), Content_Type="text/html")
    feeds = [FeedSettings(url=f"{web.url}/feed")]
    assert runner.run_feeds(feeds).new == 1
    assert runner.run_feeds(feeds, every=True).new == 0
    assert web.paths().count("/a") == 1
    (doc,) = store.documents().items
    assert doc.event


def test_a_missing_page_is_a_fault_and_a_failing_one_is_asked_again(web, runner, store):
    """A 404 is recorded and left; a 503 is recorded and asked for at the next poll; the other entries go on."""
    web.answers["/feed"] = reply(
        200, rss(item(f"{web.url}/gone"), item(f"{web.url}/down"), item(f"{web.url}/full", TEXT * 2, full=True))
    )
    web.answers["/down"] = reply(503)
    feeds = [FeedSettings(url=f"{web.url}/feed")]
    done = runner.run_feeds(feeds)
    assert done.new == 1
    assert {fault.key for fault in done.faults} == {f"{web.url}/gone", f"{web.url}/down"}
    web.answers["/down"] = reply(200, PAGE.encode(), Content_Type="text/html")
    assert runner.run_feeds(feeds, every=True).new == 1
    assert web.paths().count("/gone") == 1
    assert {fault.key for fault in store.faults().items} == {f"{web.url}/gone", f"{web.url}/down"}


@pytest.mark.parametrize(
    ("status", "body"), [(404, b""), (410, b""), (200, b""), (200, b"<html><body>no feed</body></html>")]
)
def test_a_broken_feed_is_recorded_and_the_others_go_on(web, runner, store, status, body):
    """A feed that is gone, empty or no feed leaves a fault with its address; the next feed is read."""
    web.answers["/bad"] = reply(status, body, Content_Type="text/html")
    web.answers["/good"] = reply(200, rss(item(f"{web.url}/a", TEXT * 2, full=True)))
    done = runner.run_feeds([FeedSettings(url=f"{web.url}/bad"), FeedSettings(url=f"{web.url}/good")])
    assert done.new == 1
    assert [fault.key for fault in done.faults] == [f"{web.url}/bad"]
    states = {state.url: state for state in store.feed_states()}
    assert states[f"{web.url}/bad"].failures == 1
    assert states[f"{web.url}/bad"].stopped == (status == 410)


def test_an_article_over_the_cap_is_a_fault(web, runner):
    """A text longer than is read is recorded by its address, and nothing of it is stored."""
    long = "Nothing happened today in any market worth the name. " * 4000
    web.answers["/feed"] = reply(200, rss(item(f"{web.url}/long", long, full=True)))
    done = runner.run_feeds([FeedSettings(url=f"{web.url}/feed")])
    assert done.new == 0
    (fault,) = done.faults
    assert fault.key == f"{web.url}/long"
    assert "100,000" in fault.message


def test_a_believed_redirect_keeps_the_configured_feed(web, runner, store):
    """A feed that moved for good is polled at its new address and still is the one that the settings name."""
    web.answers["/old"] = reply(301, Location=f"{web.url}/new")
    web.answers["/new"] = reply(200, rss(item(f"{web.url}/a", TEXT * 2, full=True)))
    feeds = [FeedSettings(url=f"{web.url}/old")]
    for _ in range(4):
        runner.run_feeds(feeds, every=True)
    assert [state.url for state in store.feed_states()] == [f"{web.url}/new"]
    assert web.paths().count("/old") == 3
    assert runner.run_feeds(feeds).feeds == 0


def test_pages_are_read_by_address(web, runner, store):
    """Single pages become articles too, and a fault of one stops no other."""
    web.answers["/a"] = reply(200, PAGE.encode(), Content_Type="text/html")
    done = runner.run_pages([(f"{web.url}/none", None), (f"{web.url}/a", "The Test")])
    assert (done.entries, done.new) == (2, 1)
    assert [fault.what for fault in done.faults] == ["page"]
    assert store.documents().items[0].outlet == "The Test"


def test_configured_feeds_are_those_of_both_files(tmp_path):
    """Feeds of the settings and of the OPML file are one list, each address once; a missing file is named."""
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline xmlUrl="https://a.example/f"/><outline xmlUrl="https://b.example/f"/></body></opml>'
    )
    settings = Settings(home=tmp_path, feeds=(FeedSettings(url="https://a.example/f", outlet="A"),), opml=opml)
    assert [(each.url, each.outlet) for each in configured_feeds(settings)] == [
        ("https://a.example/f", "A"),
        ("https://b.example/f", None),
    ]
    with pytest.raises(ConfigError, match="nowhere"):
        configured_feeds(Settings(home=tmp_path, opml=tmp_path / "nowhere.opml"))


def test_a_run_that_is_cut_off_is_simply_run_again(web, store, tmp_path, monkeypatch):
    """Where saving fails in the middle, the feed's state is as before and the next round does the work."""
    web.answers["/feed"] = reply(200, rss(item(f"{web.url}/a", TEXT * 2, full=True)))
    feeds = [FeedSettings(url=f"{web.url}/feed")]
    with Fetcher(FetchSettings(allow_private=True, host_delay_s=0)) as opener:
        runner = LocalRunner(store=store, opener=opener, market=None, max_text=100_000, clock=lambda: NOON)
        monkeypatch.setattr("newsdetect.pipeline.save", _cut)
        with pytest.raises(KeyboardInterrupt):
            runner.run_feeds(feeds)
        monkeypatch.undo()
        assert store.feed_states() == []
        assert runner.run_feeds(feeds).new == 1


def _cut(*_):
    raise KeyboardInterrupt


def test_a_home_of_its_own_keeps_everything(tmp_path, web):
    """A store under another home starts empty: state lies there and nowhere else."""
    web.answers["/feed"] = reply(200, rss(item(f"{web.url}/a", TEXT * 2, full=True)))
    feeds = [FeedSettings(url=f"{web.url}/feed")]
    for name in ("one", "two"):
        settings = Settings(home=tmp_path / name)
        settings.make_home()
        with open_store(settings.database_url) as store, Fetcher(FetchSettings(allow_private=True)) as opener:
            runner = LocalRunner(store=store, opener=opener, market=None, max_text=100_000)
            assert runner.run_feeds(feeds).new == 1


def test_a_missing_model_ends_the_run_and_marks_nothing_read(web, runner, store):
    """What is wrong with the installation is no article's fault: once mended, the same poll reads everything."""
    web.answers["/feed"] = reply(200, rss(item(f"{web.url}/a")))
    web.answers["/a"] = reply(200, PAGE.encode(), Content_Type="text/html")
    feeds = [FeedSettings(url=f"{web.url}/feed")]
    broken = dataclasses.replace(runner, extractor=_without_model)
    with pytest.raises(ModelError):
        broken.run_feeds(feeds)
    assert store.feed_states() == []
    assert runner.run_feeds(feeds).new == 1


def _without_model(_):
    raise ModelError("encoder.onnx is missing", key="encoder.onnx")
