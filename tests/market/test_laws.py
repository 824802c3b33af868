"""Laws of the archive: sums add over a split, importing twice adds nothing, order, zones and units do not matter."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdetect.market.archive import MarketArchive
from newsdetect.market.files import _numbers
from tests.market.builders import NOW, at, row, write

_START = at("00:00")
_DAY = (_START, _START + timedelta(days=3))
#: A price that the builder's candles traded: absurd ones are judged by what is held already, in whatever order.
_PRICE = 100.0
#: Each example fills an archive on disk.
_few = settings(max_examples=12, deadline=None)

minutes = st.integers(0, 3 * 24 * 60 - 1)
prints = st.builds(
    lambda minute, venue, asset, side, usd: row(
        "prints", time=_START + timedelta(minutes=minute), venue=venue, asset=asset, side=side, price=_PRICE,
        quantity=usd / _PRICE, usd=usd,
    ),
    minutes, st.sampled_from(["Binance", "Bybit"]), st.sampled_from(["BTC", "ETH"]), st.sampled_from(["long", "short"]),
    st.integers(1, 10**6),
)  # fmt: skip
bars = st.builds(
    lambda hour, length, source, usd, read: row(
        "bars", start=_START + timedelta(hours=hour), seconds=3600 * length, source=source, long_usd=usd,
        retrieved_at="" if read is None else _DAY[1] + timedelta(days=read),
    ),
    st.integers(0, 71), st.sampled_from([1, 4]), st.sampled_from(["CoinGlass", "Coinalyze"]), st.integers(0, 10**6),
    st.sampled_from([None, 1, 2]),
)  # fmt: skip
candles = st.builds(
    lambda hour, volume: row("candles", start=_START + timedelta(hours=hour), volume=volume),
    st.integers(0, 71),
    st.integers(0, 9),
)


markets = st.tuples(*(st.lists(one, max_size=12) for one in (prints, bars, candles)))


@contextmanager
def filled(*files: Sequence[dict[str, Any]]) -> Iterator[MarketArchive]:
    """Give an archive of some files, in their order."""
    with TemporaryDirectory() as folder, MarketArchive(Path(folder) / "market") as archive:
        for number, rows in enumerate(files):
            if rows:
                archive.import_file(write(Path(folder) / f"{number}.csv", rows), now=NOW)
        yield archive


def content(archive: MarketArchive) -> tuple[Any, ...]:
    """Give all that the checks can see of an archive."""
    told = archive.prints(*_DAY)
    seen = sorted(
        zip(told.time_ns.tolist(), told.usd.tolist(), [told.keys[k] for k in told.key], strict=True), key=repr
    )
    return seen, archive.bars(*_DAY), archive.candles(*_DAY), archive.coverage()


@_few
@given(st.lists(prints, min_size=1, max_size=20), minutes)
def test_sums_of_prints_add_over_a_split(rows: list[dict[str, Any]], cut: int) -> None:
    """A window's sum is that of its two halves, wherever it is cut."""
    middle = _START + timedelta(minutes=max(cut, 1))
    with filled(rows) as archive:
        halves = [archive.sum(_DAY[0], middle), archive.sum(middle, _DAY[1])]
        assert archive.sum(*_DAY).low == sum(half.low or 0 for half in halves)


@_few
@given(st.lists(bars, min_size=1, max_size=20), minutes)
def test_bounds_of_bars_keep_their_sense_over_a_split(rows: list[dict[str, Any]], cut: int) -> None:
    """Halves know no more from below than the whole, and no less from above."""
    middle = _START + timedelta(minutes=max(cut, 1))
    lengths = [
        [one for one in rows if one["seconds"] == seconds and one["source"] == "CoinGlass"]
        for seconds in (3600, 14_400)
    ]
    with filled(max(lengths, key=len) or rows[:1]) as archive:
        whole, first, second = archive.sum(*_DAY), archive.sum(_DAY[0], middle), archive.sum(middle, _DAY[1])
        assert (first.low or 0) + (second.low or 0) <= (whole.low or 0)
        if whole.high is not None and first.high is not None and second.high is not None:
            assert first.high + second.high >= whole.high


@_few
@given(markets)
def test_importing_twice_adds_nothing(files: tuple[list[dict[str, Any]], ...]) -> None:
    """The same files again, in another order, leave all answers as they were."""
    with filled(*files) as once, filled(*files, *reversed(files)) as twice:
        assert content(once) == content(twice)


@_few
@given(st.data(), markets)
def test_the_order_of_rows_and_files_does_not_matter(
    data: st.DataObject, files: tuple[list[dict[str, Any]], ...]
) -> None:
    """Rows shuffled, files in another order, bars and candles in two overlapping files: the answers are the same."""
    shuffled = [data.draw(st.permutations(rows)) for rows in data.draw(st.permutations(files))]
    parts = [
        part
        for rows in shuffled
        for part in ([rows] if rows and "symbol" in rows[0] else [rows[: len(rows) // 2 + 1], rows[len(rows) // 2 :]])
    ]
    with filled(*files) as one, filled(*parts) as other:
        assert content(one) == content(other)


@_few
@given(st.lists(prints, min_size=1, max_size=12), st.lists(st.integers(-14 * 60, 14 * 60), min_size=1, max_size=4))
def test_the_way_a_time_is_written_does_not_matter(rows: list[dict[str, Any]], offsets: list[int]) -> None:
    """The same instants in other zones or as epochs of any unit are the same rows: a second import adds none."""
    zones = itertools.cycle(timezone(timedelta(minutes=offset)) for offset in offsets)
    moved = [one | {"time": one["time"].astimezone(next(zones)).isoformat()} for one in rows]
    with filled(rows) as archive:
        before = content(archive)
        folder = archive.folder.parent
        for unit in (1, 10**3, 10**6, 10**9):
            epochs = [one | {"time": int(one["time"].timestamp()) * unit} for one in rows]
            assert archive.import_file(write(folder / "epochs.csv", epochs), now=NOW).added == 0
        assert archive.import_file(write(folder / "zones.csv", moved), now=NOW).added == 0
        assert content(archive) == before


@_few
@given(st.lists(bars, min_size=1, max_size=15), st.integers(2, 10**4))
def test_sums_scale_with_their_unit(rows: list[dict[str, Any]], factor: int) -> None:
    """All amounts times a factor make all bounds times it."""
    scaled = [one | {side: one[side] * factor for side in ("long_usd", "short_usd")} for one in rows]
    with filled(rows) as plain, filled(scaled) as larger:
        one, other = plain.sum(*_DAY), larger.sum(*_DAY)
        assert other.low == pytest.approx((one.low or 0) * factor)
        assert other.high == (None if one.high is None else pytest.approx(one.high * factor))


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 7))
def test_rows_keep_their_numbers_around_ragged_ones(ragged: list[bool], block: int) -> None:
    """A good row's number counts the ragged rows above it, whatever blocks the file is read in."""
    bad = [(number, "") for number, one in enumerate(ragged, start=1) if one]
    good = [number for number, one in enumerate(ragged, start=1) if not one]
    found = [
        int(number)
        for taken in range(0, len(good), block)
        for number in _numbers(taken, min(block, len(good) - taken), bad)
    ]
    assert found == good


def test_an_archive_is_the_same_whatever_the_clocks_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own zone plays no part in reading times."""
    rows = [row("bars", start="2025-06-10 12:00"), row("bars", start=datetime(2025, 6, 10, 13))]  # noqa: DTZ001
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    with filled(rows) as archive:
        assert [bar.start for bar in archive.bars(*_DAY)] == [at("12:00"), at("13:00")]
