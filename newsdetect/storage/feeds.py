"""Reading and writing what is remembered of feeds, and the faults that were survived."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select

from newsdetect.sources.schedule import FeedState
from newsdetect.storage.paging import page
from newsdetect.storage.rows import Fault, Page
from newsdetect.storage.tables import faults, feeds
from newsdetect.storage.upserts import upsert


def states(connection: Connection) -> list[FeedState]:
    """Give the states of all feeds, by URL."""
    rows = connection.execute(select(feeds.c.state).order_by(feeds.c.url))
    return [FeedState(**row.state) for row in rows]


def write_state(connection: Connection, state: FeedState, *, was: str | None) -> None:
    """Write a feed's state; `was` is the URL it had before, where a redirect was believed."""
    if was is not None and was != state.url:
        connection.execute(delete(feeds).where(feeds.c.id == _id(was)))
    upsert(connection, feeds, [{"id": _id(state.url), "url": state.url, "state": state.model_dump(mode="json")}])


def write_faults(connection: Connection, given: Iterable[Fault]) -> None:
    """Write faults; one that comes again keeps one row, with its last time."""
    rows = {_fault_id(fault): fault for fault in sorted(given, key=lambda fault: fault.at)}
    upsert(connection, faults, [{**dict(fault), "id": ident} for ident, fault in rows.items()])


def fault_listing(connection: Connection, *, since: datetime | None, cursor: str | None, limit: int) -> Page[Fault]:
    """List faults seen at or after `since`, the latest first."""
    query = select(faults)
    if since is not None:
        query = query.where(faults.c.at >= since)
    return page(
        connection,
        query,
        order=(faults.c.at, faults.c.id),
        cursor=cursor,
        limit=limit,
        read=lambda row: Fault(what=row.what, key=row.key, message=row.message, at=row.at),
    )


def _fault_id(fault: Fault) -> str:
    return _id(fault.what, fault.key, fault.message)


def _id(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
