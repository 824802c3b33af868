"""The transactions of one database: a connection that reads or writes, and faults that name their database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from newsdetect.storage import database


class Transactions:
    """Connections of one engine. All methods but `close` raise StoreError where the database fails."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.writer = database.writing(engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read by."""
        with self._named(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose writes all happen as it closes, or none of them."""
        with self._named(), self.writer.begin() as connection:
            yield connection

    def ping(self) -> None:
        """Ask the database for a sign of life."""
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Say of a database's fault which database it was and what to do."""
        try:
            yield
        except SQLAlchemyError as fault:
            raise database.unreachable(self.engine, fault) from fault
