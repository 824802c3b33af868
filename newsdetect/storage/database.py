"""Opening a database: the engine with what each of the two needs, and the schema brought up to this version's.

SQLite: write-ahead log, foreign keys on, and a writer takes the write lock when it begins (a transaction that first
reads and then writes cannot wait for a lock and would fail). PostgreSQL: psycopg 3. Alembic is loaded only where the
schema is not this version's, so that opening a store that is up to date stays quick.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from newsdetect.errors import StoreError, UsageError

#: The newest migration; a database that says so needs nothing done.
HEAD = "0005"
_MIGRATIONS = Path(__file__).parent / "migrations"
#: Any number, the same in all versions: who migrates a PostgreSQL database holds this lock.
_LOCK = 7_305_213_001
_WRITES = "newsdetect_writes"
#: How long a SQLite writer waits for another one.
_BUSY_MS = 30_000
#: Where SQLite does not wait by itself, it is asked again so often.
_AGAIN_S = 0.02


def connect(url: str) -> Engine:
    """Open the database at `url` and bring its schema up to date.

    Raise UsageError for a URL that is none of ours, StoreError where the database cannot be reached or is of a newer
    version.
    """
    target = _target(url)
    engine = _sqlite(target) if target.get_backend_name() == "sqlite" else _postgresql(target)
    try:
        _migrate(engine)
    except SQLAlchemyError as fault:
        engine.dispose()
        raise unreachable(engine, fault) from fault
    except StoreError:
        engine.dispose()
        raise
    return engine


def writing(engine: Engine) -> Engine:
    """Give the engine whose transactions are going to write."""
    return engine.execution_options(**{_WRITES: True})


def name(engine: Engine) -> str:
    """Name the database without its password."""
    return engine.url.render_as_string(hide_password=True)


def unreachable(engine: Engine, fault: SQLAlchemyError) -> StoreError:
    """Say that the database failed: its own first line, never the statement, which may hold article text."""
    reason = str(getattr(fault, "orig", None) or type(fault).__name__).strip().splitlines()[0]
    remedy = "see that it is there, may be written and has room, then run again"
    return StoreError(f"{name(engine)}: the database failed ({reason}): {remedy}", key=name(engine))


def _target(url: str) -> URL:
    try:
        target = make_url(url)
    except ArgumentError as fault:
        raise UsageError(f"{url}: no database URL; write sqlite:///FILE or postgresql://…", key=url) from fault
    if target.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return target.set(drivername="postgresql+psycopg")
    shown = target.render_as_string(hide_password=True)
    if target.get_backend_name() != "sqlite":
        raise UsageError(f"{shown}: neither SQLite nor PostgreSQL; write sqlite:///FILE or postgresql://…", key=shown)
    if target.database in (None, "", ":memory:"):
        raise UsageError(f"{shown}: the store needs a file: sqlite:///FILE", key=shown)
    return target


def _postgresql(target: URL) -> Engine:
    return create_engine(target, pool_pre_ping=True, hide_parameters=True)


def _sqlite(target: URL) -> Engine:
    assert target.database is not None
    file = Path(target.database)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreError(f"{file.parent}: the database's folder cannot be made: {fault}", key=str(file)) from fault
    engine = create_engine(target, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401 -- sqlite3's connection, wrapped
        # Transactions are begun by us, below; the driver's own way begins them too late.
        connection.isolation_level = None
        cursor = connection.cursor()
        # First of all: switching to the write-ahead log waits for others as well.
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch to the write-ahead log; for another who switches at the same moment SQLite does not wait by itself."""
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as fault:
            # The code's lowest byte says what happened, the rest why.
            if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_AGAIN_S)
        else:
            return


def _migrate(engine: Engine) -> None:
    """Bring the schema to `HEAD`; whoever comes second waits and finds it done."""
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with writing(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        _upgrade(engine, connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(engine: Engine, connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 -- only a new or an old database pays for it
    from alembic.config import Config  # noqa: PLC0415 -- likewise
    from alembic.script import ScriptDirectory  # noqa: PLC0415 -- likewise

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    version = _version(connection)
    if version is not None and version not in known:
        shown = name(engine)
        raise StoreError(
            f"{shown}: written by a newer newsdetect (schema {version}, this one knows up to {HEAD}): "
            "upgrade newsdetect, or name another database",
            key=shown,
        )
    command.upgrade(config, "head")
