"""What cannot all hold within one report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.checks.arithmetic import Conflict, conflicts, held_against
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


def conflict(*claim_ids: str) -> Conflict:
    """Make a conflict between claims."""
    return Conflict(rule="test", claim_ids=claim_ids, note=" against ".join(claim_ids))


def test_a_pair_that_cannot_both_hold_counts_against_both() -> None:
    """Of two figures arithmetic does not say which is wrong."""
    assert set(held_against([conflict("hour", "day")])) == {"hour", "day"}


def test_the_odd_one_out_alone_is_blamed() -> None:
    """A figure that stands in every one of several conflicts is the wrong one; those it disagrees with are let off."""
    found = [conflict("longs", "wrong"), conflict("hour", "wrong")]
    assert held_against(found) == {"wrong": tuple(found)}


def test_conflicts_without_one_culprit_count_against_all() -> None:
    """Where no single figure stands in all of them, and where parts and total differ, nobody is let off."""
    chain = [conflict("a", "b"), conflict("b", "c"), conflict("c", "d")]
    assert set(held_against(chain)) == {"a", "b", "c", "d"}
    parts = [conflict("long", "short", "total")]
    assert set(held_against(parts)) == {"long", "short", "total"}


def test_unrelated_conflicts_do_not_let_each_other_off() -> None:
    """Two pairs that share no figure are judged apart, in whatever order they come."""
    pairs = [conflict("a", "b"), conflict("x", "y")]
    assert set(held_against(pairs)) == {"a", "b", "x", "y"}
    bridged = [*pairs, conflict("a", "x")]
    assert set(held_against(bridged)) == {"a", "b", "x", "y"}


@given(st.lists(st.lists(st.sampled_from("abcdefghij"), min_size=2, max_size=3, unique=True), max_size=14))
def test_who_is_blamed_is_told_by_whom_each_conflict_reaches(told: list[list[str]]) -> None:
    """Conflicts hang together where a walk over shared claims leads from one to the other."""
    found = [Conflict("arithmetic.window", tuple(names), "") for names in told]

    def reached(start: Conflict) -> list[Conflict]:
        names = set(start.claim_ids)
        for _ in found:
            names |= {name for one in found if names & set(one.claim_ids) for name in one.claim_ids}
        return [one for one in found if names & set(one.claim_ids)]

    expected: dict[str, tuple[Conflict, ...]] = {}
    for one in found:
        group = reached(one)
        common = set.intersection(*(set(each.claim_ids) for each in group))
        blamed = common if len(group) > 1 and len(common) == 1 else {name for each in group for name in each.claim_ids}
        expected |= {name: tuple(each for each in group if name in each.claim_ids) for name in blamed}
    assert held_against(found) == expected


def test_a_page_of_hundreds_of_contradictions_is_judged_whole() -> None:
    """Hostile text makes every figure clash with every other; all of them stand under each of their conflicts."""
    found = [Conflict("arithmetic.side", (f"part {i}", f"whole {j}"), "") for i in range(100) for j in range(100)]
    assert {name: len(many) for name, many in held_against(found).items()} == {
        f"{word} {number}": 100 for word in ("part", "whole") for number in range(100)
    }
