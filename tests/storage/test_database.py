"""Opening a store: schema, versions, faults of the database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, text

from newsdetect.checks.across import inconsistent
from newsdetect.checks.arithmetic import Conflict
from newsdetect.checks.check import CauseCheck
from newsdetect.errors import StoreError, UsageError
from newsdetect.storage import database
from newsdetect.storage.columns import escape, unescape
from newsdetect.storage.store import open_store
from newsdetect.storage.tables import metadata
from tests.storage.builders import make_article, make_check


def test_the_migrations_make_the_tables(store):
    """What the migrations make is what the statements expect, in both databases."""
    with store._transactions.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_one_we_look_for():
    """`HEAD`, by which opening skips Alembic, is the last file of the history."""
    history = ScriptDirectory(str(database._MIGRATIONS))
    assert history.get_current_head() == database.HEAD


def test_a_newer_database_is_left_alone(store, store_url):
    """A schema that this version does not know is refused, and the message says what to do."""
    with store._transactions.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"9999.*upgrade newsdetect"):
        open_store(store_url)


def test_two_that_open_a_new_database_do_not_meet(tmp_path):
    """Whoever comes second waits for the schema and finds it made."""
    for number in range(6):
        url = f"sqlite:///{tmp_path / str(number) / 'new.db'}"
        with ThreadPoolExecutor(4) as pool:
            for opened in pool.map(open_store, [url] * 4):
                with opened:
                    opened.ping()


def test_what_is_stored_outlives_migrations_back_and_forth(store):
    """The newest columns go and come back empty; a check that others turned is told what it said before they did."""
    doc, extraction = make_article()
    (claim,) = extraction.claims
    own = make_check(claim)
    causes = (CauseCheck(cause=0, type="price_drop", result="consistent"),)
    store.save_articles([(doc, extraction, (own,))], {doc.id: causes})
    conflict = Conflict("arithmetic.across", (claim.id, "another"), "two others tell of less")
    turned = inconsistent(own, (conflict,))
    store.save_checks([turned])
    _migrate(store, "0003", command.downgrade)
    with store._transactions.engine.connect() as connection:
        names = {table: {column["name"] for column in inspect(connection).get_columns(table)} for table in _ADDED}
    assert all(added not in names[table] for table, added in _ADDED.items())
    _migrate(store, "head", command.upgrade)
    assert store.checks_of([claim.id]) == {claim.id: turned}
    assert store.causes_of([doc.id]) == {doc.id: [(extraction.causes[0], None)]}


#: What came with 0004 and 0005.
_ADDED = {"checks": "alone", "causes": "checked"}


def _migrate(store, revision: str, way: Callable[[Config, str], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(database._MIGRATIONS))
    with store._transactions.writing() as connection:
        config.attributes["connection"] = connection
        way(config, revision)


def test_sqlite_writes_ahead_and_minds_its_keys(tmp_path):
    """The log is written ahead and foreign keys are enforced on every connection."""
    with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store, store._transactions.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


@pytest.mark.parametrize("url", ["", "what", "mysql://u:secret@h/db", "sqlite://", "sqlite:///:memory:"])
def test_only_files_and_postgresql_are_opened(url):
    """Any other URL is the caller's mistake; its password is not repeated."""
    with pytest.raises(UsageError) as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def test_what_is_no_database_is_named(tmp_path):
    """A file that is none gives a StoreError with its name."""
    file = tmp_path / "notes.db"
    file.write_text("not a database, " * 100)
    with pytest.raises(StoreError, match=r"notes\.db"):
        open_store(f"sqlite:///{file}")


def test_a_server_that_is_not_there_is_named_without_its_password():
    """The message has the server and the remedy, never the password."""
    with pytest.raises(StoreError, match=r"127\.0\.0\.1") as caught:
        open_store("postgresql://user:secret@127.0.0.1:1/none?connect_timeout=2")
    assert "secret" not in str(caught.value)


@given(st.text(st.characters()))
def test_escaping_loses_nothing(any_text):
    """Any text, lone surrogates included, comes back, and what is stored is plain."""
    stored = escape(any_text)
    assert unescape(stored) == any_text
    assert "\x00" not in stored
    stored.encode()


@given(st.text(st.sampled_from("\x00\x1a0aé")), st.text(st.sampled_from("\x00\x1a0aé")))
def test_escaping_keeps_texts_apart(one, other):
    """Two texts are stored alike only if they are the same, so a filter finds what it asks for."""
    assert (escape(one) == escape(other)) == (one == other)
