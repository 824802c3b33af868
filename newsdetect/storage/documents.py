"""Reading and writing documents with all that was read out of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, select, update

from newsdetect.claims.claim import Extraction
from newsdetect.documents.document import Document
from newsdetect.storage import claims as claim_rows
from newsdetect.storage.lookups import rows_among
from newsdetect.storage.paging import page
from newsdetect.storage.rows import DocumentRef, Page
from newsdetect.storage.tables import causes, claims, documents
from newsdetect.storage.upserts import insert_new, upsert

#: The columns of a `DocumentRef`.
REF: tuple[ColumnElement[Any], ...] = (
    documents.c.id,
    documents.c.title,
    documents.c.url,
    documents.c.outlet,
    documents.c.published_at,
    documents.c.event,
)


def write(connection: Connection, doc: Document, extraction: Extraction, *, now: datetime) -> bool:
    """Write a document and its extraction, which replaces an older one; tell whether the document is new.

    Claims that stay the same keep their checks.
    """
    row = _row(doc, extraction, now=now)
    new = insert_new(connection, documents, row)
    if not new:
        # The row is locked from here on: who re-reads one article at once does so in turn.
        stored = connection.execute(
            select(documents.c.digest, documents.c.first_seen).where(documents.c.id == doc.id).with_for_update()
        ).one()
        if stored.digest == row["digest"]:
            return False
        row["first_seen"] = stored.first_seen
        row["sort_at"] = row["published_at"] or stored.first_seen
        connection.execute(update(documents).where(documents.c.id == doc.id).values(row))
    _write_extraction(connection, extraction, sort_at=row["sort_at"])
    return new


def one(connection: Connection, document_id: str) -> Document | None:
    """Give a document by its id."""
    row = connection.execute(select(documents).where(documents.c.id == document_id)).one_or_none()
    return None if row is None else read(row)


def many(connection: Connection, ids: Iterable[str]) -> dict[str, Document]:
    """Give those documents that are stored, by id."""
    return {row.id: read(row) for row in rows_among(connection, select(documents), documents.c.id, ids)}


def refs(connection: Connection, ids: Iterable[str]) -> dict[str, DocumentRef]:
    """Give references to those documents that are stored, by id."""
    return {row.id: read_ref(row) for row in rows_among(connection, select(*REF), documents.c.id, ids)}


def listing(
    connection: Connection, *, since: datetime | None, until: datetime | None, cursor: str | None, limit: int
) -> Page[DocumentRef]:
    """List documents whose time lies in `[since, until)`, the newest first."""
    query = select(*REF)
    if since is not None:
        query = query.where(documents.c.sort_at >= since)
    if until is not None:
        query = query.where(documents.c.sort_at < until)
    order = (documents.c.sort_at, documents.c.id)
    return page(connection, query, order=order, cursor=cursor, limit=limit, read=read_ref)


def since(connection: Connection, start: datetime | None) -> list[tuple[Document, Extraction]]:
    """Give all articles from `start` on, the oldest first."""
    query = select(documents).order_by(documents.c.sort_at, documents.c.id)
    if start is not None:
        query = query.where(documents.c.sort_at >= start)
    rows = connection.execute(query).all()
    extractions = claim_rows.extractions(connection, {row.id: row.event for row in rows}, start=start)
    return [(read(row), extractions[row.id]) for row in rows]


def read(row: Row[Any]) -> Document:
    """Make a document of its row."""
    return Document(
        id=row.id,
        title=row.title,
        text=row.text,
        url=row.url,
        canonical_url=row.canonical_url,
        outlet=row.outlet,
        language=row.language,
        published=row.published,
        dates=row.dates,
        citations=row.citations,
    )


def read_ref(row: Row[Any]) -> DocumentRef:
    """Make a reference of the columns in `REF`; they may stand under these names in any query."""
    return DocumentRef(
        id=row.id, title=row.title, url=row.url, outlet=row.outlet, published=row.published_at, event=row.event
    )


def _row(doc: Document, extraction: Extraction, *, now: datetime) -> dict[str, Any]:
    plain = doc.model_dump(mode="json", exclude={"id", "title", "text"})
    published_at = doc.published.at if doc.published else None
    return {
        **plain,
        "id": doc.id,
        "title": doc.title,
        "text": doc.text,
        "published_at": published_at,
        "event": extraction.event,
        "first_seen": now,
        "sort_at": published_at or now,
        "digest": _digest(doc, extraction),
        # Claims that changed are to be held against the market anew.
        "market": None,
    }


def _digest(doc: Document, extraction: Extraction) -> str:
    whole = json.dumps([doc.model_dump(mode="json"), extraction.model_dump(mode="json")], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _write_extraction(connection: Connection, extraction: Extraction, *, sort_at: datetime) -> None:
    rows = claim_rows.rows_of(extraction, sort_at=sort_at)
    stored = set(connection.scalars(select(claims.c.id).where(claims.c.document_id == extraction.id)))
    gone = [{"gone": ident} for ident in stored - {row["id"] for row in rows}]
    if gone:
        connection.execute(delete(claims).where(claims.c.id == bindparam("gone")), gone)
    upsert(connection, claims, rows)
    connection.execute(delete(causes).where(causes.c.document_id == extraction.id))
    upsert(connection, causes, claim_rows.cause_rows(extraction))
