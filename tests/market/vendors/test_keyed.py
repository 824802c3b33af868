"""CoinGlass and Coinalyze: bars with scope and time of reading, faults in a 200 told, keys named and never shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from newsdetect.config import CoinalyzeSettings, CoinGlassSettings, HistorySettings
from newsdetect.errors import BrokenAnswer, ConfigError, FetchError, KeyRefused, UsageError
from newsdetect.fetch import Fetcher, Pace
from newsdetect.market.archive import MarketArchive
from newsdetect.market.fetching import FetchReport, Wanted
from newsdetect.market.fetching import History as Fetching
from newsdetect.market.vendors.buckets import Stretch
from newsdetect.market.vendors.coinalyze import Coinalyze
from newsdetect.market.vendors.coinglass import CoinGlass
from tests.market.builders import at
from tests.market.vendors.server import HOUR, KEY, VENUES, History, long, ms
from tests.sources.web import reply

_VENDORS = ("coinglass", "coinalyze")
_PATHS = {
    "coinglass": "/api/futures/liquidation/aggregated-history",
    "coinalyze": "/liquidation-history",
}
_START, _END = "2025-01-01T00:00Z", "2025-03-25T08:00Z"


def fetch(fetching: Fetching, vendor: str, start: str = _START, end: str = _END, **changes) -> FetchReport:
    """Fetch Binance's BTC."""
    options = {"venues": ("binance",), "assets": ("BTC",), "interval": "1h"} | changes
    (report,) = fetching.fetch(Wanted(vendor, start=at(start), end=at(end), **options))  # type: ignore[arg-type]
    return report


@pytest.mark.parametrize("vendor", _VENDORS)
def test_bars_come_whole_with_their_scope_and_time_of_reading(
    vendor: str, fetching: Fetching, market: MarketArchive, server: History
) -> None:
    """Two thousand hours in pages, in dollars, under the vendor's name and the venue's."""
    before = datetime.now(UTC) - timedelta(seconds=3)
    report = fetch(fetching, vendor)
    assert (report.rows, report.added, report.missing, report.quarantined) == (2000, 2000, 0, 0)
    bars = market.bars(at(_START), at(_END), venue="Binance", assets=["BTC"])
    assert [bar.start for bar in bars] == [at(_START) + timedelta(hours=n) for n in range(2000)]
    assert [(bar.long_usd, bar.short_usd) for bar in bars] == [
        # Coinalyze lists two perpetuals of the coin, each of which the server tells alike.
        (contracts * float(long(ms(_START) + n * HOUR)), contracts * 5.5)
        for contracts in [2 if vendor == "coinalyze" else 1]
        for n in range(2000)
    ]
    assert {(bar.source.casefold(), bar.seconds) for bar in bars} == {(vendor, 3600)}
    assert all(bar.retrieved_at is not None and before <= bar.retrieved_at <= datetime.now(UTC) for bar in bars)


@pytest.mark.parametrize("vendor", _VENDORS)
def test_the_key_travels_in_a_header_and_stands_nowhere_else(
    vendor: str, fetching: Fetching, server: History, market: MarketArchive
) -> None:
    """Neither the URL nor the note of the fetch holds it."""
    fetch(fetching, vendor, end="2025-01-02T00:00Z")
    header = {"coinglass": "cg-api-key", "coinalyze": "api_key"}[vendor]
    assert all(sent[header] == KEY and KEY not in path for path, sent in server.web.requests)
    (line,) = (market.folder / "fetched.jsonl").read_text().splitlines()
    assert KEY not in line
    noted = json.loads(line)
    assert (noted["source"].casefold(), noted["venue"].casefold(), noted["rows"]) == (vendor, "binance", 24)
    assert noted["scope"] == {"coinglass": "Binance", "coinalyze": "BTCUSDT_PERP.A,BTCUSD_PERP.A"}[vendor]


@pytest.mark.parametrize("vendor", _VENDORS)
def test_a_bar_that_has_not_ended_is_left_out(
    vendor: str, fetching: Fetching, market: MarketArchive, server: History
) -> None:
    """The newest bucket still grows: counted, not stored, for as a whole it would be too low."""
    now = datetime.now(UTC)
    start = (now - timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
    report = fetch(fetching, vendor, start.isoformat(), now.isoformat())
    assert (report.unfinished, report.quarantined) == (1, 0)
    assert all(bar.start + timedelta(hours=1) <= now for bar in market.bars(start, now))


@pytest.mark.parametrize("vendor", _VENDORS)
def test_nothing_told_is_no_data_and_no_zero(
    vendor: str, fetching: Fetching, market: MarketArchive, server: History
) -> None:
    """An empty list of the right shape stores nothing, and the report says how much is missing."""
    server.has = lambda start: False
    report = fetch(fetching, vendor, end="2025-01-02T00:00Z")
    assert (report.rows, report.missing) == (0, 24)
    assert market.sum(at(_START), at("2025-01-02T00:00Z")).low is None


BROKEN = [
    (b"", "empty body"),
    (b"<html>Service unavailable</html>", "HTML page"),
    (b'{"code":"0","data":[{"time":17', "broken JSON"),
    (b"{}", "holds no"),
    (b'"ok"', "holds no"),
    (b'{"code":"0","data":null}', "holds no list"),
    (b'{"code":"0","data":[1,2]}', "holds no list"),
    (b'[{"symbol":"BTCUSDT_PERP.A","history":null}]', "holds no"),
]


@pytest.mark.parametrize("vendor", _VENDORS)
@pytest.mark.parametrize(("body", "said"), BROKEN)
def test_a_200_with_a_broken_body_is_an_error_and_never_no_data(
    vendor: str, body: bytes, said: str, fetching: Fetching, server: History, market: MarketArchive
) -> None:
    """The vendor and what is wrong are told; nothing is stored."""
    server.web.answers[_PATHS[vendor]] = reply(body=body)
    with pytest.raises(BrokenAnswer, match=said) as raised:
        fetch(fetching, vendor, end="2025-01-02T00:00Z")
    assert vendor in str(raised.value).casefold()
    assert market.coverage() == []


REFUSED = [
    ("coinglass", 401, b'{"code":"401","msg":"API key missing."}'),
    ("coinglass", 200, b'{"code":"401","msg":"Invalid API key."}'),
    ("coinglass", 200, b'{"code":"30001","msg":"API key expired: k-4711-secret"}'),
    ("coinglass", 403, b'{"code":"403","msg":"Upgrade plan"}'),
    ("coinglass", 401, b"<html>Unauthorized</html>"),
    ("coinalyze", 401, b'{"message":"Invalid/Missing API key"}'),
    ("coinalyze", 200, b'{"message":"Invalid API key k-4711-secret"}'),
    ("coinalyze", 403, b'{"error":"forbidden"}'),
]


@pytest.mark.parametrize(("vendor", "status", "body"), REFUSED)
def test_a_key_that_is_not_taken_names_its_setting(
    vendor: str, status: int, body: bytes, fetching: Fetching, server: History
) -> None:
    """Wrong or expired, in the status or in a 200: the setting is named in both its forms, the key is not shown."""
    for path in (_PATHS[vendor], "/exchanges", "/api/futures/liquidation/exchange-list"):
        server.web.answers[path] = reply(status, body)
    with pytest.raises(KeyRefused) as raised:
        fetch(fetching, vendor)
    said = str(raised.value)
    assert f"history.{vendor}.key (NEWSDETECT_HISTORY__{vendor.upper()}__KEY)" in said
    assert KEY not in said
    assert len(server.web.requests) == 1


@pytest.mark.parametrize("vendor", _VENDORS)
@pytest.mark.parametrize("key", [None, "", "  ", "schlüssel"])
def test_without_a_key_nothing_is_asked(
    vendor: str, key: str | None, market: MarketArchive, fetcher: Fetcher, server: History
) -> None:
    """A missing key is told with the setting that wants it."""
    secret = None if key is None else SecretStr(key)
    url = server.web.url
    settings = HistorySettings(
        coinglass=CoinGlassSettings(url=url, key=secret), coinalyze=CoinalyzeSettings(url=url, key=secret)
    )
    with pytest.raises(ConfigError, match=rf"history\.{vendor}\.key \(NEWSDETECT_HISTORY__{vendor.upper()}__KEY\)"):
        fetch(Fetching(market, fetcher, settings), vendor)
    assert server.web.requests == []


def test_coinglass_tells_faults_inside_a_200(fetching: Fetching, server: History, market: MarketArchive) -> None:
    """A code that is not 0 is a fault with its words, whatever else the body holds."""
    server.web.answers[_PATHS["coinglass"]] = reply(body=b'{"code":"400","msg":"interval not supported","data":[]}')
    with pytest.raises(FetchError, match="code 400, interval not supported"):
        fetch(fetching, "coinglass")
    assert market.coverage() == []


def test_coinglass_busy_inside_a_200_is_waited_for(fetching: Fetching, server: History) -> None:
    """Code 429 is no fault of ours until it stays; where the wait is longer than we allow it is told."""
    server.web.answers[_PATHS["coinglass"]] = reply(body=b'{"code":"429","msg":"Too Many Requests"}')
    with pytest.raises(FetchError, match="left alone for 2 s: ask again after"):
        fetch(fetching, "coinglass")


def test_coinglass_tells_the_keys_own_pace(fetcher: Fetcher, settings: HistorySettings, server: History) -> None:
    """The limit in an answer's headers takes the place of the default."""
    body = json.dumps(server.totals({})).encode()
    server.web.answers["/api/futures/liquidation/exchange-list"] = reply(body=body, API_KEY_MAX_LIMIT="80")
    vendor = CoinGlass(fetcher, settings)
    assert vendor.api.pace.calls == 30
    assert vendor.venues() == list(VENUES)
    assert vendor.api.pace.calls == 80


def test_coinglass_all_is_every_venue_it_sums(fetching: Fetching, market: MarketArchive, server: History) -> None:
    """`ALL` asks for the venues listed at the time; which these were is kept with the fetch."""
    report = fetch(fetching, "coinglass", end="2025-01-01T01:00Z", venues=("all",))
    assert (report.venue, report.scope) == ("ALL", "Binance,OKX,Bybit")
    (bar,) = market.bars(at(_START), at("2025-01-01T01:00Z"), venue="ALL")
    assert bar.long_usd == 3 * long(ms(_START))
    asked = [parameters for path, parameters in server.asked if path == _PATHS["coinglass"]]
    assert {each["exchange_list"] for each in asked} == {"Binance,OKX,Bybit"}


def test_coinglass_seconds_and_words_for_numbers_are_read(
    fetching: Fetching, market: MarketArchive, server: History
) -> None:
    """Its documents show times in seconds and amounts as text, too."""
    row = {
        "time": ms(_START) // 1000, "aggregated_long_liquidation_usd": "4611285.1141",
        "aggregated_short_liquidation_usd": "4788636.51145",
    }  # fmt: skip
    server.web.answers[_PATHS["coinglass"]] = reply(body=json.dumps({"code": 0, "data": [row]}).encode())
    fetch(fetching, "coinglass", end="2025-01-01T01:00Z")
    (bar,) = market.bars(at(_START), at("2025-01-01T01:00Z"))
    assert (bar.start, bar.long_usd, bar.short_usd) == (at(_START), 4_611_285.1141, 4_788_636.51145)


def test_a_row_without_its_figure_is_kept_out(fetching: Fetching, market: MarketArchive, server: History) -> None:
    """null, a negative amount and a missing field are quarantined, not stored as zero."""
    names = ("aggregated_long_liquidation_usd", "aggregated_short_liquidation_usd")
    figures = [(1.0, 2.0), (None, 2.0), (-1.0, 2.0), (1.0,), (True, 2.0), (1e15, 2.0)]
    data = [{"time": ms(_START) + n * HOUR, **dict(zip(names, each))} for n, each in enumerate(figures)]  # noqa: B905
    server.web.answers[_PATHS["coinglass"]] = reply(body=json.dumps({"code": "0", "data": data}).encode())
    report = fetch(fetching, "coinglass", end="2025-01-01T06:00Z")
    assert (report.rows, report.added, report.quarantined) == (6, 1, 5)
    assert {fault.reason for fault in report.faults} == {
        "long_usd is missing or no number", "long_usd is negative", "short_usd is missing or no number",
        "long_usd is absurdly large",
    }  # fmt: skip


def test_fields_under_other_names_are_a_broken_answer(fetching: Fetching, server: History) -> None:
    """A vendor that renames its fields is told of, not read as nothing."""
    body = json.dumps({"code": "0", "data": [{"time": ms(_START), "longUsd": 1}]}).encode()
    server.web.answers[_PATHS["coinglass"]] = reply(body=body)
    with pytest.raises(BrokenAnswer, match="hold no aggregated_long_liquidation_usd, but longUsd"):
        fetch(fetching, "coinglass")


def test_coinglass_totals_of_now_are_snapshots(fetching: Fetching, market: MarketArchive) -> None:
    """One call gives every venue and their sum, as read now."""
    (report,) = fetching.totals(4, ("BTC",))
    assert (report.kind, report.rows, report.added) == ("snapshots", 4, 4)
    now = datetime.now(UTC)
    found = market.snapshots(now - timedelta(minutes=1), now + timedelta(minutes=1))
    assert {(one.venue, one.asset, one.hours, one.long_usd) for one in found} == {
        (name, "BTC", 4, 20.0) for name in ("ALL", "Binance", "OKX", "Bybit")
    }
    with pytest.raises(UsageError, match="totals of 1, 4, 12, 24 hours, not of 3"):
        list(fetching.totals(3, ()))


def test_coinalyze_is_asked_in_seconds_and_dollars(fetching: Fetching, server: History) -> None:
    """Milliseconds would give nothing without a word, coins another unit."""
    fetch(fetching, "coinalyze", end="2025-01-02T00:00Z")
    asked, _ = (parameters for path, parameters in server.asked if path == "/liquidation-history")
    assert asked == {
        "symbols": "BTCUSDT_PERP.A", "interval": "1hour", "from": "1735689600", "to": "1735775999",
        "convert_to_usd": "true",
    }  # fmt: skip


def test_coinalyzes_perpetuals_of_a_coin_are_summed(fetching: Fetching, market: MarketArchive, server: History) -> None:
    """Where the main one is silent nothing is told; where another is, the main one stands alone."""
    whole = server.coinalyze

    def told(asked: dict[str, str]) -> object:
        left_out = 1 if asked["symbols"] == "BTCUSDT_PERP.A" else 2
        server.has = lambda start: start != ms(_START) + left_out * HOUR
        return whole(asked)

    server.web.answers[_PATHS["coinalyze"]] = server._answer(told)
    report = fetch(fetching, "coinalyze", end="2025-01-01T04:00Z")
    assert (report.rows, report.missing, report.scope) == (3, 1, "BTCUSDT_PERP.A,BTCUSD_PERP.A")
    bars = market.bars(at(_START), at("2025-01-01T04:00Z"))
    hour = {bar.start.hour: (bar.long_usd, bar.short_usd) for bar in bars}
    assert hour == {n: (share * long(ms(_START) + n * HOUR), share * 5.5) for n, share in ((0, 2), (2, 1), (3, 2))}


def test_coinalyze_is_asked_no_more_than_its_pace(fetcher: Fetcher, settings: HistorySettings, server: History) -> None:
    """Lists and each symbol count as a call of the 40 a minute."""
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    assert Coinalyze(fetcher, settings).api.pace.calls == 40
    vendor = Coinalyze(fetcher, settings, pace=Pace(4, clock=lambda: now[0], sleep=sleep))
    vendor.history(vendor.symbols("Binance", "BTC")[:1], Stretch(ms(_START), ms("2025-05-01"), "1h"))
    assert len(server.web.requests) == 5
    assert sum(slept) == pytest.approx(60.25)


UNKNOWN = [
    ("coinalyze", {"venues": ("Kraken",)}, "knows no venue Kraken; it knows binance, bybit"),
    ("coinalyze", {"assets": ("DOGE",)}, "no perpetual of DOGE in USDT, USDC, USD at binance"),
    ("coinglass", {"venues": ("Kraken",)}, "CoinGlass sums up Binance, OKX, Bybit"),
    ("coinglass", {"assets": ("ALL",)}, "is by coin"),
    ("coinglass", {"assets": ()}, "name a venue"),
]


@pytest.mark.parametrize(("vendor", "change", "said"), UNKNOWN)
def test_an_unknown_venue_or_coin_names_what_there_is(
    vendor: str, change: dict, said: str, fetching: Fetching, market: MarketArchive
) -> None:
    """What the vendor does not have is never stored as quiet."""
    with pytest.raises(UsageError, match=said):
        fetch(fetching, vendor, **change)
    assert market.coverage() == []


def test_a_later_reading_takes_the_place_of_an_earlier(
    fetching: Fetching, market: MarketArchive, server: History
) -> None:
    """Vendors revise: the second reading counts, the first stays on file."""
    fetch(fetching, "coinglass", end="2025-01-01T01:00Z")
    whole = server.coinglass

    def revised(asked: dict[str, str]) -> object:
        answer = whole(asked)
        answer["data"][0]["aggregated_long_liquidation_usd"] = 77.0  # type: ignore[index]
        return answer

    server.web.answers[_PATHS["coinglass"]] = server._answer(revised)
    report = fetch(fetching, "coinglass", end="2025-01-01T01:00Z")
    assert report.added == 1
    (bar,) = market.bars(at(_START), at("2025-01-01T01:00Z"))
    assert bar.long_usd == 77
