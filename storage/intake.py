"""How drafts become articles: a new key is a new article, a known one with another content a revision of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, literal, select, update

from monitor.model import ArticleDraft, Completeness, Origin, Stage
from storage.columns import Utc, hash63, hash63_or_none, packed
from storage.tables import articles, bodies, earlier_bodies, forgotten
from storage.writer import Tx

# A feed that writes the current time into its entries revises them at every poll: after these, once an hour is enough.
_QUICK_REVISIONS = 24
_KEPT_REVISIONS = 20
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Incoming:
    """A draft with the hashes of its key and of what counts as its content."""

    draft: ArticleDraft
    key_hash: int
    content_hash: int


@dataclass(slots=True)
class Taken:
    """What became of incoming drafts, by their place in the sequence; `forgotten`: key hashes that came up again.

    `is_more_to_read`: another text of some was not taken now.
    """

    new: list[int] = field(default_factory=list)
    revised: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    is_more_to_read: bool = False


@dataclass(slots=True)
class _State:
    """What is known under a key."""

    id: int
    content_hash: int
    revision: int
    is_dated: bool


def incoming(draft: ArticleDraft, *content: str) -> Incoming:
    """Return a draft with its hashes; `content` is what makes another revision when it changes."""
    return Incoming(draft, hash63(draft.key), hash63(*content))


class Intake:
    """Takes the drafts of one origin, or of one feed, within a transaction.

    Unless `takes_all`, what was revised often is not revised again.
    """

    def __init__(self, tx: Tx, origin: Origin, feed_id: int, now: datetime, *, takes_all: bool = True) -> None:
        self._tx = tx
        self._origin = origin
        self._feed_id = feed_id
        self._now = now
        self._takes_all = takes_all
        self._added: list[tuple[int, Incoming]] = []
        self._changed: list[dict[str, Any]] = []

    def take(self, items: Sequence[Incoming]) -> Taken:
        """Store what is new or changed as unstudied articles."""
        taken = Taken()
        for start in range(0, len(items), _CHUNK):
            chunk = items[start : start + _CHUNK]
            hashes = [item.key_hash for item in chunk]
            states, gone = self._states(hashes), self._gone(hashes)
            taken.forgotten += gone
            for place, item in enumerate(chunk, start):
                self._place_of(item, states, gone, taken).append(place)
            self._store()
        return taken

    def _place_of(self, item: Incoming, states: dict[int, _State], gone: set[int], taken: Taken) -> list[int]:
        state = states.get(item.key_hash)
        if state is None and item.key_hash not in gone:
            state = _State(self._tx.new_id(), item.content_hash, 0, item.draft.published is not None)
            states[item.key_hash] = state
            self._added.append((state.id, item))
            return taken.new
        if state is None or state.content_hash == item.content_hash:
            return taken.known
        if state.revision >= _QUICK_REVISIONS and not self._takes_all:
            taken.is_more_to_read = True
            return taken.known
        state.content_hash, state.revision = item.content_hash, state.revision + 1
        self._changed.append(_revision(state, item.draft, is_of_feed=self._origin is Origin.FEED))
        return taken.revised

    def _states(self, hashes: list[int]) -> dict[int, _State]:
        c = articles.c
        query = select(c.key_hash, c.id, c.content_hash, c.revision, c.published.is_not(None)).where(
            c.origin == self._origin.value, c.feed_id == self._feed_id, c.key_hash.in_(hashes)
        )
        return {row[0]: _State(*row[1:]) for row in self._tx.conn.execute(query)}

    def _gone(self, hashes: list[int]) -> set[int]:
        if self._origin is not Origin.FEED:
            return set()
        c = forgotten.c
        query = select(c.key_hash).where(c.feed_id == self._feed_id, c.key_hash.in_(hashes))
        return set(self._tx.conn.scalars(query))

    def _store(self) -> None:
        conn = self._tx.conn
        if self._added:
            conn.execute(insert(articles), [self._row(article_id, item) for article_id, item in self._added])
            conn.execute(insert(bodies), [{"article_id": at} | _bodies(item.draft) for at, item in self._added])
        for row in self._changed:
            article_id, texts = row["id"], row["texts"]
            self._keep_earlier(article_id)
            conn.execute(update(articles).where(articles.c.id == article_id), row["values"])
            conn.execute(update(bodies).where(bodies.c.article_id == article_id), texts)
        self._added, self._changed = [], []

    def _keep_earlier(self, article_id: int) -> None:
        """Keep the text that was studied, with its title; of what is revised without end, the last ones."""
        kept = select(articles.c.id, articles.c.revision, literal(self._now, Utc()), articles.c.title, bodies.c.text_z)
        kept = kept.join(bodies, bodies.c.article_id == articles.c.id)
        kept = kept.where(articles.c.id == article_id, articles.c.stage == Stage.DONE.value)
        names = ["article_id", "revision", "until", "title", "text_z"]
        self._tx.conn.execute(insert(earlier_bodies).from_select(names, kept))
        c = earlier_bodies.c
        newest = select(func.max(c.revision)).where(c.article_id == article_id).scalar_subquery()
        old = (c.article_id == article_id) & (c.revision <= newest - _KEPT_REVISIONS)
        self._tx.conn.execute(delete(earlier_bodies).where(old))

    def _row(self, article_id: int, item: Incoming) -> dict[str, Any]:
        draft = item.draft
        return _ARTICLE_AT_FIRST | {
            "id": article_id,
            "origin": self._origin.value,
            "feed_id": self._feed_id,
            "key": draft.key,
            "key_hash": item.key_hash,
            "content_hash": item.content_hash,
            "first_seen": self._now,
            "is_silent": draft.is_silent,
            **_said(draft),
            **_time(draft),
        }


_ARTICLE_AT_FIRST: dict[str, Any] = {
    **dict.fromkeys(("site", "image", "dateline", "agency", "url_key", "problem", "problem_detail", "copy_kind"), ""),
    **dict.fromkeys(("url_key_hash", "text_hash", "duplicate_of", "story_id", "lease_until")),
    "stage": Stage.NEW.value,
    "completeness": Completeness.FULL.value,
    "revision": 0,
    "lease_token": 0,
}


def _revision(state: _State, draft: ArticleDraft, *, is_of_feed: bool) -> dict[str, Any]:
    """Return what a revision changes. The lease ends: who studies the text before it must not store that.

    The text of a feed's article came from its page: it stays until a better one is read.
    """
    values = _said(draft) | {
        "content_hash": state.content_hash,
        "revision": state.revision,
        "stage": Stage.NEW.value,
        "problem": "",
        "problem_detail": "",
        "lease_until": None,
        "lease_token": 0,
    }
    if not state.is_dated:  # an edit does not make an article newer
        values |= _time(draft)
        state.is_dated = draft.published is not None
    if is_of_feed:
        return {"id": state.id, "values": values, "texts": {"teaser_z": packed(draft.teaser)}}
    values["is_silent"] = draft.is_silent
    return {"id": state.id, "values": values, "texts": _bodies(draft)}


def _said(draft: ArticleDraft) -> dict[str, Any]:
    return {
        "guid": draft.guid,
        "url": draft.url,
        "url_hash": hash63_or_none(draft.url),
        "title": draft.title,
        "authors": list(draft.authors),
        "language": draft.language,
        "source": draft.source,
        "note": draft.note,
    }


def _time(draft: ArticleDraft) -> dict[str, Any]:
    return {
        "published": draft.published,
        "published_text": draft.published_text,
        "published_from": draft.published_from.value,
    }


def _bodies(draft: ArticleDraft) -> dict[str, bytes | None]:
    return {"text_z": packed(draft.text), "html_z": packed(draft.html), "teaser_z": packed(draft.teaser)}
