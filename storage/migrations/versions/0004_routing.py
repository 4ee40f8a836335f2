"""What holds an alert back, with what it then comes, and which go first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("rank", sa.SmallInteger(), nullable=False, server_default="1"))
    op.add_column("outbox", sa.Column("bundle", sa.Text(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("hold", sa.Text(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("held_until", sa.BigInteger(), nullable=True))
