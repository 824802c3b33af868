"""The real market files, where they are at hand: all are taken whole, twice adds nothing, and known sums come out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from newsdetect.errors import MarketFileError
from newsdetect.market.archive import MarketArchive
from tests.market.builders import at

_FOLDER = Path(os.environ.get("NEWSDETECT_SHARED", "../shared")) / "data" / "market"
_FILES = sorted(
    file for file in _FOLDER.glob("*.*") if file.suffix in (".csv", ".parquet") and "hyperliquid" not in file.name
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MarketArchive]:
    """Give an archive of the real files."""
    if not _FILES:
        pytest.skip(f"{_FOLDER} is not here: set NEWSDETECT_SHARED to the folder that holds data/market")
    with MarketArchive(tmp_path_factory.mktemp("real") / "market") as made:
        for file in _FILES:
            rows = pq.read_metadata(file).num_rows if file.suffix == ".parquet" else pacsv.read_csv(file).num_rows
            report = made.import_file(file)
            assert (report.rows, report.added, report.quarantined) == (rows, rows, 0)
        yield made


def test_the_same_files_again_add_nothing(archive: MarketArchive) -> None:
    """Whatever was taken is known."""
    for file in _FILES:
        report = archive.import_file(file)
        assert (report.added, report.known) == (0, report.rows)


def test_a_file_of_no_kind_is_told_what_it_lacks(archive: MarketArchive) -> None:
    """The file without sides fits no kind; the nearest is named."""
    with pytest.raises(MarketFileError, match="bars without long_usd, short_usd"):
        archive.import_file(_FOLDER / "hyperliquid_2025-10-10_12min.csv")


def test_the_seeds_day_lies_between_inside_and_touching(archive: MarketArchive) -> None:
    """Four coins on one venue, 24 hours to 21:04 on 2025-08-25: 82.0 to 137.6 M, 81 % longs from above."""
    window = at("2025-08-24T21:04:45Z"), at("2025-08-25T21:04:45Z")
    found = archive.sum(*window)
    assert (found.low, found.high) == (pytest.approx(82.0e6, rel=1e-3), pytest.approx(137.6e6, rel=1e-3))
    assert found.status == "covered"
    assert not found.simulated
    hour = archive.sum(at("2025-08-25T20:04:45Z"), at("2025-08-25T21:04:45Z"))
    assert (hour.low, hour.high) == (0, pytest.approx(33.8e6, rel=2e-3))


def test_two_trackers_of_one_venue_are_not_added(archive: MarketArchive) -> None:
    """In August 2024 two sources tell of the same venue and coin: both are shown, the sum is the larger one."""
    found = archive.sum(at("2024-07-10T00:00Z"), at("2024-07-11T00:00Z"), asset="BTC")
    assert len(found.readings) == 2
    assert found.low == max(one.low for one in found.readings)


def test_faults_that_stayed_in_are_shown_as_gaps(archive: MarketArchive) -> None:
    """The hourly files miss hours, and coverage says which."""
    hourly = [
        row for row in archive.coverage() if row.source == "Coinalyze" and row.asset == "SOL" and row.kind == "bars"
    ]
    (row,) = hourly
    missing = sum(
        gap.hours for gap in row.gaps or () if at("2024-06-19T21:00Z") <= gap.start <= at("2024-08-19T00:00Z")
    )
    assert missing == pytest.approx(22, abs=1)
