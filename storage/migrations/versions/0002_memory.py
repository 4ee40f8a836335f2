"""What polls learn of a feed, and the ids a topic had before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# SQLite wants INTEGER to use a key as the row's own number.
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("feed", sa.Column("memory", sa.Text(), nullable=False, server_default="{}"))
    op.create_table(
        "former_topic",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic_no", _KEY, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["topic_no"], ["topic.no"], name="fk_former_topic_topic_no_topic"),
        sa.PrimaryKeyConstraint("name", name="pk_former_topic"),
    )
