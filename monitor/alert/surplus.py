"""Joins what is too much: alerts beyond a topic's limit an hour, and a topic gone wild."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from monitor.model import Hold
from monitor.ports import Recent, Surplus, Waiting

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)

_Slot = tuple[str, int]


def surplus(
    waiting: Sequence[Waiting],
    recent: Sequence[Recent],
    *,
    limits: Mapping[int, int],
    flood: int,
    now: datetime,
) -> tuple[Surplus, ...]:
    """Return which of the waiting rows are held, for each recipient and topic; rows of one story are one message.

    What goes beyond a topic's limit waits for the next full hour; urgent rows have none. Of more than `flood` messages
    in a minute of the clock, the rest waits for the next; if as many wait at once, all are joined at once.

    Args:
        waiting: rows that are due and belong to no bundle, by id.
        recent: messages that were sent within the last hour, or are being sent.
        limits: messages an hour by topic number; none for a topic without a limit.
        flood: messages a minute; 0: no bound.
        now: when this is asked.
    """
    slots: dict[_Slot, list[Waiting]] = {}
    for row in waiting:
        slots.setdefault((row.recipient, row.topic_no), []).append(row)
    sent: dict[_Slot, list[Recent]] = {}
    for message in recent:
        sent.setdefault((message.recipient, message.topic_no), []).append(message)
    held: list[Surplus] = []
    for slot, rows in slots.items():
        limit = 0 if rows[0].rank == 0 else limits.get(slot[1], 0)
        beyond = _beyond_limit(rows, sent.get(slot, ()), limit, now)
        held += beyond
        taken = {row_id for one in beyond for row_id in one.row_ids}
        held += _flooding([row for row in rows if row.id not in taken], sent.get(slot, ()), flood, now)
    return tuple(held)


def _beyond_limit(rows: Sequence[Waiting], sent: Sequence[Recent], limit: int, now: datetime) -> list[Surplus]:
    hour = now.replace(minute=0, second=0, microsecond=0)
    room = limit - sum(one.at >= hour and not one.is_flood for one in sent)
    beyond = _without_first(rows, room) if limit else []
    return _held(beyond, hour + _HOUR, f"limit:{rows[0].topic_no}", f"the limit of {limit} an hour")


def _flooding(rows: Sequence[Waiting], sent: Sequence[Recent], flood: int, now: datetime) -> list[Surplus]:
    if not flood or not rows:
        return []
    minute = now.replace(second=0, microsecond=0)
    lately = [one for one in sent if one.at >= minute]
    name, reason = f"flood:{rows[0].topic_no}", "very many at once"
    if any(one.is_flood for one in lately):
        return _held(rows, minute + _MINUTE, name, reason)
    if len({row.story_id for row in rows}) > flood:
        return _held(rows, now, name, reason)
    return _held(_without_first(rows, flood - len(lately)), minute + _MINUTE, name, reason)


def _without_first(rows: Sequence[Waiting], stories: int) -> list[Waiting]:
    """Return the rows of all stories but the first so many."""
    kept = list(dict.fromkeys(row.story_id for row in rows))[: max(stories, 0)]
    return [row for row in rows if row.story_id not in kept]


def _held(rows: Sequence[Waiting], until: datetime, name: str, reason: str) -> list[Surplus]:
    if not rows:
        return []
    hold = Hold(until=until, bundle=f"{name}:{until:%Y-%m-%dT%H:%M:%S}", reason=reason)
    return [Surplus(hold=hold, row_ids=tuple(row.id for row in rows))]
