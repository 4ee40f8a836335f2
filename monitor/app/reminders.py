"""Reminds those a topic tells of its deadline, and of the day it expires: a week and a day before, and afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date

from monitor import alert
from monitor.app.compose import App, now
from monitor.model import OutboxDraft, TopicMode, TopicSpec

_WEEK, _DAY = 7, 1


async def remind(app: App) -> int:
    """Queue the reminders that are due today; returns how many are new. Each is made once for a date, however often."""
    moment = now()
    watch = app.context.watch
    today = moment.astimezone(watch.settings.timezone).date()
    drafts = [
        draft
        for topic in watch.rules.values()
        if topic.mode is not TopicMode.SHADOW
        for draft in reminders(
            topic,
            watch.numbers[topic.id],
            watch.settings.recipients(topic.alert.to) or watch.settings.recipients(watch.settings.operator),
            today,
        )
    ]
    return await asyncio.to_thread(app.store.put_outbox, drafts, moment) if drafts else 0


def reminders(topic: TopicSpec, number: int, recipients: tuple[str, ...], today: date) -> Iterator[OutboxDraft]:
    """Yield what is to be said of a topic's dates on this day; the keys hold its number, the date and the occasion."""
    for kind, day in (("deadline", topic.deadline), ("expires", topic.expires)):
        if day is None or (occasion := _occasion((day - today).days)) is None:
            continue
        title, body = _words(topic, kind, day, (day - today).days)
        yield from alert.notice(f"{kind}-{number}-{day}-{occasion}", title, body, recipients)


def _occasion(left: int) -> str | None:
    if left < 0:
        return "passed"
    if left <= _DAY:
        return "day"
    return "week" if left <= _WEEK else None


def _words(topic: TopicSpec, kind: str, day: date, left: int) -> tuple[str, str]:
    note = f"\nNote: {topic.note}" if topic.note else ""
    where = f"\nIt stands in {topic.where_written}." if topic.where_written else ""
    if kind == "deadline":
        if left < 0:
            choose = f"Take `deadline` away to keep the topic, write a later day, or delete the topic.{where}"
            return f"{topic.name}: the deadline passed: keep, move or retire?", f"It was {day}. {choose}{note}"
        return f"{topic.name}: {alert.days_left(left)}", f"Its deadline is {day}.{note}"
    if left < 0:
        choose = f"Take `expires` away to keep the topic, write a later day, or delete the topic.{where}"
        return f"{topic.name} has expired: keep, move or retire?", f"It matches no more since {day}. {choose}{note}"
    return f"{topic.name} expires: {alert.days_left(left)}", f"After {day} it matches no more.{where}{note}"
