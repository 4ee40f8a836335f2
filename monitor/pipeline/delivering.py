"""Delivers messages: join the due rows of one story and recipient, send, mark. What cannot be sent is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from monitor import alert, cadence
from monitor.errors import StoreError
from monitor.log import Log
from monitor.model import Delivery, Message, OutboxDraft, OutboxKind, OutboxRow, Settings
from monitor.pipeline.context import Context, Watch
from monitor.ports import FailingRecipient, Pace

# Messages to one channel that are sent at once; more would wait for their turn there, and fail as too many.
MESSAGES_A_CHANNEL = 4
# A recipient that fails for longer is told of.
_PATIENCE = timedelta(hours=1)

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
    rows = await _unsent(context, rows)
    if not rows:
        return Delivered()
    now, timezone = context.clock(), context.watch.settings.timezone
    uncovered: tuple[str, ...] = ()
    if rows[0].bundle.startswith("digest:"):
        feeds = await asyncio.to_thread(context.store.feeds, enabled_only=True)
        silent = [one.feed for one in cadence.find_silent(feeds)]
        mutes = await asyncio.to_thread(context.store.mutes, now)
        uncovered = alert.uncovered(rows, feeds, silent, timezone, mutes)
    earlier: Sequence[OutboxRow] = ()
    if rows[0].story_id and not rows[0].bundle:
        earlier = await asyncio.to_thread(context.store.first_message, rows[0].recipient, rows[0].story_id)
    message = alert.compose(rows, now=now, timezone=timezone, uncovered=uncovered, earlier=earlier)
    context.reach("before-send")
    delivery = await context.sender.send(message)
    context.reach("after-send")
    if delivery.is_sent:
        return await _mark_sent(context, rows, message, delivery.thread)
    return await _mark_failed(context, rows, message, delivery)


async def _unsent(context: Context, rows: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """Return the rows that were not sent yet; marks those that were sent when they could not be marked."""
    sent = [row for row in rows if row.id in context.unmarked]
    for message_id in {context.unmarked[row.id] for row in sent}:
        its = [row for row in sent if context.unmarked[row.id] == message_id]
        await asyncio.to_thread(context.store.mark_sent, its, message_id, context.clock())
        _log.info("message that was sent before is marked", alert=message_id, recipient=its[0].recipient)
    for row in sent:
        del context.unmarked[row.id]
    return [row for row in rows if row not in sent]


async def _mark_sent(context: Context, rows: Sequence[OutboxRow], message: Message, thread: str) -> Delivered:
    try:
        mark = partial(context.store.mark_sent, rows, message.id, context.clock(), thread=thread)
        is_marked = await asyncio.to_thread(mark)
    except StoreError:
        context.unmarked |= {row.id: message.id for row in rows}
        raise
    context.reach("after-mark")
    fields = {"alert": message.id, "recipient": message.recipient, "topics": ",".join(message.topics)}
    if is_marked:
        _log.info("message sent", **fields)
    else:
        _log.warning(
            "message sent, but its alerts were taken over or changed meanwhile and may be sent again", **fields
        )
    return Delivered(sent=1)


async def _mark_failed(context: Context, rows: Sequence[OutboxRow], message: Message, delivery: Delivery) -> Delivered:
    now, settings = context.clock(), context.watch.settings
    next_at = alert.retry_at(
        max(row.attempts for row in rows) + 1,
        created_at=min(row.waits_since for row in rows),
        now=now,
        settings=settings.delivery,
        jitter=context.jitter(),
        retry_after_s=delivery.retry_after_s,
    )
    error = f"{delivery.error} ({delivery.hint})" if delivery.hint else delivery.error
    instead = alert.fall_back(settings, rows, now) if next_at is None or delivery.is_permanent else ()
    if instead:
        next_at = None
        error = f"{error}; sent to {', '.join(dict.fromkeys(draft.recipient for draft in instead))} instead"
    # Of a notice nothing is told: that would go on without end.
    is_told = any(row.kind is not OutboxKind.OPERATOR for row in rows)
    mark = partial(
        context.store.mark_failed,
        drafts=(*instead, *(_end_notice(settings, rows, error, instead, now) if is_told and next_at is None else ())),
        warn=partial(_warning, settings, delivery, now) if is_told and next_at is not None else None,
    )
    is_marked = await asyncio.to_thread(mark, rows, error, now, next_at=next_at)
    fields = {"alert": message.id, "recipient": message.recipient, "error": error}
    if not is_marked:
        _log.warning("message not sent, and its alerts were taken over or changed meanwhile", **fields)
        return Delivered(failed=1)
    if next_at is not None:
        _log.warning("message not sent, will be tried again", **fields, next_at=next_at.isoformat(timespec="seconds"))
        return Delivered(failed=1)
    _log.error("message given up: see `monitor alerts list --state dead`", **fields)
    return Delivered(dead=1)


def pacing(watch: Watch, now: datetime) -> Pace:
    """Return what is too much by the topics' limits, and by how many messages a minute are taken for a flood."""
    limits = {watch.numbers[topic.id]: topic.alert.per_hour for topic in watch.rules.values() if topic.alert.per_hour}
    return partial(alert.surplus, limits=limits, flood=watch.settings.delivery.flood, now=now)


def _warning(settings: Settings, delivery: Delivery, now: datetime, failing: FailingRecipient) -> Sequence[OutboxDraft]:
    """Return what to tell of a failing recipient, by the other ways; nothing while it may be a short disturbance."""
    if not delivery.is_permanent and now - failing.since < _PATIENCE:
        return ()
    recipient = failing.recipient
    return alert.notice(
        f"failing-{recipient}-{failing.first_id}",
        f"Alerts to {recipient} cannot be sent",
        f"{failing.waiting} alert(s) wait: {delivery.error}\n"
        f"They are tried again for {_days(settings)} days, then given up. "
        f"To find the cause: monitor send-test {recipient.split('/')[0]}",
        _other_ways(settings, recipient),
    )


def _end_notice(
    settings: Settings, rows: Sequence[OutboxRow], error: str, instead: Sequence[OutboxDraft], now: datetime
) -> Sequence[OutboxDraft]:
    """Return what is told of rows that became dead letters; of a channel that falls back, once a day."""
    if not instead:
        return _dead_letter_notice(settings, rows, error)
    recipient = rows[0].recipient
    return alert.notice(
        f"fallback-{recipient}-{now.astimezone(settings.timezone):%Y-%m-%d}",
        f"Alerts to {recipient} go to its fallback",
        f"{error}\nTo find the cause: monitor send-test {recipient.split('/')[0]}. "
        "They stay listed by: monitor alerts list --state dead",
        _other_ways(settings, recipient) or settings.recipients(settings.operator),
    )


def _dead_letter_notice(settings: Settings, rows: Sequence[OutboxRow], error: str) -> Sequence[OutboxDraft]:
    recipient = rows[0].recipient
    return alert.notice(
        f"dead-{rows[0].id}",
        f"A message to {recipient} was given up",
        f"{len(rows)} alert(s) could not be sent for {_days(settings)} days: {error}\n"
        f"Mend the channel (monitor send-test {recipient.split('/')[0]}), then: monitor alerts retry "
        + " ".join(str(row.id) for row in rows),
        # The way that just failed may come back; it is better than none.
        _other_ways(settings, recipient) or settings.recipients(settings.operator),
    )


def _other_ways(settings: Settings, recipient: str) -> Sequence[str]:
    return [one for one in settings.recipients(settings.operator) if one != recipient]


def _days(settings: Settings) -> str:
    return f"{settings.delivery.give_up_s / 86400:g}"
