"""Where in time a claim's window may lie."""

from __future__ import annotations

from datetime import timedelta

import pytest

from newsdetect.checks.timing import settled_window, slack_hours, snapshot_ends, window_at
from newsdetect.types import Period, Window
from tests.checks.builders import NOON, at, make_claim, make_doc


def test_the_seed_is_searched_from_six_hours_before_what_it_cites() -> None:
    """An undated single hour, cited at 21:04:45: the end lies from 15:04 to 21:14, one for both figures."""
    doc = make_doc("closed $343 million in a single hour, $852 million over 24 hours",
                   published=at("2025-08-25T21:04:45Z"), kind="objectid", bound="not_before")  # fmt: skip
    ends = snapshot_ends(doc, [make_claim(343e6, hours=1), make_claim(852e6, hours=24)])
    assert ends is not None
    assert (ends.first, ends.last) == (at("2025-08-25T15:04Z"), at("2025-08-25T21:14Z"))
    assert ends.likeliest == at("2025-08-25T21:04:45Z")
    assert [end for end in ends.at if end.second] == [ends.likeliest]


@pytest.mark.parametrize(
    ("text", "hours", "slack"),
    [
        ("$text in the past hour", 1, 1),
        ("in the last 60 minutes $text went", 1, 1),
        ("$text in a single hour", 1, 6),
        ("$text over the past 24 hours", 24, 3),
        ("$text in 24 hours", 24, 3),
        ("$text over the last 4 hours", 4, 2),
    ],
)
def test_the_slack_follows_the_wording(text: str, hours: float, slack: float) -> None:
    """A window told to trail the writing ended shortly before it."""
    assert slack_hours(make_doc(text), make_claim(hours=hours, start=max(1, text.find("$")))) == slack


def test_a_publication_known_to_the_day_is_searched_to_its_end() -> None:
    """The day counts whole, and the search gets coarser, not endless."""
    ends = snapshot_ends(make_doc(published=at("2025-06-10T00:00Z"), precision="day"), [make_claim()])
    assert ends is not None
    assert ends.last == at("2025-06-11T00:10Z")
    assert len(ends.at) <= 83


def test_without_a_publication_time_there_is_no_end() -> None:
    """A missing date stays unknown."""
    assert snapshot_ends(make_doc(published=None), [make_claim()]) is None


def test_calendar_windows_stand() -> None:
    """A settled window is what it says, whatever end is tried."""
    day = Window(start=at("2025-06-09T00:00Z"), end=at("2025-06-10T00:00Z"))
    assert window_at(make_claim(window=day), NOON) == day.period
    assert window_at(make_claim(hours=4), NOON) == Period.trailing(NOON, 4)


def test_a_day_is_cut_to_what_its_report_can_have_known() -> None:
    """The tenth of June, told at noon, is half a day; told the day before, it is nothing."""
    day = Period(start=at("2025-06-10T00:00Z"), end=at("2025-06-11T00:00Z"))
    assert settled_window(make_doc(), day) == Period(start=day.start, end=NOON + timedelta(minutes=10))
    assert settled_window(make_doc(published=NOON - timedelta(days=1)), day) is None
    assert settled_window(make_doc(published=NOON + timedelta(days=1)), day) == day
    assert settled_window(make_doc(published=None), day) == day
