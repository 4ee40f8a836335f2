"""What people say of alerts, stored: judgements and mutes; and the outbox by what a person asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, func, insert, or_, select, text, tuple_, update

from monitor.model import Judgement, Mute, MuteKind, OutboxDraft, OutboxRow, OutboxState
from monitor.ports import MuteSaved, Wanted
from storage.columns import Utc
from storage.leases import is_free
from storage.muting import live_mutes, mute_of, muted_values
from storage.outbox import insert_drafts
from storage.part import Part
from storage.rows import outbox_row_of
from storage.tables import former_topics, judgements, mutes, outbox, topics
from storage.writer import Tx

_KEYS = 500  # in a statement
# Written out, so that the index on pending rows is used whatever the engine plans beforehand.
_PENDING = text("outbox.state = 'pending'")
_MOMENT = func.coalesce(outbox.c.sent_at, outbox.c.created_at, type_=Utc)


class Feedback(Part):
    """The part of the store for what people say of alerts."""

    def judge(self, judgements: Sequence[Judgement]) -> None:
        """Store judgements; one takes the place of an earlier one on the same article and topic."""
        self._db.write(lambda tx: _judge(tx, judgements))

    def withdraw(self, judged: Sequence[tuple[int, int]]) -> int:
        """Forget the judgements of these articles by these topics; returns how many there were."""
        return self._db.write(lambda tx: _withdraw(tx, judged))

    def judgements(self, *, article_ids: Sequence[int] = ()) -> list[Judgement]:
        """Return judgements, oldest first; of these articles only, if any are given."""
        query = select(judgements).order_by(judgements.c.judged_at, judgements.c.article_id, judgements.c.topic_no)
        parts = [article_ids[start : start + _KEYS] for start in range(0, len(article_ids), _KEYS)]
        queries = [query.where(judgements.c.article_id.in_(part)) for part in parts] or [query]
        with self._db.read() as conn:
            return [_judgement_of(row) for one in queries for row in conn.execute(one).mappings()]

    def mute(self, mute: Mute, now: datetime) -> MuteSaved:
        """Store a mute, in place of a live one of the same target; unsent rows it covers are muted with it.

        From then on a row that it covers is stored as muted under a key of its own, whatever makes it, in the
        transaction that would store it. Rows that are held beyond its end stay as they are.
        """
        return self._db.write(lambda tx: _mute(tx, mute, now), is_durable=True)

    def unmute(self, kind: MuteKind, target: str, now: datetime) -> Mute | None:
        """End the live mute of a target now; returns it as it is then, None if there is none."""

        def end(tx: Tx) -> Mute | None:
            tx.serialise()
            found = _live(tx, kind, target, now)
            if found is not None:
                tx.conn.execute(update(mutes).where(mutes.c.id == found.id).values(until=now))
            return replace(found, until=now) if found else None

        return self._db.write(end, is_durable=True)

    def mutes(self, now: datetime) -> list[Mute]:
        """Return the mutes that are live, the first to end first."""
        with self._db.read() as conn:
            return live_mutes(conn, now)[::-1]

    def ended_mutes(self, now: datetime) -> list[Mute]:
        """Return the mutes that are over and were not told of yet."""
        query = select(mutes).where(mutes.c.told_at.is_(None), mutes.c.until <= now).order_by(mutes.c.until)
        with self._db.read() as conn:
            return [mute_of(row) for row in conn.execute(query).mappings()]

    def tell_mutes_ended(self, mutes: Sequence[Mute], drafts: Sequence[OutboxDraft], now: datetime) -> None:
        """Remember that it was told that these are over, and store the notices, in one transaction."""
        self._db.write(lambda tx: _tell_ended(tx, [mute.id for mute in mutes], drafts, now))

    def muted_counts(self, mutes: Sequence[Mute]) -> dict[int, tuple[int, int]]:
        """Return, by mute, how many articles on how many stories were not sent for it so far."""
        ids = {mute.bundle: mute.id for mute in mutes}
        c = outbox.c
        counts = (func.count(c.article_id.distinct()), func.count(c.story_id.distinct()))
        query = select(c.bundle, *counts).where(c.state == OutboxState.MUTED.value, c.bundle.in_(list(ids)))
        with self._db.read() as conn:
            rows = conn.execute(query.group_by(c.bundle)).all()
        return dict.fromkeys(ids.values(), (0, 0)) | {
            ids[bundle]: (articles, stories) for bundle, articles, stories in rows
        }

    def topic_numbers(self) -> dict[str, int]:
        """Return the numbers of all topics that ever were taken over, by their ids and those they had before."""
        with self._db.read() as conn:
            former = {row.name: row.topic_no for row in conn.execute(select(former_topics))}
            return former | {row.name: row.no for row in conn.execute(select(topics.c.name, topics.c.no))}

    def find_outbox(self, wanted: Wanted, *, limit: int | None = None) -> list[OutboxRow]:
        """Return the rows that are wanted, newest first."""
        query = select(outbox).where(*_conditions(wanted)).order_by(outbox.c.id.desc()).limit(limit)
        with self._db.read() as conn:
            return [outbox_row_of(row) for row in conn.execute(query).mappings()]


def _judge(tx: Tx, made: Sequence[Judgement]) -> None:
    tx.serialise()
    _withdraw(tx, [(one.article_id, one.topic_no) for one in made])
    if made:
        tx.conn.execute(insert(judgements), [_judgement_row(one) for one in made])


def _withdraw(tx: Tx, judged: Sequence[tuple[int, int]]) -> int:
    pair = tuple_(judgements.c.article_id, judgements.c.topic_no)
    parts = [list(judged[start : start + _KEYS]) for start in range(0, len(judged), _KEYS)]
    return sum(tx.conn.execute(delete(judgements).where(pair.in_(part))).rowcount for part in parts)


def _judgement_row(one: Judgement) -> dict[str, Any]:
    return {
        "article_id": one.article_id,
        "topic_no": one.topic_no,
        "is_relevant": one.is_relevant,
        "because": one.because,
        "judged_at": one.at,
    }


def _judgement_of(row: RowMapping) -> Judgement:
    same = {name: row[name] for name in ("article_id", "topic_no", "is_relevant", "because")}
    return Judgement(**same, at=row["judged_at"])


def _mute(tx: Tx, mute: Mute, now: datetime) -> MuteSaved:
    tx.serialise()
    before = _live(tx, mute.kind, mute.target, now)
    stored = replace(mute, id=before.id if before else tx.new_id(), since=before.since if before else mute.since)
    values = {"until": stored.until, "name": stored.name, "because": stored.because}
    if before:
        tx.conn.execute(update(mutes).where(mutes.c.id == stored.id).values(values))
    else:
        more = {"id": stored.id, "kind": stored.kind.value, "target": stored.target, "since": stored.since}
        tx.conn.execute(insert(mutes).values(more | values))
    query = select(outbox, is_free(outbox, now).label("is_free")).where(_PENDING, outbox.c.next_at < stored.until)
    muted = being_sent = 0
    if stored.kind is MuteKind.TOPIC:
        query = query.where(outbox.c.topic_no == int(stored.target))
    for found in tx.conn.execute(query.order_by(outbox.c.id)).mappings().all():
        row = outbox_row_of(found)
        if not stored.covers(row):
            continue
        if found["is_free"]:
            tx.conn.execute(update(outbox).where(outbox.c.id == row.id).values(muted_values(stored, row)))
            muted += 1
        else:
            being_sent += 1
    return MuteSaved(mute=stored, muted=muted, being_sent=being_sent)


def _live(tx: Tx, kind: MuteKind, target: str, now: datetime) -> Mute | None:
    return next((one for one in live_mutes(tx.conn, now) if (one.kind, one.target) == (kind, target)), None)


def _tell_ended(tx: Tx, ids: Sequence[int], drafts: Sequence[OutboxDraft], now: datetime) -> None:
    insert_drafts(tx, drafts, now)
    tx.conn.execute(update(mutes).where(mutes.c.id.in_(ids)).values(told_at=now))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    c = outbox.c
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(c.state.in_([state.value for state in wanted.states]))
    if wanted.channel:
        found.append(or_(c.recipient == wanted.channel, c.recipient.startswith(f"{wanted.channel}/", autoescape=True)))
    if wanted.topic_no is not None:
        found.append(c.topic_no == wanted.topic_no)
    if wanted.message_id:
        found.append(c.message_id == wanted.message_id)
    if wanted.mute_id is not None:
        found.append(c.bundle == f"muted:{wanted.mute_id}")
    if wanted.since is not None:
        found.append(wanted.since <= _MOMENT)
    if wanted.until is not None:
        found.append(wanted.until > _MOMENT)
    return found
