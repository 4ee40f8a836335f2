"""What may become of an article under a topic, and what became of its outbox rows, in words."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from monitor.app.unreceived import show_time
from monitor.model import OutboxKind, OutboxRow, OutboxState


class Fate(StrEnum):
    """What became of an article under a topic, in a word."""

    ALERTED = "alerted"
    QUEUED = "queued"
    HELD = "held"
    MUTED = "muted"
    DEAD = "given up"
    DROPPED = "dropped"
    COPY = "copy"
    REFUSED = "topic refused"
    GONE = "topic gone"
    VETOED = "vetoed"
    SAME_STORY = "same story"
    SILENT = "silent"
    SEED = "seed"
    SHADOW = "shadow"
    EXPIRED = "expired"
    UNTOLD = "not alerted"
    CHANGED = "topic changed since"
    WAITING = "waiting"
    SET_ASIDE = "set aside"
    EXCLUDED = "excluded"
    MISSED = "no match"
    MATCHED = "match"


def sending(rows: Sequence[OutboxRow]) -> tuple[Fate, str]:
    """Return what became of outbox rows; the worst counts, and each recipient is named."""
    ordered = sorted(rows, key=lambda row: row.id)
    states = {row.state for row in ordered}
    order = (
        (OutboxState.DEAD, Fate.DEAD),
        (OutboxState.PENDING, Fate.QUEUED),
        (OutboxState.SENT, Fate.ALERTED),
        (OutboxState.MUTED, Fate.MUTED),
        (OutboxState.DROPPED, Fate.DROPPED),
    )
    fate = next(fate for state, fate in order if state in states)
    if fate is Fate.QUEUED and all(row.is_held for row in ordered if row.state is OutboxState.PENDING):
        fate = Fate.HELD
    return fate, "; ".join(f"{row.recipient}: {_update(row)}{_sent(row)}" for row in ordered)


def _update(row: OutboxRow) -> str:
    return f"an update ({', '.join(row.item.reasons)}), " if row.item.reasons else ""


def _sent(row: OutboxRow) -> str:
    match row.state:
        case OutboxState.SENT:
            again = "again " if row.kind is OutboxKind.REPLAY else ""
            return f"sent {again}at {show_time(row.sent_at)} as {row.message_id}"
        case OutboxState.PENDING if row.is_held:
            return f"held: {row.hold}, until {show_time(row.next_at)}"
        case OutboxState.PENDING:
            tries = f", tried {row.attempts}×, last error: {row.error}" if row.attempts else ""
            return f"waits, due at {show_time(row.next_at)}{tries}"
        case OutboxState.MUTED:
            return f"{row.hold} (monitor alerts retry {row.id})"
        case OutboxState.DEAD:
            return f"given up after {row.attempts} tries: {row.error} (monitor alerts retry {row.id})"
    return "dropped by a person"
