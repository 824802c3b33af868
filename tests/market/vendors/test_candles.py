"""Candles through ccxt and our own client: whole, in one piece, in the right units, and an error where they are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from newsdetect.config import HistorySettings
from newsdetect.errors import BrokenAnswer, FetchError, UsageError
from newsdetect.fetch import Fetcher
from newsdetect.market.archive import MarketArchive
from newsdetect.market.fetching import FetchReport, Wanted
from newsdetect.market.fetching import History as Fetching
from newsdetect.market.vendors.candles import CandleVenue
from tests.market.builders import at
from tests.market.vendors.server import HOUR, History, ms, prices
from tests.sources.web import Answer, reply

_VENUES = ("Binance", "Bybit", "OKX", "Coinbase")
_PATHS = {
    "Binance": "/fapi/v1/klines", "Bybit": "/v5/market/kline", "OKX": "/api/v5/market/history-candles",
    "Coinbase": "/api/v3/brokerage/market/products/BTC-USD/candles",
}  # fmt: skip


def fetch(fetching: Fetching, venue: str, start: str, end: str, **changes) -> FetchReport:
    """Fetch one venue's BTC."""
    options = {"interval": "1h", "market": "spot" if venue == "Coinbase" else "perp", "assets": ("BTC",)} | changes
    wanted = Wanted("candles", (venue,), start=at(start), end=at(end), **options)
    (report,) = fetching.fetch(wanted)
    return report


def in_turn(answers: list[Answer]) -> Answer:
    """Answer each call with the next of these."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        each = answers.pop(0)
        each(handler)

    return answer


@pytest.mark.parametrize("venue", _VENUES)
def test_pages_join_without_gap_or_overlap(
    venue: str, fetching: Fetching, market: MarketArchive, server: History
) -> None:
    """Two thousand hours come whole from every venue, whichever end a page starts at and whatever it includes."""
    report = fetch(fetching, venue, "2025-01-01T00:00Z", "2025-03-25T08:00Z")
    assert (report.rows, report.added, report.missing, report.unfinished, report.quarantined) == (2000, 2000, 0, 0, 0)
    candles = market.candles(at("2025-01-01T00:00Z"), at("2025-03-25T08:00Z"), assets=["BTC"])
    starts = [candle.start for candle in candles]
    assert starts == [at("2025-01-01T00:00Z") + timedelta(hours=n) for n in range(2000)]
    first = candles[0]
    told = prices(ms("2025-01-01"))
    assert (first.open, first.high, first.low, first.close) == tuple(map(float, told))
    assert (first.source, first.venue, first.seconds, first.volume) == (venue, venue, 3600, 7.5)
    assert first.turnover == (None if venue == "Coinbase" else 750_000.25)
    assert first.retrieved_at is not None
    assert report.calls == len(server.asked)


@pytest.mark.parametrize("venue", _VENUES)
@pytest.mark.parametrize("most", [7, 200])
def test_a_page_cut_short_is_asked_for_again(
    venue: str, most: int, fetching: Fetching, server: History, market: MarketArchive
) -> None:
    """A venue that gives fewer rows than it says loses none of them."""
    server.most = most
    report = fetch(fetching, venue, "2025-01-01T00:00Z", "2025-01-13T12:00Z")
    assert (report.rows, report.missing) == (300, 0)


@pytest.mark.parametrize("venue", _VENUES)
def test_what_a_venue_does_not_tell_is_missing_and_no_zero(
    venue: str, fetching: Fetching, server: History, market: MarketArchive
) -> None:
    """Hours of an outage, and all before the listing, are counted and stay empty."""
    outage = range(ms("2025-01-02T05:00"), ms("2025-01-02T08:00"), HOUR)
    server.has = lambda start: start >= ms("2025-01-01T10:00") and start not in outage
    report = fetch(fetching, venue, "2025-01-01T00:00Z", "2025-01-03T00:00Z")
    assert (report.rows, report.missing) == (48 - 10 - 3, 13)
    assert market.candles(at("2025-01-02T05:00Z"), at("2025-01-02T08:00Z")) == []
    (row,) = market.coverage()
    assert [(gap.start, gap.end) for gap in row.gaps or ()] == [(at("2025-01-02T05:00Z"), at("2025-01-02T08:00Z"))]


@pytest.mark.parametrize("venue", _VENUES)
def test_the_candle_that_has_not_ended_is_left_out(
    venue: str, fetching: Fetching, server: History, market: MarketArchive
) -> None:
    """The newest candle still moves: it is counted, and not stored."""
    now = datetime.now(UTC)
    start = (now - timedelta(hours=5)).replace(minute=0, second=0, microsecond=0)
    report = fetch(fetching, venue, start.isoformat(), (now + timedelta(days=2)).isoformat())
    assert report.unfinished == 1
    stored = market.candles(start, now + timedelta(hours=3))
    assert len(stored) == report.rows
    assert max(one.start for one in stored) + timedelta(hours=1) <= now


def test_inverse_contracts_keep_volume_in_coins_and_turnover_in_dollars(
    fetching: Fetching, market: MarketArchive
) -> None:
    """Bybit tells an inverse contract's volume in USD; what is stored as volume are coins, beside the linear candle."""
    for name in ("perp", "inverse"):
        fetch(fetching, "Bybit", "2025-01-01T00:00Z", "2025-01-01T01:00Z", market=name)
    inverse, linear = sorted(
        market.candles(at("2025-01-01T00:00Z"), at("2025-01-01T01:00Z")), key=lambda one: one.market
    )
    assert (inverse.market, inverse.volume, inverse.turnover) == ("inverse", 15.74462667, 268_611)
    assert (linear.market, linear.volume, linear.turnover) == ("perp", 7.5, 750_000.25)


def test_binances_coin_contracts_are_counted_in_dollars(fetching: Fetching, market: MarketArchive) -> None:
    """A COIN-M candle tells contracts and coins: coins are the volume, contracts of 100 USD the turnover."""
    fetch(fetching, "Binance", "2025-01-01T00:00Z", "2025-01-01T01:00Z", market="inverse")
    (candle,) = market.candles(at("2025-01-01T00:00Z"), at("2025-01-01T01:00Z"))
    assert (candle.volume, candle.turnover) == (750_000.25, 750)


BROKEN = [
    (b"", "empty body"),
    (b"<html><body>maintenance</body></html>", "HTML page"),
    (b'[[1756155600000,"1"', "broken JSON"),
    (b"{}", "no list of candles|refuses"),
    (b"null", "no list of candles|refuses"),
    (b'{"retCode":0,"code":"0","result":{},"data":null,"candles":null}', "no list of candles"),
    (b'{"retCode":0,"code":"0","result":{"list":[[1,2]]},"data":[["x"]],"candles":[[1]]}', "no list of candles"),
]


@pytest.mark.parametrize("venue", _VENUES)
@pytest.mark.parametrize(("body", "said"), BROKEN)
def test_a_200_with_a_broken_body_is_an_error_and_never_no_data(
    venue: str, body: bytes, said: str, fetching: Fetching, server: History, market: MarketArchive
) -> None:
    """Where ccxt would give an empty list, the venue and what is wrong are told, and nothing is stored."""
    server.web.answers[_PATHS[venue]] = reply(body=body)
    with pytest.raises(FetchError, match=said) as raised:
        fetch(fetching, venue, "2025-01-01T00:00Z", "2025-01-02T00:00Z")
    assert venue in str(raised.value)
    assert market.coverage() == []


def test_times_in_another_unit_are_an_error(fetching: Fetching, server: History) -> None:
    """A row whose time is none, or of another time than asked, is never dropped in silence."""
    row = '["{}","1","2","1","1","7","7"]'
    for start, said in [
        ("17", "is no time"),
        (str(ms("2024-01-01")), "told of 2024"),
        (str(ms("2025-01-01T00:30")), "grid"),
    ]:
        body = f'{{"retCode":0,"result":{{"list":[{row.format(start)}]}}}}'.encode()
        server.web.answers[_PATHS["Bybit"]] = reply(body=body)
        with pytest.raises(BrokenAnswer, match=said):
            fetch(fetching, "Bybit", "2025-01-01T00:00Z", "2025-01-02T00:00Z")


def test_bad_figures_are_kept_out_and_counted(fetching: Fetching, server: History, market: MarketArchive) -> None:
    """A price that is none, or a high below the low, quarantines its row alone."""
    good, bad = [ms("2025-01-01T00:00"), *prices(0)], [ms("2025-01-01T01:00"), "x", "2", "1", "1"]
    upside = [ms("2025-01-01T02:00"), "5", "4", "6", "5"]
    rows = [[*one, "7.5", 0, "750000.25", 1, "1", "1", "0"] for one in (good, bad, upside)]
    server.binance = lambda asked: rows  # type: ignore[method-assign]
    server.web.answers[_PATHS["Binance"]] = server._answer(server.binance)
    report = fetch(fetching, "Binance", "2025-01-01T00:00Z", "2025-01-01T03:00Z")
    assert (report.rows, report.added, report.quarantined) == (3, 1, 2)
    assert {fault.reason for fault in report.faults} == {
        "open is missing or no number",
        "high is not the highest price",
    }


STATUSES = [
    ("Binance", 451, "not served in this region"),
    ("Binance", 403, "firewall"),
    ("Bybit", 403, "wait ten minutes"),
    ("OKX", 451, "not served in this region"),
]


@pytest.mark.parametrize(("venue", "status", "said"), STATUSES)
def test_a_refusal_comes_with_its_remedy(
    venue: str, status: int, said: str, fetching: Fetching, server: History
) -> None:
    """What a status means at a venue is said, HTML or not."""
    server.web.answers[_PATHS[venue]] = reply(status, b"<html>no</html>")
    with pytest.raises(FetchError, match=said) as raised:
        fetch(fetching, venue, "2025-01-01T00:00Z", "2025-01-02T00:00Z")
    assert raised.value.status == status


def test_a_busy_venue_is_waited_for(fetching: Fetching, server: History) -> None:
    """Retry-After of one second is obeyed, one of a day is told."""
    whole = server.web.answers[_PATHS["Binance"]]
    answers = [reply(429, b"{}", Retry_After="1"), whole]
    server.web.answers[_PATHS["Binance"]] = in_turn(answers)
    assert fetch(fetching, "Binance", "2025-01-01T00:00Z", "2025-01-02T00:00Z").rows == 24
    server.web.answers[_PATHS["Binance"]] = reply(418, b"{}", Retry_After="86400")
    with pytest.raises(FetchError, match="left alone for 86400 s: ask again after"):
        fetch(fetching, "Binance", "2025-01-01T00:00Z", "2025-01-02T00:00Z")


def test_bybits_own_word_for_busy_is_understood(fetching: Fetching, server: History) -> None:
    """Its retCode 10006 in a 200 means too many calls: it is tried again, then told."""
    server.web.answers[_PATHS["Bybit"]] = reply(body=b'{"retCode":10006,"retMsg":"Too many visits!","result":{}}')
    with pytest.raises(FetchError, match="Too many visits"):
        fetch(fetching, "Bybit", "2025-01-01T00:00Z", "2025-01-02T00:00Z")


def test_what_came_before_a_fault_is_stored(fetching: Fetching, server: History, market: MarketArchive) -> None:
    """The first thousand candles stay; the report says what ended the rest."""
    whole = server.web.answers[_PATHS["Binance"]]
    answers = [whole, reply(500, b"<html>oops</html>")]
    server.web.answers[_PATHS["Binance"]] = in_turn(answers)
    report = fetch(fetching, "Binance", "2025-01-01T00:00Z", "2025-03-01T00:00Z")
    assert (report.rows, report.added) == (1000, 1000)
    assert "HTTP 500" in str(report.fault)
    assert len(market.candles(at("2025-01-01T00:00Z"), at("2025-03-01T00:00Z"))) == 1000


def test_an_unknown_symbol_is_the_venues_error(fetching: Fetching) -> None:
    """A coin that a venue does not trade is told, not stored as nothing."""
    with pytest.raises(FetchError, match=r"knows no such symbol.*Invalid symbol"):
        fetch(fetching, "Binance", "2025-01-01T00:00Z", "2025-01-02T00:00Z", assets=("NOSUCH",))


WRONG = [
    ({"venue": "Kraken"}, "candles come from Binance, Bybit, OKX, Coinbase"),
    ({"venue": "Coinbase", "market": "perp"}, "--market spot"),
    ({"venue": "Coinbase", "interval": "4h"}, "Coinbase has 1m"),
    ({"interval": "1w"}, "--interval 1w: one of"),
    ({"assets": ("BTC/USD?",)}, "is no ticker"),
]


@pytest.mark.parametrize(("change", "said"), WRONG)
def test_what_cannot_be_asked_is_refused_before_any_call(
    change: dict, said: str, fetching: Fetching, server: History
) -> None:
    """A venue, market, interval or coin that there is none of names what there is."""
    venue = change.pop("venue", "Binance")
    with pytest.raises(UsageError, match=said):
        fetch(fetching, venue, "2025-01-01T00:00Z", "2025-01-02T00:00Z", **change)
    assert server.asked == []


def test_the_future_cannot_be_fetched(fetching: Fetching) -> None:
    """A window that has not begun is refused."""
    with pytest.raises(UsageError, match="nothing that has happened yet"):
        fetch(fetching, "Binance", "2199-01-01T00:00Z", "2199-01-02T00:00Z")


def test_ccxt_knows_the_hosts_where_no_base_url_is_set(fetcher: Fetcher) -> None:
    """Without a setting the venue's own hosts are asked."""
    made = CandleVenue(fetcher, HistorySettings(), "okx")
    assert made._exchange.sign("market/candles", "public")["url"].startswith("https://www.okx.com/")
