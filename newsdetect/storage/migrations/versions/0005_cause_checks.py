"""What the check of a cause came to, beside the cause."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("causes", sa.Column("checked", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("causes", "checked")
