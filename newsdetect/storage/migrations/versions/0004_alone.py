"""What a check says by itself, where other articles speak against it; of stored ones, the last verdict before that."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_CHECKS = sa.table(
    "checks", *(sa.column(name, sa.Text()) for name in ("claim_id", "verdict", "evidence", "alone"))
)
_VERDICTS = sa.table(
    "verdicts",
    *(sa.column(name, sa.Text()) for name in ("claim_id", "verdict", "explanation")),
    sa.column("checked_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.add_column("checks", sa.Column("alone", sa.Text(), nullable=True))
    connection = op.get_bind()
    turned = connection.execute(
        sa.select(_CHECKS.c.claim_id, _CHECKS.c.evidence).where(_CHECKS.c.verdict == "inconsistent")
    ).all()
    for claim_id, evidence in turned:
        if not any(row.get("source") == "other reports" for row in json.loads(evidence)):
            continue
        before = connection.execute(
            sa.select(_VERDICTS.c.verdict, _VERDICTS.c.explanation)
            .where(_VERDICTS.c.claim_id == claim_id, _VERDICTS.c.verdict != "inconsistent")
            .order_by(_VERDICTS.c.checked_at.desc())
            .limit(1)
        ).first()
        if before is not None:
            alone = json.dumps({"verdict": before[0], "explanation": before[1]})
            connection.execute(sa.update(_CHECKS).where(_CHECKS.c.claim_id == claim_id).values(alone=alone))


def downgrade() -> None:
    op.drop_column("checks", "alone")
