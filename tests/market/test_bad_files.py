"""Bad market files: a file that is not what it should be is refused by name, a bad row is kept out and counted."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsdetect.errors import MarketFileError, UsageError
from newsdetect.market import files
from newsdetect.market.archive import MarketArchive
from newsdetect.market.exports import Scope, import_export
from tests.market.builders import GOOD, NOW, at, header, load, row, write

_PRINT, _BAR, _SNAPSHOT, _CANDLE, _RECORDED = "prints", "bars", "snapshots", "candles", "recorded"

#: Kind, what is changed of a good row, and what the reason must say.
BAD_ROWS = [
    (_PRINT, {"quantity": -0.5}, "quantity is zero or negative"),
    (_PRINT, {"quantity": 0, "usd": 0}, "quantity is zero or negative"),
    # A contract whose size nobody knew.
    (_PRINT, {"quantity": ""}, "quantity is missing or no number"),
    (_PRINT, {"usd": ""}, "usd is missing or no number"),
    # Contracts of 100 USD told as coins; dollars told as coins; a price a thousand coins beside a quantity of coins.
    (_PRINT, {"quantity": 500}, "usd is not price times quantity"),
    (_PRINT, {"quantity": 50_000}, "usd is not price times quantity"),
    (
        _PRINT,
        {"symbol": "1000PEPEUSDT", "asset": "PEPE", "price": 0.0105, "quantity": 1_000_000, "usd": 10.5},
        "usd is not price times quantity",
    ),
    (_PRINT, {"usd": -50_000}, "usd is zero or negative"),
    (_PRINT, {"price": 0, "usd": 1}, "price is zero or negative"),
    (_PRINT, {"price": -100_000}, "price is zero or negative"),
    (_PRINT, {"symbol": "???"}, "symbol is no contract of the asset"),
    (_PRINT, {"symbol": "ETHUSDT"}, "symbol is no contract of the asset"),
    (_PRINT, {"symbol": ""}, "symbol is missing"),
    (_PRINT, {"asset": ""}, "asset is missing"),
    (_PRINT, {"time": "2025-06-10T12:00:00 EST"}, "time is missing or no time"),
    (_PRINT, {"time": "2025-06-10T12:00:00[America/New_York]"}, "time is missing or no time"),
    (_PRINT, {"time": "12:00"}, "time is missing or no time"),
    (_PRINT, {"time": "45818.5"}, "time is missing or no time"),
    (_PRINT, {"time": 17_495_568}, "time is missing or no time"),
    (_PRINT, {"time": -1}, "time is missing or no time"),
    (_PRINT, {"time": 2_051_222_400}, "time lies in the future"),
    (_PRINT, {"time": 2_051_222_400_000}, "time lies in the future"),
    (_PRINT, {"time": 2_051_222_400_000_000_000}, "time lies in the future"),
    (_PRINT, {"usd": 0}, "usd is zero or negative"),
    (_PRINT, {"usd": "NaN"}, "usd is missing or no number"),
    (_PRINT, {"usd": "inf"}, "usd is absurdly large"),
    (_PRINT, {"price": ""}, "price is missing or no number"),
    (_PRINT, {"price": "100,000"}, "price is missing or no number"),
    (_PRINT, {"price": 1e12, "usd": 5e11}, "price is absurdly large"),
    (_PRINT, {"usd": 50}, "usd is not price times quantity"),
    (_PRINT, {"side": "sell"}, "side is neither long nor short"),
    (_PRINT, {"side": ""}, "side is neither long nor short"),
    (_PRINT, {"venue": " "}, "venue is missing"),
    (_PRINT, {"venue": "x" * 500}, "venue is no name but a text"),
    (_PRINT, {"time": "10/06/2025"}, "time is missing or no time"),
    (_PRINT, {"time": "2025-02-30T00:00:00Z"}, "time is missing or no time"),
    (_PRINT, {"time": "2035-01-01T00:00:00Z"}, "time lies in the future"),
    (_PRINT, {"time": "1999-01-01T00:00:00Z"}, "time lies before there was a market"),
    (_BAR, {"long_usd": -1}, "long_usd is negative"),
    (_BAR, {"short_usd": "-Infinity"}, "short_usd is negative"),
    (_BAR, {"short_usd": ""}, "short_usd is missing or no number"),
    (_BAR, {"seconds": 0}, "seconds is not between"),
    (_BAR, {"seconds": "1h"}, "seconds is missing or no number"),
    (_BAR, {"retrieved_at": "soon"}, "retrieved_at is no time"),
    (_BAR, {"retrieved_at": "2025-06-10T12:30:00Z"}, "read before its bucket had ended"),
    (_BAR, {"start": "2035-01-01T00:00:00Z"}, "start lies in the future"),
    (_BAR, {"retrieved_at": "2035-01-01T00:00:00Z"}, "retrieved_at lies in the future"),
    (_BAR, {"long_usd": 1e14}, "long_usd is absurdly large"),
    (_SNAPSHOT, {"retrieved_before": "2035-01-01T00:00:00Z"}, "retrieved_before lies in the future"),
    (_SNAPSHOT, {"hours": 0}, "hours is not between"),
    (_SNAPSHOT, {"hours": -4}, "hours is not between"),
    (_SNAPSHOT, {"long_usd": 1e15}, "long_usd is absurdly large"),
    (_CANDLE, {"market": "option"}, "market is neither spot, perp nor inverse"),
    (_CANDLE, {"high": 99}, "high is not the highest price"),
    (_CANDLE, {"low": 104}, "low is not the lowest price"),
    (_CANDLE, {"open": 0}, "open is zero or negative"),
    (_CANDLE, {"volume": -1}, "volume is negative"),
    (_CANDLE, {"turnover": "much"}, "turnover is no number"),
    (_CANDLE, {"start": "2035-01-01T00:00:00Z"}, "start lies in the future"),
    (_CANDLE, {"close": -105}, "close is zero or negative"),
    (_CANDLE, {"high": 1e12}, "high is absurdly large"),
    (_CANDLE, {"retrieved_at": "2025-06-10T12:59:59Z"}, "read before its bucket had ended"),
    (_CANDLE, {"retrieved_at": "today"}, "retrieved_at is no time"),
    (_RECORDED, {"end": "2035-01-01T00:00:00Z"}, "end lies in the future"),
    (_RECORDED, {"end": "2025-06-10T12:00:00Z"}, "end is not after start"),
]


@pytest.mark.parametrize(("kind", "change", "reason"), BAD_ROWS)
def test_a_bad_row_is_kept_out_with_its_number_and_reason(
    kind: str, change: dict, reason: str, archive: MarketArchive
) -> None:
    """The row's number and the rule it breaks are told, the good rows around it are taken."""
    other = {"venue": "Bybit"}
    report = load(archive, kind, {}, change, other)
    assert (report.rows, report.added, report.quarantined) == (3, 2, 1)
    (fault,) = report.faults
    assert (fault.rows, fault.first) == (1, (2,))
    assert reason in fault.reason


def test_kept_out_rows_are_written_down_with_what_they_say(archive: MarketArchive) -> None:
    """A quarantined row can be looked up: file, row, reason and its own words; a second import writes no second one."""
    for _ in range(2):
        load(archive, "bars", {}, {"long_usd": "-7"})
    (file,) = (archive.folder / "quarantine").iterdir()
    (line,) = file.read_text().splitlines()
    told = json.loads(line)
    assert (told["file"], told["row"], told["reason"]) == ("bars.csv", 2, "long_usd is negative")
    assert told["says"]["long_usd"] == "-7"


def test_faults_are_counted_by_reason_with_their_first_rows(archive: MarketArchive) -> None:
    """Of many rows with one fault the report names the first few, and it adds up."""
    report = load(archive, "bars", {}, *[{"long_usd": -1}] * 9, {"seconds": -1})
    assert [(fault.rows, fault.first) for fault in report.faults] == [(9, (2, 3, 4, 5, 6)), (1, (11,))]
    assert report.rows == report.added + report.known + report.repeated + report.quarantined


def test_a_price_far_from_all_others_is_kept_out(archive: MarketArchive) -> None:
    """A slipped digit in one price is no market: the row is kept out, though price, quantity and USD agree."""
    slipped = {"price": 1_200_000, "usd": 600_000, "time": "2025-06-10T12:30:00Z"}
    report = load(archive, "prints", *[{"time": f"2025-06-10T12:00:{n:02}Z"} for n in range(20)], slipped)
    assert [(fault.reason, fault.first) for fault in report.faults] == [
        ("price is over 10 times off those of its symbol before and after", (21,))
    ]


def test_a_row_of_another_width_does_not_shift_the_others(archive: MarketArchive, tmp_path: Path) -> None:
    """Rows with too few or too many fields are named by number, and the numbers behind them stay right."""
    good = ",".join(str(value) for value in GOOD["bars"].values())
    bad = good.replace(",80,", ",-80,")
    path = tmp_path / "ragged.csv"
    path.write_text("\n".join([header("bars"), good, "2025-06-10T12:00:00Z,3600", good + ",7", bad, "", good]) + "\n")
    report = archive.import_file(path, now=NOW)
    assert (report.rows, report.added, report.repeated, report.quarantined) == (5, 1, 1, 3)
    assert {fault.reason: fault.first for fault in report.faults} == {
        "has 2 fields where the header has 8": (2,),
        "has 9 fields where the header has 8": (3,),
        "long_usd is negative": (4,),
    }


BAD_FILES = [
    (b"", "the file is empty"),
    (b"time,price\n1,2\n", "of no kind of market file"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "neither Parquet nor CSV in UTF-8"),
    ("time,venue\n".encode("utf-16"), "neither Parquet nor CSV in UTF-8"),
    (b"time\x00,venue\r,side\n", "is neither|no kind"),
    (b"PAR1 and then nothing of the sort", "cannot be read"),
    (b"\x1f\x8b\x08 no gzip", "cannot be read"),
    ((header("bars") + ",asset\n").encode(), "comes twice"),
    ((header("bars") + "\n").encode() + b"\xff\xfe,1,2,3,4,5,6,7\n", "cannot be read"),
    (b"<!doctype html><html><body>Too many requests</body></html>", "of no kind of market file"),
    (b"start;seconds;source;venue;asset;long_usd;short_usd\n", "of no kind of market file"),
]


@pytest.mark.parametrize(("content", "reason"), BAD_FILES)
def test_a_file_that_is_none_is_refused_by_name(
    content: bytes, reason: str, archive: MarketArchive, tmp_path: Path
) -> None:
    """The error names the file and says what is wrong with it; the archive stays as it was."""
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    with pytest.raises(MarketFileError, match=reason) as caught:
        archive.import_file(path, now=NOW)
    assert "odd.csv" in str(caught.value)
    assert archive.coverage() == []


def test_a_missing_column_is_named(archive: MarketArchive, tmp_path: Path) -> None:
    """A file said to be bars, or nearest to them, is told what it lacks."""
    path = write(tmp_path / "few.csv", [row("bars")], columns=["start", "seconds", "source", "venue", "asset"])
    for kind in ("bars", None):
        with pytest.raises(MarketFileError, match="bars without long_usd, short_usd"):
            archive.import_file(path, kind=kind, now=NOW)


def test_a_file_without_one_good_row_is_refused(archive: MarketArchive) -> None:
    """Where every row is bad the file is: its first fault is told, with its row."""
    with pytest.raises(MarketFileError, match=r"not one of its 2 rows can be used; row 1: seconds"):
        load(archive, "bars", {"seconds": "x"}, {"seconds": "y"})


def test_a_header_without_rows_is_said_to_be_one(archive: MarketArchive, tmp_path: Path) -> None:
    """No rows are no fault, and never pass for a quiet market."""
    path = tmp_path / "none.csv"
    path.write_text(header("bars") + "\n")
    report = archive.import_file(path, now=NOW)
    assert (report.rows, report.added) == (0, 0)
    assert report.notices == ("the file holds a header and no rows",)
    assert archive.sum(at("12:00"), at("13:00")).low is None


def test_a_missing_file_and_an_unknown_kind_are_told(archive: MarketArchive, tmp_path: Path) -> None:
    """The message names what was asked for."""
    with pytest.raises(MarketFileError, match=r"gone\.csv: cannot be read: No such file"):
        archive.import_file(tmp_path / "gone.csv")
    with pytest.raises(UsageError, match="ticks: no kind of market file; there are prints, bars"):
        load(archive, "bars", {}, kind="ticks")
    with pytest.raises(UsageError, match="bars name their sources in the file"):
        load(archive, "bars", {}, source="me")


def test_parquet_columns_that_hold_no_values_are_refused(archive: MarketArchive, tmp_path: Path) -> None:
    """A list or a truth value where a number should stand is a fault of the file."""
    table = {name: [value] for name, value in row("bars").items()} | {"long_usd": [[1.0, 2.0]]}
    pq.write_table(pa.table(table), tmp_path / "lists.parquet")
    with pytest.raises(MarketFileError, match="column long_usd: list<"):
        archive.import_file(tmp_path / "lists.parquet", now=NOW)


def test_hostile_names_are_data_and_nothing_else(archive: MarketArchive) -> None:
    """Quotes, SQL and markup in a name are kept as they are and reach no query."""
    evil = "x'); DROP TABLE staged; --<b>"
    assert load(archive, "bars", {"source": evil, "venue": evil}).added == 1
    (bar,) = archive.bars(at("12:00"), at("13:00"), venue=evil)
    assert (bar.source, bar.venue) == (evil, evil)


def test_a_file_cut_off_leaves_nothing(archive: MarketArchive, tmp_path: Path) -> None:
    """A packed file that ends in the middle is refused whole, though its first rows could be read."""
    rows = [row("bars", start=f"2025-06-{1 + n % 9:02}T{n % 24:02}:00:00Z", long_usd=n) for n in range(20_000)]
    whole = gzip.compress(write(tmp_path / "whole.csv", rows).read_bytes())
    (tmp_path / "half.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MarketFileError, match=r"half\.csv\.gz: cannot be read"):
        archive.import_file(tmp_path / "half.csv.gz", now=NOW)
    assert archive.coverage() == []


def test_a_packed_file_that_is_damaged_is_an_error_by_name(archive: MarketArchive, tmp_path: Path) -> None:
    """Bytes that no longer unpack are told like a file cut off."""
    packed = bytearray(gzip.compress(write(tmp_path / "whole.csv", [row("bars")] * 500).read_bytes()))
    packed[12:18] = b"\xff" * 6
    (tmp_path / "hurt.csv.gz").write_bytes(packed)
    with pytest.raises(MarketFileError, match=r"hurt\.csv\.gz: cannot be read"):
        archive.import_file(tmp_path / "hurt.csv.gz", now=NOW)
    with pytest.raises(MarketFileError, match=r"hurt\.csv\.gz: cannot be read"):
        import_export(archive, tmp_path / "hurt.csv.gz", "coinglass", Scope(), now=NOW)
    assert archive.coverage() == []


@pytest.mark.parametrize(
    ("symbol", "asset"),
    [
        ("BTCUSDT", "BTC"), ("BTC-USDT-SWAP", "BTC"), ("BTCUSD_PERP", "BTC"), ("XBTUSD", "BTC"), ("PF_XBTUSD", "BTC"),
        ("1000PEPEUSDT", "PEPE"), ("kPEPE", "PEPE"), ("1MBABYDOGEUSDT", "BABYDOGE"), ("SHIB1000USDT", "SHIB"),
        ("tETHF0:USTF0", "ETH"), ("btcusdt", "btc"), ("tIOTF0:USTF0", "IOTA"), ("IOTUSD", "IOTA"), ("IOTUSD", "iot"),
        ("LUNA2USDT", "LUNA"), ("LUNA2USDT", "LUNA2"), ("BEAMXUSDT", "BEAM"), ("BEAMXUSDT", "BEAMX"),
        ("PF_XBTUSD", "XBT"), ("XDGUSD", "DOGE"), ("RNDRUSDT", "RENDER"), ("1000PEPEUSDT", "1000PEPE"),
        ("kPEPE", "kPEPE"), ("1000LUNCUSDT", "LUNC"), ("1000SATSUSDT", "SATS"),
    ],
)  # fmt: skip
def test_a_contract_of_any_venue_names_its_coin(symbol: str, asset: str, archive: MarketArchive) -> None:
    """However a venue writes its contracts, the coin stands in the name, or one of its other tickers does."""
    assert load(archive, "prints", {"symbol": symbol, "asset": asset}).added == 1


@pytest.mark.parametrize(("symbol", "asset"), [("IOTXUSDT", "IOTA"), ("BEAMXUSDT", "BTC"), ("LUNA2USDT", "BEAM")])
def test_another_ticker_is_no_excuse_for_another_coin(symbol: str, asset: str, archive: MarketArchive) -> None:
    """IOTX is not IOT with more behind it."""
    with pytest.raises(MarketFileError, match="symbol is no contract of the asset"):
        load(archive, "prints", {"symbol": symbol, "asset": asset})


def test_multiples_and_other_tickers_are_stored_as_the_single_coin(archive: MarketArchive) -> None:
    """A thousand PEPE at a price a thousand, by whatever name, are PEPE; so are its candles and bars."""
    thousand = {"price": 0.0105, "quantity": 1_000, "usd": 10.5, "symbol": "kPEPE"}
    load(archive, "prints", thousand | {"asset": "kPEPE"}, thousand | {"asset": "1000PEPE"})
    (file,) = (archive.folder / "prints").glob("*.parquet")
    kept = pq.read_table(file).to_pylist()
    assert {(one["asset"], one["price"], one["quantity"], one["usd"]) for one in kept} == {
        ("PEPE", 0.0105 / 1000, 1_000_000, 10.5)
    }
    load(archive, "candles", {"asset": "1000PEPE"})
    (candle,) = archive.candles(at("12:00"), at("13:00"), assets=["PEPE"])
    assert (candle.high, candle.volume) == (0.11, 7_000)
    load(archive, "bars", {"asset": "XBT"}, {"asset": "LUNA2"})
    assert {bar.asset for bar in archive.bars(at("12:00"), at("13:00"))} == {"BTC", "LUNA"}


def test_imports_that_overlap_hold_each_order_once(archive: MarketArchive, tmp_path: Path) -> None:
    """Two exports of overlapping hours: what both hold counts once, twins as often as the fuller one has them."""
    hours = [{"time": f"2025-06-10T{hour:02}:00:00Z"} for hour in range(6)]
    load(archive, "prints", *hours[:4], hours[3])
    report = load(archive, "prints", *hours[2:], hours[5])
    assert (report.added, report.known, report.repeated) == (3, 2, 0)
    assert archive.sum(at("00:00"), at("06:00")).low == 8 * 50_000
    bars = [{"start": f"2025-06-10T{hour:02}:00:00Z"} for hour in range(6)]
    load(archive, "bars", *bars[:4])
    report = load(archive, "bars", *bars[2:])
    assert (report.added, report.known) == (2, 2)
    assert [bar.start.hour for bar in archive.bars(at("00:00"), at("06:00"))] == [0, 1, 2, 3, 4, 5]


def test_the_same_hours_in_another_zone_are_the_same_hours(archive: MarketArchive) -> None:
    """An export with offsets overlaps one in UTC; nothing is counted twice, nothing shifted."""
    load(archive, "bars", {"start": "2025-06-10T12:00:00Z"})
    report = load(archive, "bars", {"start": "2025-06-10T21:00:00+09:00"}, {"start": "2025-06-10T08:00:00-05:00"})
    assert (report.added, report.known) == (1, 1)
    assert [bar.start for bar in archive.bars(at("12:00"), at("14:00"))] == [at("12:00"), at("13:00")]


@pytest.mark.parametrize("good", [0, 1])
def test_a_file_of_rows_of_another_width_is_refused_before_it_fills_memory(
    archive: MarketArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, good: int
) -> None:
    """So many are set aside and counted; one more, and the file is none of these columns, even if no row is."""
    monkeypatch.setattr(files, "_MOST_RAGGED", 50)
    path = write(tmp_path / "ragged.csv", [row("bars")])
    head, line = path.read_text().splitlines()
    path.write_text("\n".join([head, *[line] * good, *["a,b"] * 51]) + "\n")
    with pytest.raises(MarketFileError, match=r"ragged\.csv: over 50 rows do not split into its \d columns"):
        archive.import_file(path, now=NOW)
    path.write_text("\n".join([head, line, *["a,b"] * 50]) + "\n")
    assert archive.import_file(path, now=NOW).quarantined == 50
