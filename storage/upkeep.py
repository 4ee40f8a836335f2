"""What keeps a store fit for years: leases of the dead freed, old things deleted, copies, checks, totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.sql.expression import ColumnElement

from monitor.errors import StoreError
from monitor.model import Article, Feed, Origin, OutboxKind, Problem, Stage
from monitor.ports import Counts, Lately
from storage.copying import write_copy
from storage.faults import explained
from storage.marks import IS_OF_ANY_FEED, mark_items
from storage.open_stories import close_stories
from storage.outbox import WAITS_SINCE
from storage.part import Part
from storage.polls import MARK_AGE
from storage.setback import undo_future
from storage.sketches import delete_sketches
from storage.tables import articles, bodies, feeds, fetch_log, forgotten, matches, outbox, stories
from storage.writer import Tx

# Each with the condition that its index on leased rows is found by.
_LEASED = (
    (feeds, "TRUE"),
    (articles, "stage = 'new'"),
    (articles, "stage = 'teased'"),
    (outbox, "state = 'pending'"),
)
_BATCH = 500


class Upkeep(Part):
    """The whole store's part."""

    _reaped_at: datetime | None = None

    @contextmanager
    def hold_lock(self) -> Iterator[None]:
        """Hold the store for a daemon.

        On SQLite a file lock, and all leases are freed; on PostgreSQL several daemons share the work.

        Raises:
            StoreLocked: another process holds it.
        """
        with ExitStack() as stack:
            if self._db.lock is not None:
                with explained(self._db.place):
                    stack.enter_context(self._db.lock.hold())
                self._db.write(lambda tx: _free(tx, None))
            yield

    def is_held(self) -> bool:
        """Return True while another process holds the store for a daemon (SQLite)."""
        with explained(self._db.place):
            return self._db.lock is not None and self._db.lock.is_held_elsewhere()

    def reap(self, now: datetime, *, given_up: Sequence[Feed | Article] = ()) -> int:
        """Free leases that ran out, and those of rows given up; returns how many ran out.

        What a clock that was set back since put off until its own future waits no longer than it would have.
        """
        ahead, self._reaped_at = (self._reaped_at or now) - now, now

        def free(tx: Tx) -> int:
            undo_future(tx, now, ahead)
            for one in given_up:
                table = feeds if isinstance(one, Feed) else articles
                mine = (table.c.id == one.id) & (table.c.lease_token == one.lease_token)
                tx.conn.execute(update(table).where(mine).values(lease_until=None))
            return _free(tx, now)

        return self._db.write(free)

    def counts(self, now: datetime) -> Counts:
        """Return totals."""
        with self._db.read() as conn:

            def count(table: Table, condition: str = "TRUE") -> int:
                return conn.scalar(_count(table).where(text(condition))) or 0

            is_held = and_(text("outbox.state = 'pending'"), outbox.c.next_at > now, outbox.c.attempts == 0)
            held = conn.scalar(_count(outbox).where(is_held, outbox.c.held_until.is_not(None))) or 0
            return Counts(
                articles=count(articles),
                unstudied=count(articles, "stage = 'new'") + count(articles, "stage = 'teased'"),
                set_aside=count(articles, "stage = 'failed'"),
                withheld=count(articles, f"problem = '{Problem.ROBOTS}'"),
                stories=count(stories),
                matches=count(matches),
                pending=count(outbox, "state = 'pending'") - held,
                held=held,
                dead=count(outbox, "state = 'dead'"),
                sent=count(outbox, "state = 'sent'"),
                oldest_due=_oldest_due(conn, now),
                last_sent=conn.scalar(select(func.max(outbox.c.sent_at)).where(outbox.c.sent_at.is_not(None))),
            )

    def oldest_waiting(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """Return since when the oldest unstudied article waits, and the oldest alert that is due (see `Counts`)."""
        first = select(articles.c.first_seen).where(text("article.stage = 'new'")).order_by(articles.c.id).limit(1)
        with self._db.read() as conn:
            return conn.scalar(first), _oldest_due(conn, now, outbox.c.kind != OutboxKind.OPERATOR.value)

    def lately(self, since: datetime) -> Lately:
        """Return what came and went since a time, and what waits."""
        is_read = articles.c.origin != Origin.SEED.value
        is_alert = outbox.c.kind != OutboxKind.OPERATOR.value
        is_due = and_(text("outbox.state = 'pending'"), or_(outbox.c.held_until.is_(None), outbox.c.attempts > 0))
        with self._db.read() as conn:
            return Lately(
                articles=conn.scalar(_count(articles).where(is_read, articles.c.first_seen >= since)) or 0,
                alerts=conn.scalar(_count(outbox).where(is_alert, outbox.c.sent_at >= since)) or 0,
                waiting=conn.scalar(_count(outbox).where(is_alert, is_due)) or 0,
            )

    def forget(self, now: datetime, *, articles_before: datetime, log_before: datetime) -> int:
        """Delete old unmatched articles (never seeds) and old fetch log; returns how many articles.

        A forgotten entry does not come back while its feed still lists it, nor as news by another way, for as long as
        it was kept. Unstudied articles stay, and those with alerts or with copies that stay. Works in batches, each
        a transaction.
        """
        # Copies first: an original can go when none of them is left.
        is_copy = articles.c.duplicate_of.is_not(None)
        gone = self._forget_articles(now, articles_before, is_copy)
        gone += self._forget_articles(now, articles_before, not_(is_copy))
        old_log = delete(fetch_log).where(fetch_log.c.at < log_before)
        unlisted = delete(forgotten).where(or_(IS_OF_ANY_FEED, _is_unlisted()), forgotten.c.seen_at < articles_before)
        self._db.write(lambda tx: [tx.conn.execute(statement).rowcount for statement in (old_log, unlisted)])
        return gone

    def _forget_articles(self, now: datetime, before: datetime, kind: ColumnElement[bool]) -> int:
        last, gone = 0, 0
        while True:
            page = _forgettable(before).where(kind, articles.c.id > last).order_by(articles.c.id).limit(_BATCH)
            with self._db.read() as conn:
                ids = conn.scalars(page).all()
            if not ids:
                return gone
            gone += self._forget_batch(_forgettable(before).where(articles.c.id.in_(ids)), now)
            last = ids[-1]

    def _forget_batch(self, which: Select[int], now: datetime) -> int:
        return self._db.write(lambda tx: _forget(tx, which, now))

    def backup(self, target: Path) -> Path:
        """Write a checked copy of the store to a file, or into a folder, and return its path (SQLite only).

        Raises:
            StoreError: not possible, with what to use instead.
        """
        if self._db.place.path is None:
            raise StoreError(
                f"{self._db.place.name}: PostgreSQL is backed up by its own tools", hint="use: pg_dump -Fc"
            )
        if target.is_dir():
            target /= f"{self._db.place.path.stem}-{self._db.clock():%Y%m%dT%H%M%SZ}.db"
        return write_copy(self._db.place.path, target)

    def check(self) -> list[str]:
        """Return what is wrong with the store, a line each; empty: nothing."""
        with self._db.read() as conn:
            found = _damage(conn) if self._db.place.path else []
            if found:
                return found
            counted = ((conn.scalar(query), what) for query, what in _orphans())
            return [f"{count} {what}" for count, what in counted if count]

    def close(self) -> None:
        """Write what waits and close all connections."""
        self._db.close()


def _free(tx: Tx, now: datetime | None) -> int:
    """End the leases that ran out, or all; the token stays: who was slow may still write, unless another took over."""
    freed = 0
    for table, where in _LEASED:
        until = table.c.lease_until
        over = until.is_not(None) if now is None else until <= now
        freed += tx.conn.execute(update(table).where(text(where), over).values(lease_until=None)).rowcount
    return freed


def _oldest_due(conn: Connection, now: datetime, *which: ColumnElement[bool]) -> datetime | None:
    is_late = and_(text("outbox.state = 'pending'"), or_(outbox.c.next_at <= now, outbox.c.attempts > 0))
    return conn.scalar(select(func.min(WAITS_SINCE)).where(is_late, *which))


def _forgettable(before: datetime) -> Select[int]:
    c, copy = articles.c, articles.alias("copy")
    return select(c.id).where(
        c.first_seen < before,
        c.origin != Origin.SEED.value,
        c.stage.not_in((Stage.NEW.value, Stage.TEASED.value)),
        not_(exists().where(matches.c.article_id == c.id)),
        not_(exists().where(outbox.c.article_id == c.id)),
        not_(exists().where(copy.c.duplicate_of == c.id)),
    )


def _forget(tx: Tx, which: Select[int], now: datetime) -> int:
    c = articles.c
    tx.serialise()  # no study may make one of them an original meanwhile
    ids = tx.conn.scalars(which).all()
    query = select(c.origin, c.feed_id, c.key_hash, c.story_id, c.url_key, c.text_hash).where(c.id.in_(ids))
    rows = tx.conn.execute(query).mappings().all()
    marks = [
        {"feed_id": row["feed_id"], "key_hash": row["key_hash"], "seen_at": now}
        for row in rows
        if row["origin"] == Origin.FEED.value
    ]
    if marks:
        tx.conn.execute(insert(forgotten), marks)
    mark_items(tx.conn, rows, now)
    delete_sketches(tx.conn, ids)
    tx.conn.execute(delete(articles).where(c.id.in_(ids)))
    story_ids = {row["story_id"] for row in rows if row["story_id"] is not None}
    is_left = exists().where(c.story_id == stories.c.id)
    empty = tx.conn.scalars(select(stories.c.id).where(stories.c.id.in_(story_ids), not_(is_left))).all()
    close_stories(tx.conn, empty)
    tx.conn.execute(delete(stories).where(stories.c.id.in_(empty)))
    return len(ids)


def _is_unlisted() -> ColumnElement[bool]:
    """Return the condition that a feed was read since, and did not list the entry any more."""
    seen_at, read_at = (type_coerce(column, BigInteger) for column in (forgotten.c.seen_at, feeds.c.read_at))
    slack = int(2 * MARK_AGE.total_seconds()) * 1_000_000
    return exists().where(feeds.c.id == forgotten.c.feed_id, seen_at + slack < read_at)


def _damage(conn: Connection) -> list[str]:
    found = [str(row[0]) for row in conn.execute(text("PRAGMA integrity_check"))]
    if found != ["ok"]:
        return found
    broken = conn.execute(text("PRAGMA foreign_key_check")).all()
    return [f"row {row[1]} of {row[0]} names a row of {row[2]} that does not exist" for row in broken]


def _orphans() -> Sequence[tuple[Select[int], str]]:
    c, original = articles.c, articles.alias("original")
    is_studied = c.stage == Stage.DONE.value
    no_story = or_(c.story_id.is_(None), not_(exists().where(stories.c.id == c.story_id)))
    return (
        (_count(articles).where(is_studied, no_story), "studied articles have no story"),
        (_count(articles).where(not_(exists().where(bodies.c.article_id == c.id))), "articles have no body"),
        (
            _count(articles).where(c.duplicate_of.is_not(None), not_(exists().where(original.c.id == c.duplicate_of))),
            "copies have no original",
        ),
        (
            _count(articles).where(
                exists().where(original.c.id == c.duplicate_of, original.c.duplicate_of.is_not(None))
            ),
            "copies are listed under a copy",
        ),
        (_count(stories).where(not_(exists().where(c.story_id == stories.c.id))), "stories have no article"),
        (_count(matches).where(not_(exists().where(c.id == matches.c.article_id))), "matches have no article"),
    )


def _count(table: Table) -> Select[int]:
    return select(func.count()).select_from(table)
