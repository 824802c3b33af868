"""Alembic's environment: migrations run on the connection and in the transaction of whoever opens the store."""

from __future__ import annotations

from alembic import context

from newsdetect.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite alters tables by copying them.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
