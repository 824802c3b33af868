"""Polling over a real server: what goes wrong with one feed is written down, and the next poll is set."""

from __future__ import annotations

import pytest

from newsdetect.config import FetchSettings
from newsdetect.documents.article import read_entry
from newsdetect.errors import FetchError, NewsdetectError, SourceError
from newsdetect.fetch import Fetcher
from newsdetect.sources.collect import collect_feed, fetch_page
from newsdetect.sources.entry import Entry
from newsdetect.sources.folder import FolderOpener
from tests.sources.builders import NOW, make_state, rss
from tests.sources.web import Web, bomb, reply, serving

GOOD = rss("<guid>urn:x:1</guid><title>One</title>", "<guid>urn:x:2</guid><title>Two</title>", title="Harbour Ledger")


@pytest.fixture
def web():
    with serving() as running:
        yield running


@pytest.fixture
def fetcher():
    settings = FetchSettings(
        allow_private=True, host_delay_s=0, total_timeout_s=1, attempts=1, max_bytes=1_000_000, max_redirects=3
    )
    with Fetcher(settings) as opened:
        yield opened


def test_a_feed_gives_its_entries_and_its_next_state(web: Web, fetcher: Fetcher):
    """The entries come with the feed's name, the state with the validators."""
    web.answers["/feed"] = reply(body=GOOD, ETag='"v1"')
    got = collect_feed(fetcher, make_state(url=f"{web.url}/feed"), now=NOW)
    assert [(each.key, each.outlet) for each in got.entries] == [
        ("urn:x:1", "Harbour Ledger"),
        ("urn:x:2", "Harbour Ledger"),
    ]
    assert (got.fault, got.state.etag, got.state.last_success) == (None, '"v1"', NOW)


def test_the_configured_outlet_goes_before_the_feed_s_own_name(web: Web, fetcher: Fetcher):
    """Who configured a feed has named it."""
    web.answers["/feed"] = reply(body=GOOD)
    got = collect_feed(fetcher, make_state(url=f"{web.url}/feed", outlet="Ours"), now=NOW)
    assert {each.outlet for each in got.entries} == {"Ours"}


def test_the_second_poll_is_conditional_and_brings_nothing(web: Web, fetcher: Fetcher):
    """A 304 is a success without entries."""
    web.answers["/feed"] = reply(body=GOOD, ETag='"v1"')
    state = collect_feed(fetcher, make_state(url=f"{web.url}/feed"), now=NOW).state
    web.answers["/feed"] = reply(304)
    got = collect_feed(fetcher, state, now=NOW)
    assert (got.entries, got.fault, got.state.etag) == ((), None, '"v1"')
    assert web.requests[-1][1]["if-none-match"] == '"v1"'


def test_a_broken_feed_is_read_as_far_as_it_goes(web: Web, fetcher: Fetcher):
    """Cut-off XML gives what came before the cut, and a note."""
    web.answers["/feed"] = reply(body=GOOD[:-40])
    got = collect_feed(fetcher, make_state(url=f"{web.url}/feed"), now=NOW)
    assert got.entries[0].title == "One"
    assert (got.fault, len(got.notes)) == (None, 1)


BAD = {
    "empty": (reply(body=b""), "empty"),
    "html": (reply(body=b"<!doctype html><title>Sorry</title>"), "HTML page"),
    "bot wall": (reply(body=b"<html><title>Just a moment...</title>"), "bot wall"),
    "404": (reply(404), "404"),
    "410": (reply(410), "410"),
    "500": (reply(500), "500"),
    "gzip bomb": (reply(body=bomb(50), Content_Encoding="gzip"), "more than 1,000,000 bytes"),
    "redirect loop": (reply(302, Location="/feed"), "redirects"),
    "redirect to a file": (reply(302, Location="file:///etc/passwd"), "no http"),
    "not http": (lambda handler: handler.wfile.write(b"SSH-2.0-x\r\n"), ""),
    "hangs up": (lambda handler: handler.connection.close(), ""),
}


@pytest.mark.parametrize("case", BAD)
def test_a_feed_that_gives_nothing_is_a_recorded_fault(web: Web, fetcher: Fetcher, case: str):
    """Nothing is raised: the fault names the feed, stands in the state, and a later poll is set unless it is gone."""
    web.answers["/feed"], says = BAD[case]
    url = f"{web.url}/feed"
    got = collect_feed(fetcher, make_state(url=url), now=NOW)
    assert url in got.fault
    assert says in got.fault
    assert (got.entries, got.state.failures, got.state.last_error) == ((), 1, got.fault)
    assert got.state.stopped is (case == "410")
    assert got.state.stopped or got.state.next_poll > NOW


@pytest.mark.parametrize("pause_s", [0, 0.05], ids=["endless", "drip"])
def test_a_feed_without_an_end_is_a_recorded_fault(web: Web, fetcher: Fetcher, pause_s: float):
    """Neither a flood nor a drip holds up the others."""
    web.answers["/feed"] = web.drip(
        b"<item/>" * 1000 if not pause_s else b"<", pause_s, head=b"HTTP/1.1 200 OK\r\n\r\n"
    )
    got = collect_feed(fetcher, make_state(url=f"{web.url}/feed"), now=NOW)
    assert got.fault
    assert got.state.failures == 1


def test_a_page_is_an_entry_and_keeps_what_its_feed_knew(web: Web, fetcher: Fetcher):
    """The feed's key, date and title stay; the page's markup and last address come in."""
    web.answers["/a"] = reply(302, Location="/b")
    web.answers["/b"] = reply(body="<p>Größe</p>".encode("iso-8859-1"), Content_Type="text/html; charset=iso-8859-1")
    known = Entry(key="k", title="T", published=NOW, body="feed_summary", url=f"{web.url}/a")
    got = fetch_page(fetcher, f"{web.url}/a", entry=known)
    assert (got.key, got.title, got.published, got.body) == ("k", "T", NOW, "page")
    assert (got.html, got.final_url) == ("<p>Größe</p>", f"{web.url}/b")
    assert fetch_page(fetcher, f"{web.url}/b").key == f"{web.url}/b"


PAGES = {
    "no body": (reply(body=b"<html><head><title>T</title></head></html>"), SourceError),
    "nothing": (reply(body=b""), SourceError),
    "bot wall": (reply(body=b"<title>Just a moment...</title>"), SourceError),
    "image": (reply(body=b"\x89PNG", Content_Type="image/png"), SourceError),
    "50 MB": (reply(body=b"<p>words</p>" * 4_200_000), FetchError),
    "404": (reply(404), FetchError),
}


@pytest.mark.parametrize("case", PAGES)
def test_a_page_without_an_article_is_an_error_that_names_it(web: Web, fetcher: Fetcher, case: str):
    """From fetch to document, the address is in the message."""
    web.answers["/a"], kind = PAGES[case]
    with pytest.raises(NewsdetectError) as raised:
        read_entry(fetch_page(fetcher, f"{web.url}/a"))
    assert isinstance(raised.value, kind)
    assert f"{web.url}/a" in str(raised.value)


def test_a_folder_opens_what_it_holds_and_nothing_else(tmp_path):
    """Bundled files answer for their URLs; any other is a 404, a missing file and one over the cap are faults."""
    (tmp_path / "feed.xml").write_bytes(GOOD)
    opener = FolderOpener({"https://a.example/feed": tmp_path / "feed.xml", "https://a.example/gone": tmp_path / "no"})
    got = collect_feed(opener, make_state(url="https://a.example/feed"), now=NOW)
    assert [each.title for each in got.entries] == ["One", "Two"]
    for url, given in (
        ("https://a.example/gone", {}),
        ("https://b.example/", {}),
        ("https://a.example/feed", {"max_bytes": 9}),
    ):
        with pytest.raises(FetchError, match=url):
            opener.get(url, **given)
