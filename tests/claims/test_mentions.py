"""Mentions of one figure tell their window together: what one took from afar gives way to another's silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsdetect.claims.article import lay_out
from newsdetect.claims.mentions import told_together
from newsdetect.claims.reading import read_by_rules
from newsdetect.types import Window
from tests.claims.builders import make_doc

DAY, HOUR = Window(hours=24), Window(hours=1)
#: A window that came from elsewhere, and a surer silence.
FAR, SILENT = {DAY: 0.6, None: 0.4}, {None: 0.95, DAY: 0.05}


def readings_of(*sentences):
    """Read figures by the rules, one a sentence."""
    found = read_by_rules(lay_out(make_doc(" ".join(sentences))))
    assert len(found) == len(sentences)
    return found


def likeliest(readings, chances, own=None):
    """Give the likeliest window of each reading once all have been heard."""
    told = told_together(readings, chances, own or [()] * len(readings))
    return [max(each, key=each.__getitem__) for each in told]


TWICE = ("Liquidations came to $412 million.", "The $412 million in liquidations hit many.")


def test_a_far_window_gives_way_to_another_mentions_silence():
    """The first may have the day that another sum was told of; the second, surely, has none."""
    assert likeliest(readings_of(*TWICE), [FAR, SILENT]) == [None, None]


def test_a_mention_in_doubt_has_the_window_of_the_sure_one():
    """What is nearly even alone is settled by the figure's other mention."""
    assert likeliest(readings_of(*TWICE), [{None: 0.55, DAY: 0.45}, {DAY: 0.95, None: 0.05}]) == [DAY, DAY]


def test_a_window_that_another_mention_does_not_show_is_hardly_one_of_its_own():
    """It counts as unlikely there, not as impossible: no window is new to a mention, and chances add up."""
    first, second = told_together(readings_of(*TWICE), [{DAY: 0.998, None: 0.002}, {None: 1.0}], [(), ()])
    assert first[DAY] > 0.5
    assert set(first) == {DAY, None}
    assert sum(first.values()) == pytest.approx(1.0)
    assert second == {None: 1.0}


@pytest.mark.parametrize(
    "other",
    [
        "The $411.6 million in liquidations hit many.",
        "The $412 million in long liquidations hit many.",
    ],
    ids=["rounded", "a side that the other leaves unsaid"],
)
def test_the_same_figure_is_heard(other):
    """One that only rounds another, or says more of it, is a mention of it."""
    assert likeliest(readings_of(TWICE[0], other), [FAR, SILENT]) == [None, None]


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (TWICE[0], "The $352 million in liquidations hit many."),
        (TWICE[0], "The 412 million BTC in liquidations hit many."),
        (TWICE[0], "The largest single liquidation order was worth $412 million."),
        ("Short liquidations came to $412 million.", "The $412 million in long liquidations hit many."),
        ("ETH liquidations came to $412 million.", "Bitcoin liquidations came to $412 million."),
        (TWICE[0], "A further $412 million would be liquidated below $90,000."),
    ],
    ids=["value", "unit", "metric", "side", "coin", "what may come"],
)
def test_other_figures_are_not_heard(first, other):
    """What is not the same figure says nothing of its window."""
    readings = readings_of(first, other)
    assert told_together(readings, [FAR, SILENT], [(), ()]) == [FAR, SILENT]


def test_traders_are_counted_alike_with_and_without_the_word():
    """A bare count of traders has no unit of its own: both mentions are of one."""
    first, second = readings_of(
        "Some 70,000 traders were liquidated in a day.", "The liquidations hit 70,000 traders on a daily scale."
    )
    bare = replace(second, figure=replace(second.figure, amount=replace(second.figure.amount, unit="USD")))
    assert likeliest((first, bare), [FAR, SILENT]) == [None, None]


def test_a_window_in_the_figures_own_sentence_stands():
    """«$412 million in an hour» keeps its hour if the figure comes again without one; a weak one does not."""
    given = [{HOUR: 0.9, None: 0.1}, {None: 0.99, HOUR: 0.01}]
    assert likeliest(readings_of(*TWICE), given, own=[{HOUR}, ()])[0] == HOUR
    assert likeliest(readings_of(*TWICE), given)[0] is None
    weak = [{HOUR: 0.7, None: 0.3}, {None: 0.99, HOUR: 0.01}]
    assert likeliest(readings_of(*TWICE), weak, own=[{HOUR}, ()])[0] is None


def test_as_much_can_have_gone_in_an_hour_and_in_a_day():
    """Two sums that happen to be equal, each with its own time, are no mentions of one."""
    assert likeliest(readings_of(*TWICE), [{HOUR: 0.7, DAY: 0.3}, {DAY: 0.9, HOUR: 0.1}]) == [HOUR, DAY]


@pytest.mark.parametrize(("between", "heard"), [(199, True), (200, False)])
def test_mentions_far_apart_in_a_long_list_are_not_looked_for(between, heard):
    """With two hundred other sums between them, two equal ones say nothing of each other."""
    first, second = readings_of(*TWICE)
    figure = first.figure
    others = [
        replace(first, figure=replace(figure, amount=replace(figure.amount, value=1e9 * 2**n))) for n in range(between)
    ]
    told = told_together([first, *others, second], [FAR, *([SILENT] * between), SILENT], [()] * (between + 2))
    assert (told[0] != FAR) is heard


def test_only_the_nearest_mentions_are_heard():
    """Of a thousand equal sums the last ones never reach the first."""
    first, second = readings_of(*TWICE)
    many = [first, *([second] * 999)]
    near, far = (
        told_together(many, [FAR, *([FAR] * count), *([SILENT] * (999 - count))], [()] * 1000) for count in (3, 4)
    )
    assert near[0] != pytest.approx(FAR)
    assert far[0] == pytest.approx(FAR)
