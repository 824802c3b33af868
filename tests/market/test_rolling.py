"""Rolling sums: each end's figure is that of summing its window anew, to the last bit, wherever the window lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdetect.errors import UsageError
from newsdetect.market.archive import MarketArchive
from newsdetect.market.exact import limbs, total
from newsdetect.market.instants import nanoseconds
from newsdetect.market.manifest import rollup_of
from newsdetect.market.provider import PrintKey, Prints
from newsdetect.market.rolling import Span, rolling_sums, span
from newsdetect.market.totals import totals_of
from tests.market.builders import NOW, at, load, row, write

#: Amounts as the archive takes them, from a millionth of a dollar up, most of them with fractions of a cent.
_usd = st.one_of(st.floats(1e-6, 1e11), st.integers(1, 10**9).map(lambda cents: cents / 100))
_KEYS = tuple(
    PrintKey("recorder", venue, asset, side)  # type: ignore[arg-type]
    for venue in ("Binance", "Bybit")
    for asset in ("BTC", "ETH")
    for side in ("long", "short")
)
#: Small times and steps, so that ties at the edges and windows without a print come up all the time.
_rows = st.lists(st.tuples(st.integers(0, 60), _usd, st.integers(0, len(_KEYS) - 1)), max_size=40)
_spans = st.builds(Span, st.integers(-10, 70), st.integers(1, 9), st.integers(1, 30), st.integers(1, 40))


def made(rows: Sequence[tuple[int, float, int]]) -> Prints:
    """Make prints in order of time."""
    rows = sorted(rows, key=lambda one: one[0])
    return Prints(
        np.array([one[0] for one in rows], np.int64),
        np.array([one[1] for one in rows], np.float64),
        np.array([one[2] for one in rows], np.int32),
        _KEYS,
    )


def anew(prints: Prints, asked: Span, **only: str) -> list[float]:
    """Sum every window by itself, exactly."""
    wanted = [all(getattr(key, name) == value for name, value in only.items()) for key in prints.keys]
    orders = list(zip(prints.time_ns.tolist(), prints.usd.tolist(), prints.key.tolist(), strict=True))
    return [
        math.fsum(usd for time, usd, key in orders if wanted[key] and end - asked.length_ns <= time < end)
        for end in asked.ends_ns.tolist()
    ]


@given(st.lists(_usd, max_size=60))
def test_limbs_add_up_as_exactly_as_fsum(many: list[float]) -> None:
    """Whole numbers carry all bits of the amounts; the one rounding is at the end."""
    summed = limbs(np.array(many, np.float64)).sum(axis=1)
    assert float(total(summed)) == math.fsum(many)


def test_a_sum_next_to_a_tie_is_rounded_once() -> None:
    """Half a unit in the last place and a trace more goes up, the half alone to the even neighbour."""
    for fine in (0.0, 2.0**-60):
        many = [2.0**36, 2.0**-17, 1 + fine, 1.0] if fine else [2.0**36, 2.0**-17]
        assert float(total(limbs(np.array(many)).sum(axis=1))) == math.fsum(many)


@given(_rows, _spans)
def test_the_curve_is_what_each_window_sums_to_alone(rows: list[tuple[int, float, int]], asked: Span) -> None:
    """By side and venue, over all, and at its highest and lowest, the curve equals brute force."""
    prints = made(rows)
    curve = rolling_sums(prints, asked)
    assert curve.usd().tolist() == anew(prints, asked)
    for name, values in zip(curve.names, curve.curves().tolist(), strict=True):
        assert values == anew(prints, asked, **dict(zip(curve.by, name, strict=True)))
    for side in ("long", "short"):
        assert curve.usd(side=side).tolist() == anew(prints, asked, side=side)
    brute = anew(prints, asked)
    assert curve.highest()[1] == max(brute)
    assert curve.lowest()[1] == min(brute)


@given(_rows, _spans)
def test_finer_groups_add_up_to_coarser_ones(rows: list[tuple[int, float, int]], asked: Span) -> None:
    """What is told apart by coin as well sums to the same curves, exactly."""
    fine = rolling_sums(made(rows), asked, ("source", "venue", "asset", "side"))
    coarse = rolling_sums(made(rows), asked)
    for venue in ("Binance", "Bybit"):
        assert fine.usd(venue=venue).tolist() == coarse.usd(venue=venue).tolist()


def test_a_print_at_the_end_is_outside_and_one_at_the_start_inside() -> None:
    """Windows are half-open."""
    prints = made([(10, 1.0, 0), (20, 2.0, 0), (20, 4.0, 0)])
    assert rolling_sums(prints, Span(20, 1, 2, 10)).usd().tolist() == [1.0, 6.0]


# --- through the archive: row groups, roll-ups and edges

_START = at("00:00")
_few = settings(max_examples=15, deadline=None)
_prints = st.builds(
    lambda second, venue, asset, side, usd: row(
        "prints", time=_START + timedelta(seconds=second), venue=venue, asset=asset, side=side, price=1,
        quantity=usd, usd=usd,
    ),
    st.one_of(st.integers(0, 3 * 86_400), st.sampled_from([0, 3600, 7200, 86_400, 90_000])),
    st.sampled_from(["Binance", "Bybit"]), st.sampled_from(["BTC", "ETH"]), st.sampled_from(["long", "short"]),
    st.one_of(st.floats(0.01, 1e6), st.integers(1, 10**6)),
)  # fmt: skip
_asked = st.builds(
    lambda first, steps, step, length: span(
        _START + timedelta(seconds=first),
        _START + timedelta(seconds=first + steps * step),
        length=timedelta(seconds=length),
        step=timedelta(seconds=step),
    ),
    st.one_of(st.integers(0, 4 * 86_400), st.sampled_from([86_400, 90_000])),
    st.integers(0, 40),
    st.sampled_from([1, 60, 600]),
    st.sampled_from([1, 600, 3600, 5000, 86_400, 100_000]),
)


def _filled(folder: str, rows: list[dict[str, Any]]) -> MarketArchive:
    archive = MarketArchive(Path(folder) / "market")
    # In two files, so that a partition is written anew and its roll-up with it.
    for number, some in enumerate((rows[::2], rows[1::2])):
        if some:
            archive.import_file(write(Path(folder) / f"{number}.csv", some), now=NOW)
    return archive


@_few
@given(st.lists(_prints, min_size=1, max_size=60), _asked)
def test_the_archive_answers_as_brute_force_does(rows: list[dict[str, Any]], asked: Span) -> None:
    """Roll-ups between the edges and orders at them make the same curve, by side, venue and coin."""
    with TemporaryDirectory() as folder, _filled(folder, rows) as archive:
        held = archive.prints(_START - timedelta(days=9), _START + timedelta(days=9))
        curve = archive.rolling(asked, by=("venue", "asset", "side"))
        assert curve.usd().tolist() == anew(held, asked)
        for name, values in zip(curve.names, curve.curves().tolist(), strict=True):
            assert values == anew(held, asked, **dict(zip(curve.by, name, strict=True)))
        assert archive.rolling(asked, venue="binance").usd().tolist() == anew(held, asked, venue="Binance")
        assert archive.rolling(asked, assets=["eth"]).usd().tolist() == anew(held, asked, asset="ETH")


@_few
@given(st.lists(_prints, min_size=1, max_size=60), _asked)
def test_an_archive_without_rollups_answers_the_same(rows: list[dict[str, Any]], asked: Span) -> None:
    """Parts of an archive of before are summed when they are asked for."""
    with TemporaryDirectory() as folder:
        with _filled(folder, rows) as archive:
            told = archive.rolling(asked).curves().tolist()
            for part in archive.folder.glob("prints/*.parquet"):
                (archive.folder / rollup_of(f"prints/{part.name}")).unlink()
        with MarketArchive(Path(folder) / "market") as archive:
            assert archive.rolling(asked).curves().tolist() == told


def test_an_archive_without_prints_has_no_curves(archive: MarketArchive) -> None:
    """Nothing held is no curve at all, and a sum of zeros over them."""
    curve = archive.rolling(span(at("12:00"), at("12:01"), length=timedelta(hours=1)))
    assert curve.names == ()
    assert curve.usd().tolist() == [0.0] * 61


@pytest.mark.parametrize(
    ("first", "last", "length", "step"),
    [
        (at("12:00"), at("11:00"), timedelta(hours=1), timedelta(seconds=1)),
        (at("12:00"), at("13:00"), timedelta(0), timedelta(seconds=1)),
        (at("12:00"), at("13:00"), timedelta(hours=1), timedelta(0)),
        (datetime(2025, 6, 10), at("13:00"), timedelta(hours=1), timedelta(seconds=1)),  # noqa: DTZ001 -- the point
    ],
)
def test_a_span_that_is_none_is_refused(first: datetime, last: datetime, length: timedelta, step: timedelta) -> None:
    """Ends before the start, windows and steps of nothing, and times without a zone are the asker's mistake."""
    with pytest.raises(UsageError):
        span(first, last, length=length, step=step)


def test_curves_of_too_many_numbers_are_refused() -> None:
    """A step of a microsecond over a year is a mistake, not a question."""
    asked = span(
        datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC), length=timedelta(hours=1),
        step=timedelta(microseconds=1),
    )  # fmt: skip
    with pytest.raises(UsageError, match="longer steps"):
        rolling_sums(made([]), asked)


def test_nanoseconds_of_a_span_are_exact() -> None:
    """Instants far from 1970 lose nothing."""
    assert span(NOW, NOW, length=timedelta(hours=1)).ends_ns.tolist() == [nanoseconds(NOW)]


# --- sums over many windows: what the checks' search over end times asks

_windows = st.lists(
    st.tuples(st.integers(0, 4 * 86_400), st.sampled_from([1, 600, 3600, 5000, 86_400, 100_000])),
    min_size=1,
    max_size=12,
)


@_few
@given(st.lists(_prints, min_size=1, max_size=60), _windows)
def test_totals_of_windows_equal_brute_force(rows: list[dict[str, Any]], many: list[tuple[int, int]]) -> None:
    """By roll-ups or from orders in memory, prepared in one go or not: USD and the largest order of each scope."""
    windows = [(_START + timedelta(seconds=end - length), _START + timedelta(seconds=end)) for end, length in many]
    far = (_START - timedelta(days=9), _START + timedelta(days=9))
    with TemporaryDirectory() as folder, _filled(folder, rows) as archive:
        held = archive.prints(*far)
        prepared, memory = archive.print_totals(*far), totals_of(held)
        prepared.prepare(*(np.array([nanoseconds(one[edge]) for one in windows]) for edge in (0, 1)))
        for start, end in windows:
            for side in ("long", "short", "both"):
                brute = _by_scope(held, nanoseconds(start), nanoseconds(end), side)
                for totals in (prepared, archive.print_totals(*far), memory):
                    told = totals.window(start, end, side)  # type: ignore[arg-type]
                    found = zip(told.scopes, told.usd, told.largest, strict=True)
                    assert {scope: (usd, top) for scope, usd, top in found if usd} == brute


def _by_scope(held: Prints, start: int, end: int, side: str) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Sum a window's orders by scope, one by one."""
    orders: dict[tuple[str, str, str], list[float]] = {}
    for time, usd, place in zip(held.time_ns.tolist(), held.usd.tolist(), held.key.tolist(), strict=True):
        key = held.keys[place]
        if start <= time < end and side in ("both", key.side):
            orders.setdefault((key.source, key.venue, key.asset), []).append(usd)
    return {scope: (math.fsum(many), max(many)) for scope, many in orders.items()}


def test_totals_tell_of_no_scope_without_prints_in_their_time(archive: MarketArchive) -> None:
    """A coin that was liquidated on another day only is no scope of today's."""
    load(archive, "prints", {"asset": "BTC"}, {"asset": "ETH", "time": "2025-06-08T12:00:00Z"})
    told = archive.print_totals(at("00:00"), at("23:00")).window(at("00:00"), at("23:00"), "both")
    assert [scope[2] for scope in told.scopes] == ["BTC"]
    assert archive.print_totals(at("20:00"), at("23:00")).empty


def test_totals_outlive_the_files_they_were_read_from(archive: MarketArchive) -> None:
    """A day is written anew and its old file swept while sums are held: the next window is summed over the new one."""
    load(archive, "prints", {}, {"time": "2025-06-10T13:00:00Z"})
    told = archive.print_totals(at("00:00"), at("23:00"))
    for change in ({"time": "2025-06-10T14:00:00Z"}, {"venue": "Bybit"}):
        before = list((archive.folder / "prints").glob("*.parquet"))
        load(archive, "prints", change)
        for file in before:
            file.unlink()
            (archive.folder / "hours" / file.name).unlink()
    for start, end, usd in (("12:30", "15:30", 100_000), ("12:00", "15:00", 150_000)):
        found = told.window(at(start), at(end), "both")
        assert dict(zip(found.scopes, found.usd, strict=True)) == {("imported", "Binance", "BTC"): usd}
