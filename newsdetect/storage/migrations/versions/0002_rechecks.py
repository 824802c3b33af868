"""What a document was last checked with, and each change of a claim's verdict."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("documents", sa.Column("market", sa.Text(), nullable=True))
    op.create_table(
        "verdicts",
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_verdicts_claim_id_claims"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("claim_id", "checked_at", name=op.f("pk_verdicts")),
    )
    op.execute(
        "INSERT INTO verdicts (claim_id, checked_at, verdict, probability, explanation) "
        "SELECT claim_id, checked_at, verdict, probability, explanation FROM checks"
    )


def downgrade() -> None:
    op.drop_table("verdicts")
    op.drop_column("documents", "market")
