"""The decider of the next poll: pure, so that time is just a number here."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.errors import FetchError, Gone, SourceError
from newsdetect.fetch import Fetched
from newsdetect.sources.schedule import FIRST_INTERVAL, LONGEST, SHORTEST, after_failure, after_success, due
from tests.sources.builders import NOW, URL, make_answer, make_feed, make_state

HOUR = timedelta(hours=1)


def test_a_new_feed_is_due_at_once_and_the_longest_waiting_goes_first():
    """Never asked comes first, then the one due longest; a stopped feed and one not yet due stay out."""
    new, late = make_state(url="a"), make_state(url="b", next_poll=NOW - HOUR)
    now, later = make_state(url="c", next_poll=NOW), make_state(url="d", next_poll=NOW + HOUR)
    gone = make_state(url="e", stopped=True)
    assert [each.url for each in due([gone, later, now, late, new], NOW)] == ["a", "b", "c"]


def test_a_success_keeps_the_validators_and_forgets_the_faults():
    """The next request is conditional, and the run of failures is over."""
    state = make_state(failures=3, last_error="HTTP 500")
    after = after_success(state, make_answer(etag='"v2"', last_modified="Mon"), make_feed(), now=NOW)
    assert (after.etag, after.last_modified, after.failures, after.last_error) == ('"v2"', "Mon", 0, None)
    assert after.last_success == NOW


def test_a_304_keeps_what_was_known():
    """Nothing new changes neither validators nor the feed's own pace."""
    state = make_state(etag='"v1"', interval_s=1234, last_new=NOW - HOUR)
    unchanged = Fetched(url=URL, final_url=URL, status=304, not_modified=True)
    after = after_success(state, unchanged, None, now=NOW)
    assert (after.etag, after.interval_s, after.last_new) == ('"v1"', 1234, NOW - HOUR)
    assert after.next_poll == NOW + timedelta(seconds=1234)


def test_a_whole_answer_without_validators_drops_the_old_ones():
    """An old ETag would ask about a feed that is no more."""
    after = after_success(make_state(etag='"v1"', last_modified="x"), make_answer(), make_feed(), now=NOW)
    assert (after.etag, after.last_modified) == (None, None)


@pytest.mark.parametrize(
    ("gaps_h", "pause"),
    [
        ((), FIRST_INTERVAL),
        ((0.1, 2, 2, 2, 2), HOUR),
        ((0.01, 0.05, 0.05, 0.05), SHORTEST),
        ((24, 24, 24, 24, 24, 24), timedelta(hours=12)),
        ((24 * 300, 1, 1, 1), LONGEST),
    ],
    ids=["no dates", "every two hours", "each three minutes", "daily", "asleep for months"],
)
def test_the_pace_follows_the_feed(gaps_h: tuple[float, ...], pause: timedelta):
    """Half the median gap, between ten minutes and a day; long silence slows it down."""
    assert after_success(make_state(), make_answer(), make_feed(gaps_h=gaps_h), now=NOW).next_poll == NOW + pause


@pytest.mark.parametrize(
    ("headers", "ttl_s", "pause"),
    [
        ({"cache_control": "public, max-age=7200"}, None, 2 * HOUR),
        ({"cache_control": "max-age=5"}, None, FIRST_INTERVAL),
        ({"cache_control": "max-age=99999999"}, None, timedelta(days=2)),
        ({}, 3 * 3600, 3 * HOUR),
        ({"date": "Mon, 25 Aug 2025 21:00:00 GMT", "expires": "Mon, 25 Aug 2025 22:30:00 GMT"}, None, 1.5 * HOUR),
        ({"date": "nonsense", "expires": "0"}, None, FIRST_INTERVAL),
    ],
)
def test_what_server_and_feed_ask_for_is_kept_up_to_a_cap(headers: dict[str, str], ttl_s: int | None, pause: timedelta):
    """The longest of pace, max-age and ttl counts, and no wish goes beyond two days."""
    after = after_success(make_state(), make_answer(**headers), make_feed(ttl_s=ttl_s), now=NOW)
    assert after.next_poll == NOW + pause


def test_faults_back_off_by_doubling_up_to_a_day():
    """Each fault in a row doubles the pause; the message is kept for the user."""
    state, pauses = make_state(), []
    for _ in range(9):
        state = after_failure(state, FetchError("HTTP 500", status=500), now=NOW)
        pauses.append(state.next_poll - NOW)
    assert pauses[:3] == [FIRST_INTERVAL, 2 * FIRST_INTERVAL, 4 * FIRST_INTERVAL]
    assert pauses[-1] == LONGEST
    assert (state.failures, state.last_error, state.last_error_at) == (9, "HTTP 500", NOW)


@pytest.mark.parametrize(
    ("told_s", "pause"),
    [(7200.0, 2 * HOUR), (1.0, FIRST_INTERVAL), (1e12, timedelta(days=31))],
    ids=["later", "sooner", "never"],
)
def test_retry_after_is_kept_up_to_a_month(told_s: float, pause: timedelta):
    """A server's wish for more time is granted, one for less is not used, one for ever is cut."""
    after = after_failure(make_state(), FetchError("HTTP 503", status=503, retry_after=told_s), now=NOW)
    assert after.next_poll == NOW + pause


def test_410_stops_a_feed():
    """Gone is gone: it is due no more."""
    after = after_failure(make_state(), Gone("gone", status=410), now=NOW)
    assert (after.stopped, due([after], NOW + timedelta(days=999))) == (True, [])


def moved(state, target: str = "https://new.example/rss"):
    answer = Fetched(url=URL, final_url=target, status=200, permanent_redirect=target)
    return after_success(state, answer, make_feed(), now=NOW)


def test_a_permanent_redirect_is_believed_the_third_time():
    """Twice it may be a maintenance page; three valid feeds in a row are a move."""
    once = moved(make_state())
    twice = moved(once)
    assert (once.url, twice.url, twice.redirect_count) == (URL, URL, 2)
    thrice = moved(twice)
    assert (thrice.url, thrice.redirect_to, thrice.redirect_count) == ("https://new.example/rss", None, 0)


@pytest.mark.parametrize("between", ["another target", "no redirect", "a fault"])
def test_a_run_of_redirects_is_broken_by_anything_else(between: str):
    """Only the same target, to a valid feed, without a pause, counts on."""
    state = moved(moved(make_state()))
    if between == "another target":
        state = moved(state, "https://portal.example/")
    elif between == "no redirect":
        state = after_success(state, make_answer(), make_feed(), now=NOW)
    else:
        state = after_failure(state, SourceError("an HTML page instead of a feed"), now=NOW)
    assert moved(state).url == URL


@given(st.lists(st.sampled_from(["ok", "304", "500", "429", "html"]), max_size=25), st.floats(0, 1e9))
def test_the_next_poll_lies_ahead_whatever_happens(results: list[str], told_s: float):
    """No order of answers makes a feed due at once again, or never."""
    state = make_state()
    for result in results:
        if result == "ok":
            state = after_success(state, make_answer(), make_feed(gaps_h=(1, 1, 1, 1)), now=NOW)
        elif result == "304":
            state = after_success(state, Fetched(url=URL, final_url=URL, status=304, not_modified=True), None, now=NOW)
        elif result == "html":
            state = after_failure(state, SourceError("html"), now=NOW)
        else:
            state = after_failure(state, FetchError(result, retry_after=told_s if result == "429" else None), now=NOW)
        assert NOW + SHORTEST <= state.next_poll <= NOW + timedelta(days=31)
