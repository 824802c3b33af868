"""When to ask a feed again: a pure decider from old state and new result to new state; it asks nobody and no clock.

A feed that changes often is asked often (its own median gap, between ten minutes and a day); what server and feed ask
for (Retry-After, max-age, ttl) is kept, up to a cap, so that no feed can send us away for a year. Faults back off by
doubling.
410 stops a feed. A permanent redirect is believed only after it led to a valid feed three times in a row, because
maintenance pages and captive portals redirect "permanently" too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median

from newsdetect.errors import FetchError, Gone, NewsdetectError
from newsdetect.fetch.answer import Fetched
from newsdetect.sources.feeds import Feed
from newsdetect.types import Instant, Value

FIRST_INTERVAL = timedelta(minutes=30)
SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(days=1)
#: What a server's wish may come to at most; lemon24/reader's figure for Retry-After.
LONGEST_WISH = timedelta(days=31)
LONGEST_HINT = timedelta(days=2)
REDIRECTS_BELIEVED = 3


class FeedState(Value):
    """All that is remembered of one feed between two polls."""

    url: str
    outlet: str | None = None
    #: Validators of the last whole answer, for a conditional GET.
    etag: str | None = None
    last_modified: str | None = None
    #: Null: never asked, so due at once.
    next_poll: Instant | None = None
    #: The pause between polls while all goes well, in seconds.
    interval_s: int = int(FIRST_INTERVAL.total_seconds())
    #: Faults in a row.
    failures: int = 0
    last_success: Instant | None = None
    last_error: str | None = None
    last_error_at: Instant | None = None
    #: The newest entry's time, or when a feed without dates last changed.
    last_new: Instant | None = None
    #: 410: it is asked no more.
    stopped: bool = False
    #: Where a permanent redirect leads, and how often in a row it has led to a valid feed.
    redirect_to: str | None = None
    redirect_count: int = 0
    #: The address that the settings name, where a redirect away from it was believed.
    origin: str | None = None
    #: The teasers of the last answer whose pages need not be asked for again (`entry_version`).
    read: tuple[str, ...] = ()


def due(states: Iterable[FeedState], now: datetime) -> list[FeedState]:
    """Give the feeds to ask now, the longest waiting first."""
    waiting = [each for each in states if not each.stopped and (each.next_poll is None or each.next_poll <= now)]
    return sorted(waiting, key=lambda each: each.next_poll or datetime.min.replace(tzinfo=UTC))


def after_success(state: FeedState, fetched: Fetched, feed: Feed | None, *, now: datetime) -> FeedState:
    """Give the state after a valid feed, or after word that nothing changed (`feed` null)."""
    interval = state.interval_s if feed is None else int(_interval(feed, now).total_seconds())
    wish = max((_max_age(fetched.headers), _ttl(feed)), default=timedelta())
    pause = max(timedelta(seconds=interval), min(wish, LONGEST_HINT))
    url, target, count = _redirected(state, fetched)
    kept = fetched.not_modified
    return state.model_copy(
        update={
            "url": url,
            "origin": state.origin if url == state.url else state.origin or state.url,
            "etag": fetched.headers.get("etag") or (state.etag if kept else None),
            "last_modified": fetched.headers.get("last-modified") or (state.last_modified if kept else None),
            "interval_s": interval,
            "next_poll": now + pause,
            "failures": 0,
            "last_success": now,
            "last_error": None,
            "last_new": _newest(state, feed, now),
            "redirect_to": target,
            "redirect_count": count,
        }
    )


def after_failure(state: FeedState, fault: NewsdetectError, *, now: datetime) -> FeedState:
    """Give the state after a fault: asked again later and later, or as told; after 410 never."""
    failures = state.failures + 1
    pause = min(timedelta(seconds=state.interval_s) * 2 ** min(failures - 1, 10), LONGEST)
    told = fault.retry_after if isinstance(fault, FetchError) else None
    if told is not None:
        pause = max(pause, min(timedelta(seconds=min(told, LONGEST_WISH.total_seconds())), LONGEST_WISH))
    stopped = isinstance(fault, Gone)
    return state.model_copy(
        update={
            "failures": failures,
            "next_poll": None if stopped else now + pause,
            "last_error": str(fault),
            "last_error_at": now,
            "stopped": stopped,
            # A run of redirects to a valid feed is broken by a redirect to anything else.
            "redirect_to": None,
            "redirect_count": 0,
        }
    )


def _interval(feed: Feed, now: datetime) -> timedelta:
    """Give half the median gap between the newest entries; the silence since the last one counts as a gap."""
    times = sorted({each.published for each in feed.entries if each.published and each.published <= now}, reverse=True)
    if len(times) < 3:
        return FIRST_INTERVAL
    gaps = [(later - earlier).total_seconds() for later, earlier in zip([now, *times[:10]], times[:10], strict=False)]
    silence, between = gaps[0], median(gaps[1:])
    return min(max(timedelta(seconds=max(between, silence / 4) / 2), SHORTEST), LONGEST)


def _max_age(headers: Mapping[str, str]) -> timedelta:
    """Read how long an answer is good for: Cache-Control's max-age, else Expires against Date."""
    stated = re.search(r"\bmax-age\s*=\s*\"?(\d{1,10})", headers.get("cache-control", ""), re.IGNORECASE)
    if stated:
        return timedelta(seconds=int(stated[1]))
    try:
        expires = parsedate_to_datetime(headers.get("expires", ""))
        made = parsedate_to_datetime(headers.get("date", ""))
        return max(expires - made, timedelta())
    except (ValueError, TypeError):
        return timedelta()


def _ttl(feed: Feed | None) -> timedelta:
    return timedelta(seconds=(feed.ttl_s or 0) if feed else 0)


def _newest(state: FeedState, feed: Feed | None, now: datetime) -> datetime | None:
    """Give when the feed last had something new, as far as it tells."""
    if feed is None or not feed.entries:
        return state.last_new
    times = [each.published or each.updated for each in feed.entries]
    dated = [at for at in times if at is not None and at <= now]
    newest = max(dated) if dated else now
    return max(newest, state.last_new) if state.last_new else newest


def _redirected(state: FeedState, fetched: Fetched) -> tuple[str, str | None, int]:
    """Count a permanent redirect; after enough in a row its target is the feed's address."""
    target = fetched.permanent_redirect
    if target is None or target == state.url:
        return state.url, None, 0
    count = state.redirect_count + 1 if target == state.redirect_to else 1
    return (target, None, 0) if count >= REDIRECTS_BELIEVED else (state.url, target, count)
