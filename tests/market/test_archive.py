"""The archive: what goes in comes out once, with its scope, in order, and cut to what was asked for."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsdetect.errors import StoreError
from newsdetect.market.archive import MarketArchive
from newsdetect.market.provider import MarketData, PrintKey, Recorded
from tests.market.builders import NOW, at, load, row, write


def test_an_empty_archive_answers_with_nothing(archive: MarketArchive) -> None:
    """Nothing held is empty answers, not errors, and no folder is made by asking."""
    market: MarketData = archive
    window = at("12:00"), at("13:00")
    assert market.prints(*window).time_ns.size == 0
    assert market.bars(*window) == market.snapshots(*window) == market.candles(*window) == []
    assert market.recorded(*window) == archive.coverage() == []
    assert not archive.folder.exists()


@pytest.mark.parametrize("kind", ["prints", "bars", "snapshots", "candles", "recorded"])
def test_the_columns_tell_the_kind(kind: str, archive: MarketArchive) -> None:
    """Each kind is known by its columns, in any order and case, and further columns are left out with a notice."""
    changed = {name.upper(): value for name, value in reversed(row(kind).items())} | {"note to self": 1}
    path = write(archive.folder.parent / "any.csv", [changed])
    report = archive.import_file(path, now=NOW)
    assert (report.kind, report.added) == (kind, 1)
    assert report.notices == ("columns left out: note to self",)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2025-06-10T12:00:00Z", "12:00"),
        ("2025-06-10 12:00:00", "12:00"),
        ("2025-06-10T12:00", "12:00"),
        ("2025-06-10", "00:00"),
        ("2025-06-10T14:00:00+02:00", "12:00"),
        ("2025-06-10T17:30:00+05:30", "12:00"),
        ("2025-06-10T08:00:00-0400", "12:00"),
        ("2025-06-10 12:00:00 UTC", "12:00"),
        ("2025-06-10T12:00:00.250Z", "12:00:00.250"),
        ("1749556800", "12:00"),
        ("1749556800.25", "12:00:00.250"),
        ("1749556800000", "12:00"),
        ("1749556800000000", "12:00"),
        ("1749556800000000000", "12:00"),
    ],
)
def test_times_of_every_form_are_one_instant(said: str, meant: str, archive: MarketArchive) -> None:
    """Offsets are honoured, a time without one is UTC, and a bare number is an epoch in the unit its size tells."""
    load(archive, "bars", {"start": said})
    (bar,) = archive.bars(at("00:00"), at("2025-06-11T00:00Z"))
    assert bar.start == at(meant)


def test_nanoseconds_of_prints_are_kept(archive: MarketArchive) -> None:
    """Orders of one microsecond stay apart and in order."""
    load(archive, "prints", {"time": "2025-06-10T12:00:00.123456789Z"}, {"time": "2025-06-10T14:00:00.123456788+02:00"})
    assert (archive.prints(at("12:00"), at("12:01")).time_ns % 10**9).tolist() == [123_456_788, 123_456_789]


def test_parquet_and_csv_of_one_content_are_one(archive: MarketArchive, tmp_path: Path) -> None:
    """A Parquet file with typed columns holds the same rows as its CSV, whatever zone its times are in."""
    load(archive, "bars", {}, {"start": "2025-06-10T13:00:00Z"})
    starts = pa.array([at("12:00"), at("13:00")], pa.timestamp("ms", "America/New_York"))
    columns = {name: [value] * 2 for name, value in row("bars").items() if name not in ("start", "retrieved_at")}
    pq.write_table(pa.table({"start": starts, **columns}), tmp_path / "bars.parquet")
    report = archive.import_file(tmp_path / "bars.parquet", now=NOW)
    assert (report.added, report.known) == (0, 2)


def test_the_same_file_again_adds_nothing(archive: MarketArchive) -> None:
    """Importing is idempotent for every kind, and says how much was held already."""
    for kind in ("prints", "bars", "snapshots", "candles", "recorded"):
        assert load(archive, kind, {}, {"venue": "Bybit"}).added == 2
        before = sorted(file.name for file in (archive.folder / kind).iterdir())
        again = load(archive, kind, {}, {"venue": "Bybit"})
        assert (again.added, again.known) == (0, 2)
        assert sorted(file.name for file in (archive.folder / kind).iterdir()) == before


def test_twins_inside_one_file_are_real_orders(archive: MarketArchive) -> None:
    """Two identical prints of one file count twice; a file that overlaps it adds only what is new."""
    assert load(archive, "prints", {}, {}).added == 2
    report = load(archive, "prints", {}, {}, {}, {"usd": 50_001})
    assert (report.added, report.known) == (2, 2)
    assert archive.prints(at("12:00"), at("13:00")).usd.tolist() == [50_000, 50_000, 50_000, 50_001]


def test_a_bucket_told_twice_by_one_file_counts_once(archive: MarketArchive) -> None:
    """Bars are sums, not orders: the same line twice is a repetition."""
    report = load(archive, "bars", {}, {})
    assert (report.added, report.repeated) == (1, 1)


def test_the_latest_reading_of_a_bucket_is_given(archive: MarketArchive) -> None:
    """An aggregator revises: the reading of the latest `retrieved_at` is given, in whatever order they came in."""
    later, earlier = "2025-06-12T00:00:00Z", "2025-06-11T00:00:00Z"
    load(archive, "bars", {"long_usd": 70, "retrieved_at": later})
    load(archive, "bars", {"long_usd": 90, "retrieved_at": earlier}, {"long_usd": 99})
    (bar,) = archive.bars(at("12:00"), at("13:00"))
    assert (bar.long_usd, bar.retrieved_at) == (70, at(later))
    held = sum(pq.read_metadata(file).num_rows for file in (archive.folder / "bars").glob("*.parquet"))
    assert held >= 3


def test_rows_that_differ_at_one_reading_are_told(archive: MarketArchive) -> None:
    """Where nobody knows which reading is later, the larger is given, in either order, and the import says so."""
    load(archive, "bars", {"long_usd": 50})
    report = load(archive, "bars", {"long_usd": 60})
    assert any("tell otherwise" in notice for notice in report.notices)
    assert [bar.long_usd for bar in archive.bars(at("12:00"), at("13:00"))] == [60]


def test_what_touches_the_window_is_given(archive: MarketArchive) -> None:
    """Buckets that reach into the half-open window are given, also from the month before; the others are not."""
    starts = ["2025-05-31T23:30:00Z", "2025-05-31T23:00:00Z", "2025-06-01T00:30:00Z", "2025-06-01T01:00:00Z"]
    load(archive, "bars", *({"start": start} for start in starts))
    load(archive, "candles", *({"start": start} for start in starts))
    window = at("2025-06-01T00:00:00Z"), at("2025-06-01T01:00:00Z")
    expected = [at(starts[0]), at(starts[2])]
    assert [bar.start for bar in archive.bars(*window)] == expected
    assert [candle.start for candle in archive.candles(*window)] == expected


def test_prints_and_snapshots_lie_in_the_half_open_window(archive: MarketArchive) -> None:
    """The start belongs to a window, its end does not."""
    times = ["2025-06-10T12:00:00Z", "2025-06-10T13:00:00Z"]
    load(archive, "prints", *({"time": time} for time in times))
    load(archive, "snapshots", *({"retrieved_before": time} for time in times))
    assert archive.prints(at("12:00"), at("13:00")).time_ns.size == 1
    assert [one.retrieved_before for one in archive.snapshots(at("12:00"), at("13:00"))] == [at("12:00")]


def test_venues_and_assets_narrow_the_answer(archive: MarketArchive) -> None:
    """A venue is found in any case and under one name; assets are a list, null means all."""
    load(
        archive, "bars", {"venue": "binance"}, {"venue": "BYBIT", "asset": "eth"}, {"venue": "Gate.io", "asset": "SOL"}
    )
    window = at("12:00"), at("13:00")
    assert sorted(bar.venue for bar in archive.bars(*window)) == ["Binance", "Bybit", "Gate"]
    assert [bar.asset for bar in archive.bars(*window, venue="bybit")] == ["ETH"]
    assert [bar.asset for bar in archive.bars(*window, assets=["sol", "BTC"])] == ["BTC", "SOL"]
    assert archive.bars(*window, assets=[]) == []


def test_prints_come_as_columns_with_their_scopes(archive: MarketArchive) -> None:
    """Time, USD and scope stand side by side in order of time; each scope comes once."""
    load(archive, "prints", {"time": "2025-06-10T12:30:00Z", "side": "short"}, {}, {"venue": "Bybit"}, source="a feed")
    found = archive.prints(at("12:00"), at("13:00"))
    assert found.time_ns.dtype == np.int64
    assert np.all(np.diff(found.time_ns) >= 0)
    assert [found.keys[one] for one in found.key.tolist()] == [
        PrintKey("a feed", "Binance", "BTC", "long"),
        PrintKey("a feed", "Bybit", "BTC", "long"),
        PrintKey("a feed", "Binance", "BTC", "short"),
    ]


def test_prints_without_a_source_are_imported_ones(archive: MarketArchive) -> None:
    """The file's own column goes before the caller's word, and that before `imported`."""
    load(archive, "prints", {"source": "simulated tape"}, {"source": ""}, source="mine")
    load(archive, "prints", {"venue": "OKX"})
    sources = {key.source for key in archive.prints(at("12:00"), at("13:00")).keys}
    assert sources == {"simulated tape", "mine", "imported"}


def test_recorded_stretches_are_cut_to_the_window(archive: MarketArchive) -> None:
    """What was listened to outside the window is not told of it."""
    load(archive, "recorded", {}, {"venue": "Bybit", "start": "2025-06-10T12:40:00Z"})
    assert archive.recorded(at("12:30"), at("12:50")) == [
        Recorded("imported", "Binance", "ALL", at("12:30"), at("12:50")),
        Recorded("imported", "Bybit", "ALL", at("12:40"), at("12:50")),
    ]
    assert [one.venue for one in archive.recorded(at("12:30"), at("12:50"), venue="bybit")] == ["Bybit"]


def test_coverage_tells_extent_rows_and_gaps(archive: MarketArchive) -> None:
    """One row a kind, source, venue and asset; a gap is what no bucket covers, and overlapping lengths leave none."""
    hours = ["00", "01", "02", "05", "08"]
    load(archive, "bars", *({"start": f"2025-06-10T{hour}:00:00Z"} for hour in hours))
    load(archive, "bars", {"start": "2025-06-10T04:00:00Z", "seconds": 14_400, "venue": "Bybit"})
    load(archive, "bars", {"start": "2025-06-10T03:00:00Z", "seconds": 3600 * 5, "venue": "Bybit"})
    binance, bybit = archive.coverage()
    assert (binance.venue, binance.start, binance.end, binance.rows) == ("Binance", at("00:00"), at("09:00"), 5)
    assert [(gap.start, gap.end) for gap in binance.gaps or ()] == [
        (at("03:00"), at("05:00")), (at("06:00"), at("08:00")),
    ]  # fmt: skip
    assert (bybit.gaps, bybit.end) == ((), at("08:00"))
    assert json.loads(binance.model_dump_json()).keys() >= {
        "kind",
        "source",
        "venue",
        "asset",
        "from",
        "to",
        "rows",
        "gaps",
    }


def test_gaps_of_prints_are_those_of_the_recording(archive: MarketArchive) -> None:
    """Prints alone do not say when their recorder listened: their gaps are unknown until `recorded` rows tell."""
    load(archive, "prints", {}, {"time": "2025-06-10T13:59:59Z"})
    (unknown,) = archive.coverage()
    assert unknown.gaps is None
    load(archive, "recorded", {}, {"start": "2025-06-10T13:30:00Z", "end": "2025-06-10T14:00:00Z"})
    told = next(one for one in archive.coverage() if one.kind == "prints")
    assert [(gap.start, gap.end) for gap in told.gaps or ()] == [(at("13:00"), at("13:30"))]


def test_another_archive_on_the_folder_sees_what_was_written(archive: MarketArchive) -> None:
    """The list of parts is read anew when it was swapped, by whomever."""
    window = at("12:00"), at("13:00")
    with MarketArchive(archive.folder) as reader:
        assert reader.bars(*window) == []
        load(archive, "bars", {})
        assert len(reader.bars(*window)) == 1
        load(archive, "bars", {"venue": "Bybit"})
        assert len(reader.bars(*window)) == 2


def test_a_writer_that_was_killed_leaves_nothing_behind(archive: MarketArchive) -> None:
    """Files that the list does not name are no part of the archive, and the next import sweeps them."""
    load(archive, "bars", {})
    (good,) = (archive.folder / "bars").glob("*.parquet")
    (archive.folder / "bars" / "2025-06-dead.parquet").write_bytes(good.read_bytes()[:100])
    (archive.folder / "bars" / ".half.tmp").write_bytes(b"PAR1")
    assert len(archive.bars(at("12:00"), at("13:00"))) == 1
    load(archive, "bars", {"venue": "Bybit"})
    assert len(archive.bars(at("12:00"), at("13:00"))) == 2
    assert not list((archive.folder / "bars").glob("*dead*")) + list((archive.folder / "bars").glob(".*"))


def test_a_replaced_part_stays_for_those_who_read_it(archive: MarketArchive) -> None:
    """A reader that holds the list of before can still open its files."""
    load(archive, "bars", {})
    (before,) = (archive.folder / "bars").glob("*.parquet")
    load(archive, "bars", {"venue": "Bybit"})
    assert before.exists()


def test_a_list_that_cannot_be_read_is_an_error(archive: MarketArchive) -> None:
    """A broken or newer list is told by its path; it never passes for an empty archive."""
    load(archive, "bars", {})
    for content in ("{", '{"version": 99, "parts": {}, "retired": {}}', "[]"):
        (archive.folder / "manifest.json").write_text(content)
        with MarketArchive(archive.folder) as reader, pytest.raises(StoreError, match=r"manifest\.json"):
            reader.bars(at("12:00"), at("12:00") + timedelta(hours=1))


def test_candles_keep_when_they_were_read_and_the_later_reading_counts(archive: MarketArchive) -> None:
    """A candle read again later replaces the reading before; one whose reading is not known counts for less."""
    later, earlier = "2025-06-10T15:00:00Z", "2025-06-10T13:00:00Z"
    load(archive, "candles", {"close": 104, "retrieved_at": later}, {"retrieved_at": earlier}, {"close": 103})
    (candle,) = archive.candles(at("12:00"), at("13:00"))
    assert (candle.close, candle.retrieved_at) == (104, at("15:00"))


def test_parts_from_before_candles_kept_their_reading_are_read_and_added_to(archive: MarketArchive) -> None:
    """An archive written without the column answers as before, and takes new candles."""
    load(archive, "candles", {})
    (part,) = (archive.folder / "candles").glob("*.parquet")
    table = pq.read_table(part).drop_columns(["retrieved_ns"])
    pq.write_table(table, part)
    (old,) = archive.candles(at("12:00"), at("13:00"))
    assert old.retrieved_at is None
    new = {"start": "2025-06-10T13:00:00Z", "retrieved_at": "2025-06-10T15:00:00Z"}
    assert load(archive, "candles", new).added == 1
    assert [one.retrieved_at for one in archive.candles(at("12:00"), at("14:00"))] == [None, at("15:00")]
