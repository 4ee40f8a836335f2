"""What a clock that ran ahead left in the tables, once it is set right: times to come that are none."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, not_, or_, text, type_coerce, update

from storage.columns import Utc, micros_of
from storage.tables import feeds, outbox
from storage.writer import Tx

# Machines that share a store may differ by so much.
APART = timedelta(minutes=5)
# Longer than any back-off or believed Retry-After.
_LONGEST_WAIT = timedelta(days=2)

_Time = ColumnElement[Any]


def undo_future(tx: Tx, now: datetime, ahead: timedelta) -> None:
    """Let nothing wait for a time that a clock named which has been set back since; `ahead`: by how much, if known.

    A feed keeps its interval from now on, so that no more is asked of it; messages keep their wait.
    """
    _undo_polls(tx, now)
    _undo_messages(tx, now, ahead)


def _undo_polls(tx: Tx, now: datetime) -> None:
    c = feeds.c
    is_of_future = c.is_enabled.is_(True) & (c.next_at > now + APART)
    polled = is_of_future & (c.polled_at > now + APART)
    tx.conn.execute(update(feeds).where(polled).values(next_at=_as_long_after(now, c.polled_at, c.next_at)))
    tx.conn.execute(update(feeds).where(c.polled_at > now + APART).values(polled_at=now))
    unpolled = is_of_future & c.polled_at.is_(None) & (c.added_at > now + APART)
    tx.conn.execute(update(feeds).where(unpolled).values(next_at=now))


def _undo_messages(tx: Tx, now: datetime, ahead: timedelta) -> None:
    c = outbox.c
    # What is held waits for a time of the calendar, which does not move with the clock.
    is_free = or_(c.held_until.is_(None), c.next_at > c.held_until)
    waits = and_(text("outbox.state = 'pending'"), is_free, c.next_at > now)
    is_of_future = c.created_at > now + APART
    if ahead > APART:
        sooner = _number(c.next_at) - ahead // timedelta(microseconds=1)
        at = case((sooner > micros_of(now), sooner), else_=micros_of(now))
        tx.conn.execute(update(outbox).where(waits, not_(is_of_future)).values(next_at=type_coerce(at, Utc)))
    wait = _as_long_after(now, c.created_at, c.next_at)
    tx.conn.execute(update(outbox).where(waits, is_of_future).values(next_at=wait, created_at=now))
    tx.conn.execute(update(outbox).where(waits, c.next_at > now + _LONGEST_WAIT).values(next_at=now))


def _as_long_after(now: datetime, since: _Time, until: _Time) -> ColumnElement[Any]:
    return type_coerce(micros_of(now) + _number(until) - _number(since), Utc)


def _number(column: _Time) -> ColumnElement[int]:
    return type_coerce(column, BigInteger)
