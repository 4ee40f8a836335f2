"""Holds rows of the outbox back before they are claimed: those of a topic that has had its share of messages."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, func, not_, or_, select, text, update

from monitor.ports import Pace, Recent, Surplus, Waiting
from storage.leases import is_free
from storage.tables import outbox
from storage.writer import Tx

_MAX_ROWS = 5_000  # looked at in one transaction; the rest in the next
_MAX_IDS = 500  # in a statement
_SPAN = timedelta(hours=1)

_PENDING = text("outbox.state = 'pending'")
_IS_ALONE = and_(outbox.c.bundle == "", outbox.c.topic_no != 0, outbox.c.kind != "operator")


def hold_surplus(tx: Tx, pace: Pace, now: datetime) -> None:
    """Hold what `pace` says is too much of the rows that are due.

    Those that were tried keep their message, also if the try was cut off: it may have arrived.
    """
    waiting = _waiting(tx, now)
    if waiting:
        for surplus in pace(waiting, [*_sent(tx, now), *_being_sent(tx, now)]):
            _hold(tx, surplus)


def _waiting(tx: Tx, now: datetime) -> list[Waiting]:
    c = outbox.c
    is_untried = and_(c.attempts == 0, c.lease_token == 0)
    is_due = and_(_PENDING, c.next_at <= now, is_free(outbox, now), is_untried)
    query = select(c.id, c.recipient, c.topic_no, c.story_id, c.rank).where(is_due, _IS_ALONE)
    rows = tx.conn.execute(query.order_by(c.id).limit(_MAX_ROWS)).mappings()
    return [Waiting(**row) for row in rows]


def _sent(tx: Tx, now: datetime) -> list[Recent]:
    c = outbox.c
    is_flood = c.bundle.like("flood:%")
    is_recent = and_(c.sent_at.is_not(None), c.sent_at > now - _SPAN, c.topic_no != 0)
    query = select(c.recipient, c.topic_no, func.max(c.sent_at).label("at"), is_flood.label("is_flood"))
    query = query.where(is_recent, or_(_IS_ALONE, is_flood)).group_by(c.recipient, c.topic_no, c.message_id, is_flood)
    return [_recent(*row) for row in tx.conn.execute(query).all()]


def _being_sent(tx: Tx, now: datetime) -> list[Recent]:
    c = outbox.c
    is_flood = c.bundle.like("flood:%")
    query = select(c.recipient, c.topic_no, is_flood.label("is_flood"), c.story_id).distinct()
    query = query.where(_PENDING, not_(is_free(outbox, now)), or_(_IS_ALONE, is_flood))
    return [_recent(recipient, topic, now, flood) for recipient, topic, flood, _ in tx.conn.execute(query).all()]


def _recent(recipient: str, topic_no: int, at: datetime, is_flood: object) -> Recent:
    return Recent(recipient=recipient, topic_no=topic_no, at=at, is_flood=bool(is_flood))


def _hold(tx: Tx, surplus: Surplus) -> None:
    hold = surplus.hold
    values = {"next_at": hold.until, "bundle": hold.bundle, "hold": hold.reason, "held_until": hold.until}
    for start in range(0, len(surplus.row_ids), _MAX_IDS):
        ids = surplus.row_ids[start : start + _MAX_IDS]
        tx.conn.execute(update(outbox).where(outbox.c.id.in_(ids)).values(values))
