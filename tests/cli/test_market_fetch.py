"""`newsdetect market fetch` and vendors' exports, on the command line, against a made-up exchange and its faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from newsdetect.config import load
from newsdetect.market.archive import MarketArchive
from tests.market.builders import at
from tests.market.exchange import rest as faults
from tests.market.exchange.candles import serve_binance, serve_bybit, serve_coinbase, serve_okx
from tests.market.exchange.rest import Rest, Says, Slow, rest
from tests.market.exchange.tape import candle, liquidated
from tests.market.exchange.vendors import KEY, serve_coinalyze, serve_coinglass

_FROM, _TO = "2025-08-20T00:00Z", "2025-08-22T00:00Z"
_START = int(datetime(2025, 8, 20, tzinfo=UTC).timestamp()) * 1000
_HOUR = 3_600_000
_VENDORS = ("coinglass", "coinalyze")


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rest]:
    """Serve every venue and vendor, and let the settings point there."""
    with rest() as made:
        for serve in (serve_binance, serve_bybit, serve_okx, serve_coinbase, serve_coinglass, serve_coinalyze):
            serve(made, now_ms=lambda: int(datetime.now(UTC).timestamp() * 1000))
        monkeypatch.setenv("NEWSDETECT_FETCH__ALLOW_PRIVATE", "true")
        monkeypatch.setenv("NEWSDETECT_FETCH__ATTEMPTS", "1")
        monkeypatch.setenv("NEWSDETECT_FETCH__TOTAL_TIMEOUT_S", "2")
        monkeypatch.setenv("NEWSDETECT_HISTORY__ATTEMPTS", "2")
        monkeypatch.setenv("NEWSDETECT_HISTORY__LONGEST_WAIT_S", "1")
        monkeypatch.setenv("NEWSDETECT_HISTORY__COINGLASS__URL", made.url)
        monkeypatch.setenv("NEWSDETECT_HISTORY__COINALYZE__URL", f"{made.url}/v1")
        for name in ("BINANCE", "BYBIT", "OKX", "COINBASE"):
            monkeypatch.setenv(f"NEWSDETECT_HISTORY__CANDLES__{name}", made.url)
        for vendor in _VENDORS:
            monkeypatch.setenv(f"NEWSDETECT_HISTORY__{vendor.upper()}__KEY", KEY)
        yield made


def fetch(newsdetect, source: str, *words: str, venue: str = "Binance"):
    """Run the command for BTC over two days."""
    return newsdetect(
        "market", "fetch", "--source", source, "--venue", venue, "--asset", "btc", "--from", _FROM, "--to", _TO, *words
    )


@pytest.mark.parametrize("venue", ["Binance", "Bybit", "OKX", "Coinbase"])
def test_candles_come_as_the_venue_has_them(newsdetect, host: Rest, venue: str):
    """Each venue's hours are those of the one price path, and a second fetch is a second reading."""
    words = ("--market", "spot") if venue == "Coinbase" else ()
    ran = fetch(newsdetect, "candles", *words, "--json", venue=venue)
    assert (ran.code, ran.err) == (0, "")
    (report,) = json.loads(ran.out)
    assert (report["rows"], report["added"], report["missing"], report["venue"]) == (48, 48, 0, venue)
    (held,) = json.loads(newsdetect("market", "coverage", "--json").out)
    assert (held["kind"], held["rows"], held["gaps"]) == ("candles", 48, [])
    with MarketArchive(load().market_folder) as archive:
        first = archive.candles(at("2025-08-20T00:00Z"), at("2025-08-20T01:00Z"))[0]
    told = candle("BTC", _START, 3600)
    assert (first.open, first.high, first.low, first.close) == (told.open, told.high, told.low, told.close)
    assert first.volume == told.volume
    assert first.turnover == (None if venue == "Coinbase" else told.turnover)


@pytest.mark.parametrize("vendor", _VENDORS)
def test_liquidations_come_as_the_vendor_has_them(newsdetect, host: Rest, vendor: str):
    """The sum over the window is the sum of the vendor's buckets, to the cent."""
    ran = fetch(newsdetect, vendor)
    assert ran.code == 0
    assert "48 bars, 48 new" in ran.out
    found = json.loads(newsdetect("market", "sum", "--from", _FROM, "--to", _TO, "--json").out)
    wanted = sum(sum(liquidated("Binance", "BTC", _START + n * _HOUR, 3600)) for n in range(48))
    assert (found["low"], found["status"]) == (pytest.approx(wanted), "covered")


FAULTS = [
    (faults.FIREWALL, "wall|firewall|HTTP 403"),
    (faults.REGION, "451"),
    (faults.PAGE, "bot wall|HTML"),
    (faults.EMPTY, "empty body"),
    (faults.TORN, "broken JSON"),
    (faults.limited(3600), "left alone for 3600 s: ask again after"),
    (faults.banned(120), "left alone for 120 s: ask again after"),
    (Slow(), "no whole answer within 2 s"),
]


@pytest.mark.parametrize(("turn", "said"), FAULTS)
@pytest.mark.parametrize("source", ["candles", *_VENDORS])
def test_a_fault_is_told_and_never_stored_as_quiet(newsdetect, host: Rest, source: str, turn, said: str):
    """Whatever goes wrong is exit code 1 with its reason; the archive holds nothing, which is no zero."""
    host.turns.append(turn)
    ran = fetch(newsdetect, source)
    assert ran.code == 1
    assert any(part in " ".join(ran.err.split()) for part in said.split("|")), ran.err
    assert KEY not in ran.out + ran.err
    assert json.loads(newsdetect("market", "coverage", "--json").out) == []


@pytest.mark.parametrize("source", ["candles", *_VENDORS])
def test_a_short_wait_is_waited(newsdetect, host: Rest, source: str):
    """A 429 of a second costs a second and no data."""
    host.turns.append(faults.limited(1))
    assert fetch(newsdetect, source).code == 0


@pytest.mark.parametrize("vendor", _VENDORS)
@pytest.mark.parametrize("key", ["wrong-or-expired", ""])
def test_a_key_that_is_not_taken_is_told_by_its_setting(
    newsdetect, host: Rest, monkeypatch: pytest.MonkeyPatch, vendor: str, key: str
):
    """Exit code 1 for a key that the vendor refuses, 2 for none; the message names the setting and shows no key."""
    monkeypatch.setenv(f"NEWSDETECT_HISTORY__{vendor.upper()}__KEY", key)
    ran = fetch(newsdetect, vendor)
    assert ran.code == (1 if key else 2)
    said = "".join(ran.err.split())
    assert f"history.{vendor}.key(NEWSDETECT_HISTORY__{vendor.upper()}__KEY)" in said
    assert "wrong-or-expired" not in said


def test_what_came_before_a_fault_is_stored_and_told(newsdetect, host: Rest):
    """The first venue's candles stay; the second one's fault is the exit code."""
    words = ("--venue", "Kraken", "--json")
    ran = fetch(newsdetect, "candles", *words)
    assert ran.code == 2
    assert [each["venue"] for each in json.loads(ran.out)] == ["Binance"]
    assert "Kraken" in ran.err


def test_coinglass_says_why_in_a_200(newsdetect, host: Rest):
    """Its own code and words reach the reader."""
    host.turns.append(Says({"code": "400", "msg": "Invalid interval parameter"}))
    ran = fetch(newsdetect, "coinglass")
    assert ran.code == 1
    assert "Invalid interval parameter" in " ".join(ran.err.split())


def test_totals_of_now_are_snapshots(newsdetect, host: Rest):
    """One call, every venue."""
    ran = newsdetect("market", "fetch", "--source", "coinglass", "--totals", "24", "--asset", "BTC", "--json")
    (report,) = json.loads(ran.out)
    assert (report["kind"], report["rows"], report["added"], report["calls"]) == ("snapshots", 4, 4, 1)


def test_totals_are_of_the_venues_that_are_named(newsdetect, host: Rest):
    """`--venue` takes its rows alone; a venue that is not told stores nothing, a window is refused."""
    words = ("market", "fetch", "--source", "coinglass", "--totals", "24", "--asset", "BTC")
    ran = newsdetect(*words, "--venue", "Kraken")
    assert ran.code == 2
    assert "totals of All, Binance, Bybit, OKX" in " ".join(ran.err.split())
    assert json.loads(newsdetect("market", "coverage", "--json").out) == []
    (report,) = json.loads(newsdetect(*words, "--venue", "okx", "--venue", "ALL", "--json").out)
    assert (report["venue"], report["rows"], report["added"]) == ("OKX,All", 2, 2)
    assert {row["venue"] for row in json.loads(newsdetect("market", "coverage", "--json").out)} == {"OKX", "ALL"}
    for window in (("--from", _FROM), ("--to", _TO)):
        ran = newsdetect(*words, *window)
        assert ran.code == 2
        assert "--totals are of now" in " ".join(ran.err.split())


def test_an_export_goes_in_with_its_scope(newsdetect, host: Rest, tmp_path):
    """A saved answer of CoinGlass is imported; without its scope it is refused with what to say."""
    rows = [
        {"time": _START, "aggregated_long_liquidation_usd": 7.5, "aggregated_short_liquidation_usd": 2.5},
    ]
    file = tmp_path / "answer.json"
    file.write_text(json.dumps({"code": "0", "msg": "success", "data": rows}))
    ran = newsdetect("market", "import", file, "--format", "coinglass")
    assert ran.code == 1
    assert "--venue, --asset, --interval" in " ".join(ran.err.split())
    scope = ("--venue", "Binance", "--asset", "BTC", "--interval", "1h", "--retrieved", "2025-08-25T00:00Z")
    (report,) = json.loads(newsdetect("market", "import", file, "--format", "coinglass", *scope, "--json").out)
    assert (report["kind"], report["added"]) == ("bars", 1)


def test_wrong_words_are_usage(newsdetect, tmp_path):
    """A window that is none, totals of another vendor, a scope of a file that says its own: exit code 2."""
    assert newsdetect("market", "fetch", "--source", "candles", "--venue", "OKX", "--asset", "BTC").code == 2
    assert newsdetect("market", "fetch", "--source", "coinalyze", "--totals", "24").code == 2
    assert newsdetect("market", "fetch", "--source", "reuters", "--from", _FROM).code == 2
    assert newsdetect("market", "import", tmp_path / "x.csv", "--venue", "OKX").code == 2
