"""Neighbouring claims and their windows: a word of one is heard by those that say nothing, not by those that do."""

from __future__ import annotations

import pytest

from newsdetect.claims.agreeing import agreed
from newsdetect.types import Window

DAY, HOUR = Window(hours=24), Window(hours=1)


def likeliest(windows):
    """Give the window with the best chance."""
    return max(windows, key=windows.__getitem__)


def test_a_claim_in_doubt_has_the_window_of_its_sure_neighbour():
    """What is nearly even alone is settled by the sentence before."""
    first, second = agreed([4, 5], ["asserted", "asserted"], [{DAY: 0.95, None: 0.05}, {None: 0.55, DAY: 0.45}])
    assert likeliest(first) == DAY
    assert likeliest(second) == DAY


def test_a_window_plainly_told_stands():
    """«$343 million in an hour, $852 million in a day»: neighbours differ, and both are sure."""
    found = agreed([4, 4], ["asserted", "asserted"], [{HOUR: 0.9, DAY: 0.1}, {DAY: 0.9, HOUR: 0.1}])
    assert [likeliest(each) for each in found] == [HOUR, DAY]


def test_silence_is_heard_too():
    """A neighbour that is sure of no window speaks against a weak one."""
    found = agreed([1, 2], ["asserted", "asserted"], [{None: 0.97, DAY: 0.03}, {DAY: 0.55, None: 0.45}])
    assert [likeliest(each) for each in found] == [None, None]


@pytest.mark.parametrize(
    ("places", "statuses"),
    [
        ([4, 9], ["asserted", "asserted"]),
        ([4, 5], ["historical", "asserted"]),
        ([4, 5], ["hypothetical", "hypothetical"]),
    ],
    ids=["far", "of another status", "of what may come"],
)
def test_only_neighbours_of_one_status_are_heard(places, statuses):
    """Another event's window says nothing, nor one pages away."""
    given = [{DAY: 0.95, None: 0.05}, {None: 0.55, DAY: 0.45}]
    assert agreed(places, statuses, given) == given


def test_chances_add_up_and_no_window_is_new():
    """Only what a claim's own scene tells, or the rules carried, can be its window."""
    given = [{DAY: 0.6, HOUR: 0.4}, {None: 0.7, HOUR: 0.3}, {None: 1.0}]
    for own, heard in zip(given, agreed([1, 1, 2], ["asserted"] * 3, given), strict=True):
        assert heard.keys() == own.keys()
        assert sum(heard.values()) == pytest.approx(1.0)


def test_a_long_list_asks_those_around_each_figure():
    """In a list of a thousand the last one never hears the first."""
    doubt = [{DAY: 0.5, None: 0.5}] * 999
    with_word, without = (
        agreed([0] * 1000, ["asserted"] * 1000, [first, *doubt]) for first in ({DAY: 1.0}, {None: 1.0})
    )
    assert with_word[1] != without[1]
    assert with_word[-1] == without[-1]
