"""The simulated market: the shipped files come of one seed, make the press's figures, and never pass for real."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from newsdetect.bundled import fixtures
from newsdetect.checks.coverage import coverage as share_of
from newsdetect.market.archive import MarketArchive
from newsdetect.market.provider import is_simulated
from newsdetect.market.simulate import Order, Tape, simulate
from newsdetect.market.simulated_day import VENUES
from newsdetect.market.simulated_files import files
from tests.market.builders import at

_FOLDER = fixtures() / "market"


@pytest.fixture(scope="module")
def tape() -> Tape:
    """Draw the shipped market."""
    return simulate()


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> MarketArchive:
    """Give an archive of the shipped files."""
    archive = MarketArchive(tmp_path_factory.mktemp("simulated") / "market")
    for path in sorted(_FOLDER.glob("*.csv")):
        report = archive.import_file(path)
        assert report.clean
        assert report.added == report.rows
        assert report.notices == ()
    return archive


def trailing(tape: Tape, end: str, hours: float, wanted: Callable[[Order], bool] = lambda _: True) -> float:
    """Sum the tape's orders over the hours to an end, in millions."""
    last = at(end)
    first = last - timedelta(hours=hours)
    return sum(one.usd for one in tape.orders if first <= one.time < last and wanted(one)) / 1e6


def test_the_seed_makes_the_shipped_bytes() -> None:
    """The files in the repository are what the generator writes, byte for byte, and few enough to ship."""
    made = files()
    assert {path.name: path.read_bytes() for path in _FOLDER.glob("*.csv")} == made
    assert sum(map(len, made.values())) < 500_000


def test_another_seed_makes_another_market_of_the_same_figures() -> None:
    """The totals are the plan's, the orders are chance's."""
    other = simulate(7)
    assert other.orders != simulate().orders
    assert trailing(other, "2025-08-25T21:04:45Z", 1) == pytest.approx(343, abs=0.01)


FIGURES = [
    ("2025-08-25T08:20:00Z", 24, 806.4, lambda _: True),
    ("2025-08-25T08:20:00Z", 24, 267.9, lambda one: one.asset == "BTC"),
    ("2025-08-25T08:20:00Z", 24, 263.4, lambda one: one.asset == "ETH"),
    ("2025-08-25T08:20:00Z", 24, 209.0, lambda one: one.venue == "Binance"),
    ("2025-08-25T21:04:45Z", 1, 343.0, lambda _: True),
    ("2025-08-25T21:04:45Z", 1, 308.7, lambda one: one.side == "long"),
    ("2025-08-25T21:04:45Z", 24, 852.0, lambda _: True),
    ("2025-08-26T00:00:00Z", 24, 904.0, lambda _: True),
    ("2025-08-26T00:00:00Z", 24, 731.9, lambda one: one.side == "long"),
    ("2025-08-26T00:00:00Z", 24, 172.1, lambda one: one.side == "short"),
    ("2025-08-26T06:00:00Z", 24, 934.0, lambda _: True),
]


@pytest.mark.parametrize(("end", "hours", "millions", "wanted"), FIGURES)
def test_the_tape_makes_the_press_figures(
    end: str, hours: float, millions: float, wanted: Callable[[Order], bool], tape: Tape
) -> None:
    """Every reading of the day comes out, by hour, side, coin and venue, to the cent of a million."""
    assert trailing(tape, end, hours, wanted) == pytest.approx(millions, abs=0.01)


def test_prices_go_through_the_days_levels(market: MarketArchive) -> None:
    """BTC falls 112,403 to 109,562 and ETH 4,575 to 4,352 over two hours, the second with thrice the volume."""
    window = at("2025-08-25T19:00:00Z"), at("2025-08-25T21:00:00Z")
    for asset, first, last in (("BTC", 112_403, 109_562), ("ETH", 4_575, 4_352)):
        before, rush = market.candles(*window, assets=[asset])
        assert (before.open, rush.close) == (first, last)
        assert rush.volume == pytest.approx(3 * before.volume, rel=1e-4)


def test_sizes_are_heavy_tailed_and_times_cluster(tape: Tape) -> None:
    """A tenth of the orders carries most of the money, and half of them follow another within seconds."""
    sizes = sorted((one.usd for one in tape.orders), reverse=True)
    assert sum(sizes[: len(sizes) // 10]) > sum(sizes) / 2
    evening = [one.time for one in tape.orders if at("2025-08-25T19:00Z") <= one.time < at("2025-08-25T22:00Z")]
    gaps = [(after - before).total_seconds() for before, after in pairwise(evening)]
    assert sum(gap < 1 for gap in gaps) > len(gaps) / 4


def test_bars_are_the_tape_as_the_tracker_tells_it(tape: Tape, market: MarketArchive) -> None:
    """The tracker's bars bound each reading closely, and its parts by venue and coin add up to its total."""
    day = at("2025-08-25T00:00:00Z"), at("2025-08-26T00:00:00Z")
    found = market.sum(*day)
    assert found.simulated
    assert found.low == pytest.approx(904e6, rel=1e-5)
    by_venue = sum(market.sum(*day, venue=venue).low or 0 for venue in VENUES)
    assert by_venue == pytest.approx(904e6, rel=1e-5)
    hour = market.sum(at("2025-08-25T20:04:45Z"), at("2025-08-25T21:04:45Z"))
    assert hour.low is not None
    assert hour.high is not None
    assert hour.low < 343e6 < hour.high < 1.2 * hour.low


def test_what_the_recorder_heard_is_a_part_of_the_tape(tape: Tape, market: MarketArchive) -> None:
    """Prints are a lower bound of their venue: sampled feeds lose orders, a lost connection does too."""
    window = at("2025-08-25T19:00:00Z"), at("2025-08-25T22:00:00Z")
    heard = market.prints(*window)
    assert {key.venue for key in heard.keys} == {"Binance", "Bybit", "OKX"}
    for venue in ("Binance", "Bybit", "OKX"):
        places = [number for number, key in enumerate(heard.keys) if key.venue == venue]
        recorded = float(heard.usd[[int(key) in places for key in heard.key]].sum())
        happened = 1e6 * trailing(tape, "2025-08-25T22:00:00Z", 3, lambda one, venue=venue: one.venue == venue)
        assert 0.6 * happened < recorded < happened
    assert market.sum(*window, venue="Bybit").status == "covered"
    bybit = [one for one in market.sum(*window, venue="Bybit").readings if one.kind == "prints"]
    assert all(one.coverage is not None and one.coverage < 1 for one in bybit)


def test_shares_of_venues_lie_in_their_dated_ranges() -> None:
    """What each venue holds is what the checks' priors allow it on that day."""
    for venue in ("Binance", "Bybit", "OKX", "Gate", "HTX", "Hyperliquid"):
        prior = share_of([(venue, "BTC")], venue="ALL", asset="BTC", at=at("2025-08-25T12:00Z"))
        assert prior.low <= VENUES[venue] <= prior.high


def test_every_source_says_that_it_is_simulated(market: MarketArchive) -> None:
    """Nothing of it can pass for a market's data, whatever is shown of it."""
    rows = market.coverage()
    assert {row.kind for row in rows} == {"prints", "bars", "candles", "recorded"}
    assert all(is_simulated(row.source) for row in rows)
