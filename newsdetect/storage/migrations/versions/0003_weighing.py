"""How a check was weighed: end times tried, what was seen, and the ranges that follow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("checks", sa.Column("weighing", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("checks", "weighing")
