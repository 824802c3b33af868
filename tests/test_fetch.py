"""The HTTP client against a real server: polite, capped in bytes, time and hops, and blind to private addresses."""

from __future__ import annotations

import gzip
import resource
import socket
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.config import FetchSettings
from newsdetect.errors import FetchError, Gone, Refused, TooLarge
from newsdetect.fetch import Fetcher
from newsdetect.fetch.client import retry_after
from newsdetect.fetch.guard import is_public
from tests.sources.web import Web, bomb, reply, serving


@pytest.fixture
def web():
    with serving() as running:
        yield running


def open_fetcher(**given) -> Fetcher:
    """Make a fetcher that may ask the loopback, and does not wait between requests unless a test says so."""
    settings = {"allow_private": True, "host_delay_s": 0.0, "total_timeout_s": 5.0, "attempts": 1, **given}
    return Fetcher(FetchSettings(**settings))


def fault_of(url: str, **given) -> FetchError:
    with open_fetcher(**given) as fetcher, pytest.raises(FetchError) as raised:
        fetcher.get(url)
    assert url in str(raised.value)
    assert raised.value.key == url
    return raised.value


def test_an_answer_brings_bytes_headers_and_address(web: Web):
    """A 200 gives the body, and the headers by lower-case names."""
    web.answers["/feed"] = reply(body=b"<rss/>", ETag='"v1"', Content_Type="text/xml")
    with open_fetcher() as fetcher:
        got = fetcher.get(f"{web.url}/feed")
    assert (got.status, got.body, got.final_url, got.not_modified) == (200, b"<rss/>", f"{web.url}/feed", False)
    assert got.headers["etag"] == '"v1"'
    assert got.permanent_redirect is None


def test_a_conditional_get_hears_that_nothing_changed(web: Web):
    """Both validators are sent as they came, and a 304 is an answer without a body."""
    web.answers["/feed"] = reply(304, ETag='"v1"')
    with open_fetcher() as fetcher:
        got = fetcher.get(f"{web.url}/feed", etag='"v1"', last_modified="Mon, 25 Aug 2025 21:04:45 GMT")
    assert (got.not_modified, got.body) == (True, b"")
    sent = web.requests[-1][1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"v1"', "Mon, 25 Aug 2025 21:04:45 GMT")


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_packed_answer_is_unpacked(web: Web, encoding: str):
    """The body is what was meant, not how it travelled."""
    pack = {"gzip": gzip.compress, "deflate": zlib.compress}[encoding]
    web.answers["/feed"] = reply(body=pack(b"words " * 100), Content_Encoding=encoding)
    with open_fetcher() as fetcher:
        assert fetcher.get(f"{web.url}/feed").body == b"words " * 100


@pytest.mark.parametrize(("status", "kind"), [(404, FetchError), (410, Gone), (403, FetchError), (500, FetchError)])
def test_a_status_without_usable_bytes_is_an_error_that_names_url_and_status(web: Web, status: int, kind: type):
    """404, 403 and 500 are faults; 410 is the one that means stop asking."""
    web.answers["/feed"] = reply(status, b"no")
    fault = fault_of(f"{web.url}/feed")
    assert isinstance(fault, kind)
    assert fault.status == status
    assert str(status) in str(fault)


def test_a_bot_wall_is_named(web: Web):
    """A 403 that is a challenge page says so, for the outlet still lives."""
    web.answers["/feed"] = reply(403, b"<html><title>Just a moment...</title>")
    assert "Cloudflare" in str(fault_of(f"{web.url}/feed"))


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_comes_with_the_error(web: Web, status: int):
    """What the server asks for reaches the schedule, in seconds, and no second try is made against its wish."""
    web.answers["/feed"] = reply(status, Retry_After="120")
    assert fault_of(f"{web.url}/feed", attempts=3).retry_after == 120
    assert web.paths() == ["/feed"]


def test_retry_after_may_be_a_date():
    """An HTTP date counts from now, a past one is zero, and nonsense says nothing."""
    now = datetime(2025, 8, 25, 21, tzinfo=UTC)
    assert retry_after(format_datetime(now + timedelta(hours=1), usegmt=True), now) == 3600
    assert retry_after(format_datetime(now - timedelta(hours=1), usegmt=True), now) == 0
    assert [retry_after(each, now) for each in (None, "", "soon", "-5")] == [None, None, None, None]
    assert retry_after(" 7\x1f", now) == 7


@given(st.text(max_size=60))
def test_no_retry_after_header_breaks_the_client(value: str):
    """Whatever stands in the header, it is seconds from now on or nothing."""
    seconds = retry_after(value, datetime(2025, 8, 25, tzinfo=UTC))
    assert seconds is None or seconds >= 0


def test_a_5xx_is_tried_again(web: Web):
    """A server's hiccup costs nothing: the second attempt's answer counts."""
    answers = [reply(500, b"oops"), reply(body=b"fine")]

    def in_turn(handler):
        answers.pop(0)(handler)

    web.answers["/feed"] = in_turn
    with open_fetcher(attempts=2) as fetcher:
        assert fetcher.get(f"{web.url}/feed").body == b"fine"


def test_no_connection_is_tried_again_and_then_named():
    """A port where nobody listens is a fault of the address, after the attempts that the settings allow."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fault = fault_of(f"http://127.0.0.1:{port}/feed", obey_robots=False)
    assert fault.status is None


def test_redirects_are_followed_and_permanent_ones_told(web: Web):
    """The target of an unbroken run of 301/308 is told; the first passing redirect ends the run."""
    web.answers["/a"] = reply(301, Location="/b")
    web.answers["/b"] = reply(308, Location="/c")
    web.answers["/c"] = reply(302, Location="/d")
    web.answers["/d"] = reply(body=b"here")
    with open_fetcher() as fetcher:
        got = fetcher.get(f"{web.url}/a")
    assert (got.body, got.final_url, got.permanent_redirect) == (b"here", f"{web.url}/d", f"{web.url}/c")


def test_a_redirect_loop_ends(web: Web):
    """More hops than the cap are an error; exactly the cap is not."""
    web.answers["/a"] = reply(302, Location="/b")
    web.answers["/b"] = reply(302, Location="/a")
    assert "redirects" in str(fault_of(f"{web.url}/a", max_redirects=4))
    assert len(web.paths()) == 5


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x", "http://["])
def test_a_redirect_leads_nowhere_but_to_http(web: Web, target: str):
    """Each hop is judged as the first address was."""
    web.answers["/a"] = reply(302, Location=target)
    assert isinstance(fault_of(f"{web.url}/a"), Refused)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com/", "data:,x", "no address", "", "http://"])
def test_only_http_addresses_are_asked(url: str):
    """Any other scheme is refused before anything is opened."""
    with open_fetcher() as fetcher, pytest.raises(Refused):
        fetcher.get(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]"])
def test_a_private_address_is_refused_however_it_is_written(web: Web, host: str):
    """The resolved address counts, not its spelling; nothing is sent."""
    port = web.url.rsplit(":", 1)[1]
    with open_fetcher(allow_private=False, obey_robots=False) as fetcher, pytest.raises(Refused, match="private"):
        fetcher.get(f"http://{host}:{port}/feed")
    assert web.requests == []


def test_a_redirect_to_a_private_address_is_refused(web: Web, monkeypatch: pytest.MonkeyPatch):
    """The guard holds on the second hop too: a public host cannot send us inside."""
    web.answers["/a"] = reply(302, Location=f"{web.url}/secret")
    port = int(web.url.rsplit(":", 1)[1])
    resolve = socket.getaddrinfo
    connect = socket.create_connection
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))]
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: public if host == "news.test" else resolve(host, *a, **k)
    )
    monkeypatch.setattr(
        socket,
        "create_connection",
        lambda address, *a, **k: connect(("127.0.0.1", port) if address[0] == "93.184.216.34" else address, *a, **k),
    )
    with open_fetcher(allow_private=False, obey_robots=False) as fetcher, pytest.raises(Refused, match="private"):
        fetcher.get(f"http://news.test:{port}/a")
    assert web.paths() == ["/a"]


def test_the_checked_address_is_the_dialled_one(monkeypatch: pytest.MonkeyPatch):
    """A name that resolves anew to a private address after the check changes nothing: it is resolved once."""
    asked: list[str] = []
    dialled: list[object] = []

    def rebinding(host, port, *args, **kwargs):
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def refuse(address, *args, **kwargs):
        dialled.append(address[0])
        raise OSError("nobody here")

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "create_connection", refuse)
    with open_fetcher(allow_private=False, obey_robots=False) as fetcher, pytest.raises(FetchError):
        fetcher.get("http://rebind.test/")
    assert dialled == ["93.184.216.34"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.0.0.1", False),
        ("172.16.3.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("not an address", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool):
    """Private, local, shared, multicast and reserved ranges are not, and neither is IPv6 that carries one of them."""
    assert is_public(address) is public


def test_a_gzip_bomb_is_stopped_at_the_cap(web: Web):
    """A megabyte that unpacks to 500 is cut off at the cap, and is never held whole in memory."""
    web.answers["/feed"] = reply(body=bomb(500), Content_Encoding="gzip")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fault = fault_of(f"{web.url}/feed", max_bytes=1_000_000)
    assert isinstance(fault, TooLarge)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_a_bomb_in_a_bomb_is_stopped_too(web: Web):
    """Two layers of packing are unpacked piece by piece as one is."""
    web.answers["/feed"] = reply(body=gzip.compress(bomb(100)), Content_Encoding="gzip, gzip")
    assert isinstance(fault_of(f"{web.url}/feed", max_bytes=1_000_000), TooLarge)


def test_a_page_of_50_megabytes_is_not_read_to_its_end(web: Web):
    """The cap of the settings holds for a page that says its size as for one that does not."""
    web.answers["/page"] = reply(body=b"x" * 50_000_000)
    assert isinstance(fault_of(f"{web.url}/page"), TooLarge)


def test_an_endless_stream_is_stopped(web: Web):
    """A stream without an end ends at the cap."""
    web.answers["/feed"] = web.drip(b"x" * 65536, 0, head=b"HTTP/1.1 200 OK\r\n\r\n")
    assert isinstance(fault_of(f"{web.url}/feed", max_bytes=1_000_000), TooLarge)


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: ", b""], ids=["body", "header", "status"]
)
def test_a_slow_drip_runs_into_the_deadline(web: Web, head: bytes):
    """Each byte comes within any read's timeout; the whole answer does not, wherever it drips."""
    web.answers["/feed"] = web.drip(b"a", 0.05, head=head)
    fault = fault_of(f"{web.url}/feed", total_timeout_s=0.6, obey_robots=False)
    assert "0.6 s" in str(fault)


def test_a_server_that_says_nothing_runs_into_the_deadline(web: Web):
    """Silence is a fault, not a wait."""
    web.answers["/feed"] = lambda handler: (web.stopping.wait(10), None)[1]
    assert "0.3 s" in str(fault_of(f"{web.url}/feed", total_timeout_s=0.3, obey_robots=False))


def test_broken_packing_is_a_fault(web: Web):
    """Bytes that do not unpack never come through as they travelled."""
    web.answers["/feed"] = reply(body=b"\x1f\x8bbroken", Content_Encoding="gzip")
    assert "content-encoding" in str(fault_of(f"{web.url}/feed"))


def test_packing_that_is_cut_off_gives_what_could_be_read(web: Web):
    """The head of a feed is better than none: its reader says what is broken in it."""
    web.answers["/feed"] = reply(body=bomb(1)[:200], Content_Encoding="gzip")
    with open_fetcher() as fetcher:
        assert set(fetcher.get(f"{web.url}/feed").body) <= {0}


def test_an_encoding_nobody_asked_for_is_a_fault(web: Web):
    """Unknown packing is not passed on as text."""
    web.answers["/feed"] = reply(body=b"???", Content_Encoding="sdch")
    assert "sdch" in str(fault_of(f"{web.url}/feed"))


def test_robots_txt_is_obeyed_and_asked_once(web: Web):
    """A forbidden path is refused unasked; the rules are read once for a host."""
    web.answers["/robots.txt"] = reply(body=b"User-agent: *\nDisallow: /private\n")
    web.answers["/open"] = reply(body=b"open")
    with open_fetcher() as fetcher:
        assert fetcher.get(f"{web.url}/open").body == b"open"
        with pytest.raises(Refused, match="robots"):
            fetcher.get(f"{web.url}/private/feed")
        fetcher.get(f"{web.url}/open")
    assert [path for path, _ in web.requests] == ["/robots.txt", "/open", "/open"]


def test_a_redirect_into_a_forbidden_path_is_refused(web: Web):
    """The rules hold for where a redirect leads, too."""
    web.answers["/robots.txt"] = reply(body=b"User-agent: newsdetect\nDisallow: /private\n")
    web.answers["/open"] = reply(302, Location="/private")
    with open_fetcher() as fetcher, pytest.raises(Refused, match="robots"):
        fetcher.get(f"{web.url}/open")
    assert web.paths() == ["/open"]


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (401, True), (500, False), (503, False), (429, False)])
def test_robots_txt_that_cannot_be_had(web: Web, status: int, allowed: bool):
    """RFC 9309: not there allows all; a server in trouble forbids all until it is out of it."""
    web.answers["/robots.txt"] = reply(status)
    web.answers["/feed"] = reply(body=b"feed")
    with open_fetcher() as fetcher:
        if allowed:
            assert fetcher.get(f"{web.url}/feed").body == b"feed"
        else:
            with pytest.raises(Refused, match="robots"):
                fetcher.get(f"{web.url}/feed")


def test_a_huge_robots_txt_counts_as_far_as_it_is_read(web: Web):
    """Its first 500 KiB hold; the rest is left unread, and is no error."""
    web.answers["/robots.txt"] = reply(body=b"User-agent: *\nDisallow: /private\n" + b"# padding\n" * 100_000)
    web.answers["/feed"] = reply(body=b"feed")
    with open_fetcher() as fetcher:
        assert fetcher.get(f"{web.url}/feed").body == b"feed"
        with pytest.raises(Refused, match="robots"):
            fetcher.get(f"{web.url}/private")


def slept(web: Web, robots: bytes, asks: int, **given) -> list[float]:
    """Give what a fetcher sleeps over some requests, on a clock that only its sleeping moves."""
    web.answers["/robots.txt"] = reply(body=robots)
    web.answers["/feed"] = reply(body=b"feed")
    now, naps = [0.0], []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        now[0] += seconds

    settings = FetchSettings(allow_private=True, **given)
    with Fetcher(settings, clock=lambda: now[0], sleep=sleep) as fetcher:
        for _ in range(asks):
            fetcher.get(f"{web.url}/feed")
    return naps


def test_requests_to_one_host_are_spaced(web: Web):
    """Between two requests lies the delay of the settings; the robots.txt is one of them."""
    assert slept(web, b"", 3, host_delay_s=2.0) == [2.0, 2.0, 2.0]


def test_crawl_delay_counts_where_it_asks_for_more(web: Web):
    """A host's own wish for more time goes before ours."""
    assert slept(web, b"User-agent: *\nCrawl-delay: 7\n", 3, host_delay_s=1.0) == [1.0, 7.0, 7.0]


def test_a_very_long_crawl_delay_is_handed_back(web: Web):
    """One host's hour holds up nobody: the caller hears when its turn comes."""
    with pytest.raises(FetchError) as raised:
        slept(web, b"User-agent: *\nCrawl-delay: 3600\n", 2, host_delay_s=1.0)
    assert raised.value.retry_after == 3600


def test_no_cookie_is_kept(web: Web):
    """A host that wants to know us again does not."""
    web.answers["/feed"] = reply(body=b"feed", Set_Cookie="id=1; Path=/")
    with open_fetcher() as fetcher:
        fetcher.get(f"{web.url}/feed")
        fetcher.get(f"{web.url}/feed")
    assert all("cookie" not in headers for _, headers in web.requests)
