"""Reading and writing checks: one a claim, the latest, and the verdicts that went before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from newsdetect.checks.check import Check, Verdict
from newsdetect.errors import StoreError
from newsdetect.storage.lookups import rows_among
from newsdetect.storage.paging import page
from newsdetect.storage.rows import Page, PastVerdict, StoredCheck
from newsdetect.storage.tables import checks, claims, verdicts
from newsdetect.storage.upserts import upsert
from newsdetect.types import Period


def write(connection: Connection, given: Iterable[Check], *, now: datetime) -> None:
    """Write checks; one that says what is stored already leaves it, its time included.

    Raise StoreError for a check of a claim that is not stored.
    """
    fresh = {check.claim_id: check for check in given}
    stored = of_claims(connection, fresh)
    changed = [check for ident, check in fresh.items() if stored.get(ident) != check]
    asked = (check.claim_id for check in changed)
    known = {row.id for row in rows_among(connection, select(claims.c.id), claims.c.id, asked)}
    for check in changed:
        if check.claim_id not in known:
            raise StoreError(f"claim {check.claim_id} is not stored: save its article first", key=check.claim_id)
    rows = [_row(check, now=now) for check in changed]
    upsert(connection, checks, rows)
    turned = [row for row in rows if (was := stored.get(row["claim_id"])) is None or was.verdict != row["verdict"]]
    upsert(connection, verdicts, [{column.name: row[column.name] for column in verdicts.columns} for row in turned])


def of_claims(connection: Connection, claim_ids: Iterable[str]) -> dict[str, Check]:
    """Give the checks of those claims that have one, by the claim's id."""
    return {row.claim_id: _read(row) for row in rows_among(connection, select(checks), checks.c.claim_id, claim_ids)}


def history(connection: Connection, claim_ids: Iterable[str]) -> dict[str, tuple[PastVerdict, ...]]:
    """Give the verdicts that claims have had, by the claim's id, the oldest first; the last is the one that holds."""
    found: dict[str, list[PastVerdict]] = defaultdict(list)
    for row in rows_among(connection, select(verdicts), verdicts.c.claim_id, claim_ids):
        fields = {name: getattr(row, name) for name in PastVerdict.model_fields}
        found[row.claim_id].append(PastVerdict(**fields))
    return {ident: tuple(sorted(many, key=lambda one: one.checked_at)) for ident, many in found.items()}


def listing(  # noqa: PLR0913 -- one option a filter
    connection: Connection,
    *,
    verdict: Verdict | None,
    since: datetime | None,
    until: datetime | None,
    cursor: str | None,
    limit: int,
) -> Page[StoredCheck]:
    """List checks made in `[since, until)`, the newest first."""
    query = select(checks)
    if verdict is not None:
        query = query.where(checks.c.verdict == verdict)
    if since is not None:
        query = query.where(checks.c.checked_at >= since)
    if until is not None:
        query = query.where(checks.c.checked_at < until)
    order = (checks.c.checked_at, checks.c.claim_id)
    return page(connection, query, order=order, cursor=cursor, limit=limit, read=_stored)


def _row(check: Check, *, now: datetime) -> dict[str, Any]:
    return {
        "claim_id": check.claim_id,
        "verdict": check.verdict,
        "probability": check.probability,
        "window_start": check.window.start if check.window else None,
        "window_end": check.window.end if check.window else None,
        "evidence": [each.model_dump(mode="json") for each in check.evidence],
        "explanation": check.explanation,
        "weighing": check.weighing.model_dump(mode="json") if check.weighing else None,
        "alone": check.alone.model_dump(mode="json") if check.alone else None,
        "simulated": check.simulated,
        "checked_at": now,
    }


def _read(row: Row[Any]) -> Check:
    return Check(
        claim_id=row.claim_id,
        verdict=row.verdict,
        probability=row.probability,
        window=Period(start=row.window_start, end=row.window_end) if row.window_start else None,
        evidence=row.evidence,
        explanation=row.explanation,
        weighing=row.weighing,
        alone=row.alone,
        simulated=row.simulated,
    )


def _stored(row: Row[Any]) -> StoredCheck:
    return StoredCheck(check=_read(row), checked_at=row.checked_at)
