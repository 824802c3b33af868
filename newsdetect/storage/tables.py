"""The tables: what can be asked for has a column, the rest of a value is kept beside it as JSON.

`sort_at` is a row's place in listings: when its document was published, or was first seen where nobody says.
Every change here needs a migration (`migrations/versions`); a test holds the two against each other.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
)

from newsdetect.storage.columns import Json, Moment, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

documents = Table(
    "documents",
    metadata,
    Column("id", Words, primary_key=True),
    Column("url", Words),
    Column("canonical_url", Words),
    Column("outlet", Words),
    Column("language", Words),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    #: Null where it is unknown; `published` holds where it was read and how precisely.
    Column("published_at", Moment),
    Column("published", Json),
    Column("dates", Json, nullable=False),
    Column("citations", Json, nullable=False),
    #: Whether its extraction reports an event.
    Column("event", Boolean, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("sort_at", Moment, nullable=False),
    #: A hash of document and extraction: the same article again changes nothing.
    Column("digest", Words, nullable=False),
    #: What the market archive held of its claims' time when they were last checked anew; null before that.
    Column("market", Words),
    Index(None, "sort_at", "id"),
)


def _of_document(*, primary_key: bool = False) -> Column[str]:
    return Column(
        "document_id", Words, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=primary_key, nullable=False
    )


claims = Table(
    "claims",
    metadata,
    Column("id", Words, primary_key=True),
    _of_document(),
    #: Its place among the document's claims.
    Column("position", Integer, nullable=False),
    Column("metric", Words, nullable=False),
    Column("value", Double, nullable=False),
    Column("low", Double),
    Column("high", Double),
    Column("unit", Words, nullable=False),
    Column("hedge", Words, nullable=False),
    Column("window", Json),
    Column("side", Words, nullable=False),
    Column("asset", Words, nullable=False),
    Column("venue", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("attributed_to", Words),
    Column("evidence_start", Integer, nullable=False),
    Column("evidence_end", Integer, nullable=False),
    Column("evidence_text", Words, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("rules", Json, nullable=False),
    #: The document's.
    Column("sort_at", Moment, nullable=False),
    Index(None, "document_id", "position"),
    Index(None, "sort_at", "id"),
)

causes = Table(
    "causes",
    metadata,
    _of_document(primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("type", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("rules", Json, nullable=False),
    #: What its check came to; null as long as there was none.
    Column("checked", Json),
)

checks = Table(
    "checks",
    metadata,
    Column("claim_id", Words, ForeignKey("claims.id", ondelete="CASCADE"), primary_key=True),
    Column("verdict", Words, nullable=False),
    Column("probability", Double),
    Column("window_start", Moment),
    Column("window_end", Moment),
    Column("evidence", Json, nullable=False),
    Column("explanation", Words, nullable=False),
    Column("weighing", Json),
    Column("alone", Json),
    Column("simulated", Boolean, nullable=False),
    Column("checked_at", Moment, nullable=False),
    Index(None, "checked_at", "claim_id"),
)

#: Each change of a claim's verdict, with its time; the newest is the one in `checks`.
verdicts = Table(
    "verdicts",
    metadata,
    Column("claim_id", Words, ForeignKey("claims.id", ondelete="CASCADE"), primary_key=True),
    Column("checked_at", Moment, primary_key=True),
    Column("verdict", Words, nullable=False),
    Column("probability", Double),
    Column("explanation", Words, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Words, primary_key=True),
    Column("start", Moment),
    Column("end", Moment),
    Column("assets", Json, nullable=False),
    Column("side", Words, nullable=False),
    Column("figures", Json, nullable=False),
    Column("documents", Json, nullable=False),
    Column("first_report", Moment),
    Column("observers", Json, nullable=False),
    Column("independent", Integer, nullable=False),
    Column("lineage", Json, nullable=False),
    Column("causes", Json, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("sort_at", Moment, nullable=False),
    Index(None, "sort_at", "id"),
)

#: Which events to give for an asset.
event_assets = Table(
    "event_assets",
    metadata,
    Column("event_id", Words, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("asset", Words, primary_key=True),
    Index(None, "asset"),
)

feeds = Table(
    "feeds",
    metadata,
    #: A hash of the URL: PostgreSQL takes no key of more than 2.7 kB, and a redirect may lead to any URL.
    Column("id", Words, primary_key=True),
    Column("url", Words, nullable=False),
    Column("state", Json, nullable=False),
)

faults = Table(
    "faults",
    metadata,
    #: A hash of what, key and message: a fault that comes again is the same fault, seen later.
    Column("id", Words, primary_key=True),
    Column("what", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("message", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "at", "id"),
)
