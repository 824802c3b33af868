"""INSERT … ON CONFLICT, which SQLite and PostgreSQL write alike but SQLAlchemy keeps in two places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

#: A row to write: a value for each column's name.
Values = Mapping[str, Any]


def insert_new(connection: Connection, table: Table, row: Values) -> bool:
    """Insert a row unless one with its key is there; tell whether it was inserted.

    A writer of the same key that is not done yet is waited for.
    """
    index = list(table.primary_key)
    statement = _insert(connection, table).on_conflict_do_nothing(index_elements=index).returning(*index)
    return connection.execute(statement, dict(row)).first() is not None


def upsert(connection: Connection, table: Table, rows: Sequence[Values], *, keep: tuple[str, ...] = ()) -> None:
    """Insert rows, or bring those with their key up to date; the columns in `keep` stay as they are there."""
    if not rows:
        return
    statement = _insert(connection, table)
    fixed = {*keep, *(column.name for column in table.primary_key)}
    changed = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in fixed}
    index = list(table.primary_key)
    statement = (
        statement.on_conflict_do_update(index_elements=index, set_=changed)
        if changed
        else statement.on_conflict_do_nothing(index_elements=index)
    )
    connection.execute(statement, [dict(row) for row in rows])


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
