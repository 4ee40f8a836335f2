"""One round of each step until nothing is left to do, for `once`; and the state of the whole, for `status`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from monitor.app.compose import App, now
from monitor.app.pacing import tune_if_due
from monitor.model import Config, OutboxRow, Phase
from monitor.pipeline import MESSAGES_A_CHANNEL, Delivered, Polled, StudyTally, deliver, pacing, poll, study, tease

_LEASE_S = 900.0
_TOGETHER = 64
_POLLS = 256  # at once
_NAMED = 3
_TELL_AGAIN_S = 30.0
_WEEK_S = 604_800.0

Progress = Callable[[int], None]


async def poll_due(
    app: App,
    *,
    everything: bool,
    progress: Progress,
    tell: Callable[[str], None] = lambda _line: None,
    patience_s: float = 10.0,
) -> dict[str, Any]:
    """Poll every feed that is due now, each once; returns what came of it.

    `tell` hears after `patience_s`, and then every half minute, which feeds are still waited for.
    """
    feeds = await asyncio.to_thread(
        app.store.claim_due_feeds, now(), limit=1_000_000, lease_s=_LEASE_S, everything=everything
    )

    waiting = {feed.url for feed in feeds}
    left = iter(feeds)

    async def poll_one_by_one() -> Polled:
        total = Polled()
        for feed in left:
            total += await poll(app.context, [feed])
            waiting.discard(feed.url)
            progress(1)
        return total

    telling = asyncio.create_task(_tell_of_slow(waiting, tell, patience_s))
    try:
        total = sum(await asyncio.gather(*(poll_one_by_one() for _ in range(_POLLS))), Polled())
    finally:
        telling.cancel()
    await asyncio.to_thread(tune_if_due, app.context)
    return {
        "polled": total.feeds,
        "unchanged": total.unchanged,
        "new_entries": total.new_articles,
        "failing": dict(total.problems.most_common()),
    }


async def _tell_of_slow(waiting: set[str], tell: Callable[[str], None], patience_s: float) -> None:
    await asyncio.sleep(patience_s)
    while waiting:
        others = f" and {len(waiting) - _NAMED} more" if len(waiting) > _NAMED else ""
        tell(f"still waiting for {', '.join(sorted(waiting)[:_NAMED])}{others}")
        await asyncio.sleep(_TELL_AGAIN_S)


async def study_waiting(app: App, *, progress: Progress) -> dict[str, Any]:
    """Study every waiting article; returns what came of it."""
    total = await _tease_waiting(app) if app.context.watch.has_urgent else StudyTally()
    while articles := await asyncio.to_thread(app.store.claim_new_articles, now(), limit=_TOGETHER, lease_s=_LEASE_S):
        total += await study(app.context, articles)
        progress(len(articles))
    return {
        "studied": total.studied,
        "copies": total.copies,
        "matches": total.matches,
        "alerts": total.queued,
        "set_aside": total.set_aside,
    }


async def _tease_waiting(app: App) -> StudyTally:
    total = StudyTally()
    while articles := await asyncio.to_thread(
        app.store.claim_new_articles, now(), limit=_TOGETHER, lease_s=_LEASE_S, phase=Phase.TEASER
    ):
        total += await tease(app.context, articles)
    return total


async def deliver_due(app: App) -> dict[str, Any]:
    """Try every message that is due now once; returns what came of it."""
    total = Delivered()
    while groups := await asyncio.to_thread(_claim, app):
        total += await deliver(app.context, groups)
    return {"sent": total.sent, "to_be_retried": total.failed, "given_up": total.dead}


def _claim(app: App) -> list[list[OutboxRow]]:
    moment = now()  # the same for both, else what is joined at once would be due only after the claim
    return app.store.claim_messages(
        moment,
        limit=_TOGETHER,
        lease_s=_LEASE_S,
        per_channel=MESSAGES_A_CHANNEL,
        pace=pacing(app.context.watch, moment),
    )


def config_warnings(config: Config, *, is_service: bool) -> list[str]:
    """Return what is allowed in a configuration, and still probably not meant."""
    from monitor.deliver import check_channel

    warnings = [f"{channel.name}: {line}" for channel in config.settings.channels for line in check_channel(channel)]
    used = {name for topic in config.watchlist.topics for name in topic.alert.to} | set(config.settings.operator)
    channels = [channel for channel in config.settings.channels if channel.name in used]
    if is_service and channels and all(channel.url.startswith("console:") for channel in channels):
        warnings.append(
            "every alert goes to the console, which nobody reads under systemd: add a mail or slack channel"
        )
    warnings += [
        f"topic {topic.id}: alerts go to nobody: add `alert: {{to: […]}}`"
        for topic in config.watchlist.topics
        if not topic.alert.to
    ]
    today = now().astimezone(config.settings.timezone).date()
    warnings += [
        f"topic {topic.id} expired on {topic.expires} and matches no more: keep, move or retire it"
        for topic in config.watchlist.topics
        if topic.is_expired(today)
    ]
    return warnings
