"""Reading and writing claims and causes; they are written only together with their document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from newsdetect.claims.claim import Cause, Claim, Extraction
from newsdetect.storage.lookups import rows_among
from newsdetect.storage.paging import page
from newsdetect.storage.rows import ClaimFilter, DocumentRef, Page, StoredClaim
from newsdetect.storage.tables import causes, claims, documents
from newsdetect.types import Span

# A document's columns that a claim's own do not overshadow.
_WITH_DOCUMENT = (
    claims,
    documents.c.title,
    documents.c.url,
    documents.c.outlet,
    documents.c.published_at,
    documents.c.event,
)


def rows_of(extraction: Extraction, *, sort_at: datetime) -> list[dict[str, Any]]:
    """Give the rows of an extraction's claims; a claim that stands in it twice is one row."""
    rows: dict[str, dict[str, Any]] = {}
    for position, claim in enumerate(extraction.claims):
        plain = claim.model_dump(mode="json", exclude={"evidence"})
        evidence = {f"evidence_{part}": getattr(claim.evidence, part) for part in ("start", "end", "text")}
        own = {"document_id": extraction.id, "position": position, "sort_at": sort_at}
        rows.setdefault(claim.id, {**plain, **evidence, **own})
    return list(rows.values())


def cause_rows(extraction: Extraction) -> list[dict[str, Any]]:
    """Give the rows of an extraction's causes."""
    return [
        {**cause.model_dump(mode="json"), "document_id": extraction.id, "position": position}
        for position, cause in enumerate(extraction.causes)
    ]


def listing(connection: Connection, wanted: ClaimFilter, *, cursor: str | None, limit: int) -> Page[StoredClaim]:
    """List the claims that the filter lets through, the newest document's first."""
    query = select(*_WITH_DOCUMENT).join(documents).where(*_conditions(wanted))
    order = (claims.c.sort_at, claims.c.id)
    return page(connection, query, order=order, cursor=cursor, limit=limit, read=_stored)


def by_id(connection: Connection, ids: Iterable[str]) -> dict[str, StoredClaim]:
    """Give those claims that are stored, by id."""
    query = select(*_WITH_DOCUMENT).join(documents)
    return {row.id: _stored(row) for row in rows_among(connection, query, claims.c.id, ids)}


def extractions(
    connection: Connection, events: Mapping[str, bool], *, start: datetime | None = None
) -> dict[str, Extraction]:
    """Give the extractions of documents: `events` says of each id whether it reports one.

    `start` is the earliest time among them, null for any: so one query serves, however many they are.
    """
    own_claims: dict[str, list[Claim]] = defaultdict(list)
    own_causes: dict[str, list[Cause]] = defaultdict(list)
    for row in connection.execute(_from(claims, start)):
        own_claims[row.document_id].append(read(row))
    for row in connection.execute(_from(causes, start)):
        own_causes[row.document_id].append(cause_of(row))
    return {
        ident: Extraction(id=ident, event=event, claims=tuple(own_claims[ident]), causes=tuple(own_causes[ident]))
        for ident, event in events.items()
    }


def of_document(connection: Connection, document_id: str) -> Extraction | None:
    """Give what was read out of one document."""
    event = connection.execute(select(documents.c.event).where(documents.c.id == document_id)).scalar()
    if event is None:
        return None
    own = {
        table: connection.execute(
            select(table).where(table.c.document_id == document_id).order_by(table.c.position)
        ).all()
        for table in (claims, causes)
    }
    return Extraction(
        id=document_id,
        event=event,
        claims=tuple(read(row) for row in own[claims]),
        causes=tuple(cause_of(row) for row in own[causes]),
    )


def read(row: Row[Any]) -> Claim:
    """Make a claim of its row."""
    fields = {name: getattr(row, name) for name in Claim.model_fields if name != "evidence"}
    evidence = Span(start=row.evidence_start, end=row.evidence_end, text=row.evidence_text)
    return Claim(**fields, evidence=evidence)


def cause_of(row: Row[Any]) -> Cause:
    """Make a cause of its row."""
    return Cause(**{name: getattr(row, name) for name in Cause.model_fields})


def _stored(row: Row[Any]) -> StoredClaim:
    ref = DocumentRef(
        id=row.document_id,
        title=row.title,
        url=row.url,
        outlet=row.outlet,
        published=row.published_at,
        event=row.event,
    )
    return StoredClaim(claim=read(row), document=ref)


def _from(table: Table, start: datetime | None) -> Select[Any]:
    query = select(table).order_by(table.c.document_id, table.c.position)
    return query if start is None else query.join(documents).where(documents.c.sort_at >= start)


def _conditions(wanted: ClaimFilter) -> list[Any]:
    names = ("asset", "venue", "side", "metric", "status")
    asked = [claims.c[name] == value for name in names if (value := getattr(wanted, name)) is not None]
    if wanted.min_usd is not None:
        asked += [claims.c.unit == "USD", claims.c.value >= wanted.min_usd]
    if wanted.since is not None:
        asked.append(claims.c.sort_at >= wanted.since)
    if wanted.until is not None:
        asked.append(claims.c.sort_at < wanted.until)
    return asked
