"""Which claims a report's conflicts count against."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsdetect.checks.arithmetic import Conflict
from newsdetect.checks.blame import held_against


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
