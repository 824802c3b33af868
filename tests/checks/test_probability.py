"""The probability of a claim: named signs, each in its fixed direction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.checks.check_claims import cases, check_claims
from newsdetect.checks.compare import compare
from newsdetect.checks.probability import SIGNS, shipped, signs
from tests.checks.builders import NOON, ONE, Market, hourly_bars, make_claim, make_doc, path

_PRICES = path([100_000 - 50 * (hour % 7) for hour in range(60)])
_BARS = hourly_bars(1e6, days=60, end=ONE - timedelta(hours=28)) + hourly_bars(10e6, days=28 / 24)
_DOC = make_doc("in the past 24 hours")


def _claim(value: float, **fields: object):
    return make_claim(value, venue="Binance", asset="BTC", attributed_to="CoinGlass", **fields)


def _probability(claim, market: Market) -> float:
    (check,) = check_claims(_DOC, [claim], market)
    assert check.probability is not None
    return check.probability


def test_the_shipped_weights_are_of_known_signs_and_keep_their_directions() -> None:
    """A fit can make a sign mean more or less, never its contrary."""
    weights = shipped().weights
    assert set(weights) == set(SIGNS)
    assert all(weight * SIGNS[name] >= 0 for name, weight in weights.items())
    assert any(weights.values())


@given(
    st.sampled_from(list(SIGNS)),
    st.dictionaries(st.sampled_from(list(SIGNS)), st.floats(min_value=0, max_value=5)),
    st.floats(min_value=0, max_value=5),
)
def test_more_of_a_sign_moves_the_probability_its_own_way(name: str, others: dict[str, float], more: float) -> None:
    """What supports a claim never makes it less likely, what speaks against it never more."""
    before = {**dict.fromkeys(SIGNS, 0.0), **others}
    after = {**before, name: before[name] + more}
    moved = shipped().probability(after) - shipped().probability(before)
    assert moved * SIGNS[name] >= 0
    assert 0.0 <= shipped().probability(after) <= 1.0


def test_a_figure_further_from_its_own_source_is_less_likely() -> None:
    """240 M as CoinGlass sums it: the figure itself, a quarter more, twice, ten times."""
    market = Market(_BARS, _PRICES)
    told = [_probability(_claim(240e6 * factor), market) for factor in (1.0, 1.25, 2.0, 10.0)]
    assert told == sorted(told, reverse=True)
    assert told[0] > 0.8
    assert told[-1] < 0.1


def test_candles_alone_leave_doubt_and_a_figure_beyond_all_records_none() -> None:
    """A price move confirms no amount, but nobody was ever liquidated for 300 billion in a day."""
    market = Market(candle_rows=_PRICES)
    usual, absurd = (_probability(make_claim(value), market) for value in (300e6, 300e9))
    assert 0.4 < usual < 0.9
    assert absurd < usual / 4


def test_nothing_to_weigh_gives_no_probability() -> None:
    """Without data there is no number, not even a cautious one."""
    (check,) = check_claims(_DOC, [make_claim()], Market())
    assert check.verdict == "not_checkable"
    assert check.probability is None


@pytest.mark.parametrize("value", [240e6, 1e3, 24e9])
def test_the_signs_of_a_case_are_finite_numbers(value: float) -> None:
    """Whatever the claim, every sign has a number, none of them beyond what was fitted."""
    ((claim, case),) = cases(_DOC, [_claim(value)], Market(_BARS, _PRICES))
    found = signs(claim, case, compare(case))
    assert found is not None
    assert set(found) == set(SIGNS)
    assert all(0.0 <= sign <= 5.0 for sign in found.values())


def test_published_does_not_matter_to_the_signs_of_a_settled_window() -> None:
    """A window that is settled has one end: nothing is searched."""
    settled = _claim(240e6, window={"start": NOON - timedelta(hours=24), "end": NOON})
    ((claim, case),) = cases(_DOC, [settled], Market(_BARS, _PRICES))
    found = signs(claim, case, compare(case))
    assert found is not None
    assert found["searched"] == 0.0
