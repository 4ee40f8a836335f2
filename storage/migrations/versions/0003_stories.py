"""Near copies and stories: what texts and stories are found by, and the texts before an edit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# SQLite wants INTEGER to use a key as the row's own number.
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("article", sa.Column("copy_kind", sa.Text(), nullable=False, server_default=""))
    op.add_column("body", sa.Column("sketch", sa.LargeBinary(), nullable=True))
    _fingerprint()
    _story()
    _earlier_body()


def _fingerprint() -> None:
    op.create_table(
        "fingerprint",
        sa.Column("hash", _KEY, autoincrement=False, nullable=False),
        sa.Column("article_id", _KEY, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash", "article_id", name="pk_fingerprint"),
        sqlite_with_rowid=False,
    )


def _story() -> None:
    op.add_column("story", sa.Column("language", sa.Text(), nullable=False, server_default=""))
    op.add_column("story", sa.Column("first_at", sa.BigInteger(), nullable=True))
    op.add_column("story", sa.Column("last_at", sa.BigInteger(), nullable=True))
    op.add_column("story", sa.Column("turn", _KEY, nullable=False, server_default="0"))
    op.add_column("story", sa.Column("terms", sa.LargeBinary(), nullable=True))
    is_open = sa.text("terms IS NOT NULL")
    op.create_index("ix_story_open", "story", ["language", "turn"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_table(
        "story_term",
        sa.Column("term", _KEY, autoincrement=False, nullable=False),
        sa.Column("story_id", _KEY, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("term", "story_id", name="pk_story_term"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "term_df",
        sa.Column("term", _KEY, autoincrement=False, nullable=False),
        sa.Column("df", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("term", name="pk_term_df"),
    )


def _earlier_body() -> None:
    op.create_table(
        "earlier_body",
        sa.Column("article_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("revision", _KEY, autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text_z", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_earlier_body_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "revision", name="pk_earlier_body"),
    )
