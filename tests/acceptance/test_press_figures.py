"""Real press figures against real market data: nothing true is contradicted, nothing is said that data cannot carry."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsdetect.market.archive import MarketArchive
from newsdetect.types import Period
from tests.acceptance.press_figures import REPORTS, Report, archive_of, check_report, check_settled
from tests.checks.builders import at

_SHARED = Path(os.environ.get("NEWSDETECT_SHARED", "../shared"))
_FOLDER = _SHARED / "data" / "market"


@pytest.fixture(scope="module", params=[False, True], ids=["priors", "ranges fitted"])
def market(request: pytest.FixtureRequest) -> Iterator[MarketArchive]:
    """Give an archive of the real market files, without and with what was fitted between its sources."""
    if not _FOLDER.is_dir():
        pytest.skip(f"{_FOLDER} is not here: set NEWSDETECT_SHARED to the folder that holds data/market")
    with archive_of(_FOLDER, ranges=request.param) as archive:
        yield archive


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.end)
def test_a_press_figure_is_plausible_on_one_venues_data(report: Report, market: MarketArchive) -> None:
    """One venue and four coins neither confirm nor refute what the press truly told."""
    assert {check.verdict for _, check in check_report(report, market)} == {"plausible"}


def test_settled_windows_refute_no_true_figure(market: MarketArchive) -> None:
    """Even with the end time pinned to the press's own, no bound is broken."""
    settled = [check for report in REPORTS for check in check_settled(report, market)]
    assert {check.verdict for check in settled} == {"plausible"}


def test_some_figures_ten_times_too_low_are_contradicted_from_below(market: MarketArchive) -> None:
    """Where the venue alone holds more than the tenth, the tenth is refuted; elsewhere it stays plausible."""
    verdicts = [check.verdict for report in REPORTS for _, check in check_report(report, market, factor=0.1)]
    assert set(verdicts) == {"plausible", "contradicted"}
    assert verdicts.count("contradicted") >= 8


def test_the_seeds_claims_are_plausible_with_its_numbers(market: MarketArchive) -> None:
    """$343 M and $852 M: one end time, 82.0 to 137.6 M in the day, at most 33.8 M in the hour, both plausible."""
    report = next(one for one in REPORTS if one.end.startswith("2025-08-25T21"))
    (_, hour), (_, day) = check_report(report, market)
    assert (hour.verdict, day.verdict) == ("plausible", "plausible")
    assert day.window == Period.trailing(at("2025-08-25T21:04:45Z"), 24)
    assert hour.window == Period.trailing(at("2025-08-25T21:04:45Z"), 1)
    bars = [next(row for row in check.evidence if row.kind == "bars") for check in (hour, day)]
    assert (bars[0].low, bars[0].high) == (0, pytest.approx(33.8e6, rel=0.002))
    assert (bars[1].low, bars[1].high) == (pytest.approx(82.0e6, rel=0.001), pytest.approx(137.6e6, rel=0.001))
    assert bars[1].assets == ("BTC", "ETH", "SOL", "XRP")
    assert all(row.says == "supports" for check in (hour, day) for row in check.evidence if row.kind == "candles")
    assert not any(check.simulated for check in (hour, day))
    assert "cannot confirm" in day.explanation
