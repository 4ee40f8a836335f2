"""What people say of alerts: judgements, and mutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# SQLite wants INTEGER to use a key as the row's own number.
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "judgement",
        sa.Column("article_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("topic_no", _KEY, autoincrement=False, nullable=False),
        sa.Column("is_relevant", sa.Boolean(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "topic_no", name="pk_judgement"),
    )
    op.create_table(
        "mute",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mute"),
    )
    condition = sa.text("told_at IS NULL")
    op.create_index("ix_mute_until", "mute", ["until"], sqlite_where=condition, postgresql_where=condition)
