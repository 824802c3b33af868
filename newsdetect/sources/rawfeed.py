"""What a feed's format gives before it is judged: the same few fields from RSS, Atom and JSON Feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """One item, texts as the feed has them; empty where it is silent."""

    guid: str = ""
    link: str = ""
    title: str = ""
    #: HTML of the content element and of the summary or description.
    content: str = ""
    summary: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    #: The feed that an aggregator took the item from.
    outlet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """One feed with its items in order."""

    title: str = ""
    items: tuple[RawItem, ...] = ()
    faults: tuple[str, ...] = ()
    ttl_s: int | None = None
