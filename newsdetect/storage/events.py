"""Reading and writing events: they are made anew from the articles, so a whole set replaces another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

from newsdetect.events.event import Event
from newsdetect.storage.lookups import rows_among
from newsdetect.storage.paging import page
from newsdetect.storage.rows import Page
from newsdetect.storage.tables import event_assets, events
from newsdetect.storage.upserts import upsert
from newsdetect.types import Side


def write(connection: Connection, given: Sequence[Event], *, now: datetime) -> None:
    """Write events; a stored one keeps the time it was first seen."""
    given = list({event.id: event for event in given}.values())
    rows = [_row(event, now=now) for event in given]
    undated = [row["id"] for row in rows if row["first_report"] is None]
    stored = rows_among(connection, select(events.c.id, events.c.first_seen), events.c.id, undated)
    seen = {row.id: row.first_seen for row in stored}
    for row in rows:
        row["sort_at"] = row["first_report"] or seen.get(row["id"], now)
    upsert(connection, events, rows, keep=("first_seen",))
    if given:
        old = delete(event_assets).where(event_assets.c.event_id == bindparam("event"))
        connection.execute(old, [{"event": event.id} for event in given])
    named = [{"event_id": event.id, "asset": asset} for event in given for asset in dict.fromkeys(event.assets)]
    upsert(connection, event_assets, named)


def replace(connection: Connection, given: Sequence[Event], *, since: datetime | None, now: datetime) -> None:
    """Write events in place of all stored ones, or of those first reported at or after `since`."""
    query = select(events.c.id)
    if since is not None:
        query = query.where(events.c.sort_at >= since)
    gone = set(connection.scalars(query)) - {event.id for event in given}
    if gone:
        connection.execute(delete(events).where(events.c.id == bindparam("gone")), [{"gone": each} for each in gone])
    write(connection, given, now=now)


def one(connection: Connection, event_id: str) -> Event | None:
    """Give an event by its id."""
    row = connection.execute(select(events).where(events.c.id == event_id)).one_or_none()
    return None if row is None else _read(row)


def listing(  # noqa: PLR0913 -- one option a filter
    connection: Connection,
    *,
    asset: str | None,
    side: Side | None,
    since: datetime | None,
    until: datetime | None,
    cursor: str | None,
    limit: int,
) -> Page[Event]:
    """List events first reported in `[since, until)`, the newest first; `ALL` is an asset like others."""
    query = select(events)
    if asset is not None:
        query = query.join(event_assets).where(event_assets.c.asset == asset)
    if side is not None:
        query = query.where(events.c.side == side)
    if since is not None:
        query = query.where(events.c.sort_at >= since)
    if until is not None:
        query = query.where(events.c.sort_at < until)
    order = (events.c.sort_at, events.c.id)
    return page(connection, query, order=order, cursor=cursor, limit=limit, read=_read)


def _row(event: Event, *, now: datetime) -> dict[str, Any]:
    # Instants have columns of their own type; the rest is as its JSON.
    plain = event.model_dump(mode="json", exclude={"start", "end", "first_report"})
    return {**plain, "start": event.start, "end": event.end, "first_report": event.first_report, "first_seen": now}


def _read(row: Row[Any]) -> Event:
    return Event(**{name: getattr(row, name) for name in Event.model_fields})
