"""The tables, as SQLModel classes. Rows never leave this package: what goes out are the values of `monitor.model`.

The migrations are the truth for a database; a test holds these classes and the migrated schema together. The hot path
uses the plain tables at the end of this module.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, SmallInteger
from sqlmodel import Field

from storage.columns import Id, Json, Words
from storage.feedback_tables import judgements, mutes
from storage.schema import (
    Base,
    Blob,
    Key,
    MaybeBlob,
    MaybeRef,
    MaybeTime,
    Ref,
    Small,
    Text,
    Time,
    Value,
    partial_index,
    table_of,
)
from storage.story_tables import earlier_bodies, fingerprints, stories, story_terms, term_df

__all__ = [
    "Base",
    "articles",
    "bodies",
    "config_versions",
    "earlier_bodies",
    "feeds",
    "fetch_log",
    "fingerprints",
    "forgotten",
    "former_topics",
    "judgements",
    "matches",
    "mutes",
    "nodes",
    "notes",
    "outbox",
    "stories",
    "story_terms",
    "term_df",
    "topics",
]


class NodeRow(Base, table=True):
    """A node number, leased to a process until a time. `last_id` is the last id known of it."""

    __tablename__ = "node"
    no: int = Field(sa_type=SmallInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    until: Time
    last_id: Ref


class NoteRow(Base, table=True):
    """A small fact under a name."""

    __tablename__ = "note"
    name: str = Field(sa_type=Words, primary_key=True)
    value: Text


class ConfigRow(Base, table=True):
    """The files of a watchlist that was taken over, compressed; `digest` is its version as a number."""

    __tablename__ = "config_version"
    id: Key
    saved_at: Time
    digest: Ref
    files_z: Blob


class TopicRow(Base, table=True):
    """The number of a topic. `name` is its id in the watchlist, which may be renamed."""

    __tablename__ = "topic"
    __table_args__ = (Index("uq_topic_name", "name", unique=True),)
    no: Key
    name: Text
    added_at: Time


class FormerTopicRow(Base, table=True):
    """An id that a topic had before it was renamed, so that it is known again when the user goes back."""

    __tablename__ = "former_topic"
    name: str = Field(sa_type=Words, primary_key=True)
    topic_no: int = Field(sa_type=Id, foreign_key="topic.no")
    until: Time


class FeedRow(Base, table=True):
    """A feed: what the user wrote, what polls found, and when it is due. What opens it stays out: it is secret."""

    __tablename__ = "feed"
    __table_args__ = (
        Index("uq_feed_url_hash", "url_hash", unique=True),
        Index("ix_feed_next_at", "next_at"),
        partial_index("ix_feed_unreported", "baseline_at", where="import_reported_at IS NULL"),
    )
    id: Key
    url: Text
    url_hash: Ref
    host: Text
    shard: Small
    name: Text
    tags: Value
    every_s: float | None
    full_text: bool | None
    language: Text
    backfill: Text
    is_enabled: bool
    title: Text
    site: Text
    etag: Text
    last_modified: Text
    body_hash: Blob
    added_at: Time
    baseline_at: MaybeTime
    import_reported_at: MaybeTime
    next_at: Time
    polled_at: MaybeTime
    read_at: MaybeTime
    succeeded_at: MaybeTime
    newest_at: MaybeTime
    failing_since: MaybeTime
    problem: Text
    problem_detail: Text
    fail_streak: int
    kill_streak: int
    entry_count: int
    memory: Any = Field(sa_type=Json, nullable=False, sa_column_kwargs={"server_default": "{}"})
    lease_until: MaybeTime
    lease_token: Ref


class FetchRow(Base, table=True):
    """One poll of a feed. Rows are only added, and deleted by age."""

    __tablename__ = "fetch_log"
    __table_args__ = (Index("ix_fetch_log_at", "at"),)
    id: Key
    feed_id: Ref
    at: Time
    status: Small
    ms: int
    size_bytes: Ref
    new: int
    revised: int
    problem: Text
    problem_detail: Text


class ArticleRow(Base, table=True):
    """An article without its texts. `feed_id` is 0 if no feed brought it; `content_hash` is of the draft as it came."""

    __tablename__ = "article"
    __table_args__ = (
        Index("uq_article_key", "origin", "feed_id", "key_hash", unique=True),
        partial_index("ix_article_new", "id", where="stage = 'new'"),
        partial_index("ix_article_new_origin", "origin", "id", where="stage = 'new'"),
        partial_index("ix_article_teaser", "id", where="stage = 'new' AND feed_id <> 0 AND NOT is_silent"),
        partial_index("ix_article_teased", "id", where="stage = 'teased'"),
        partial_index("ix_article_failed", "id", where="stage = 'failed'"),
        Index("ix_article_origin_id", "origin", "id"),
        partial_index("ix_article_url_hash", "url_hash", where="url_hash IS NOT NULL"),
        partial_index("ix_article_url_key_hash", "url_key_hash", where="url_key_hash IS NOT NULL"),
        partial_index("ix_article_text_hash", "text_hash", where="text_hash IS NOT NULL"),
        partial_index("ix_article_story_id", "story_id", where="story_id IS NOT NULL"),
        partial_index("ix_article_duplicate_of", "duplicate_of", where="duplicate_of IS NOT NULL"),
        Index("ix_article_first_seen", "first_seen"),
    )
    id: Key
    origin: Text
    feed_id: Ref
    key: Text
    key_hash: Ref
    guid: Text
    url: Text
    url_hash: MaybeRef
    url_key: Text
    url_key_hash: MaybeRef
    text_hash: MaybeBlob
    content_hash: Ref
    title: Text
    authors: Value
    language: Text
    source: Text
    site: Text
    image: Text
    dateline: Text
    agency: Text
    note: Text
    published: MaybeTime
    published_text: Text
    published_from: Text
    first_seen: Time
    stage: Text
    completeness: Text
    problem: Text
    problem_detail: Text
    is_silent: bool
    duplicate_of: int | None = Field(sa_type=Id, foreign_key="article.id")
    copy_kind: str = Field(sa_type=Words, nullable=False, sa_column_kwargs={"server_default": ""})
    story_id: int | None = Field(sa_type=Id, foreign_key="story.id")
    revision: int
    lease_until: MaybeTime
    lease_token: Ref


class BodyRow(Base, table=True):
    """The texts of an article, compressed; apart, so that a change of `article` never copies them."""

    __tablename__ = "body"
    article_id: int = Field(
        sa_type=Id,
        primary_key=True,
        foreign_key="article.id",
        ondelete="CASCADE",
        sa_column_kwargs={"autoincrement": False},
    )
    text_z: MaybeBlob
    html_z: MaybeBlob
    teaser_z: MaybeBlob
    sketch: MaybeBlob


class ForgottenRow(Base, table=True):
    """The key of a deleted article whose feed may still list it. `seen_at` is when the feed was last known to.

    Under the feed 0 its address and its words, for all feeds; `seen_at` is when it was deleted.
    """

    __tablename__ = "forgotten"
    feed_id: Key
    key_hash: Key
    seen_at: Time


class MatchRow(Base, table=True):
    """A topic found in an article."""

    __tablename__ = "match"
    article_id: int = Field(sa_type=Id, primary_key=True, foreign_key="article.id", ondelete="CASCADE")
    topic_no: int = Field(sa_type=Id, primary_key=True, foreign_key="topic.no")
    phase: Text
    spans: Value
    watchlist_version: Text
    matched_at: Time


class OutboxRecord(Base, table=True):
    """An alert on its way to one recipient; sent ones stay as the record of what was sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("uq_outbox_key", "key", unique=True),
        partial_index("ix_outbox_pending", "next_at", where="state = 'pending'"),
        Index("ix_outbox_story_id_topic_no", "story_id", "topic_no"),
        Index("ix_outbox_article_id", "article_id"),
        Index("ix_outbox_state_id", "state", "id"),
        partial_index("ix_outbox_sent_at", "sent_at", where="sent_at IS NOT NULL"),
    )
    id: Key
    key: Text
    kind: Text
    recipient: Text
    item: Value
    topic_no: Ref
    story_id: Ref
    article_id: Ref
    state: Text
    attempts: int
    created_at: Time
    next_at: Time
    sent_at: MaybeTime
    message_id: Text
    error: Text
    lease_until: MaybeTime
    lease_token: Ref
    rank: int = Field(sa_type=SmallInteger, sa_column_kwargs={"server_default": "1"})
    bundle: str = Field(sa_type=Words, sa_column_kwargs={"server_default": ""})
    hold: str = Field(sa_type=Words, sa_column_kwargs={"server_default": ""})
    held_until: MaybeTime
    thread: str = Field(sa_type=Words, sa_column_kwargs={"server_default": ""})


nodes = table_of(NodeRow)
notes = table_of(NoteRow)
config_versions = table_of(ConfigRow)
topics = table_of(TopicRow)
former_topics = table_of(FormerTopicRow)
feeds = table_of(FeedRow)
fetch_log = table_of(FetchRow)
articles = table_of(ArticleRow)
bodies = table_of(BodyRow)
forgotten = table_of(ForgottenRow)
matches = table_of(MatchRow)
outbox = table_of(OutboxRecord)
