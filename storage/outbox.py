"""The outbox: what is to be sent, claimed by lease, and kept as the record of what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, func, or_, select, text, update

from monitor.model import OutboxDraft, OutboxRow, OutboxState
from monitor.ports import FailingRecipient, Pace, Warn
from storage.claims import Group, choose_groups, claim_groups
from storage.columns import Utc
from storage.facts import put_note, read_note
from storage.leases import FREE, is_free
from storage.muting import live_mutes, muted_values
from storage.pacing import hold_surplus
from storage.part import Part
from storage.rows import outbox_row_of
from storage.tables import notes, outbox
from storage.writer import Tx

# Written out, so that the index on pending rows is used whatever the engine plans beforehand.
_PENDING = text("outbox.state = 'pending'")
# When a row could first have been sent.
WAITS_SINCE = func.coalesce(outbox.c.held_until, outbox.c.created_at, type_=Utc)
_CHANGEABLE = (OutboxState.PENDING, OutboxState.DROPPED)
_KEYS = 500  # in a statement
_MAX_GROUPS = 200  # SQLite bounds the depth of an expression


class Outbox(Part):
    """The outbox's part of the store. What it marks is on the disk (fsync) before a method returns."""

    def put_outbox(self, drafts: Sequence[OutboxDraft], now: datetime) -> int:
        """Store rows whose key is new; returns how many were."""
        return self._db.write(lambda tx: insert_drafts(tx, drafts, now))

    def tell_once(self, drafts: Sequence[OutboxDraft], now: datetime, *, note: str, before: str, after: str) -> bool:
        """Store rows together with the small fact that remembers them, in one transaction, if that is still `before`.

        False: another process was faster, nothing is stored.
        """

        def tell(tx: Tx) -> bool:
            tx.serialise()
            if read_note(tx.conn, note) != before:
                return False
            put_note(tx, note, after)
            insert_drafts(tx, drafts, now)
            return True

        return self._db.write(tell)

    def claim_messages(
        self,
        now: datetime,
        *,
        limit: int,
        lease_s: float,
        per_channel: int | None = None,
        pace: Pace | None = None,
    ) -> list[list[OutboxRow]]:
        """Lease up to `limit` groups of due rows, urgent ones first, then the longest due.

        A group is all due rows of one recipient and story, or the first 500 of one recipient and bundle.
        Operator notices are groups of one recipient. No channel has more than `per_channel` groups under lease, those
        of earlier claims included: one that never answers leaves room for the others.
        Before that, rows are held that are too much by `pace`.
        """
        limit = min(limit, _MAX_GROUPS)

        def claim(tx: Tx) -> list[RowMapping]:
            tx.serialise()  # else two processes choose the same groups, and one goes away with nothing
            if pace is not None:
                hold_surplus(tx, pace, now)
            return claim_groups(tx, now, lease_s, choose_groups(tx, now, limit, per_channel))

        rows = [outbox_row_of(row) for row in self._db.write(claim)]
        groups: dict[Group, list[OutboxRow]] = {}
        for row in sorted(rows, key=lambda row: (row.rank, row.id)):
            group = (row.recipient, row.bundle, 0 if row.bundle else row.story_id)
            groups.setdefault(group, []).append(row)
        return list(groups.values())

    def mark_sent(self, rows: Sequence[OutboxRow], message_id: str, now: datetime, *, thread: str = "") -> bool:
        """Mark rows as sent, durably (fsync) before it returns; False, and nothing, if one is leased to another.

        `thread` is what the service calls the message.
        """
        sent = {"state": OutboxState.SENT.value, "sent_at": now, "message_id": message_id, "error": ""}
        values = sent | {"thread": thread}
        return self._db.write(lambda tx: _finish(tx, rows, values), is_durable=True)

    def mark_failed(  # noqa: PLR0913 - what failed, and what of it is stored together
        self,
        rows: Sequence[OutboxRow],
        error: str,
        now: datetime,
        *,
        next_at: datetime | None,
        drafts: Sequence[OutboxDraft] = (),
        warn: Warn | None = None,
    ) -> bool:
        """Count a failed try and set the next one; None: the rows are dead letters.

        In the same transaction the notices in `drafts` are stored, and those that `warn` makes of the recipient:
        once, until none of what was tried in vain before is left.
        """
        values: dict[str, Any] = {"error": error, "next_at": next_at or now}
        if next_at is None:
            values["state"] = OutboxState.DEAD.value

        def fail(tx: Tx) -> bool:
            if not _finish(tx, rows, values):
                return False
            insert_drafts(tx, drafts, now)
            if warn is not None:
                _warn(tx, rows[0].recipient, warn, now)
            return True

        return self._db.write(fail, is_durable=True)

    def failing(self) -> list[FailingRecipient]:
        """Return the recipients for whom alerts wait that were tried in vain, by name."""
        with self._db.read() as conn:
            return _failing(conn)

    def sent_to(self, recipient: str, since: datetime) -> int:
        """Return how many rows were sent to a recipient since a time."""
        is_its = and_(outbox.c.sent_at.is_not(None), outbox.c.sent_at >= since, outbox.c.recipient == recipient)
        with self._db.read() as conn:
            return conn.scalar(select(func.count()).select_from(outbox).where(is_its)) or 0

    def outbox(
        self,
        *,
        state: OutboxState | None = None,
        story_id: int | None = None,
        article_ids: Sequence[int] = (),
        message_id: str = "",
        limit: int | None = 100,
    ) -> list[OutboxRow]:
        """Return rows, newest first; if `story_id` or `article_ids`, only those of the story or one of the articles.

        With a `message_id` only those sent as that message.
        """
        query = select(outbox).order_by(outbox.c.id.desc()).limit(limit)
        wanted = [outbox.c.story_id == story_id] if story_id is not None else []
        wanted += [outbox.c.article_id.in_(article_ids)] if article_ids else []
        if wanted:
            query = query.where(or_(*wanted))
        if message_id:
            query = query.where(outbox.c.message_id == message_id)
        if state is not None:
            query = query.where(outbox.c.state == state.value)
        with self._db.read() as conn:
            return [outbox_row_of(row) for row in conn.execute(query).mappings()]

    def outbox_keys(self, keys: Sequence[str]) -> set[str]:
        """Return those of the keys that rows have."""
        found: set[str] = set()
        for start in range(0, len(keys), _KEYS):
            query = select(outbox.c.key).where(outbox.c.key.in_(keys[start : start + _KEYS]))
            with self._db.read() as conn:
                found.update(conn.scalars(query))
        return found

    def outbox_row(self, row_id: int) -> OutboxRow | None:
        """Return one row."""
        with self._db.read() as conn:
            row = conn.execute(select(outbox).where(outbox.c.id == row_id)).mappings().one_or_none()
        return None if row is None else outbox_row_of(row)

    def change_outbox(self, row_ids: Sequence[int], state: OutboxState, now: datetime) -> int:
        """Make rows pending (due at once, tried as long as a new one) or dropped; returns how many changed.

        Rows that were sent, or are being sent now (under a lease), stay as they are.

        Raises:
            ValueError: another state.
        """
        if state not in _CHANGEABLE:
            raise ValueError(state)
        values = FREE | {"state": state.value, "next_at": now, "attempts": 0}
        if state is OutboxState.PENDING:
            values |= {"hold": "", "held_until": now}  # from then on it is tried as long as a new one
        is_idle = and_(outbox.c.state != OutboxState.SENT.value, is_free(outbox, now))
        parts = [list(row_ids[start : start + _KEYS]) for start in range(0, len(row_ids), _KEYS)]
        changes = [update(outbox).where(outbox.c.id.in_(part), is_idle).values(values) for part in parts]
        return self._db.write(lambda tx: sum(tx.conn.execute(one).rowcount for one in changes), is_durable=True)


def insert_drafts(tx: Tx, drafts: Sequence[OutboxDraft], now: datetime) -> int:
    """Insert the drafts whose key is new, within a transaction; returns how many were.

    Where another article has the key, what names this one in a digest is inserted instead. What a live mute covers is
    inserted as muted, under a key of its own.
    """
    mutes = live_mutes(tx.conn, now) if drafts else []
    count = 0
    for draft in drafts:
        mute = next((mute for mute in mutes if mute.covers(draft)), None)
        if mute is None:
            count += _insert(tx, draft, now)
        elif _teller(tx, draft) != draft.article_id:
            tx.insert_new(outbox, _row(tx, draft, now) | muted_values(mute, draft))
    return count


def _insert(tx: Tx, draft: OutboxDraft, now: datetime) -> bool:
    if tx.insert_new(outbox, _row(tx, draft, now)):
        return True
    if draft.folded is not None and _teller(tx, draft) != draft.article_id:
        tx.insert_new(outbox, _row(tx, draft.folded, now))
    return False


def _teller(tx: Tx, draft: OutboxDraft) -> int | None:
    """Return the article whose row has the key of this one."""
    found: int | None = tx.conn.scalar(select(outbox.c.article_id).where(outbox.c.key == draft.key))
    return found


def _row(tx: Tx, draft: OutboxDraft, now: datetime) -> dict[str, Any]:
    return FREE | {
        "id": tx.new_id(),
        "key": draft.key,
        "kind": draft.kind.value,
        "recipient": draft.recipient,
        "item": asdict(draft.item),
        "topic_no": draft.topic_no,
        "story_id": draft.story_id,
        "article_id": draft.article_id,
        "state": OutboxState.PENDING.value,
        "attempts": 0,
        "created_at": now,
        "next_at": draft.hold.until if draft.hold else draft.due_at or now,
        "sent_at": None,
        "message_id": "",
        "error": "",
        "rank": draft.urgency.rank,
        "bundle": draft.hold.bundle if draft.hold else "",
        "hold": draft.hold.reason if draft.hold else "",
        "held_until": draft.hold.until if draft.hold else None,
        "thread": "",
    }


_IN_VAIN = and_(_PENDING, outbox.c.attempts > 0)


def _failing(conn: Connection, recipient: str | None = None) -> list[FailingRecipient]:
    c = outbox.c
    query = select(c.recipient, func.count(), func.min(c.id), func.min(WAITS_SINCE)).where(_IN_VAIN)
    if recipient is not None:
        query = query.where(c.recipient == recipient)
    last = select(c.error).where(_IN_VAIN).order_by(c.next_at.desc(), c.id.desc()).limit(1)
    return [
        FailingRecipient(
            recipient=name,
            waiting=waiting,
            first_id=first_id,
            since=since,
            error=conn.scalar(last.where(c.recipient == name)) or "",
        )
        for name, waiting, first_id, since in conn.execute(query.group_by(c.recipient).order_by(c.recipient)).all()
    ]


def _warn(tx: Tx, recipient: str, warn: Warn, now: datetime) -> None:
    """Store what is to be told of a failing recipient, unless it was told since the first of its alerts was written."""
    name = f"warned-of:{recipient}"
    warned = tx.conn.scalar(select(notes.c.value).where(notes.c.name == name))
    for found in _failing(tx.conn, recipient):
        # Ids are ordered by time: that of the last warning tells what it covers.
        if int(warned or 0) < found.first_id and insert_drafts(tx, warn(found), now):
            value = str(tx.new_id())
            if not tx.insert_new(notes, {"name": name, "value": value}):
                tx.conn.execute(update(notes).where(notes.c.name == name).values(value=value))


def _finish(tx: Tx, rows: Sequence[OutboxRow], values: dict[str, Any]) -> bool:
    """Change pending rows that are leased as they say, all or none; every such change was a try."""
    tokens = {row.id: row.lease_token for row in rows}
    query = select(outbox.c.id, outbox.c.lease_token).where(outbox.c.id.in_(tokens), _PENDING).with_for_update()
    if {row.id: row.lease_token for row in tx.conn.execute(query)} != tokens:
        return False
    values = FREE | values | {"attempts": outbox.c.attempts + 1}
    tx.conn.execute(update(outbox).where(outbox.c.id.in_(tokens)).values(values))
    return True
