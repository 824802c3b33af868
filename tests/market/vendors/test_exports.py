"""Vendors' answers as files: taken with the scope their importer says, refused where it is not known."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest

from newsdetect.errors import MarketFileError
from newsdetect.market.archive import MarketArchive
from newsdetect.market.exports import Scope, import_export
from tests.market.builders import NOW, at, row, write
from tests.market.vendors.server import HOUR, History, ms

_START = ms("2025-06-10")
_SCOPE = Scope(venue="Binance", asset="BTC", interval="1h", retrieved=at("2025-06-11T00:00Z"))
_COINALYZE = Scope(interval="1h", usd=True)
_LONG, _SHORT = "aggregated_long_liquidation_usd", "aggregated_short_liquidation_usd"


def coinglass(*figures: object, step: int = HOUR, **changes: object) -> dict[str, object]:
    """Make an answer of CoinGlass, a bucket a figure."""
    data = [{"time": _START + n * step, _LONG: each, _SHORT: 2.5} for n, each in enumerate(figures)]
    return {"code": "0", "msg": "success", "data": data} | changes


def coinalyze(*figures: object, symbol: str = "BTCUSDT_PERP.A") -> dict[str, object]:
    """Make one symbol of an answer of Coinalyze."""
    return {
        "symbol": symbol,
        "history": [{"t": _START // 1000 + n * 3600, "l": each, "s": 2.5} for n, each in enumerate(figures)],
    }


def saved(folder: Path, content: object, name: str = "export.json") -> Path:
    """Save JSON, or a text as it is."""
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def take(archive: MarketArchive, path: Path, vendor: str, scope: Scope):
    return import_export(archive, path, vendor, scope, now=NOW)


def test_coinglass_json_is_taken_as_bars(archive: MarketArchive, tmp_path: Path) -> None:
    """As the API gives it; the same again adds nothing."""
    path = saved(tmp_path, coinglass(10, "20.5", 30))
    report = take(archive, path, "coinglass", _SCOPE)
    assert (report.kind, report.rows, report.added, report.quarantined) == ("bars", 3, 3, 0)
    bars = archive.bars(at("2025-06-10T00:00Z"), at("2025-06-10T03:00Z"))
    assert [(bar.long_usd, bar.short_usd) for bar in bars] == [(10, 2.5), (20.5, 2.5), (30, 2.5)]
    assert {(bar.source, bar.venue, bar.asset, bar.seconds, bar.retrieved_at) for bar in bars} == {
        ("CoinGlass", "Binance", "BTC", 3600, at("2025-06-11T00:00Z"))
    }
    again = take(archive, path, "coinglass", _SCOPE)
    assert (again.added, again.known) == (0, 3)


def test_coinalyze_json_is_taken_by_its_symbols(archive: MarketArchive, tmp_path: Path) -> None:
    """Coin and venue are read off the symbol; thousands of a coin are that coin; others are told by their row."""
    many = [coinalyze(1, 2), coinalyze(3, symbol="1000PEPEUSDT_PERP.6"), coinalyze(4, symbol="BTCUSDT_PERP.K")]
    report = take(archive, saved(tmp_path, [*many, coinalyze(5, symbol="ETHBTC_PERP.A")]), "coinalyze", _COINALYZE)
    assert (report.rows, report.added, report.quarantined) == (5, 3, 2)
    assert {fault.reason: fault.first for fault in report.faults} == {
        "symbol does not say all: name it with --venue": (4,), "symbol is no perpetual in dollars": (5,),
    }  # fmt: skip
    bars = archive.bars(at("2025-06-10T00:00Z"), at("2025-06-10T03:00Z"))
    assert {(bar.venue, bar.asset, bar.long_usd) for bar in bars} == {
        ("Binance", "BTC", 1), ("Binance", "BTC", 2), ("Bybit", "PEPE", 3),
    }  # fmt: skip


def test_tables_of_the_vendors_columns_are_taken(archive: MarketArchive, tmp_path: Path) -> None:
    """CSV with the API's names: CoinGlass's, and Coinalyze's with a symbol a row; packed, too."""
    text = f"time,{_LONG},{_SHORT}\n{_START},10,1\n{_START + HOUR},20,\n"
    report = take(archive, saved(tmp_path, text, "cg.csv"), "coinglass", _SCOPE)
    assert (report.added, report.quarantined, report.faults[0].reason) == (1, 1, "short_usd is missing or no number")
    path = tmp_path / "ca.csv.gz"
    path.write_bytes(gzip.compress(f"symbol,t,l,s\nETHUSDT_PERP.A,{_START // 1000},7,8\n".encode()))
    assert take(archive, path, "coinalyze", _COINALYZE).added == 1
    assert {bar.asset for bar in archive.bars(at("2025-06-10T00:00Z"), at("2025-06-10T03:00Z"))} == {"BTC", "ETH"}


def test_coinglass_totals_are_taken_as_snapshots(archive: MarketArchive, tmp_path: Path, server: History) -> None:
    """The exchange list as the API gives it, over hours and at a time that are said."""
    path = saved(tmp_path, server.totals({}))
    scope = Scope(asset="BTC", hours=24, retrieved=at("2025-06-11T00:00Z"))
    report = take(archive, path, "coinglass", scope)
    assert (report.kind, report.added) == ("snapshots", 4)
    found = archive.snapshots(at("2025-06-11T00:00Z"), at("2025-06-11T01:00Z"), venue="ALL")
    assert [(one.hours, one.long_usd, one.short_usd) for one in found] == [(24, 20, 10)]


@pytest.mark.parametrize("kind", ["bars", "snapshots"])
def test_a_table_of_the_archives_columns_is_taken_if_it_is_the_vendors(
    kind: str, archive: MarketArchive, tmp_path: Path
) -> None:
    """Files in the archive's own form need no scope; one of another source is refused."""
    path = write(tmp_path / "own.csv", [row(kind)])
    assert take(archive, path, "coinglass", Scope()).added == 1
    with pytest.raises(MarketFileError, match="row 1: its source is CoinGlass, not Coinalyze"):
        take(archive, path, "coinalyze", Scope())


def test_a_table_of_the_archives_columns_is_held_against_what_was_said(archive: MarketArchive, tmp_path: Path) -> None:
    """Words that agree change nothing; a row that says otherwise refuses the file, by row."""
    path = write(tmp_path / "own.csv", [row("bars"), row("bars", venue="BINANCE"), row("bars", venue="OKX")])
    with pytest.raises(MarketFileError, match=r"own.csv: row 3: its venue is OKX, not Binance"):
        take(archive, path, "coinglass", Scope(venue="Binance"))
    with pytest.raises(MarketFileError, match="row 1: its seconds is 3600, not 14400"):
        take(archive, path, "coinglass", Scope(interval="4h"))
    assert archive.coverage() == []
    assert take(archive, path, "coinglass", Scope(asset="BTC", interval="1h")).added == 2


OTHERWISE = [
    (Scope(asset="BTC", interval="1h", usd=True), "symbol is of ETH, --asset says BTC"),
    (Scope(venue="okx", interval="1h", usd=True), "symbol is of Binance, --venue says okx"),
]


@pytest.mark.parametrize(("scope", "reason"), OTHERWISE)
def test_no_word_of_the_importer_overrides_a_symbol(
    scope: Scope, reason: str, archive: MarketArchive, tmp_path: Path
) -> None:
    """ETH is never stored as BTC, nor Binance as OKX: such rows are kept out and counted, the others taken."""
    code = "Z" if scope.venue else "A"
    asset = "BTC" if scope.asset else "ETH"
    many = [coinalyze(1, 2, symbol="ETHUSDT_PERP.A"), coinalyze(3, symbol=f"{asset}USDT_PERP.{code}")]
    report = take(archive, saved(tmp_path, many), "coinalyze", scope)
    assert (report.added, report.quarantined) == (1, 2)
    assert [(fault.reason, fault.first) for fault in report.faults] == [(reason, (1, 2))]
    (held,) = archive.coverage()
    assert (held.venue, held.asset) == ("OKX" if scope.venue else "Binance", asset)


def test_what_a_symbol_leaves_out_is_filled_in(archive: MarketArchive, tmp_path: Path) -> None:
    """A table without symbols is of the coin and venue that are said; a code that is not known of the venue alone."""
    path = saved(tmp_path, f"t,l,s\n{_START // 1000},7,8\n", "bare.csv")
    scope = Scope(venue="Deribit", asset="BTC", interval="1h", usd=True)
    assert take(archive, path, "coinalyze", scope).added == 1
    some = coinalyze(5, symbol="ETHUSDT.4")
    assert take(archive, saved(tmp_path, [some]), "coinalyze", Scope(venue="HTX", interval="1h", usd=True)).added == 1
    assert {(one.venue, one.asset) for one in archive.coverage()} == {("Deribit", "BTC"), ("HTX", "ETH")}


def test_dated_contracts_are_no_perpetuals(archive: MarketArchive, tmp_path: Path) -> None:
    """Not even for an importer who names venue and coin."""
    scope = Scope(venue="Binance", asset="BTC", interval="1h", usd=True)
    path = saved(tmp_path, [coinalyze(5, symbol="BTCUSDT_260925.A"), coinalyze(6)])
    report = take(archive, path, "coinalyze", scope)
    assert [(fault.reason, fault.first) for fault in report.faults] == [("symbol is no perpetual", (1,))]


def test_coinglass_rows_that_name_another_venue_or_coin_are_kept_out(
    archive: MarketArchive, tmp_path: Path, server: History
) -> None:
    """Its list of venues says whose each row is, a table with a symbol of which coin."""
    said = Scope(venue="binance", asset="BTC", hours=24, retrieved=at("2025-06-11T00:00Z"))
    report = take(archive, saved(tmp_path, server.totals({})), "coinglass", said)
    assert (report.added, report.quarantined) == (1, 3)
    assert {(fault.reason, fault.first) for fault in report.faults} == {
        ("exchange is All, --venue says binance", (1,)), ("exchange is OKX, --venue says binance", (3,)),
        ("exchange is Bybit, --venue says binance", (4,)),
    }  # fmt: skip
    answer = coinglass(1, 2)
    answer["data"][1]["symbol"] = "ETH"  # type: ignore[index]
    report = take(archive, saved(tmp_path, answer), "coinglass", _SCOPE)
    assert (report.added, [fault.reason for fault in report.faults]) == (1, ["symbol is ETH, --asset says BTC"])


UNKNOWN = [
    ("coinglass", Scope(), "name it with --venue, --asset, --interval"),
    ("coinglass", Scope(venue="Binance", asset="BTC"), "name it with --interval"),
    ("coinglass", Scope(venue="Binance", asset="BTC", interval="1w"), "--interval 1w: one of"),
    ("coinglass", Scope(venue="Binance", asset="BTC", interval="5m"), "buckets lie 3600 s apart, those of 5m 300 s"),
    ("coinalyze", Scope(usd=True), "name it with --interval"),
    ("coinalyze", Scope(interval="1h"), "tells coins unless it was asked with convert_to_usd"),
]


@pytest.mark.parametrize(("vendor", "scope", "said"), UNKNOWN)
def test_a_scope_that_is_not_known_is_asked_for(
    vendor: str, scope: Scope, said: str, archive: MarketArchive, tmp_path: Path
) -> None:
    """What the answer leaves out is never guessed: neither venue nor interval nor unit."""
    content = coinglass(1, 2, 3) if vendor == "coinglass" else [coinalyze(1, 2, 3)]
    with pytest.raises(MarketFileError, match=said) as raised:
        take(archive, saved(tmp_path, content), vendor, scope)
    assert "export.json" in str(raised.value)
    assert archive.coverage() == []


BROKEN = [
    ("coinglass", "", "the file is empty"),
    ("coinglass", "<html>Too many requests</html>", "neither the vendor's nor the archive's"),
    ("coinglass", '{"code":"0","data":[{"time"', "neither JSON nor CSV"),
    ("coinglass", '{"code":"401","msg":"API key missing."}', "holds a fault of the vendor, no data: API key missing"),
    ("coinglass", '{"code":"0","data":null}', "holds no list of records"),
    ("coinglass", '{"code":"0","data":[1]}', "holds no list of records"),
    ("coinalyze", '{"message":"Invalid API key"}', "holds a fault of the vendor"),
    ("coinalyze", '[{"symbol":"BTCUSDT_PERP.A","history":7}]', "no list of records"),
    (
        "coinalyze",
        '[{"symbol":"BTCUSDT_PERP.A","history":[{"t":1749513600,"o":1,"h":1,"l":1,"c":1,"v":1}]}]',
        "candles",
    ),
    ("coinglass", f"time,{_LONG},{_SHORT}\n{_START},4,611,285,12\n", "line 2 has more fields than its header"),
    ("coinalyze", "a,b\n1,2\n", "neither the vendor's nor the archive's"),
    ("coinglass", json.dumps(coinglass(*[None] * 3)), "not one of its 3 rows can be used; row 1: long_usd is missing"),
]


@pytest.mark.parametrize(("vendor", "content", "said"), BROKEN)
def test_a_file_that_is_no_answer_is_refused_by_name(
    vendor: str, content: str, said: str, archive: MarketArchive, tmp_path: Path
) -> None:
    """HTML, half a body, the vendor's own fault or another endpoint: told, and the archive stays as it was."""
    scope = _SCOPE if vendor == "coinglass" else _COINALYZE
    with pytest.raises(MarketFileError, match=said) as raised:
        take(archive, saved(tmp_path, content), vendor, scope)
    assert "export.json" in str(raised.value)
    assert archive.coverage() == []


def test_bad_rows_are_kept_out_with_number_and_reason(archive: MarketArchive, tmp_path: Path) -> None:
    """Times of no unit, off the grid, in the future or not ended, and figures that are none: quarantined, counted."""
    figures = [10, -1, None, "much", 1e15, True]
    answer = coinglass(*figures)
    odd = [
        {"time": 17, _LONG: 1, _SHORT: 1},
        {"time": _START + 1, _LONG: 1, _SHORT: 1},
        {"time": ms("2035-01-01"), _LONG: 1, _SHORT: 1},
        {"time": ms("2025-06-11"), _LONG: 1, _SHORT: 1},
        {"time": _START * 1_000_000, _LONG: 1, _SHORT: 1},
    ]
    answer["data"] = [*answer["data"], *odd]  # type: ignore[misc]
    report = take(archive, saved(tmp_path, answer), "coinglass", _SCOPE)
    assert (report.rows, report.added, report.quarantined) == (11, 1, 10)
    found = {fault.reason.split(": ")[0]: fault.first for fault in report.faults}
    assert found == {
        "long_usd is missing or no number": (3, 4, 6), "long_usd is negative": (2,), "long_usd is absurdly large": (5,),
        "17 is no time in seconds or milliseconds": (7,), "start lies on no grid of 3600 s": (8,),
        "start lies in the future": (9,), "it was read before its bucket had ended": (10,),
        f"{_START * 1_000_000} is no time in seconds or milliseconds": (11,),
    }  # fmt: skip
    assert (archive.folder / "quarantine").exists()


def test_overlapping_exports_add_only_what_is_new(archive: MarketArchive, tmp_path: Path) -> None:
    """Two files that share hours are one series; a later reading takes the place of an earlier."""
    first = saved(tmp_path, coinglass(1, 2, 3), "a.json")
    second = saved(tmp_path, coinglass(1, 2, 30, 4), "b.json")
    take(archive, first, "coinglass", _SCOPE)
    later = Scope(venue="Binance", asset="BTC", interval="1h", retrieved=at("2025-06-12T00:00Z"))
    assert take(archive, second, "coinglass", later).added == 4
    bars = archive.bars(at("2025-06-10T00:00Z"), at("2025-06-11T00:00Z"))
    assert [bar.long_usd for bar in bars] == [1, 2, 30, 4]


def test_a_csv_written_by_a_spreadsheet_is_read(archive: MarketArchive, tmp_path: Path) -> None:
    """A byte order mark and Windows line ends change nothing."""
    path = tmp_path / "sheet.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        lines = csv.writer(file)
        lines.writerow(["time", _LONG, _SHORT])
        lines.writerow([_START // 1000, 10, 1])
    assert take(archive, path, "coinglass", _SCOPE).added == 1
