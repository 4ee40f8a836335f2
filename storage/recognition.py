"""Entries that are known under another key: links that moved to https, guids that are made anew at every fetch.

Before a poll's entries are taken, the articles that they are get the keys they have now. When in doubt an entry is new:
a copy is folded by its story, a lost entry is lost.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from monitor.model import Entry, Origin
from storage.columns import hash63
from storage.intake import Incoming
from storage.tables import articles, forgotten
from storage.writer import Tx

# So many entries of a page, and half of it, must be known by all but their guids before the guids are given up.
_CHANGED_GUIDS = 3
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class _Known:
    """An article of the feed that no entry of the page names by its key."""

    id: int
    key_hash: int
    content_hash: int
    url_hash: int | None
    title: str
    published: datetime | None


class Recognition:
    """What the entries on one page of a feed are known as, within a transaction."""

    def __init__(self, tx: Tx, feed_id: int, items: Sequence[Incoming]) -> None:
        self._tx = tx
        self._feed_id = feed_id
        self._items = items
        self._on_page = {item.key_hash for item in items}
        self.unknown = self._unknown()

    def follow_moves(self) -> None:
        """Give their new keys to articles and marks whose keys are links that lost or won `www.` or the s of https."""
        moved = {hash63(other): item for item in self.unknown for other in other_spellings(item.draft.key)}
        found = {row.key_hash: row for row in self._articles(articles.c.key_hash, moved.keys())}
        for key_hash in moved.keys() - self._on_page:
            if key_hash in found:
                self._rename({found[key_hash].id: moved[key_hash]})
            elif self._marks([key_hash]):
                self._move_mark(key_hash, moved[key_hash])

    def follow_guids(self, *, is_sure: bool) -> bool:
        """Give their new keys to articles whose guids changed, and tell whether those of the whole page do.

        A single article must be the same in link, words and date. It may differ in words or date when many of a page
        are known so, or when the feed is known to change its guids (`is_sure`).
        """
        same, alike = self._twins()
        is_changing = len(alike) >= _CHANGED_GUIDS and 2 * len(alike) >= len(self._items)
        self._rename(alike if is_sure or is_changing else same)
        return is_sure or is_changing

    def _unknown(self) -> list[Incoming]:
        hashes = list(self._on_page)
        known = {row.key_hash for row in self._articles(articles.c.key_hash, hashes)} | self._marks(hashes)
        return [item for item in self._items if item.key_hash not in known]

    def _twins(self) -> tuple[dict[int, Incoming], dict[int, Incoming]]:
        """Return the articles that unknown entries are to all appearance, and those that they may be."""
        same: dict[int, Incoming] = {}
        alike: dict[int, Incoming] = {}
        by_link, by_words = self._candidates()
        links = Counter((item.draft.url, item.draft.title) for item in self._items)
        words = Counter(item.content_hash for item in self._items)
        for item in self.unknown:
            draft = item.draft
            found = [one for one in by_link.get(draft.url, ()) if one.title == draft.title]
            if links[draft.url, draft.title] > 1:
                found = [one for one in found if one.content_hash == item.content_hash]
            if not found and words[item.content_hash] == 1:
                # The same words under another link and date are another warning of the same kind.
                found = [one for one in by_words.get(item.content_hash, ()) if one.published == draft.published]
            if one := next((one for one in found if one.id not in alike), None):
                alike[one.id] = item
                if draft.published is not None and _mark(one) == (item.content_hash, draft.published):
                    same[one.id] = item
        return same, alike

    def _candidates(self) -> tuple[dict[str, list[_Known]], dict[int, list[_Known]]]:
        """Return the articles that no entry names, by the links and by the words of unknown entries."""
        spellings = {
            hash63(url): item.draft.url
            for item in self.unknown
            if item.draft.url
            for url in (item.draft.url, *other_spellings(item.draft.url))
        }
        by_link: dict[str, list[_Known]] = defaultdict(list)
        for one in self._articles(articles.c.url_hash, spellings):
            by_link[spellings[one.url_hash or 0]].append(one)
        by_words: dict[int, list[_Known]] = defaultdict(list)
        if len(self.unknown) >= _CHANGED_GUIDS and 2 * len(self.unknown) >= len(self._items):
            hashes = [item.content_hash for item in self.unknown if item.draft.url not in by_link]
            for one in self._articles(articles.c.content_hash, hashes):
                by_words[one.content_hash].append(one)
        return (
            {url: _newest_first(self._unnamed(found)) for url, found in by_link.items()},
            {words: _newest_first(self._unnamed(found)) for words, found in by_words.items()},
        )

    def _unnamed(self, found: Iterable[_Known]) -> Iterable[_Known]:
        return (one for one in found if one.key_hash not in self._on_page)

    def _articles(self, column: ColumnElement[Any], values: Iterable[int]) -> list[_Known]:
        c = articles.c
        query = select(c.id, c.key_hash, c.content_hash, c.url_hash, c.title, c.published)
        query = query.where(c.origin == Origin.FEED.value, c.feed_id == self._feed_id)
        rows = []
        for chunk in _chunks(values):
            rows += [_Known(*row) for row in self._tx.conn.execute(query.where(column.in_(chunk)))]
        return rows

    def _marks(self, hashes: Iterable[int]) -> set[int]:
        c = forgotten.c
        query = select(c.key_hash).where(c.feed_id == self._feed_id)
        return {one for chunk in _chunks(hashes) for one in self._tx.conn.scalars(query.where(c.key_hash.in_(chunk)))}

    def _rename(self, found: dict[int, Incoming]) -> None:
        for article_id, item in found.items():
            change = {"key": item.draft.key, "key_hash": item.key_hash}
            self._tx.conn.execute(update(articles).where(articles.c.id == article_id), change)
        named = {item.key_hash for item in found.values()}
        self.unknown = [item for item in self.unknown if item.key_hash not in named]

    def _move_mark(self, before: int, item: Incoming) -> None:
        c = forgotten.c
        mark = (c.feed_id == self._feed_id) & (c.key_hash == before)
        if item in self.unknown:
            self._tx.conn.execute(update(forgotten).where(mark).values(key_hash=item.key_hash))
            self.unknown.remove(item)


def known_among(conn: Connection, feed_id: int, entries: Sequence[Entry]) -> frozenset[str]:
    """Return the keys of those entries that a feed brought before, be it under another key or as a link."""
    hashes = {hash63(name): entry.key for entry in entries for name in _possible_keys(entry)}
    links = {hash63(url): entry.key for entry in entries for url in (entry.url, *other_spellings(entry.url)) if url}
    a, f = articles.c, forgotten.c
    mine = (a.origin == Origin.FEED.value) & (a.feed_id == feed_id)
    known: set[str] = set()
    for some in _chunks(hashes):
        known |= {hashes[one] for one in conn.scalars(select(a.key_hash).where(mine, a.key_hash.in_(some)))}
        marks = select(f.key_hash).where(f.feed_id == feed_id, f.key_hash.in_(some))
        known |= {hashes[one] for one in conn.scalars(marks)}
    for some in _chunks(links):
        urls = select(a.url_hash).where(mine, a.url_hash.in_(some))
        known |= {links[one] for one in conn.scalars(urls) if one is not None}
    return frozenset(known)


def _possible_keys(entry: Entry) -> set[str]:
    own = {entry.key, entry.content_key or entry.key}
    return own | {other for key in own for other in other_spellings(key)}


def other_spellings(url: str) -> list[str]:
    """Return the addresses that are the same page to all but pedants: with http or https, with and without `www.`."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"http", "https"}:
        return []
    bare = rest.removeprefix("www.")
    return [one for s in ("http", "https") for host in (bare, f"www.{bare}") if (one := f"{s}://{host}") != url]


def _mark(known: _Known) -> tuple[int, datetime | None]:
    return known.content_hash, known.published


def _chunks(values: Iterable[int]) -> Iterable[list[int]]:
    whole = list(values)
    return (whole[start : start + _CHUNK] for start in range(0, len(whole), _CHUNK))


def _newest_first(found: Iterable[_Known]) -> list[_Known]:
    return sorted(found, key=lambda one: -one.id)
