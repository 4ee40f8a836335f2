"""The stories that articles may still join, and how rare terms are: what an article is placed by.

An open story has its terms in one value, and a row for each of them to be found by. It is closed, and its rows are
deleted, when both its last article's time and its last change lie well behind those of its language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from struct import calcsize, pack, unpack_from
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from monitor.model import OpenStory
from storage.columns import hash63
from storage.numbers import Statement
from storage.tables import stories

_MAX_FOUND = 16
_IDLE = timedelta(days=7)
# Articles do not come in the order of their times: a story also waits for this many others before it is closed.
_IDLE_TURNS = 2_000
_CLOSE_EVERY = 50
_HEAD = "<qq"
_FIND = Statement(
    "SELECT story_id FROM story_term WHERE term {among}"
    " GROUP BY story_id ORDER BY count(*) DESC, story_id DESC LIMIT :most"
)
_ADD_TERMS = Statement("INSERT INTO story_term (term, story_id) SELECT number, :story_id FROM {each}")
_DROP_TERMS = Statement("DELETE FROM story_term WHERE term {among} AND story_id = :story_id")
_COUNTS = Statement("SELECT term, df FROM term_df WHERE term {among}")
_COUNT = Statement(
    "INSERT INTO term_df (term, df) SELECT number, 1 FROM {each} WHERE true"
    " ON CONFLICT (term) DO UPDATE SET df = term_df.df + 1"
)
_LOAD = select(stories.c.id, stories.c.terms, stories.c.first_at, stories.c.last_at).where(
    stories.c.id.in_(bindparam("ids", expanding=True)), stories.c.terms.is_not(None)
)


class OpenStories:
    """The open stories as one placement looks at them, and changes one, within its transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._found: dict[int, OpenStory] = {}
        self._language = ""
        self._count = 0
        self._terms: Sequence[int] = ()

    def articles_with(self, language: str, terms: Sequence[int]) -> tuple[int, Mapping[int, int]]:
        """Return how many articles of a language were placed, and in how many of them each of these terms was."""
        total = _total(language)
        found = {row[0]: row[1] for row in _COUNTS.rows(self._conn, [*terms, total])}
        self._language, self._count, self._terms = language, found.pop(total, 0), terms
        return self._count, found

    def find(self, terms: Sequence[int]) -> list[OpenStory]:
        """Return the open stories that have most of these terms, the later of equals first."""
        ranked = [row[0] for row in _FIND.rows(self._conn, terms, most=_MAX_FOUND)]
        rows = self._conn.execute(_LOAD, {"ids": ranked}).all() if ranked else []
        self._found = {row.id: _story(row.id, row.terms, row.first_at, row.last_at) for row in rows}
        return [self._found[story_id] for story_id in ranked if story_id in self._found]

    def get(self, story_id: int) -> OpenStory | None:
        """Return one open story; None if it is closed, or nothing is known of its words."""
        row = self._conn.execute(_LOAD, {"ids": [story_id]}).one_or_none()
        if row is not None:
            self._found[row.id] = _story(row.id, row.terms, row.first_at, row.last_at)
        return self._found.get(story_id)

    def columns(self, story: OpenStory) -> dict[str, Any]:
        """Return the columns of a story that has one more article in it."""
        return {
            "language": self._language,
            "first_at": story.first_at,
            "last_at": story.last_at,
            "turn": self._count + 1,
            "terms": _packed(story),
        }

    def save(self, story: OpenStory, at: datetime, *, is_new: bool, is_counted: bool) -> None:
        """Store a story with one more article in it, whose row is there: as it is now, if it `is_new`.

        `at` is the article's time, or now: what is far behind it is closed. The terms that were asked about are counted
        if that `is_counted`.
        """
        before = self._found.get(story.id)
        known = before.terms.keys() if before else set()
        if not is_new:
            self._conn.execute(update(stories).where(stories.c.id == story.id), self.columns(story))
        if gone := known - story.terms.keys():
            _DROP_TERMS.run(self._conn, gone, story_id=story.id)
        _ADD_TERMS.run(self._conn, story.terms.keys() - known, story_id=story.id)
        if not is_counted:
            return
        _COUNT.run(self._conn, [*self._terms, _total(self._language)])
        if (self._count + 1) % _CLOSE_EVERY == 0:
            self._close_idle(at)

    def _close_idle(self, at: datetime) -> None:
        c = stories.c
        is_past = or_(c.last_at.is_(None), c.last_at < at - _IDLE)
        is_idle = (c.language == self._language) & (c.turn < self._count + 1 - _IDLE_TURNS) & c.terms.is_not(None)
        close_stories(self._conn, self._conn.scalars(select(c.id).where(is_idle, is_past)).all())


def close_stories(conn: Connection, story_ids: Iterable[int]) -> None:
    """Let no more articles join these stories: their terms and the rows of these are deleted."""
    for story_id in story_ids:
        terms = conn.scalar(select(stories.c.terms).where(stories.c.id == story_id))
        if terms:
            _DROP_TERMS.run(conn, _unpacked(terms)[1], story_id=story_id)
            conn.execute(update(stories).where(stories.c.id == story_id).values(terms=None))


def _total(language: str) -> int:
    return hash63("articles", language)


def _packed(story: OpenStory) -> bytes:
    count = len(story.terms)
    return pack(f"{_HEAD}{count}q{count}f", story.size, count, *story.terms, *story.terms.values())


def _unpacked(data: bytes) -> tuple[int, dict[int, float]]:
    size, count = unpack_from(_HEAD, data)
    values = unpack_from(f"<{count}q{count}f", data, calcsize(_HEAD))
    return size, dict(zip(values[:count], values[count:], strict=True))


def _story(story_id: int, data: bytes, first_at: datetime | None, last_at: datetime | None) -> OpenStory:
    size, terms = _unpacked(data)
    return OpenStory(id=story_id, size=size, terms=terms, first_at=first_at, last_at=last_at)
