"""Small builders for feeds, states and answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newsdetect.fetch import Fetched
from newsdetect.sources.entry import Entry
from newsdetect.sources.feeds import Feed
from newsdetect.sources.schedule import FeedState

NOW = datetime(2025, 8, 25, 21, 30, tzinfo=UTC)
URL = "https://feeds.example/rss"


def make_state(**given) -> FeedState:
    """Make a feed's state, asked never before."""
    return FeedState(**{"url": URL, **given})


def make_answer(**headers: str) -> Fetched:
    """Make a 200 with the headers given; underscores stand for dashes."""
    return Fetched(
        url=URL, final_url=URL, status=200, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def make_feed(*, gaps_h: tuple[float, ...] = (), ttl_s: int | None = None) -> Feed:
    """Make a feed whose entries came at these gaps, the first counted back from now."""
    at, entries = NOW, []
    for number, gap in enumerate(gaps_h):
        at -= timedelta(hours=gap)
        entries.append(Entry(key=f"e{number}", title=f"Entry {number}", published=at))
    return Feed(url=URL, title="A feed", entries=tuple(entries), ttl_s=ttl_s)


def rss(*items: str, title: str = "A feed") -> bytes:
    """Make an RSS feed of whole `<item>` bodies."""
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{inner}</channel></rss>'.encode()
