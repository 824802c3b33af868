"""Rows by many ids: asked for in batches, for a statement takes 65,535 values in PostgreSQL and 32,766 in SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select

_AT_ONCE = 10_000


def rows_among(
    connection: Connection, query: Select[Any], column: ColumnElement[str], ids: Iterable[str]
) -> Iterator[Row[Any]]:
    """Give the rows of `query` whose `column` is one of `ids`, in no order."""
    wanted = list(dict.fromkeys(ids))
    for first in range(0, len(wanted), _AT_ONCE):
        yield from connection.execute(query.where(column.in_(wanted[first : first + _AT_ONCE])))
