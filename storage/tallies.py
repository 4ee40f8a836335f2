"""What came of topics since a time: articles, stories and alerts, counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select

from monitor.model import Origin, OutboxKind, OutboxState
from monitor.ports import TopicTally
from storage.columns import Utc
from storage.part import Part
from storage.tables import articles, matches, outbox, topics

_KINDS = (OutboxKind.FIRST.value, OutboxKind.UPDATE.value, OutboxKind.MUTED.value)


class Tallies(Part):
    """The part of the store that counts what came of topics."""

    def tally_topics(self, since: datetime) -> list[TopicTally]:
        """Return what came of each topic since then, by the topics' numbers."""
        with self._db.read() as conn:
            found = {row.topic_no: row for row in conn.execute(_found(since))}
            told = _by_topic(conn, _told(since))
            updates = _by_topic(conn, _told(since, OutboxKind.UPDATE.value))
            muted = _by_topic(conn, _muted(since))
            names = conn.execute(select(topics).order_by(topics.c.no)).all()
        return [
            TopicTally(
                topic_no=row.no,
                topic=row.name,
                added_at=row.added_at,
                articles=found[row.no].articles if row.no in found else 0,
                stories=found[row.no].stories if row.no in found else 0,
                last_hit=found[row.no].last_hit if row.no in found else None,
                alerts=told.get(row.no, 0),
                updates=updates.get(row.no, 0),
                muted=muted.get(row.no, 0),
            )
            for row in names
        ]

    def told_articles(self, topic_no: int, since: datetime) -> Sequence[int]:
        """Return the articles that a topic alerted since then, newest first."""
        c = outbox.c
        query = select(c.article_id, func.max(c.id)).where(_is_told(since), c.topic_no == topic_no)
        with self._db.read() as conn:
            return [row[0] for row in conn.execute(query.group_by(c.article_id).order_by(func.max(c.id).desc()))]


def _found(since: datetime) -> Select[Any]:
    c = articles.c
    is_new = c.first_seen >= since
    counts = (
        func.count(case((is_new, c.id))).label("articles"),
        func.count(case((is_new, c.story_id)).distinct()).label("stories"),
        func.max(c.first_seen, type_=Utc).label("last_hit"),
    )
    query = select(matches.c.topic_no, *counts).join(articles, c.id == matches.c.article_id)
    return query.where(c.origin != Origin.SEED.value).group_by(matches.c.topic_no)


def _is_told(since: datetime, *kinds: str) -> Any:  # noqa: ANN401 - a condition
    c = outbox.c
    return and_(c.state == OutboxState.SENT.value, c.sent_at >= since, c.kind.in_(kinds or _KINDS))


def _told(since: datetime, *kinds: str) -> Select[Any]:
    c = outbox.c
    return select(c.topic_no, func.count(c.article_id.distinct())).where(_is_told(since, *kinds)).group_by(c.topic_no)


def _muted(since: datetime) -> Select[Any]:
    c = outbox.c
    is_muted = and_(c.state == OutboxState.MUTED.value, c.created_at >= since)
    return select(c.topic_no, func.count(c.article_id.distinct())).where(is_muted).group_by(c.topic_no)


def _by_topic(conn: Connection, query: Select[Any]) -> dict[int, int]:
    return {row[0]: row[1] for row in conn.execute(query)}
