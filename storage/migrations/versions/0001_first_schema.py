"""The first schema."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# SQLite wants INTEGER to use a key as the row's own number.
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _config_version()
    _feed()
    _fetch_log()
    _forgotten()
    _node()
    _note()
    _outbox()
    _story()
    _topic()
    _article()
    _article_indexes()
    _body()
    _match()


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _config_version() -> None:
    op.create_table(
        "config_version",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("digest", _KEY, nullable=False),
        sa.Column("files_z", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_config_version"),
    )


def _feed() -> None:
    op.create_table(
        "feed",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", _KEY, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("shard", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("every_s", sa.Float(), nullable=True),
        sa.Column("full_text", sa.Boolean(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("backfill", sa.Text(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("baseline_at", sa.BigInteger(), nullable=True),
        sa.Column("import_reported_at", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("polled_at", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("succeeded_at", sa.BigInteger(), nullable=True),
        sa.Column("newest_at", sa.BigInteger(), nullable=True),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("problem_detail", sa.Text(), nullable=False),
        sa.Column("fail_streak", sa.Integer(), nullable=False),
        sa.Column("kill_streak", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("lease_token", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
    )
    op.create_index("ix_feed_next_at", "feed", ["next_at"])
    op.create_index("ix_feed_unreported", "feed", ["baseline_at"], **_where("import_reported_at IS NULL"))
    op.create_index("uq_feed_url_hash", "feed", ["url_hash"], unique=True)


def _fetch_log() -> None:
    op.create_table(
        "fetch_log",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("feed_id", _KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("size_bytes", _KEY, nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("problem_detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_fetch_log"),
    )
    op.create_index("ix_fetch_log_at", "fetch_log", ["at"])


def _forgotten() -> None:
    op.create_table(
        "forgotten",
        sa.Column("feed_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("key_hash", _KEY, autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "key_hash", name="pk_forgotten"),
    )


def _node() -> None:
    op.create_table(
        "node",
        sa.Column("no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("last_id", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_node"),
    )


def _note() -> None:
    op.create_table(
        "note",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_note"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("topic_no", _KEY, nullable=False),
        sa.Column("story_id", _KEY, nullable=False),
        sa.Column("article_id", _KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("lease_token", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_article_id", "outbox", ["article_id"])
    op.create_index("ix_outbox_pending", "outbox", ["next_at"], **_where("state = 'pending'"))
    op.create_index("ix_outbox_sent_at", "outbox", ["sent_at"], **_where("sent_at IS NOT NULL"))
    op.create_index("ix_outbox_state_id", "outbox", ["state", "id"])
    op.create_index("ix_outbox_story_id_topic_no", "outbox", ["story_id", "topic_no"])
    op.create_index("uq_outbox_key", "outbox", ["key"], unique=True)


def _story() -> None:
    op.create_table(
        "story",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_story"),
    )


def _topic() -> None:
    op.create_table(
        "topic",
        sa.Column("no", _KEY, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_topic"),
    )
    op.create_index("uq_topic_name", "topic", ["name"], unique=True)


def _article() -> None:
    op.create_table(
        "article",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("feed_id", _KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("key_hash", _KEY, nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", _KEY, nullable=True),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("url_key_hash", _KEY, nullable=True),
        sa.Column("text_hash", sa.LargeBinary(), nullable=True),
        sa.Column("content_hash", _KEY, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("dateline", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=True),
        sa.Column("published_text", sa.Text(), nullable=False),
        sa.Column("published_from", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("completeness", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("problem_detail", sa.Text(), nullable=False),
        sa.Column("is_silent", sa.Boolean(), nullable=False),
        sa.Column("duplicate_of", _KEY, nullable=True),
        sa.Column("story_id", _KEY, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("lease_token", _KEY, nullable=False),
        sa.ForeignKeyConstraint(["duplicate_of"], ["article.id"], name="fk_article_duplicate_of_article"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_article_story_id_story"),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
    )


def _article_indexes() -> None:
    op.create_index("ix_article_duplicate_of", "article", ["duplicate_of"], **_where("duplicate_of IS NOT NULL"))
    op.create_index("ix_article_failed", "article", ["id"], **_where("stage = 'failed'"))
    op.create_index("ix_article_first_seen", "article", ["first_seen"])
    op.create_index("ix_article_new", "article", ["id"], **_where("stage = 'new'"))
    op.create_index("ix_article_new_origin", "article", ["origin", "id"], **_where("stage = 'new'"))
    op.create_index("ix_article_origin_id", "article", ["origin", "id"])
    op.create_index("ix_article_story_id", "article", ["story_id"], **_where("story_id IS NOT NULL"))
    op.create_index("ix_article_text_hash", "article", ["text_hash"], **_where("text_hash IS NOT NULL"))
    op.create_index("ix_article_url_hash", "article", ["url_hash"], **_where("url_hash IS NOT NULL"))
    op.create_index("ix_article_url_key_hash", "article", ["url_key_hash"], **_where("url_key_hash IS NOT NULL"))
    op.create_index("uq_article_key", "article", ["origin", "feed_id", "key_hash"], unique=True)


def _body() -> None:
    op.create_table(
        "body",
        sa.Column("article_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("text_z", sa.LargeBinary(), nullable=True),
        sa.Column("html_z", sa.LargeBinary(), nullable=True),
        sa.Column("teaser_z", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_body_article_id_article", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name="pk_body"),
    )


def _match() -> None:
    op.create_table(
        "match",
        sa.Column("article_id", _KEY, nullable=False),
        sa.Column("topic_no", _KEY, nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("watchlist_version", sa.Text(), nullable=False),
        sa.Column("matched_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_match_article_id_article", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["topic_no"], ["topic.no"], name="fk_match_topic_no_topic"),
        sa.PrimaryKeyConstraint("article_id", "topic_no", name="pk_match"),
    )
