"""What a decision may look at, inside the transaction that will store it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, select

from monitor.model import Article, Candidate, Fingerprint, Forgotten, OpenStory, Origin, OutboxKind, OutboxRow
from storage.columns import hash63, unpacked
from storage.marks import find_mark
from storage.open_stories import OpenStories
from storage.rows import article_of, outbox_row_of, select_articles
from storage.sketches import Holders, holders_of, nearest
from storage.tables import articles, bodies, matches, outbox
from storage.writer import Tx

# Of a text that thousands of feeds carry, the oldest copies tell enough.
_MAX_CANDIDATES = 50
_C = articles.c
_PLACED = (
    select(_C.id, _C.duplicate_of, _C.story_id, _C.url_key, _C.text_hash, _C.published, _C.first_seen, _C.origin)
    .where(_C.story_id.is_not(None), _C.id != bindparam("own"))
    .order_by(_C.id)
    .limit(_MAX_CANDIDATES)
)
_MAX_TOLD = 500
_TOLD = (
    select(outbox)
    .where(outbox.c.story_id == bindparam("story"), outbox.c.topic_no.in_(bindparam("topics", expanding=True)))
    .where(outbox.c.kind.in_([OutboxKind.FIRST.value, OutboxKind.UPDATE.value]))
    .order_by(outbox.c.id)
    .limit(_MAX_TOLD)
)
_SOURCES = (
    select(_C.source)
    .where(_C.story_id == bindparam("story"), _C.duplicate_of.is_(None), _C.id != bindparam("own"))
    .distinct()
    .order_by(_C.source)
    .limit(_MAX_TOLD)
)
_BY_URL = _PLACED.where(_C.url_key_hash == bindparam("hash"), _C.url_key == bindparam("key"))
_BY_TEXT = _PLACED.where(_C.text_hash == bindparam("hash"))
_BY_ID = (
    _PLACED.add_columns(bodies.c.text_z)
    .join(bodies, bodies.c.article_id == _C.id)
    .where(_C.id.in_(bindparam("ids", expanding=True)))
)


class View:
    """What a decision may look at.

    `holders` are the articles that share shingles with the one that was asked about last; `stories` writes, too.
    """

    def __init__(self, tx: Tx, article_id: int, story_id: int | None) -> None:
        self._tx = tx
        self._article_id = article_id
        self._story_id = story_id
        self._seen: list[Candidate] = []
        self.holders: Holders = {}
        self.stories = OpenStories(tx.conn)

    def candidates(self, fingerprint: Fingerprint) -> Sequence[Candidate]:
        """Return stored, placed articles with this URL key or text hash, or whose texts share most of the sketch.

        Oldest first, the article itself left out.
        """
        found: dict[int, Candidate] = {}
        if key := fingerprint.url_key:
            found |= self._found(_BY_URL, {"hash": hash63(key), "key": key})
        if fingerprint.text_hash:
            found |= self._found(_BY_TEXT, {"hash": fingerprint.text_hash})
        self.holders = holders_of(self._tx.conn, fingerprint.sketch, but=self._article_id)
        if near := nearest(self.holders, fingerprint.sketch):
            found |= self._found(_BY_ID, {"ids": near})
        self._seen = [found[article_id] for article_id in sorted(found)]
        return self._seen

    def forgotten(self, fingerprint: Fingerprint) -> Forgotten | None:
        """Return what retention deleted that had this URL key or text hash."""
        return find_mark(self._tx.conn, fingerprint)

    def _found(self, query: Select[Any], values: dict[str, Any]) -> dict[int, Candidate]:
        rows = self._tx.conn.execute(query, values | {"own": self._article_id}).mappings()
        return {row["id"]: _candidate(row) for row in rows}

    def group(self, original_id: int | None) -> set[int]:
        """Return those of the candidates that are the original or its copies."""
        return {one.id for one in self._seen if one.original_id == original_id}

    def articles_with(self, language: str, terms: Sequence[int]) -> tuple[int, Mapping[int, int]]:
        """Return how many articles of a language were placed, and in how many of them each of these terms was."""
        return self.stories.articles_with(language, terms)

    def open_stories(self, terms: Sequence[int]) -> Sequence[OpenStory]:
        """Return the open stories that have most of these terms; 16 at most."""
        return self.stories.find(terms)

    def story(self, story_id: int) -> OpenStory | None:
        """Return a story that articles may still join; None if it is closed, or nothing is known of its words."""
        return self.stories.get(story_id)

    def new_story(self) -> int:
        """Return the id for a story of its own: that of the story it is in, if it was placed before."""
        if self._story_id is None:
            self._story_id = self._tx.new_id()
        return self._story_id

    def told_of_story(self, story_id: int, topics: Sequence[int]) -> Sequence[OutboxRow]:
        """Return the alerts and updates that a story has on these topics by number, oldest first; 500 at most."""
        rows = self._tx.conn.execute(_TOLD, {"story": story_id, "topics": list(topics)}).mappings()
        return [outbox_row_of(row) for row in rows]

    def sources(self, story_id: int) -> Sequence[str]:
        """Return who published the story's articles beside this one, copies left out, each once."""
        return self._tx.conn.scalars(_SOURCES, {"story": story_id, "own": self._article_id}).all()

    def matched(self) -> frozenset[int]:
        """Return the numbers of the topics that an earlier revision of the article matched."""
        query = select(matches.c.topic_no).where(matches.c.article_id == self._article_id)
        return frozenset(self._tx.conn.scalars(query))

    def articles_on(self, story_id: int, topic_no: int) -> Sequence[Article]:
        """Return the story's articles that match a topic, without bodies, copies and this one; the 500 newest."""
        query = select_articles(with_bodies=False).join(matches, matches.c.article_id == _C.id)
        query = query.where(_C.story_id == story_id, matches.c.topic_no == topic_no)
        query = query.where(_C.duplicate_of.is_(None), _C.id != self._article_id)
        return [article_of(row) for row in self._tx.conn.execute(query.order_by(_C.id.desc()).limit(500)).mappings()]

    def own_alerts(self) -> Sequence[OutboxRow]:
        """Return the alerts and updates of the article itself, oldest first, whatever became of them."""
        kinds = (OutboxKind.FIRST.value, OutboxKind.UPDATE.value)
        query = select(outbox).where(outbox.c.article_id == self._article_id, outbox.c.kind.in_(kinds))
        return [outbox_row_of(row) for row in self._tx.conn.execute(query.order_by(outbox.c.id)).mappings()]


def _candidate(row: RowMapping) -> Candidate:
    origin = Origin(row["origin"])
    return Candidate(
        id=row["id"],
        original_id=row["duplicate_of"] or row["id"],
        story_id=row["story_id"],
        url_key=row["url_key"],
        text_hash=row["text_hash"] or b"",
        first_seen=row["first_seen"],
        origin=origin,
        time=row["published"] or (row["first_seen"] if origin is Origin.FEED else None),
        text=unpacked(row.get("text_z")),
    )
