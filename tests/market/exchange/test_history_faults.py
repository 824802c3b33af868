"""History under the faults of vendors and venues: each bucket once in the archive, what is missing told, no zeros."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsdetect.config import FetchSettings, HistorySettings
from newsdetect.errors import FetchError, KeyRefused
from newsdetect.fetch import Fetcher, Pace
from newsdetect.market.archive import MarketArchive
from newsdetect.market.fetching import FetchReport, History, Wanted
from tests.market.exchange.candles import serve_binance, serve_bybit, serve_coinbase, serve_okx
from tests.market.exchange.rest import (
    EMPTY,
    FIREWALL,
    PAGE,
    REGION,
    TORN,
    Rest,
    Says,
    Slow,
    Turn,
    banned,
    limited,
    rest,
)
from tests.market.exchange.tape import candle, liquidated
from tests.market.exchange.vendors import KEY, serve_coinalyze, serve_coinglass

HOUR_MS = 3_600_000
END = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
Serve = Callable[..., None]


@dataclass(frozen=True)
class Source:
    """Whom to ask for what: requests before the first page, and hours that take more than one page."""

    vendor: Any
    venue: str
    serve: Serve
    hours: int
    before: int = 0
    market: Any = "perp"

    @property
    def start(self) -> datetime:
        """Where the window begins that takes more than one page."""
        return END - timedelta(hours=self.hours)

    @property
    def wanted(self) -> Wanted:
        """The question."""
        return Wanted(self.vendor, (self.venue,), ("BTC",), self.start, END, "1h", self.market)

    def told(self) -> list[tuple[float, ...]]:
        """Give what the archive must hold: time, then prices and volume, or longs and shorts."""
        first = int(self.start.timestamp() * 1000)
        starts = range(first, first + self.hours * HOUR_MS, HOUR_MS)
        if self.vendor != "candles":
            return [(start, *liquidated(self.venue, "BTC", start, 3600)) for start in starts]
        made = [candle("BTC", start, 3600) for start in starts]
        return [(one.start_ms, one.open, one.high, one.low, one.close, one.volume) for one in made]

    def held(self, archive: MarketArchive) -> list[tuple[float, ...]]:
        """Give what the archive holds, in the same form."""
        if self.vendor != "candles":
            bars = archive.bars(self.start, END, venue=self.venue, assets=["BTC"])
            return [(_ms(one.start), one.long_usd, one.short_usd) for one in bars]
        candles = archive.candles(self.start, END, assets=["BTC"])
        return [(_ms(one.start), one.open, one.high, one.low, one.close, one.volume) for one in candles]


SOURCES = {
    "CoinGlass": Source("coinglass", "Binance", serve_coinglass, 1020, before=1),
    "Coinalyze": Source("coinalyze", "Bybit", serve_coinalyze, 1020, before=2),
    "Binance": Source("candles", "Binance", serve_binance, 1020),
    "Bybit": Source("candles", "Bybit", serve_bybit, 1020),
    "OKX": Source("candles", "OKX", serve_okx, 310),
    "Coinbase": Source("candles", "Coinbase", serve_coinbase, 310, market="spot"),
}
FAULTS: dict[str, tuple[Turn, str]] = {
    "403": (FIREWALL, "403"), "451": (REGION, "451"), "418": (banned(7200), "418"), "429": (limited(7200), "429"),
    "html": (PAGE, "HTML"), "empty": (EMPTY, "empty"), "torn": (TORN, "broken JSON"), "null": (Says(None), "null"),
    "other shape": (Says({"rows": []}), "rows"), "slow": (Slow(), "no whole answer"),
}  # fmt: skip
#: All faults of one vendor and one venue; of the others each one or two.
PAIRS = [
    (name, fault)
    for at, name in enumerate(SOURCES)
    for number, fault in enumerate(FAULTS)
    if name == "CoinGlass" or (fault != "slow" and (name == "OKX" or (at + number) % 3 == 0))
] + [("Bybit", "451")]
#: A drip is waited for to the limit; that of whole answers is far away.
LIMIT_S = {"slow": 2.0}


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@contextmanager
def _history(
    source: Source, home: Path, limit_s: float = 60.0, **changes: Any
) -> Iterator[tuple[Rest, MarketArchive, History]]:
    """Give a host that serves a source, an empty archive, and what fetches from one into the other."""
    with rest() as host, MarketArchive(home / "market") as archive:
        source.serve(host, now_ms=lambda: time.time_ns() // 1_000_000)
        asking = FetchSettings(allow_private=True, host_delay_s=0, attempts=1, total_timeout_s=limit_s)
        keyed = {"url": host.url, "key": KEY}
        given: dict[str, Any] = {
            "candles": dict.fromkeys(("binance", "bybit", "okx", "coinbase"), host.url),
            "coinglass": keyed, "coinalyze": keyed | {"url": f"{host.url}/v1"}, "attempts": 1,
        }  # fmt: skip
        with Fetcher(asking) as fetcher:
            yield host, archive, History(archive, fetcher, HistorySettings(**(given | changes)), pace=Pace(100_000))


def _fetch(history: History, source: Source) -> FetchReport:
    [report] = history.fetch(source.wanted)
    return report


@pytest.mark.parametrize("name", SOURCES)
def test_pages_of_any_order_join_to_the_whole(name: str, tmp_path: Path) -> None:
    """Oldest first or newest first: every bucket of the window is there once, and a second fetch adds none."""
    source = SOURCES[name]
    with _history(source, tmp_path) as (host, archive, history):
        first = _fetch(history, source)
        again = _fetch(history, source)
        held = source.held(archive)
    assert (first.rows, first.added, first.missing, first.fault) == (source.hours, source.hours, 0, None)
    assert again.fault is None
    assert len(host.asked) >= 2 * (source.before + 2)
    assert held == source.told()


@pytest.mark.parametrize(("name", "fault"), PAIRS)
def test_a_fault_between_pages_is_told_and_made_good_later(name: str, fault: str, tmp_path: Path) -> None:
    """What came before the fault is kept, the rest counts as missing; the next fetch brings it."""
    source, (turn, words) = SOURCES[name], FAULTS[fault]
    with _history(source, tmp_path, LIMIT_S.get(fault, 60.0)) as (host, archive, history):
        host.turns.extend([None] * (source.before + 1) + [turn])
        torn = _fetch(history, source)
        part = source.held(archive)
        whole = _fetch(history, source)
        held = source.held(archive)
    assert words in (torn.fault or "")
    assert 0 < torn.rows == torn.added < source.hours
    assert torn.missing == source.hours - torn.rows
    told = source.told()
    assert len(part) == torn.rows
    assert set(part) < set(told)
    assert whole.fault is None
    assert held == told


@pytest.mark.parametrize(("name", "fault"), [each for each in PAIRS if each[0] in {"CoinGlass", "Coinalyze", "Bybit"}])
def test_a_fault_from_the_start_is_an_error_never_no_data(name: str, fault: str, tmp_path: Path) -> None:
    """Where nothing came, the fault is raised, and the archive knows of no time that was quiet."""
    source, (turn, words) = SOURCES[name], FAULTS[fault]
    with _history(source, tmp_path, LIMIT_S.get(fault, 60.0)) as (host, archive, history):
        host.turns.extend([turn] * 9)
        with pytest.raises(FetchError, match=words):
            _fetch(history, source)
        assert archive.coverage() == []


@pytest.mark.parametrize(
    ("name", "turn"),
    [("CoinGlass", limited(1)), ("Coinalyze", limited(1)), ("Binance", banned(1))],
    ids=["CoinGlass", "Coinalyze", "Binance"],
)
def test_retry_after_is_waited_for(name: str, turn: Turn, tmp_path: Path) -> None:
    """A busy host that says when to come back is asked again then, not before, and nothing is missing."""
    source = SOURCES[name]
    with _history(source, tmp_path, attempts=2) as (host, archive, history):
        host.turns.extend([None] * (source.before + 1) + [turn])
        report = _fetch(history, source)
        held = source.held(archive)
    refused, again = host.asked[source.before + 1 : source.before + 3]
    assert (again.path, again.query) == (refused.path, refused.query)
    assert again.at - refused.at >= 1
    assert (report.fault, report.missing) == (None, 0)
    assert held == source.told()


IN_BODY: dict[str, list[tuple[Any, str]]] = {
    "CoinGlass": [
        ({"code": "429", "msg": "Too Many Requests"}, "429"), ({"code": "500", "msg": "Server Error"}, "Server Error"),
        ({"code": "0", "msg": "success"}, "data"), ({"code": "0", "msg": "success", "data": None}, "data"),
        ({"code": "0", "msg": "success", "data": [{"t": 1}]}, "aggregated_long_liquidation_usd"),
    ],
    "Coinalyze": [
        ({"message": "Something went wrong"}, "Something went wrong"), ([{"symbol": "BTCUSDT_PERP.6"}, 7], "list"),
        ([{"symbol": "BTCUSDT_PERP.6", "history": "none"}], "history"),
        ([{"symbol": "ETHUSDT_PERP.A", "history": [{"t": 1_764_000_000, "l": 1, "s": 2}]}], "BTCUSDT_PERP.6"),
    ],
    "Binance": [({"code": -1003, "msg": "Too many requests"}, "busy"),
                ({"code": -1121, "msg": "Invalid symbol."}, "symbol")],
    "Bybit": [
        ({"retCode": 10006, "retMsg": "Too many visits!", "result": {}}, "10006"),
        ({"retCode": 10009, "retMsg": "IP region", "result": {}}, "10009"), ({"retCode": 0, "result": {}}, "list"),
    ],
    "OKX": [({"code": "50011", "msg": "Too Many Requests", "data": []}, "50011"), ({"code": "0", "msg": ""}, "list")],
    "Coinbase": [({"error": "NOT_FOUND"}, "NOT_FOUND"), ({"candles": {}}, "list")],
}  # fmt: skip


@pytest.mark.parametrize(("name", "number"), [(name, at) for name, many in IN_BODY.items() for at in range(len(many))])
def test_a_200_whose_body_is_the_fault_is_a_fault(name: str, number: int, tmp_path: Path) -> None:
    """Venues and vendors tell errors inside a good status; each is told in its own words."""
    source, (body, words) = SOURCES[name], IN_BODY[name][number]
    with _history(source, tmp_path) as (host, archive, history):
        host.turns.extend([*[None] * source.before, *[Says(body)] * 9])
        with pytest.raises(FetchError, match=words):
            _fetch(history, source)
        assert archive.coverage() == []


@pytest.mark.parametrize("name", ["CoinGlass", "Coinalyze"])
def test_a_wrong_key_is_told_by_its_setting_and_not_shown(name: str, tmp_path: Path) -> None:
    """The error names the setting that holds the key; the key itself stands nowhere."""
    source, wrong = SOURCES[name], "0badc0ffee0badc0ffee0badc0ffee00"
    with rest() as host, MarketArchive(tmp_path / "market") as archive:
        source.serve(host, now_ms=lambda: time.time_ns() // 1_000_000)
        keyed = {"url": host.url + ("/v1" if name == "Coinalyze" else ""), "key": wrong}
        given = HistorySettings(**{name.casefold(): keyed})
        asking = FetchSettings(allow_private=True, host_delay_s=0, attempts=1)
        with Fetcher(asking) as fetcher, pytest.raises(KeyRefused, match=f"history.{name.casefold()}.key") as refused:
            _fetch(History(archive, fetcher, given), source)
    assert wrong not in str(refused.value)
    assert wrong.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
