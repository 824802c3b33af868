"""Planted truth: the market behind it, what its views hold, and claims whose label can be recomputed by hand."""

from __future__ import annotations

import csv
from datetime import timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from newsdetect.checks.check_claims import check_claims
from newsdetect.evaluation.planted_claims import FACTORS, SWAPS, TOLERANCE, Article, articles
from newsdetect.market.archive import MarketArchive
from newsdetect.market.memory import MemoryMarket
from newsdetect.market.planted import ASSETS, HISTORY_DAYS, VENUES, Planted, plant
from newsdetect.market.planted_views import SERIES, VIEWS, bars, candles, own_prints
from newsdetect.types import Period, iso

_SEED = 11


@cache
def _planted() -> Planted:
    return plant(_SEED, 0)


def _rng() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(3))


@cache
def _articles() -> tuple[Article, ...]:
    return tuple(articles(_planted(), _rng(), claims=120))


def _day(number: int) -> Period:
    start = _planted().first + timedelta(days=number)
    return Period(start=start, end=start + timedelta(days=1))


def test_a_number_and_a_seed_give_the_same_market() -> None:
    """Whoever runs it again sees the same orders."""
    again = plant(_SEED, 0)
    assert np.array_equal(again.time_ns, _planted().time_ns)
    assert np.array_equal(again.usd, _planted().usd)
    assert not np.array_equal(plant(_SEED, 1).usd[:100], again.usd[:100])


def test_history_is_long_enough_and_the_rout_stands_out() -> None:
    """60 days and more before it, and its day is among the heaviest."""
    days = [_planted().reading(_day(number)) for number in range(HISTORY_DAYS + 2)]
    assert HISTORY_DAYS > 60
    assert max(days[HISTORY_DAYS - 1 :]) > 1.5 * float(np.median(days[:HISTORY_DAYS]))
    assert min(days) > 0


def test_a_sampled_feed_tells_one_order_of_a_second_and_coin() -> None:
    """Binance's feed keeps the latest; the truth behind it is larger, and never smaller."""
    planted = _planted()
    rows = planted.chosen(venue="Binance") & planted.told
    key = planted.time_ns[rows] // 10**9 * len(ASSETS) + planted.asset[rows]
    assert np.unique(key).size == key.size
    rout = Period.trailing(planted.onset + timedelta(hours=3), 3)
    for venue in VENUES:
        assert planted.reading(rout, venue=venue, reader="all") >= planted.reading(rout, venue=venue)
    assert planted.reading(rout, venue="Binance", reader="all") > 1.05 * planted.reading(rout, venue="Binance")


def test_bars_prints_and_readings_are_of_one_tape() -> None:
    """A venue's bars add up to its prints, but for the rows that an aggregator tells otherwise later."""
    planted = _planted()
    prints, stretches = own_prints(planted, _rng(), venues=["Bybit"])
    assert len(stretches) == 1
    told = bars(planted, _rng(), scopes=[("Bybit", "ALL", 14_400)])
    summed = sum(bar.long_usd + bar.short_usd for bar in told)
    assert summed == pytest.approx(float(prints.usd.sum()), rel=0.02)
    whole = Period(start=planted.first, end=planted.last)
    assert float(prints.usd.sum()) == pytest.approx(planted.reading(whole, venue="Bybit"))


@pytest.mark.parametrize("lost", [0.1, 0.5, 0.9])
def test_an_outage_loses_about_its_share(lost: float) -> None:
    """Orders outside of the recorded stretches are gone, and the stretches say so."""
    planted = _planted()
    prints, stretches = own_prints(planted, _rng(), venues=["Bybit"], lost=lost)
    connected = sum((one.end - one.start).total_seconds() for one in stretches)
    share = connected / (planted.last - planted.first).total_seconds()
    assert share == pytest.approx(1 - lost, abs=0.08)
    inside = np.zeros(prints.time_ns.size, dtype=bool)
    for one in stretches:
        start, end = (int(at.timestamp() * 1e6) * 1000 for at in (one.start, one.end))
        inside |= (prints.time_ns >= start) & (prints.time_ns < end)
    assert inside.all()


def test_labels_are_what_the_words_and_the_observers_sum_say() -> None:
    """Right: the interval, widened by 5 %, holds the sum of the claim's own observer over its own window."""
    for article in _articles():
        for told in article.told:
            low, high = told.claim.low or 0.0, told.claim.high or float("inf")
            assert told.reading == pytest.approx(told.meaning.reading(_planted()))
            assert told.strictly == (low <= told.reading <= high)
            assert told.right == (low / TOLERANCE <= told.reading <= high * TOLERANCE)
            assert article.doc.content[told.claim.evidence.start : told.claim.evidence.end] == told.claim.evidence.text


def test_all_perturbations_are_there_and_do_what_they_say() -> None:
    """A claim told as it is is right; one times ten is wrong by about ten."""
    seen = {told.perturbation: told for article in _articles() for told in article.told}
    assert set(seen) <= {f"x{factor:g}" for factor in FACTORS} | set(SWAPS)
    assert len(seen) >= 10
    for article in _articles():
        for told in article.told:
            if told.perturbation in ("x10", "x1000", "x0.1"):
                factor = float(told.perturbation[1:])
                assert factor / 1.3 < told.claim.value / told.reading < factor * 1.3
                assert not told.right or told.claim.high is None  # "at least" a tenth is true
    as_is = [told.right for article in _articles() for told in article.told if told.perturbation == "x1"]
    assert sum(as_is) / len(as_is) > 0.95


def test_the_archive_on_disk_gives_the_verdicts_that_memory_gives(tmp_path: Path) -> None:
    """An evaluation may ask memory, for the product's own archive answers alike."""
    planted = _planted()
    rows = bars(planted, _rng(), scopes=SERIES[:4])
    prices = candles(planted, _rng())
    with (tmp_path / "bars.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["start", "seconds", "source", "venue", "asset", "long_usd", "short_usd", "retrieved_at"])
        for bar in rows:
            lines.writerow([iso(bar.start), bar.seconds, bar.source, bar.venue, bar.asset, bar.long_usd, bar.short_usd,
                            iso(planted.last)])  # fmt: skip
    with (tmp_path / "candles.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(
            [
                "start",
                "seconds",
                "source",
                "venue",
                "market",
                "asset",
                "open",
                "high",
                "low",
                "close",
                "volume",
                "turnover",
            ]
        )
        for one in prices:
            prices_of = one.open, one.high, one.low, one.close
            lines.writerow([iso(one.start), one.seconds, one.source, one.venue, one.market, one.asset, *prices_of,
                            one.volume, one.turnover])  # fmt: skip
    held = MemoryMarket(bars=rows, candles=prices)
    with MarketArchive(tmp_path / "archive") as archive:
        for name in ("bars", "candles"):
            report = archive.import_file(tmp_path / f"{name}.csv")
            assert report.quarantined == 0
        for article in _articles()[:12]:
            claims = [told.claim for told in article.told]
            there, here = (check_claims(article.doc, claims, market) for market in (archive, held))
            assert [(one.verdict, one.probability) for one in there] == [(one.verdict, one.probability) for one in here]


def test_a_view_without_data_holds_nothing_and_every_view_can_be_made() -> None:
    """Each view is market data; "nothing" is nothing at all."""
    prices = candles(_planted(), _rng())
    day = _day(HISTORY_DAYS)
    for name, see in VIEWS.items():
        market = see(_planted(), _rng(), prices)
        held = [
            market.bars(day.start, day.end),
            market.candles(day.start, day.end),
            market.recorded(day.start, day.end),
        ]
        assert any(held) == (name != "nothing"), name
