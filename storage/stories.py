"""Stories as they are read: what articles make them up, and who published these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, select

from monitor.model import Article
from monitor.ports import StoryRow
from monitor.text.domains import outlet
from storage.part import Part
from storage.rows import article_of, article_ref, select_articles
from storage.tables import articles, stories

_PAGE = 500


class Stories(Part):
    """The stories' part of the store."""

    def stories(self, *, newest_first: bool = False) -> Iterator[StoryRow]:
        """Yield all stories, oldest first unless `newest_first`. One that begins meanwhile may be among them."""
        order, after = (
            (stories.c.id.desc(), stories.c.id.__lt__) if newest_first else (stories.c.id, stories.c.id.__gt__)
        )
        query = select(stories.c.id).order_by(order).limit(_PAGE)
        page = query
        while True:
            with self._db.read() as conn:
                ids = conn.scalars(page).all()
                rows = conn.execute(_members(ids)).mappings().all() if ids else []
            members: dict[int, list[RowMapping]] = {story_id: [] for story_id in ids}
            for row in rows:
                members[row["story_id"]].append(row)
            yield from (_story(story_id, found) for story_id, found in members.items() if found)
            if len(ids) < _PAGE:
                return
            page = query.where(after(ids[-1]))

    def story(self, story_id: int) -> StoryRow | None:
        """Return one story."""
        with self._db.read() as conn:
            rows = conn.execute(_members([story_id])).mappings().all()
        return _story(story_id, rows) if rows else None

    def story_articles(self, story_id: int, *, bodies: bool = False) -> list[Article]:
        """Return the articles of a story, oldest first; texts only if `bodies`."""
        query = select_articles(with_bodies=bodies).where(articles.c.story_id == story_id).order_by(articles.c.id)
        with self._db.read() as conn:
            return [article_of(row) for row in conn.execute(query).mappings()]


def _members(story_ids: Sequence[int]) -> Select[Any]:
    c = articles.c
    query = select(c.story_id, c.id, c.origin, c.key, c.title, c.source, c.site, c.first_seen, c.duplicate_of)
    return query.where(c.story_id.in_(story_ids)).order_by(c.id)


def _story(story_id: int, members: Sequence[RowMapping]) -> StoryRow:
    times = [row["first_seen"] for row in members]
    outlets = [name for row in members if (name := outlet(row["source"], row["site"]))]
    return StoryRow(
        id=story_id,
        title=members[0]["title"],
        first_seen=min(times),
        last_seen=max(times),
        outlets=len(set(outlets)),
        unsourced=len(members) - len(outlets),
        texts=sum(row["duplicate_of"] is None for row in members),
        articles=tuple(article_ref(row) for row in members),
    )
