"""What live mutes do to rows of the outbox: they are stored as muted, under keys of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from monitor.model import Mute, MuteKind, OutboxDraft, OutboxKind, OutboxRow, OutboxState
from storage.tables import mutes


def live_mutes(conn: Connection, now: datetime) -> list[Mute]:
    """Return the mutes that are not over, the last to end first: what several cover is told of when all are over."""
    query = select(mutes).where(mutes.c.told_at.is_(None), mutes.c.until > now)
    rows = conn.execute(query.order_by(mutes.c.until.desc(), mutes.c.id)).mappings()
    return [mute_of(row) for row in rows]


def muted_values(mute: Mute, row: OutboxDraft | OutboxRow) -> dict[str, Any]:
    """Return what of a row differs because a mute covers it."""
    return {
        "key": mute.key_of(row),
        "kind": OutboxKind.MUTED.value,
        "state": OutboxState.MUTED.value,
        "bundle": mute.bundle,
        "hold": mute.reason,
        "held_until": mute.until,
    }


def mute_of(row: RowMapping) -> Mute:
    """Read a row of `mute`."""
    return Mute(**dict(row) | {"kind": MuteKind(row["kind"])})
