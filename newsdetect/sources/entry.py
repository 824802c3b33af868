"""The entry: what a feed or a page gave us, before anybody has read it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from newsdetect.types import Instant, Value


class Entry(Value):
    """One item of a feed, or one page that was asked for."""

    #: The feed's own id for it, or the URL.
    key: str
    url: str | None = None
    title: str = ""
    #: The feed's content or summary, or the page, as HTML.
    html: str = ""
    #: `feed_full`: the feed brings the whole text; `feed_summary`: only a teaser; `page`: a whole web page; `text`:
    #: plain text that was handed to us.
    body: Literal["feed_full", "feed_summary", "page", "text"] = "page"
    #: As the feed says; null where it does not.
    published: Instant | None = None
    updated: Instant | None = None
    outlet: str | None = None
    #: The feed it came from, and the address the page had after redirects.
    feed_url: str | None = None
    final_url: str | None = None


def entry_version(entry: Entry) -> str:
    """Name an entry as it is now: another one once its feed says that it was edited."""
    return f"{entry.key} {entry.updated.isoformat() if entry.updated else ''}".strip()


def newest_first(entry: Entry) -> float:
    """Sort key: the newest entry first, those without a date last."""
    at: datetime | None = entry.published or entry.updated
    return -at.timestamp() if at else 0.0
