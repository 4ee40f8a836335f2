"""Delivers messages: join the due rows of one story and recipient, send, mark. What cannot be sent is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from monitor import alert
from monitor.log import Log
from monitor.model import OutboxDraft, OutboxRow, Settings
from monitor.pipeline.context import Context

_log = Log(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What delivering some messages came to."""

    sent: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(sent=self.sent + other.sent, failed=self.failed + other.failed, dead=self.dead + other.dead)


async def deliver(context: Context, groups: Sequence[Sequence[OutboxRow]]) -> Delivered:
    """Send each group of leased outbox rows as one message."""
    return sum(await asyncio.gather(*(deliver_message(context, rows) for rows in groups)), Delivered())


async def deliver_message(context: Context, rows: Sequence[OutboxRow]) -> Delivered:
    """Send one group of leased rows, and mark them sent or due again."""
    context.reach("after-claim")
    settings = context.watch.settings
    message = alert.compose(rows, now=context.clock(), timezone=settings.timezone)
    context.reach("before-send")
    delivery = await context.sender.send(message)
    context.reach("after-send")
    now = context.clock()
    if delivery.is_sent:
        await asyncio.to_thread(context.store.mark_sent, rows, message.id, now)
        context.reach("after-mark")
        _log.info("message sent", alert=message.id, recipient=message.recipient, topics=",".join(message.topics))
        return Delivered(sent=1)
    next_at = alert.retry_at(
        max(row.attempts for row in rows) + 1,
        created_at=min(row.created_at for row in rows),
        now=now,
        settings=settings.delivery,
        jitter=context.jitter(),
        retry_after_s=delivery.retry_after_s,
    )
    error = f"{delivery.error} ({delivery.hint})" if delivery.hint else delivery.error
    await asyncio.to_thread(context.store.mark_failed, rows, error, now, next_at=next_at)
    fields = {"alert": message.id, "recipient": message.recipient, "error": error}
    if next_at is not None:
        _log.warning("message not sent, will be tried again", **fields, next_at=next_at.isoformat(timespec="seconds"))
        return Delivered(failed=1)
    _log.error("message given up: see `monitor alerts list --state dead`", **fields)
    await asyncio.to_thread(context.store.put_outbox, _dead_letter_notice(settings, rows, delivery.error), now)
    return Delivered(dead=1)


def _dead_letter_notice(settings: Settings, rows: Sequence[OutboxRow], error: str) -> Sequence[OutboxDraft]:
    recipient = rows[0].recipient
    # Not by the way that just failed, unless there is no other.
    others = [one for one in settings.recipients(settings.operator) if one != recipient]
    return alert.notice(
        f"dead-{rows[0].id}",
        f"A message to {recipient} was given up",
        f"{len(rows)} alert(s) could not be sent for {settings.delivery.give_up_s / 86400:g} days: {error}\n"
        f"Mend the channel (monitor send-test {recipient.split('/')[0]}), then: monitor alerts retry "
        + " ".join(str(row.id) for row in rows),
        others,
    )
