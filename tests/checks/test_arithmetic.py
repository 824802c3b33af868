"""What cannot all hold within one report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.checks.arithmetic import conflicts
from newsdetect.claims.claim import Claim
from newsdetect.types import Interval
from tests.checks.builders import make_claim


def _rules(*claims: Claim, **options: object) -> list[str]:
    return [conflict.rule for conflict in conflicts(claims, **options)]  # type: ignore[arg-type]


def test_a_shorter_window_cannot_hold_more_than_a_longer_one() -> None:
    """1 h ≤ 4 h ≤ 12 h ≤ 24 h, of equal scope."""
    assert _rules(make_claim(343e6, hours=1), make_claim(852e6, hours=24)) == []
    assert _rules(make_claim(343e6, hours=24), make_claim(852e6, hours=1)) == ["arithmetic.window"]
    assert _rules(make_claim(343e6, hours=24, asset="BTC"), make_claim(852e6, hours=1)) == []


def test_the_conflict_names_its_pair() -> None:
    """Whoever reads the verdict sees which two figures clash."""
    hour, day = make_claim(852e6, hours=1), make_claim(343e6, hours=24)
    (found,) = conflicts([hour, day])
    assert found.claim_ids == (hour.id, day.id)
    assert "$852 M" in found.note
    assert "$343 M" in found.note


@pytest.mark.parametrize("part", [{"side": "long"}, {"asset": "BTC"}, {"venue": "Binance"}])
def test_a_part_cannot_exceed_its_whole(part: dict[str, str]) -> None:
    """Sides, coins and venues are parts of the total of the same window."""
    assert _rules(make_claim(200e6, **part), make_claim(300e6)) == []
    assert _rules(make_claim(300e6, **part), make_claim(200e6)) == [f"arithmetic.{next(iter(part))}"]


def test_longs_and_shorts_make_their_total_within_rounding() -> None:
    """836 + 205 make 1.04 billion; 771.76 + 199.63 do not make 962.4 million."""
    good = [make_claim(836e6, side="long"), make_claim(205e6, side="short"), make_claim(1.04e9, text="$1.04 billion")]
    bad = [make_claim(771.76e6, side="long"), make_claim(199.63e6, side="short"), make_claim(962.4e6)]
    assert _rules(*good) == []
    assert _rules(*bad) == ["arithmetic.sides"]


@given(
    total=st.floats(min_value=500e6, max_value=5e9),
    long_share=st.floats(min_value=0.02, max_value=0.98),
    hours=st.sampled_from([1.0, 4.0, 12.0, 24.0]),
    seconds=st.floats(min_value=0.0, max_value=60.0),
    comes=st.floats(min_value=-1.0, max_value=1.0),
)
def test_sides_read_a_minute_before_their_total_are_one_reading(
    total: float, long_share: float, hours: float, seconds: float, comes: float
) -> None:
    """However many digits are told: what the mean pace brings in between, less what it takes, is no conflict."""
    later = total * (1 + comes * 2 * seconds / (hours * 3600))
    assert _rules(*_split(total * long_share, total * (1 - long_share), later, hours)) == []


@given(
    long=st.floats(min_value=200e6, max_value=900e6),
    short=st.floats(min_value=50e6, max_value=190e6),
    hours=st.sampled_from([4.0, 12.0, 24.0]),
    off=st.floats(min_value=0.01, max_value=0.5),
    sign=st.sampled_from([-1, 1]),
    wider=st.floats(min_value=1.0, max_value=3.0),
)
def test_sides_a_percent_off_their_total_conflict_and_so_does_all_that_is_further_off(
    long: float, short: float, hours: float, off: float, sign: int, wider: float
) -> None:
    """Of four hours and more no minute moves a sum by a percent; what is caught stays caught when it is further off."""
    for factor in (off, min(0.9, off * wider)):
        found = _rules(*_split(long, short, (long + short) * (1 + sign * factor), hours))
        assert "arithmetic.sides" in found


def _split(long: float, short: float, total: float, hours: float) -> list[Claim]:
    """Tell longs, shorts and their total to a hundredth of a million, as tables print them."""
    told = {"long": long, "short": short, "both": total}
    return [
        make_claim(round(value, -4), side=side, hours=hours, text=f"${value / 1e6:.2f} million")
        for side, value in told.items()
    ]


def test_a_single_order_cannot_exceed_the_total_it_is_part_of() -> None:
    """The largest order is at most the total, its window told or not."""
    total = make_claim(50e6)
    assert _rules(make_claim(90e6, metric="largest_liquidation", hours=None), total) == ["arithmetic.largest"]
    assert _rules(make_claim(9e6, metric="largest_liquidation", hours=None), total) == []
    assert _rules(make_claim(90e6, metric="largest_liquidation", asset="ETH"), make_claim(50e6, asset="BTC")) == []


def test_coins_beside_their_dollars_agree_by_the_price() -> None:
    """24,000 BTC near 110,000 dollars are 2.66 billion, not 300 million."""
    prices = {"BTC": Interval(low=108_000, high=113_000)}
    coins = make_claim(24_000, unit="BTC", start=10, text="24,000 BTC")
    wrong = make_claim(300e6, hedge="at_least", word="over", start=30, text="$300 million")
    right = make_claim(2.66e9, start=30, text="$2.66 billion")
    assert _rules(coins, wrong, prices=prices) == ["arithmetic.worth"]
    assert _rules(coins, right, prices=prices) == []
    assert _rules(coins, wrong) == []
    assert _rules(coins, wrong.model_copy(update={"evidence": wrong.evidence.model_copy(
        update={"start": 900, "end": 912})}), prices=prices) == []  # fmt: skip


def test_a_headline_needs_one_figure_of_the_body_that_agrees() -> None:
    """A $650 M headline over a $541 M body is a conflict, over 541 and 650 it is none."""
    head, body = make_claim(650e6, start=0), make_claim(541e6, start=80)
    assert _rules(head, body, title_end=40) == ["arithmetic.headline"]
    assert _rules(head, body, make_claim(650e6, start=120), title_end=40) == []
    assert _rules(head, body, title_end=0) == []


@pytest.mark.parametrize(
    "other",
    [{"status": "historical"}, {"status": "hypothetical"}, {"hours": None}, {"attributed_to": "Bybit"},
     {"rules": ("role.position",)}],
)  # fmt: skip
def test_only_asserted_claims_of_one_snapshot_and_observer_are_compared(other: dict[str, object]) -> None:
    """Another event, no window, another observer or one trader's position proves nothing."""
    part = make_claim(300e6, side="long", attributed_to="CoinGlass")
    assert _rules(part, make_claim(200e6, **{"attributed_to": "CoinGlass"} | other)) == []  # type: ignore[arg-type]


def test_hedges_widen_what_agrees() -> None:
    """Intervals that touch are no conflict."""
    assert _rules(make_claim(205e6, side="long"), make_claim(200e6, hedge="about")) == []
    assert _rules(make_claim(205e6, side="long"), make_claim(200e6, hedge="at_least", word="at least")) == []
