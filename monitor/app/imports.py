"""Tells the operator what the first fetches of feeds brought: those entries are stored and never alerted."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from monitor import alert
from monitor.app.compose import App, now
from monitor.model import Feed

# So many feeds start at once that each by itself would be noise; but no feed waits longer than this for the others.
_PATIENCE = timedelta(minutes=15)


async def report_imports(app: App) -> int:
    """Send one notice for all feeds whose first fetch is studied, once nothing is waiting; returns how many feeds."""
    moment = now()
    found = await asyncio.to_thread(app.store.first_imports, moment)
    if not found:
        return 0
    waiting = (await asyncio.to_thread(app.store.counts, moment)).unstudied
    if waiting and not any(_is_old(feed, moment) for feed, _, _ in found):
        return 0
    settings = app.context.watch.settings
    title, body = _summary(found)
    drafts = alert.notice(f"imports-{moment:%Y%m%dT%H%M%S}", title, body, settings.recipients(settings.operator))
    await asyncio.to_thread(app.store.mark_imports_reported, [feed.id for feed, _, _ in found], drafts, moment)
    return len(found)


def _is_old(feed: Feed, moment: datetime) -> bool:
    return feed.baseline_at is not None and moment - feed.baseline_at > _PATIENCE


def _summary(found: list[tuple[Feed, int, int]]) -> tuple[str, str]:
    entries = sum(count for _, count, _ in found)
    matched = sum(count for _, _, count in found)
    feeds = f"{len(found)} feeds" if len(found) > 1 else "1 feed"
    title = f"First import of {feeds}: {entries} entries, {matched} on your topics"
    lines = [f"{feed.name or feed.title or feed.url}: {count} entries, {hits} matched" for feed, count, hits in found]
    tail = "They are stored and searchable, and were not alerted. What these feeds publish from now on will be."
    return title, "\n".join([*lines, tail])
