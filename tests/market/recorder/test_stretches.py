"""Laws of sets of time, against sets of single moments."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsdetect.market.stretches import united, without

_TIMES = st.integers(0, 30)
_STRETCHES = st.lists(st.tuples(_TIMES, _TIMES), max_size=8)


def _moments(stretches: list[tuple[int, int]]) -> set[int]:
    return {at for start, end in stretches for at in range(start, end)}


def _is_plain(stretches: list[tuple[int, int]]) -> bool:
    """Tell whether stretches are sorted, not empty, and neither overlap nor touch."""
    flat = [at for stretch in stretches for at in stretch]
    return flat == sorted(set(flat))


@given(_STRETCHES)
def test_joined_stretches_hold_the_same_moments(many: list[tuple[int, int]]) -> None:
    """Joining loses and adds no moment."""
    assert _moments(united(many)) == _moments(many)
    assert _is_plain(united(many))


@given(_STRETCHES, _STRETCHES)
def test_what_is_taken_away_is_gone(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    """Taking away leaves the moments of the first set alone."""
    assert _moments(without(one, other)) == _moments(one) - _moments(other)
    assert _is_plain(without(one, other))
