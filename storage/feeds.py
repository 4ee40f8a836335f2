"""Feeds in the store: which there are, which are due, and which first imports are to be reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, exists, func, insert, not_, or_, select, update

from monitor.model import Backfill, Feed, FeedSpec, Origin, OutboxDraft, Stage
from monitor.ports import FeedSync
from storage.columns import hash63, shard_of, storable
from storage.leases import is_free, leased
from storage.outbox import insert_drafts
from storage.part import Part
from storage.rows import feed_of
from storage.tables import articles, feeds, matches
from storage.writer import Tx


class Feeds(Part):
    """The feeds' part of the store."""

    def sync_feeds(self, specs: Sequence[FeedSpec], now: datetime) -> FeedSync:
        """Make the enabled feeds be these; new ones are due at once, missing ones are kept but disabled."""
        wanted: dict[str, FeedSpec] = {}
        for spec in specs:
            wanted.setdefault(storable(spec.url), spec)
        result = self._db.write(lambda tx: _sync(tx, wanted, now))
        self._specs = wanted
        return result

    def claim_due_feeds(self, now: datetime, *, limit: int, lease_s: float, everything: bool = False) -> list[Feed]:
        """Lease enabled feeds that are due, longest due first; all enabled ones if `everything`."""
        due = select(feeds.c.id).where(feeds.c.is_enabled.is_(True), is_free(feeds, now))
        if not everything:
            due = due.where(feeds.c.next_at <= now)
        chosen = due.order_by(feeds.c.next_at, feeds.c.id).limit(limit).with_for_update(skip_locked=True).cte("due")

        def claim(tx: Tx) -> list[Feed]:
            statement = update(feeds).where(feeds.c.id.in_(select(chosen.c.id)))
            values = leased(tx.new_id(), now, lease_s)
            return [
                feed_of(row, self._specs)
                for row in tx.conn.execute(statement.values(values).returning(feeds)).mappings()
            ]

        return sorted(self._db.write(claim), key=lambda feed: (feed.next_at, feed.id))

    def feeds(self, *, enabled_only: bool = False) -> list[Feed]:
        """Return all feeds by name, then URL."""
        query = select(feeds)
        if enabled_only:
            query = query.where(feeds.c.is_enabled.is_(True))
        with self._db.read() as conn:
            found = [feed_of(row, self._specs) for row in conn.execute(query).mappings()]
        return sorted(found, key=lambda feed: (feed.name, feed.url))

    def feeds_bringing(self, host: str) -> list[Feed]:
        """Return the feeds that lie on a host (without `www.`) or below it, or that brought an article from it."""
        name = storable(host)
        brought = select(articles.c.feed_id).where(articles.c.origin == Origin.FEED.value, articles.c.source == name)
        is_on = or_(feeds.c.host.in_((name, f"www.{name}")), feeds.c.host.endswith(f".{name}", autoescape=True))
        with self._db.read() as conn:
            rows = conn.execute(select(feeds).where(or_(is_on, feeds.c.id.in_(brought)))).mappings().all()
        return sorted((feed_of(row, self._specs) for row in rows), key=lambda feed: (feed.name, feed.url))

    def first_imports(self, now: datetime) -> list[tuple[Feed, int, int]]:  # noqa: ARG002 - the port's signature
        """Return feeds with `backfill: summary` whose first fetch is fully studied and was not reported yet.

        Each with the number of its first entries, and of those that matched and were held back. Feeds that had no
        entries at first are left out. `mark_imports_reported` ends it.
        """
        with self._db.read() as conn:
            rows = conn.execute(_UNREPORTED).mappings().all()
            counts = [conn.execute(_first_entries(row)).one() for row in rows]
        return [(feed_of(row, self._specs), *count) for row, count in zip(rows, counts, strict=True)]

    def mark_imports_reported(self, feed_ids: Sequence[int], drafts: Sequence[OutboxDraft], now: datetime) -> None:
        """Remember that the first imports of these feeds were reported, and store the notices, in one transaction."""

        def mark(tx: Tx) -> None:
            chosen = feeds.c.id.in_(list(feed_ids))
            tx.conn.execute(update(feeds).where(chosen).values(import_reported_at=now))
            insert_drafts(tx, drafts, now)

        self._db.write(mark)


def _is_first_entry(feed_id: object, baseline_at: object) -> ColumnElement[bool]:
    c = articles.c
    return and_(c.origin == Origin.FEED.value, c.feed_id == feed_id, c.first_seen == baseline_at)


_IS_UNSTUDIED = articles.c.stage.in_((Stage.NEW.value, Stage.TEASED.value))
# The mark is set at once for a first fetch without entries, and for other kinds of `backfill`.
_UNREPORTED = (
    select(feeds)
    .where(feeds.c.import_reported_at.is_(None), feeds.c.baseline_at.is_not(None))
    .where(feeds.c.backfill == Backfill.SUMMARY.value)
    .where(not_(exists().where(_is_first_entry(feeds.c.id, feeds.c.baseline_at), _IS_UNSTUDIED)))
    .order_by(feeds.c.name, feeds.c.url)
)


def _first_entries(feed: RowMapping) -> Select[int, int]:
    matched = exists().where(matches.c.article_id == articles.c.id)
    held_back = case((articles.c.is_silent.is_(True) & matched, 1), else_=0)
    query = select(func.count(), func.coalesce(func.sum(held_back), 0))
    return query.where(_is_first_entry(feed["id"], feed["baseline_at"]))


def _sync(tx: Tx, wanted: dict[str, FeedSpec], now: datetime) -> FeedSync:
    stored = {row["url"]: dict(row) for row in tx.conn.execute(select(feeds)).mappings()}
    _move(tx, stored, wanted, now)
    new = [_new_row(tx, url, spec, now) for url, spec in wanted.items() if url not in stored]
    if new:
        tx.conn.execute(insert(feeds), new)
    for url, spec in wanted.items():
        if url in stored and (changes := _changes(stored[url], spec, now)):
            tx.conn.execute(update(feeds).where(feeds.c.id == stored[url]["id"]), changes)
    missing = [row["id"] for url, row in stored.items() if row["is_enabled"] and url not in wanted]
    for feed_id in missing:
        tx.conn.execute(update(feeds).where(feeds.c.id == feed_id).values(is_enabled=False))
    return FeedSync(added=len(new), kept=len(wanted) - len(new), disabled=len(missing))


def _move(tx: Tx, stored: dict[str, dict[str, Any]], wanted: dict[str, FeedSpec], now: datetime) -> None:
    """Give feeds that have a new address in the configuration that address; what was fetched from the old is void."""
    for url, spec in wanted.items():
        old = storable(spec.was)
        if not old or url in stored or old in wanted or old not in stored:
            continue
        memory = {name: value for name, value in stored[old]["memory"].items() if name not in _OF_THE_ADDRESS}
        changes = _address(url) | {"etag": "", "last_modified": "", "body_hash": b"", "next_at": now, "memory": memory}
        tx.conn.execute(update(feeds).where(feeds.c.id == stored[old]["id"]), changes)
        stored[url] = stored.pop(old) | changes


# What polls learned of where it may be asked instead.
_OF_THE_ADDRESS = frozenset({"moved_to", "moved_count", "asks_at", "advertised", "site_asked_at"})


def _address(url: str) -> dict[str, Any]:
    host = host_of(url)
    return {"url": url, "url_hash": hash63(url), "host": host, "shard": shard_of(host)}


def _written(spec: FeedSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "tags": list(spec.tags),
        "every_s": spec.every_s,
        "full_text": spec.full_text,
        "language": spec.language,
        "backfill": spec.backfill.value,
        "is_enabled": True,
    }


def _changes(row: dict[str, Any], spec: FeedSpec, now: datetime) -> dict[str, Any]:
    changes = {name: value for name, value in _written(spec).items() if row[name] != value}
    if "is_enabled" in changes:
        changes["next_at"] = now
    elif "every_s" in changes and spec.every_s is not None:
        changes["next_at"] = min(row["next_at"], now + timedelta(seconds=spec.every_s))
    return changes


def _new_row(tx: Tx, url: str, spec: FeedSpec, now: datetime) -> dict[str, Any]:
    return _FEED_AT_FIRST | {
        "id": tx.new_id(),
        **_address(url),
        "added_at": now,
        "next_at": now,
        **_written(spec),
    }


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, empty if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


_FEED_AT_FIRST: dict[str, Any] = {
    **dict.fromkeys(("title", "site", "etag", "last_modified", "problem", "problem_detail"), ""),
    **dict.fromkeys(("baseline_at", "import_reported_at", "polled_at", "read_at", "succeeded_at", "newest_at")),
    **dict.fromkeys(("failing_since", "lease_until")),
    **dict.fromkeys(("fail_streak", "kill_streak", "entry_count", "lease_token"), 0),
    "body_hash": b"",
    "memory": {},
}
