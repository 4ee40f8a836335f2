"""Threads: which message of a story a recipient had first, so that later ones can be put below it."""

from __future__ import annotations

from sqlalchemy import select

from monitor.model import OutboxKind, OutboxRow, OutboxState
from storage.part import Part
from storage.rows import outbox_row_of
from storage.tables import outbox

_ALERTS = (OutboxKind.FIRST.value, OutboxKind.UPDATE.value)


class Threads(Part):
    """The part of the store for threads."""

    def first_message(self, recipient: str, story_id: int) -> list[OutboxRow]:
        """Return the rows of the first message that a recipient had on a story; of a bundle the first of them."""
        c = outbox.c
        query = select(outbox).where(c.story_id == story_id, c.recipient == recipient, c.sent_at.is_not(None))
        query = query.where(c.state == OutboxState.SENT.value, c.kind.in_(_ALERTS))
        with self._db.read() as conn:
            # What came alone goes before what came in a bundle.
            first = conn.execute(query.order_by(c.bundle != "", c.sent_at, c.id).limit(1)).mappings().one_or_none()
            if first is None or first["bundle"]:
                return [outbox_row_of(first)] if first else []
            rows = conn.execute(query.where(c.message_id == first["message_id"]).order_by(c.id)).mappings()
            return [outbox_row_of(row) for row in rows]
