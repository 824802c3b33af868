"""What a sampled feed left out, told from how full its seconds are; and where that stops."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from newsdetect.checks.check_claims import check_claims
from newsdetect.checks.occupancy import corrections
from newsdetect.market.provider import PrintKey, Prints, Recorded
from newsdetect.types import Period
from tests.checks.builders import NOON, Market, make_claim, make_doc, path

HOUR = Period(start=NOON - timedelta(hours=1), end=NOON)
LONG, SHORT = (PrintKey("recorder", "Binance", "BTC", side) for side in ("long", "short"))
FULL = PrintKey("recorder", "Bybit", "BTC", "long")


def orders(rate: float, *, seed: int, symbols: int = 1) -> tuple[Prints, float]:
    """Make an hour of even arrivals (orders a second and symbol), seen a second and symbol at a time; and the truth."""
    random = np.random.default_rng(seed)
    rows = []
    truth = 0.0
    for symbol in range(symbols):
        times = np.sort(random.uniform(0, 3600, random.poisson(rate * 3600)))
        usd = random.lognormal(9, 1, times.size)
        truth += float(usd.sum())
        last = {int(time): place for place, time in enumerate(times)}  # the latest of each second
        rows += [(times[place], usd[place], symbol, place % 4 == 0) for place in last.values()]
    rows.sort()
    start = int(HOUR.start.timestamp()) * 10**9
    return Prints(
        time_ns=np.array([start + int(time * 1e9) for time, *_ in rows], dtype=np.int64),
        usd=np.array([usd for _, usd, *_ in rows]),
        key=np.array([int(short) for *_, short in rows], dtype=np.int32),
        keys=(LONG, SHORT),
        symbol=np.array([symbol for _, _, symbol, _ in rows], dtype=np.int32),
    ), truth


@pytest.mark.parametrize("rate", [0.1, 0.5, 1.0, 2.0, 2.5])
def test_even_arrivals_are_put_back_within_a_few_percent(rate: float) -> None:
    """Up to some orders a second the truth comes back, at the median of twenty hours; a minute's chance adds 3 %."""
    ratios = []
    for seed in range(20):
        prints, truth = orders(rate, seed=seed)
        (row,) = corrections(prints, HOUR, "both")
        ratios.append(row.corrected / truth)
        assert row.observed == pytest.approx(prints.usd.sum())
    assert np.median(ratios) == pytest.approx(1.0, abs=0.05)


def test_symbols_are_corrected_one_by_one() -> None:
    """Two contracts of a coin that each fill half their seconds are not one that fills most of them."""
    ratios = [corrections(prints, HOUR, "both")[0].corrected / truth for prints, truth in _many(0.7, symbols=3)]
    assert np.median(ratios) == pytest.approx(1.0, abs=0.03)


def _many(rate: float, *, symbols: int) -> list[tuple[Prints, float]]:
    return [orders(rate, seed=seed, symbols=symbols) for seed in range(9)]


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
