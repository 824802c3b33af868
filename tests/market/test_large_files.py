"""Files larger than what is worked on at once: the same rows as in one go, and nothing is left behind."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from newsdetect.errors import MarketFileError
from newsdetect.market import files, room, staging
from newsdetect.market.archive import MarketArchive
from newsdetect.market.manifest import ROOMS
from tests.market.builders import NOW, at, row, write

_EVER = (at("2025-06-01T00:00Z"), at("2025-06-30T00:00Z"))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work on little at once, on disk, in as little memory as the engine can do with."""
    monkeypatch.setattr(files, "_BLOCK", 4096)
    monkeypatch.setattr(staging, "_STRETCH", 100)
    monkeypatch.setattr(room, "_SMALL", 0)
    monkeypatch.setattr(room, "MEMORY", "48MiB")


def _rows(count: int) -> list[dict[str, object]]:
    """Make prints of a week, out of order, one in ten of them a twin of another, far apart in the file."""
    start = at("2025-06-10T00:00:00Z")
    return [
        row("prints", time=(start + timedelta(seconds=n * 7919 % 604_800)).isoformat(), quantity=0.5 + n % 1800 / 1000,
            usd=(0.5 + n % 1800 / 1000) * 100_000)
        for n in (number % (count * 9 // 10) for number in range(count))
    ]  # fmt: skip


@pytest.mark.usefixtures("small")
def test_a_file_in_pieces_is_the_file_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days, twins and sums are those of an import that held all of it at once; the same again adds nothing."""
    path = write(tmp_path / "many.csv", [*_rows(3000), row("prints", usd=-1), row("prints", side="up")])
    with MarketArchive(tmp_path / "pieces") as one:
        report = one.import_file(path, now=NOW)
        assert (report.rows, report.added, report.quarantined) == (3002, 3000, 2)
        assert {fault.first for fault in report.faults} == {(3001,), (3002,)}
        again = one.import_file(path, now=NOW)
        assert (again.added, again.known) == (0, 3000)
        monkeypatch.undo()
        with MarketArchive(tmp_path / "whole") as other:
            other.import_file(path, now=NOW)
            mine, theirs = one.prints(*_EVER), other.prints(*_EVER)
            assert mine.time_ns.tolist() == theirs.time_ns.tolist()
            assert sorted(mine.usd.tolist()) == sorted(theirs.usd.tolist())
    assert len(list((tmp_path / "pieces" / "prints").glob("*.parquet"))) == 7


@pytest.mark.usefixtures("small")
def test_an_import_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """Neither rows nor files: the room goes with its import."""
    path = write(tmp_path / "bad.csv", [row("prints", usd=-1)] * 500)
    with MarketArchive(tmp_path / "market") as one, pytest.raises(MarketFileError, match="not one of its 500 rows"):
        one.import_file(path, now=NOW)
    assert [file.name for file in (tmp_path / "market").iterdir() if file.name.startswith(ROOMS)] == []


def test_rooms_of_killed_imports_are_swept(archive: MarketArchive, tmp_path: Path) -> None:
    """A folder that a killed import left is removed by a later one, once it is old; a new one may be at work."""
    old, new = (archive.folder / f"{ROOMS}{name}" for name in ("old", "new"))
    for place in (old, new):
        place.mkdir(parents=True)
        (place / "room.duckdb").write_bytes(b"x")
    os.utime(old, (1, 1))
    archive.import_file(write(tmp_path / "one.csv", [row("prints")]), now=NOW)
    assert not old.exists()
    assert new.exists()


def test_a_room_that_ends_while_it_is_looked_at_is_passed_over(archive: MarketArchive, tmp_path: Path) -> None:
    """Another process's import may end between the listing and the look: what is gone needs no sweeping."""
    archive.folder.mkdir(parents=True, exist_ok=True)
    (archive.folder / f"{ROOMS}gone").symlink_to(tmp_path / "nowhere")
    assert archive.import_file(write(tmp_path / "one.csv", [row("prints")]), now=NOW).added == 1
