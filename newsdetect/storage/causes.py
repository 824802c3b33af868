"""Reading causes with their checks, and writing the checks; the causes are written with their document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, select, update

from newsdetect.checks.check import CauseCheck
from newsdetect.claims.claim import Cause
from newsdetect.storage.claims import cause_of
from newsdetect.storage.lookups import rows_among
from newsdetect.storage.tables import causes


def write_checks(connection: Connection, given: Mapping[str, Sequence[CauseCheck]]) -> None:
    """Write checks beside the causes they are of; one of another type than is stored in its place is left out."""
    rows = [
        {"doc": document, "place": check.cause, "kind": check.type, "told": check.model_dump(mode="json")}
        for document, checks in sorted(given.items())
        for check in checks
    ]
    if rows:
        place = (
            causes.c.document_id == bindparam("doc"),
            causes.c.position == bindparam("place"),
            causes.c.type == bindparam("kind"),
        )
        connection.execute(update(causes).where(*place).values(checked=bindparam("told")), rows)


def of_documents(
    connection: Connection, document_ids: Iterable[str]
) -> dict[str, list[tuple[Cause, CauseCheck | None]]]:
    """Give the causes of documents in their order, by the document's id, each with its check where it has one."""
    found = defaultdict(list)
    rows = rows_among(connection, select(causes), causes.c.document_id, document_ids)
    for row in sorted(rows, key=lambda one: (one.document_id, one.position)):
        check = CauseCheck.model_validate(row.checked) if row.checked is not None else None
        found[row.document_id].append((cause_of(row), check))
    return dict(found)
