"""Absurd prices: real crashes are taken whole, slipped digits are kept out, and candles have the last word."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from newsdetect.market.archive import MarketArchive
from newsdetect.market.outliers import LONELY, UNTRADED, _judged, lonely
from tests.market.builders import at, load

_MINUTE, _HOUR = 60 * 10**9, 3600 * 10**9
#: LUNA's price in USD at noon and midnight UTC from 2022-05-09 to 2022-05-13, roughly.
_LUNA = (61.0, 31.0, 30.0, 17.0, 5.0, 1.1, 0.05, 0.0005, 0.00005)
#: 2025-10-10 21:10 to 21:30 UTC: coins that lost most of their price within minutes, and were back half an hour later.
_WICK = (1.0, 0.98, 0.9, 0.6, 0.3, 0.09, 0.05, 0.06, 0.05, 0.055, 0.05, 0.06, 0.2, 0.5, 0.7, 0.75, 0.8)


def found(price: list[float], step: int = _MINUTE, *, times: list[int] | None = None) -> list[int]:
    """Give the places of lonely prices in one symbol's prints, evenly apart unless times are given."""
    told = np.array(times if times is not None else range(0, step * len(price), step), np.int64)
    return np.flatnonzero(lonely(np.zeros(len(price), np.int64), told, np.array(price))).tolist()


@pytest.mark.parametrize("step", [_MINUTE, 10 * _MINUTE, _HOUR])
def test_lunas_fall_is_taken_whole(step: int) -> None:
    """Down to a millionth of its price within days, told by the minute or by the hour: not one print is set aside."""
    hours = np.arange(0, 12 * (len(_LUNA) - 1), step / _HOUR)
    price = np.exp(np.interp(hours, 12 * np.arange(len(_LUNA)), np.log(_LUNA)))
    assert found(price.tolist(), step) == []


def test_a_wick_is_taken_whole() -> None:
    """Down by twenty times within minutes and back: its prints have each other."""
    for step in (10**9, _MINUTE):
        assert found(list(_WICK), step) == []


def test_a_crash_at_the_files_end_is_taken() -> None:
    """Where the next prints are not there yet, what came hours before tells nothing."""
    assert found([60.0] * 8 + [1.0], times=[*range(0, 8 * _MINUTE, _MINUTE), 12 * _HOUR]) == []
    assert found([60.0] * 8 + [1.0, 0.9, 0.8, 0.8]) == []


@pytest.mark.parametrize("factor", [0.001, 0.05, 20, 1e6])
@pytest.mark.parametrize("place", [0, 1, 30, 58, 59])
def test_a_slipped_digit_is_found(factor: float, place: int) -> None:
    """Wherever it stands, and during a fall too."""
    price = np.geomspace(100, 1, 60)
    price[place] *= factor
    assert found(price.tolist()) == [place]


def test_a_few_slipped_digits_together_are_found() -> None:
    """A handful in a row does not make a market."""
    price = np.full(60, 100.0)
    price[20:23] *= 1000
    assert found(price.tolist()) == [20, 21, 22]


def test_series_are_apart_and_few_prints_tell_nothing() -> None:
    """Another symbol's price is no neighbour; two prints are too few to say which is wrong."""
    series = np.repeat(np.arange(3, dtype=np.int64), 20)
    price = np.repeat([1.0, 1000.0, 1.0], 20)
    assert not lonely(series, np.tile(np.arange(20) * _MINUTE, 3), price).any()
    assert found([1.0, 1000.0]) == []
    assert found([1.0]) == []


def test_blocks_are_judged_as_one() -> None:
    """However the prints are cut into blocks, the same are found."""
    rng = np.random.default_rng(3)
    price = 100 * np.exp(rng.normal(0, 0.1, 400))
    price[rng.choice(400, 30, replace=False)] *= 50
    series, times = np.repeat([1, 2], 200), np.tile(np.arange(200) * _MINUTE, 2)
    whole = np.flatnonzero(lonely(series, times, price)).tolist()
    assert len(whole) > 20
    for size in (1, 3, 7, 100, 400):
        blocks = [
            pa.record_batch([column[n : n + size] for column in (series, times, price, np.arange(400))],
                            names=["series", "time_ns", "price", "row"])
            for n in range(0, 400, size)
        ]  # fmt: skip
        assert [row for rows in _judged(blocks) for row in rows] == whole


def _prints(prices: list[float], *, minutes: float = 1.0) -> list[dict[str, object]]:
    start = at("12:00")
    return [
        {"time": (start + timedelta(minutes=minutes * n)).isoformat(), "price": price, "quantity": 2, "usd": 2 * price}
        for n, price in enumerate(prices)
    ]


def test_an_import_takes_a_crash_and_keeps_a_slip_out(archive: MarketArchive) -> None:
    """The same file holds both: a fall to a hundredth within the hour, and one price with a digit too many."""
    fall = np.geomspace(100, 1, 50).tolist()
    fall[25] *= 1000
    report = load(archive, "prints", *_prints(fall))
    assert [(fault.reason, fault.first) for fault in report.faults] == [(LONELY, (26,))]
    assert report.added == 49


def test_candles_vouch_for_a_lonely_price(archive: MarketArchive) -> None:
    """One print in a wick that the hour's candle shows is a trade."""
    load(archive, "candles", {"open": 100, "high": 101, "low": 4, "close": 99})
    report = load(archive, "prints", *_prints([100.0] * 10 + [5.0] + [100.0] * 10))
    assert (report.added, report.quarantined) == (21, 0)


def test_candles_speak_against_a_whole_run(archive: MarketArchive) -> None:
    """Prices of a thousand coins in a row agree with each other, and with no candle; other hours are not touched."""
    load(archive, "candles", {"open": 100, "high": 101, "low": 90, "close": 99})
    run = _prints([100_000.0] * 30)
    later = [{**one, "time": str(one["time"]).replace("T12", "T13")} for one in run]
    report = load(archive, "prints", *run, *later, *_prints([95.0, 1.0, 1001.0], minutes=20))
    assert (report.added, report.quarantined) == (31, 32)
    assert {fault.reason for fault in report.faults} == {UNTRADED, LONELY}
