"""Keyset paging: a cursor names the last row given, so rows that arrive meanwhile shift nothing.

A listing runs from the newest to the oldest by (time, id). A row that arrives with a newer time stands on a page that
was already given; nothing else is missed or given twice.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_

from newsdetect.errors import UsageError
from newsdetect.storage.rows import Page, Place

#: The most rows of one page.
LARGEST_PAGE = 500

Item = TypeVar("Item")


def write_cursor(place: Place) -> str:
    """Give the opaque cursor that starts behind `place`."""
    at, ident = place
    packed = json.dumps([at.astimezone(UTC).isoformat(), ident]).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(cursor: str) -> Place:
    """Give the place a cursor stands for; raise UsageError for one that is not ours."""
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        at, ident = json.loads(packed)
        place = datetime.fromisoformat(at).astimezone(UTC), str(ident)
    except (ValueError, TypeError, binascii.Error, OverflowError, RecursionError) as fault:
        raise UsageError(f"{cursor[:40]!r} is no cursor of ours: leave it out to start again", key="cursor") from fault
    return place


def after(cursor: str | None, at: ColumnElement[datetime], ident: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """Give the condition for rows behind the cursor."""
    if cursor is None:
        return []
    last_at, last_id = read_cursor(cursor)
    return [or_(at < last_at, and_(at == last_at, ident < last_id))]


def page(  # noqa: PLR0913 -- all that makes a listing
    connection: Connection,
    query: Select[Any],
    *,
    order: tuple[ColumnElement[datetime], ColumnElement[str]],
    cursor: str | None,
    limit: int,
    read: Callable[[Row[Any]], Item],
) -> Page[Item]:
    """Give one page of `query`; `order` are its (time, id) columns.

    Raise UsageError for a limit outside 1 to `LARGEST_PAGE` or a cursor that is not ours.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        raise UsageError(f"a page holds 1 to {LARGEST_PAGE} rows, not {limit}", key="limit")
    at, ident = order
    query = query.add_columns(at.label("_at"), ident.label("_id"))
    query = query.where(*after(cursor, at, ident)).order_by(at.desc(), ident.desc()).limit(limit + 1)
    rows = connection.execute(query).all()
    shown = rows[:limit]
    more = write_cursor((shown[-1]._at, shown[-1]._id)) if len(rows) > limit else None  # noqa: SLF001 -- our own labels
    return Page(items=tuple(read(row) for row in shown), next=more)
