"""Windows that claims share: mentions of one figure speak together, neighbours are heard by those that say nothing."""

from __future__ import annotations

import pytest

from newsdetect.claims.agreeing import agreed, of_mentions
from newsdetect.types import Window

DAY, HOUR = Window(hours=24), Window(hours=1)
MILLIONS = ("liquidations", "USD")


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


def mentions(values, chances, own=None):
    """Give the likeliest window of each mention once all have been heard."""
    figures = [(*MILLIONS, value * 1e6) for value in values]
    return [likeliest(each) for each in of_mentions(figures, chances, own or [()] * len(values))]


def test_a_far_window_gives_way_to_another_mentions_silence():
    """The headline's «$412 million» may have the day that another sum was told of; the body's, surely, has none."""
    assert mentions([412, 412], [{DAY: 0.6, None: 0.4}, {None: 0.95, DAY: 0.05}]) == [None, None]


def test_a_rounded_mention_is_the_same_figure():
    """«Over $410 million» in the headline is the body's 412.3."""
    assert mentions([410, 412.3], [{None: 0.6, DAY: 0.4}, {DAY: 0.95, None: 0.05}]) == [DAY, DAY]


def test_other_figures_are_not_heard():
    """Another sum, another unit, another metric: not a mention of this one."""
    doubt, sure = {DAY: 0.6, None: 0.4}, {None: 0.95, DAY: 0.05}
    figures = [
        (*MILLIONS, 412e6),
        (*MILLIONS, 352e6),
        ("liquidations", "BTC", 412e6),
        ("largest_liquidation", "USD", 412e6),
    ]
    assert of_mentions(figures, [doubt, sure, sure, sure], [()] * 4) == [doubt, sure, sure, sure]


def test_a_window_in_the_figures_own_sentence_stands():
    """«$412 million in an hour» keeps its hour if the figure comes again without one."""
    given = [{HOUR: 0.9, None: 0.1}, {None: 0.99, HOUR: 0.01}]
    assert mentions([412, 412], given, own=[{HOUR}, ()])[0] == HOUR
    assert mentions([412, 412], given)[0] is None


def test_as_much_can_have_gone_in_an_hour_and_in_a_day():
    """Two sums that happen to be equal, each with its own time, are no mentions of one."""
    given = [{HOUR: 0.7, DAY: 0.3}, {DAY: 0.9, HOUR: 0.1}]
    assert mentions([412, 412], given) == [HOUR, DAY]


def test_mentions_far_apart_in_a_table_are_not_looked_for():
    """Ten thousand equal figures take the time of ten thousand, not of their pairs."""
    doubt, sure = {DAY: 0.6, None: 0.4}, {None: 0.95, DAY: 0.05}
    figures = [(*MILLIONS, 412e6), *((*MILLIONS, 1e6 * number) for number in range(1000, 1300)), (*MILLIONS, 412e6)]
    given = [doubt, *([doubt] * 300), sure]
    assert of_mentions(figures, given, [()] * 302)[0] == doubt
