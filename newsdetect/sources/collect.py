"""One poll of one feed, and one fetch of one page: the only place of `sources` where an opener is asked.

A poll raises nothing of ours: its fault is recorded, in the state and in the answer, so that the other feeds go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newsdetect.errors import FetchError, SourceError
from newsdetect.fetch.answer import Opener
from newsdetect.fetch.walls import bot_wall
from newsdetect.sources.entry import Entry
from newsdetect.sources.feeds import Feed, parse_feed
from newsdetect.sources.pagetext import page_text
from newsdetect.sources.schedule import FeedState, after_failure, after_success


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one poll brought."""

    state: FeedState
    entries: tuple[Entry, ...] = ()
    #: Why it brought nothing; null when all went well, a 304 included.
    fault: str | None = None
    #: What was broken in a feed that was read all the same.
    notes: tuple[str, ...] = ()


def collect_feed(opener: Opener, state: FeedState, *, now: datetime) -> Collected:
    """Poll a feed: its new state and its entries, or its fault."""
    try:
        fetched = opener.get(state.url, etag=state.etag, last_modified=state.last_modified)
        feed = None if fetched.not_modified else parse_feed(fetched.body, url=state.url, headers=fetched.headers)
    except (FetchError, SourceError) as fault:
        return Collected(state=after_failure(state, fault, now=now), fault=str(fault))
    after = after_success(state, fetched, feed, now=now)
    return Collected(state=after, entries=_entries(feed, state), notes=feed.faults if feed else ())


def fetch_page(opener: Opener, url: str, *, entry: Entry | None = None) -> Entry:
    """Fetch a page as an entry; what a feed's `entry` knew of it (key, title, date, outlet) is kept.

    Raise FetchError where it cannot be had, SourceError where it is a bot wall or no text.
    """
    fetched = opener.get(url)
    wall = bot_wall(fetched.body, fetched.headers)
    if wall:
        raise SourceError(f"{url}: a bot wall ({wall}) instead of the page", key=url)
    html = page_text(fetched.body, fetched.headers, url)
    known = entry or Entry(key=url, url=url)
    return known.model_copy(update={"html": html, "body": "page", "final_url": fetched.final_url})


def _entries(feed: Feed | None, state: FeedState) -> tuple[Entry, ...]:
    """Give a feed's entries; the outlet's name as configured goes before the feed's own title."""
    if feed is None or state.outlet is None:
        return feed.entries if feed else ()
    return tuple(each.model_copy(update={"outlet": state.outlet}) for each in feed.entries)
