"""What a figure's words stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.claims.intervals import interval
from newsdetect.types import Hedge, Interval


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("$343 million", 343e6, 342.5e6, 343.5e6),
        ("$852M", 852e6, 851.5e6, 852.5e6),
        ("$1.04 billion", 1.04e9, 1.035e9, 1.045e9),
        ("$19.13B", 19.13e9, 19.125e9, 19.135e9),
        ("$962,400,000", 962.4e6, 962.3995e6, 962.4005e6),
        ("417,000", 417_000, 416_500, 417_500),
        ("1,618,240", 1_618_240, 1_618_239.5, 1_618_240.5),
        ("24 000 BTC", 24_000, 23_500, 24_500),
        ("1,5 Milliarden", 1.5e9, 1.45e9, 1.55e9),
    ],
)
def test_a_plain_figure_reaches_half_of_its_last_stated_digit(text: str, value: float, low: float, high: float) -> None:
    """An exact figure stands for everything that rounds to it as written."""
    stands = interval(value, text=text, hedge="exact")
    assert stands.low == pytest.approx(low)
    assert stands.high == pytest.approx(high)


@pytest.mark.parametrize(
    ("hedge", "word", "value", "low", "high"),
    [
        ("at_least", "over", 8e9, 8e9, 9.6e9),
        ("at_least", None, 930e6, 930e6, 1023e6),
        ("at_least", "exceeded", 343e6, 343e6, 343e6 * 1.02),
        ("at_least", "at least", 343e6, 343e6, None),
        ("at_least", "No  less than", 343e6, 343e6, None),
        ("at_most", "up to", 500e6, None, 500e6),
        ("about", "about", 500e6, 450e6, 550e6),
        ("about", "nearly", 500e6, 450e6, 500e6),
        ("about", None, 1.7e9, 1.615e9, 1.785e9),
    ],
)
def test_a_hedge_reaches_by_the_digits_stated(
    hedge: Hedge, word: str | None, value: float, low: float | None, high: float | None
) -> None:
    """The fewer digits an author states, the further a hedge reaches; floors and ceilings leave an end open."""
    stands = interval(value, text=None, hedge=hedge, word=word)
    assert stands.low == (None if low is None else pytest.approx(low))
    assert stands.high == (None if high is None else pytest.approx(high))


def test_a_range_stands_for_its_ends() -> None:
    """A stated range is its own interval."""
    assert interval(250e6, text="$200-300 million", hedge="exact", low=200e6, high=300e6) == Interval(
        low=200e6, high=300e6
    )


@given(
    st.floats(min_value=0.0001, max_value=1e14),
    st.sampled_from(["exact", "about", "at_least", "at_most"]),
    st.sampled_from([None, "over", "at least", "nearly", "around"]),
)
def test_an_interval_holds_its_own_figure(value: float, hedge: Hedge, word: str | None) -> None:
    """Whatever the hedge, the stated figure itself is allowed."""
    assert interval(value, text=None, hedge=hedge, word=word).overlaps(Interval(low=value, high=value))


@given(st.text(max_size=30), st.floats(min_value=1, max_value=1e13))
def test_any_text_of_a_figure_gives_an_interval(text: str, value: float) -> None:
    """Odd characters around a figure are no fault of the reader's."""
    assert interval(value, text=text, hedge="exact").overlaps(Interval(low=value, high=value))
