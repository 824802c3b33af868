"""What a sampled feed left out, told from how full its seconds are; and where that stops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from newsdetect.checks.check_claims import check_claims
from newsdetect.checks.occupancy import corrections
from newsdetect.market.planted import latest_of_each_second
from newsdetect.market.provider import PrintKey, Prints, Recorded
from newsdetect.types import Period
from tests.checks.builders import NOON, Market, make_claim, make_doc, path

HOUR = Period(start=NOON - timedelta(hours=1), end=NOON)
LONG, SHORT = (PrintKey("recorder", "Binance", "BTC", side) for side in ("long", "short"))
FULL = PrintKey("recorder", "Bybit", "BTC", "long")


def orders(rate: float, *, seed: int, symbols: int = 1) -> tuple[Prints, float]:
    """Make an hour of even arrivals (orders a second and symbol), seen through the feed's sampler; and the truth."""
    random = np.random.default_rng(seed)
    symbol = np.repeat(np.arange(symbols), random.poisson(rate * 3600, symbols))
    times = random.uniform(0, 3600, symbol.size)
    return seen(times, symbol, random.lognormal(9, 1, symbol.size))


def bursts(rate: float, *, seed: int) -> tuple[Prints, float]:
    """Make an hour in which orders come twenty at a time, within a second of each other, at the same mean rate."""
    random = np.random.default_rng(seed)
    starts = random.uniform(0, 3599, random.poisson(rate * 3600 / 20))
    times = np.repeat(starts, 20) + random.uniform(0, 1, starts.size * 20)
    return seen(times, np.zeros(times.size, np.int64), random.lognormal(9, 1, times.size))


def seen(times: NDArray[np.float64], symbol: NDArray[np.int64], usd: NDArray[np.float64]) -> tuple[Prints, float]:
    """Give what a venue's sampled feed shows of orders, a quarter of them shorts, and what they came to."""
    order = np.argsort(times)
    times, symbol, usd = times[order], symbol[order], usd[order]
    told = latest_of_each_second(times, np.zeros(times.size, np.int64), symbol, (0,))
    start = int(HOUR.start.timestamp()) * 10**9
    return Prints(
        time_ns=start + (times[told] * 1e9).astype(np.int64),
        usd=usd[told],
        key=(np.flatnonzero(told) % 4 == 0).astype(np.int32),
        keys=(LONG, SHORT),
        symbol=symbol[told].astype(np.int32),
    ), float(usd.sum())


def ratios(made: Iterable[tuple[Prints, float]]) -> tuple[float, float]:
    """Give the median of corrected over true amounts, and the mean share that is saturated."""
    found = []
    for prints, truth in made:
        (row,) = corrections(prints, HOUR, "both")
        assert row.observed == pytest.approx(prints.usd.sum())
        found.append((row.corrected / truth, row.saturated))
    return float(np.median([ratio for ratio, _ in found])), float(np.mean([full for _, full in found]))


@pytest.mark.parametrize("rate", [0.1, 0.5, 1.0, 2.0, 2.5, 3.0])
def test_even_arrivals_are_put_back_within_a_percent(rate: float) -> None:
    """Up to three orders a second the truth comes back, at the median of three hundred hours."""
    median, _ = ratios(orders(rate, seed=seed) for seed in range(300))
    assert median == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(("rate", "least", "most"), [(4.0, 0.94, 0.97), (6.0, 0.72, 0.8), (10.0, 0.44, 0.5)])
def test_beyond_three_a_second_it_falls_short_and_says_that_it_is_full(rate: float, least: float, most: float) -> None:
    """A feed that holds an order in nearly each second tells no more: a lower bound, never above the truth."""
    median, saturated = ratios(orders(rate, seed=seed) for seed in range(60))
    assert least < median < most
    assert saturated > 0.8


def test_orders_that_come_in_bursts_are_not_put_back() -> None:
    """Twenty within two seconds look like two: what is made of it is far below the truth, and no bound."""
    median, saturated = ratios(bursts(2.0, seed=seed) for seed in range(30))
    assert median < 0.25
    assert saturated == 0.0


def test_symbols_are_corrected_one_by_one() -> None:
    """Two contracts of a coin that each fill half their seconds are not one that fills most of them."""
    median, _ = ratios(orders(0.7, seed=seed, symbols=3) for seed in range(100))
    assert median == pytest.approx(1.0, abs=0.01)


def test_a_minute_that_the_window_cuts_is_corrected_by_the_seconds_inside() -> None:
    """Half a minute filled to a half is as full as a whole one: thirty seconds of a window hold fifteen orders."""
    start = int(HOUR.start.timestamp())
    at = np.array([start + 30 + 2 * number for number in range(15)], np.int64) * 10**9
    prints = Prints(at, np.full(15, 1e5), np.zeros(15, np.int32), (LONG,))
    (row,) = corrections(prints, Period(start=HOUR.start + timedelta(seconds=30), end=HOUR.end), "both")
    assert row.corrected / row.observed == pytest.approx(30 / 15 * sum(1 / n for n in range(16, 31)))


def test_a_full_feed_is_a_better_lower_bound_and_says_so() -> None:
    """At ten orders a second nearly all is saturated: more than was seen, less than there was."""
    prints, truth = orders(10.0, seed=1)
    (row,) = corrections(prints, HOUR, "both")
    assert row.saturated > 0.95
    assert row.observed < row.corrected < truth


def test_sides_share_the_seconds_and_keep_their_sums() -> None:
    """The correction of longs and of shorts add up to that of both."""
    prints, _ = orders(1.5, seed=3)
    both, longs, shorts = (corrections(prints, HOUR, side)[0] for side in ("both", "long", "short"))
    assert longs.corrected + shorts.corrected == pytest.approx(both.corrected)
    assert longs.observed + shorts.observed == pytest.approx(both.observed)


def test_a_feed_that_holds_every_order_is_left_alone() -> None:
    """Bybit's channel of 2025 needs no correction; its channel of before does."""
    at = int((NOON - timedelta(minutes=5)).timestamp()) * 10**9
    prints = Prints(np.array([at], np.int64), np.array([5e6]), np.zeros(1, np.int32), (FULL,))
    assert corrections(prints, HOUR, "both") == []
    before = timedelta(days=400)
    old = Prints(prints.time_ns - 400 * 86400 * 10**9, prints.usd, prints.key, prints.keys)
    assert len(corrections(old, Period(start=HOUR.start - before, end=HOUR.end - before), "both")) == 1


def _recorded(rate: int, *, minutes: int = 60) -> Market:
    """Make a market whose Binance feed shows an order in `rate` of 60 seconds of each minute, and a falling price."""
    rows: list[tuple[datetime, PrintKey, float]] = [
        (HOUR.start + timedelta(minutes=minute, seconds=second), LONG, 1e5)
        for minute in range(minutes)
        for second in range(rate)
    ]
    heard = [Recorded("recorder", "Binance", "BTC", NOON - timedelta(days=2), NOON + timedelta(hours=1))]
    return Market(print_rows=rows, recorded_rows=heard, candle_rows=path([100 - n for n in range(10)]))


@pytest.mark.parametrize(("rate", "saturated"), [(30, 0.0), (58, 1.0)])
def test_reported_and_true_size_stand_apart(rate: int, saturated: float) -> None:
    """The reported range is of what was seen; the true one holds the correction, open above where it is saturated."""
    claim = make_claim(rate * 60 * 1e5, hours=1, venue="Binance", asset="BTC", side="long")
    (check,) = check_claims(make_doc("in the past hour " * 3), [claim], _recorded(rate), orders=True)
    weighed = check.weighing
    assert weighed is not None
    assert weighed.reported is not None
    assert weighed.true_size is not None
    assert weighed.reported.high == pytest.approx(rate * 60 * 1e5)
    row = next(row for row in check.evidence if row.kind == "prints")
    assert row.saturated == saturated
    assert row.corrected is not None
    assert row.corrected > 1.3 * row.low
    if saturated:
        assert weighed.true_size.high is None
        assert weighed.true_size.low == pytest.approx(row.corrected)
    else:
        assert weighed.true_size.low == pytest.approx(row.low)
        assert weighed.true_size.high == pytest.approx(row.corrected)


def test_a_check_can_be_done_again_by_hand() -> None:
    """Sides add up to the sum, the ratio is seen over claimed, and the reported range is seen over K."""
    market = _recorded(20)
    claim = make_claim(1e9, hours=1)
    (check,) = check_claims(make_doc(), [claim], market)
    weighed = check.weighing
    assert weighed is not None
    assert weighed.tried > 1
    assert weighed.first_end < weighed.last_end
    assert weighed.seen is not None
    assert weighed.ratio is not None
    assert weighed.coverage is not None
    assert weighed.reported is not None
    row = next(row for row in check.evidence if row.kind == "prints")
    assert row.longs is not None
    assert row.shorts is not None
    assert row.longs.low + row.shorts.low == pytest.approx(row.low) == pytest.approx(weighed.seen.low)
    assert weighed.ratio.low == pytest.approx(weighed.seen.low / claim.high, abs=1e-4)
    assert weighed.reported.low == pytest.approx(weighed.seen.low / weighed.coverage.high, rel=0.01)
