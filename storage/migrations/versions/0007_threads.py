"""What a service calls a message that was sent, so that later ones can be put below it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("thread", sa.Text(), nullable=False, server_default=""))
