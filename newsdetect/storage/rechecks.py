"""Documents whose claims may have to be checked anew, and what comes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from newsdetect.checks.check import CauseCheck, Check
from newsdetect.claims.claim import Claim
from newsdetect.storage import causes as cause_rows
from newsdetect.storage import checks as check_rows
from newsdetect.storage import claims as claim_rows
from newsdetect.storage.lookups import rows_among
from newsdetect.storage.rows import CheckedDocument
from newsdetect.storage.tables import claims, documents


def documents_after(connection: Connection, after: str, limit: int) -> list[CheckedDocument]:
    """Give documents that claim something, without their texts, in the order of their ids."""
    claiming = select(claims.c.document_id).where(claims.c.document_id == documents.c.id).exists()
    query = (
        select(documents.c.id, documents.c.published, documents.c.market)
        .where(documents.c.id > after, claiming)
        .order_by(documents.c.id)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    own: dict[str, list[tuple[int, Claim]]] = defaultdict(list)
    for row in rows_among(connection, select(claims), claims.c.document_id, (row.id for row in rows)):
        own[row.document_id].append((row.position, claim_rows.read(row)))
    return [
        CheckedDocument(
            id=row.id,
            published=row.published,
            claims=tuple(claim for _, claim in sorted(own[row.id], key=lambda one: one[0])),
            market=row.market,
        )
        for row in rows
    ]


def write(  # noqa: PLR0913 -- what a recheck comes to
    connection: Connection,
    document_id: str,
    given: Sequence[Check],
    causes: Sequence[CauseCheck],
    *,
    market: str,
    now: datetime,
) -> None:
    """Write a document's new checks, those of its causes, and what the market held for them."""
    known = set(connection.scalars(select(claims.c.id).where(claims.c.document_id == document_id)))
    check_rows.write(connection, [check for check in given if check.claim_id in known], now=now)
    if known == {check.claim_id for check in given}:
        cause_rows.write_checks(connection, {document_id: causes})
        connection.execute(update(documents).where(documents.c.id == document_id).values(market=market))
