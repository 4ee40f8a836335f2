"""One round of each step until nothing is left to do, for `once`; and the state of the whole, for `status`."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from shutil import disk_usage
from typing import Any

from monitor.app.compose import App, now
from monitor.app.feedneeds import feed_needs
from monitor.app.pacing import tune_if_due
from monitor.app.selfwatch import LATE, LOW_BYTES
from monitor.app.standing import read_standing
from monitor.errors import ConfigErrors
from monitor.model import Config, Feed, OutboxRow, Phase
from monitor.pipeline import MESSAGES_A_CHANNEL, Delivered, Polled, StudyTally, deliver, pacing, poll, study, tease
from monitor.ports import Store

_LEASE_S = 900.0
_TOGETHER = 64
_POLLS = 256  # at once: what was fetched waits in memory to be read
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
    room = asyncio.Semaphore(_POLLS)

    async def one(feed: Feed) -> Polled:
        async with room:
            polled = await poll(app.context, [feed])
        waiting.discard(feed.url)
        progress(1)
        return polled

    telling = asyncio.create_task(_tell_of_slow(waiting, tell, patience_s))
    try:
        total = sum(await asyncio.gather(*map(one, feeds)), Polled())
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


def health(store: Store, config: Config, broken: ConfigErrors | None, state: Path) -> dict[str, Any]:
    """Return the state of the whole; `needs` lists what needs a person, a line each."""
    moment = now()
    counts = store.counts(moment)
    known = {feed.url: feed for feed in store.feeds()}
    feeds = [known[spec.url] for spec in config.feeds if spec.url in known]
    states = Counter(feed_state(known.get(spec.url)) for spec in config.feeds)
    needs = []
    if broken is not None:
        needs.append(f"the configuration is broken, an older one is used: {broken.message.splitlines()[0]}")
    if counts.set_aside:
        what = f"a fault of the program kept {counts.set_aside} articles from being studied"
        needs.append(f"{what}: monitor articles --stage failed")
    free_bytes = disk_usage(state).free if state.exists() else LOW_BYTES
    if free_bytes < LOW_BYTES:
        needs.append(f"{state}: only {free_bytes // 1_000_000} MB are free: without room nothing is stored")
    if counts.dead:
        needs.append(f"{counts.dead} alerts could not be sent: monitor alerts list --state dead")
    failing = [one for one in store.failing() if moment - one.since > LATE]
    needs += [
        f"{one.waiting} alert(s) to {one.recipient} wait since {one.since:%Y-%m-%d %H:%M} UTC: {one.error}; "
        f"find the cause: monitor send-test {one.recipient.split('/')[0]}"
        for one in failing
    ]
    if not failing and counts.oldest_due is not None and moment - counts.oldest_due > LATE:
        needs.append("alerts wait for over an hour: monitor alerts list --state pending")
    needs += feed_needs(feeds, read_standing(store), moment)
    return {
        "daemon": _daemon(store, config),
        "feeds": dict(states.most_common()),
        "articles": counts.articles,
        "unstudied": counts.unstudied,
        "set_aside": counts.set_aside,
        "withheld_by_robots": counts.withheld,
        "stories": counts.stories,
        "matches": counts.matches,
        "alerts_sent": counts.sent,
        "alerts_pending": counts.pending,
        "alerts_held": counts.held,
        "alerts_dead": counts.dead,
        "muted": [f"{one.ref} until {one.until:%Y-%m-%dT%H:%MZ}" for one in store.mutes(moment)],
        "last_alert": counts.last_sent.strftime("%Y-%m-%dT%H:%M:%SZ") if counts.last_sent else None,
        "needs": needs,
    }


def _daemon(store: Store, config: Config) -> str:
    if not config.settings.database.startswith("sqlite"):
        return "not known: on PostgreSQL several may run, on any machine"
    return "running" if store.is_held() else "not running"


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


def feed_state(feed: Feed | None) -> str:
    """Return a feed's state in words: `ok`, a problem's, `overflow`, `harmful page`, or that it was not polled yet."""
    if feed is not None and feed.failure is not None:
        return str(feed.failure.problem)
    if feed is not None and feed.polled_at and feed.polled_at.timestamp() - feed.memory.overflow_at < _WEEK_S:
        return "overflow"
    if feed is not None and feed.polled_at and feed.polled_at.timestamp() - feed.memory.harmful_at < _WEEK_S:
        return "harmful page"
    return "ok" if feed is not None and feed.succeeded_at else "not polled yet"
