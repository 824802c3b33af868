"""Ranges fitted to earlier days, tried on later ones: they contradict no true sum and catch what priors cannot."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from newsdetect.market.provider import Bar
from newsdetect.market.ranges import Ranges
from tests.acceptance.held_out import FILES, Ranged, check_all, claims_of, earlier_ranges

_FOLDER = Path(os.environ.get("NEWSDETECT_SHARED", "../shared")) / "data" / "market"


@pytest.fixture(scope="module")
def fitted() -> tuple[Ranges, list[Bar]]:
    """Give the ranges of earlier days and all bars."""
    if not all((_FOLDER / name).is_file() for name in FILES):
        pytest.skip(f"{_FOLDER} is not here: set NEWSDETECT_SHARED to the folder that holds data/market")
    return earlier_ranges(_FOLDER)


def test_no_true_sum_is_contradicted_and_a_third_of_one_is(fitted: tuple[Ranges, list[Bar]]) -> None:
    """Guard: at most 1 % of true sums; of sums wrong by three at least nine in ten, where priors catch none."""
    ranges, bars = fitted
    market = Ranged(bars=[bar for bar in bars if bar.source == "Coinalyze"])
    market.known = ranges
    for factor in (1.0, 1 / 3, 3.0):
        verdicts = Counter(check.verdict for check in check_all(claims_of(bars, factor)[::5], market))
        share = verdicts["contradicted"] / verdicts.total()
        assert share <= 0.01 if factor == 1.0 else share >= 0.85
        if factor == 1.0:
            assert verdicts["corroborated"] > 0.3 * verdicts.total()
        else:
            assert not verdicts["corroborated"]
