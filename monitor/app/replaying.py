"""Sends again what was sent in a span of time: a mailbox was lost, or somebody new is to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model import Hold, OutboxDraft, OutboxKind, OutboxRow, OutboxState, Settings, Urgency
from monitor.ports import Store, Wanted

_STATES = (OutboxState.SENT, OutboxState.DEAD)


def replay_drafts(
    store: Store, settings: Settings, wanted: Wanted, now: datetime, *, to: Sequence[str] = ()
) -> tuple[OutboxDraft, ...]:
    """Return the rows that tell again what was sent, or given up, to each recipient, as one message of many.

    What a recipient had more than once, it gets once. Notices come as notices, unless one topic is wanted.

    Args:
        store: where it was sent from.
        settings: the time zone in which the span is told.
        wanted: which of them; its states do not count.
        now: when they are due.
        to: the recipients that get it in place of those who had it.
    """
    rows = store.find_outbox(replace(wanted, states=_STATES))
    hold = Hold(until=now, bundle=f"replay:{now:%Y%m%dT%H%M%S}", reason=_span(rows, settings))
    drafts: dict[tuple[int, int, str, str], OutboxDraft] = {}
    for row in reversed(rows):
        for recipient in to or (row.recipient,):
            notice = row.item.title if row.kind is OutboxKind.OPERATOR else ""
            same = (row.topic_no, row.article_id, recipient, f"{notice}{row.item.body}")
            if same not in drafts or row.recipient == recipient:
                drafts[same] = _draft(row, recipient, hold, is_for_another=bool(to))
    return tuple(drafts.values())


def _draft(row: OutboxRow, recipient: str, hold: Hold, *, is_for_another: bool) -> OutboxDraft:
    is_notice = row.kind is OutboxKind.OPERATOR
    item = replace(row.item, title=f"Sent again: {row.item.title}") if is_notice else row.item
    if is_for_another and row.recipient != recipient:
        item = replace(item, instead_of=f"First sent to {row.recipient}.")
    return OutboxDraft(
        key=f"{hold.bundle}:{row.id}:{recipient}",
        kind=OutboxKind.OPERATOR if is_notice else OutboxKind.REPLAY,
        recipient=recipient,
        item=item,
        topic_no=row.topic_no,
        story_id=row.story_id,
        article_id=row.article_id,
        due_at=hold.until,
        urgency=Urgency.LOW,
        hold=None if is_notice else hold,
    )


def _span(rows: Sequence[OutboxRow], settings: Settings) -> str:
    """Return from when to when these were sent, in words."""
    moments = sorted(row.sent_at or row.created_at for row in rows)
    if not moments:
        return ""
    first, last = (f"{one.astimezone(settings.timezone):%Y-%m-%d %H:%M %Z}" for one in (moments[0], moments[-1]))
    return f"what was sent from {first} to {last}" if first != last else f"what was sent at {first}"
