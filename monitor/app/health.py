"""The state of the whole, for `status` and for the line of the day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor import alert
from monitor.app.compose import Loaded
from monitor.app.feedneeds import feed_needs
from monitor.app.selfwatch import LATE, own_troubles
from monitor.app.standing import Standing, read_standing
from monitor.model import Config, Feed, Trouble, TroubleKind
from monitor.ports import Counts, Store

_WEEK_S = 604_800.0


def health(store: Store, loaded: Loaded, state: Path, moment: datetime) -> dict[str, Any]:
    """Return the state of the whole; `needs` lists what needs a person, a line each, and `summary` says how much."""
    config = loaded.config
    counts = store.counts(moment)
    known = {feed.url: feed for feed in store.feeds()}
    states = Counter(feed_state(known.get(spec.url)) for spec in config.feeds)
    feeds = [known[spec.url] for spec in config.feeds if spec.url in known]
    standing = read_standing(store)
    needs = [*_of_config(loaded), *_of_counts(counts), *_of_whole(store, counts, state, moment, standing)]
    needs += feed_needs(feeds, standing, moment)
    lately = store.lately(moment - timedelta(days=1))
    return {
        "summary": alert.day_line(feeds, lately, len(needs), moment),
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


def feed_state(feed: Feed | None) -> str:
    """Return a feed's state in words: `ok`, a problem's, `overflow`, `harmful page`, or that it was not polled yet."""
    if feed is not None and feed.failure is not None:
        return str(feed.failure.problem)
    if feed is not None and feed.polled_at and feed.polled_at.timestamp() - feed.memory.overflow_at < _WEEK_S:
        return "overflow"
    if feed is not None and feed.polled_at and feed.polled_at.timestamp() - feed.memory.harmful_at < _WEEK_S:
        return "harmful page"
    return "ok" if feed is not None and feed.succeeded_at else "not polled yet"


def _of_config(loaded: Loaded) -> list[str]:
    broken, refusals = loaded.broken, loaded.refusals
    needs = [f"{refusals.title}: {error.message}" for error in refusals.errors] if refusals else []
    if broken is not None:
        needs.append(f"the configuration is broken, an older one is used: {broken.message.splitlines()[0]}")
    return needs


def _of_counts(counts: Counts) -> list[str]:
    needs = []
    if counts.set_aside:
        what = f"a fault of the program kept {counts.set_aside} articles from being studied"
        needs.append(f"{what}: monitor articles --stage failed")
    if counts.dead:
        needs.append(f"{counts.dead} alerts could not be sent: monitor alerts list --state dead")
    return needs


def _of_whole(store: Store, counts: Counts, state: Path, moment: datetime, standing: Standing) -> list[str]:
    errors = {one.recipient: one.error for one in store.failing()}
    own = [
        one for one in own_troubles(store, state, moment, standing.blind_until) if one.kind is not TroubleKind.DELIVERY
    ]
    needs = [_need(one, errors) for one in own]
    is_told = any(one.kind is TroubleKind.RECIPIENT for one in own)
    if not is_told and counts.oldest_due is not None and moment - counts.oldest_due > LATE:
        needs.append("alerts wait for over an hour: monitor alerts list --state pending")
    return needs


def _need(trouble: Trouble, errors: dict[str, str]) -> str:
    since, subject = f"{datetime.fromtimestamp(trouble.since, UTC):%Y-%m-%d %H:%M} UTC", trouble.subject
    match trouble.kind:
        case TroubleKind.DISK:
            return f"{subject}: only {trouble.count // 1_000_000} MB are free: without room nothing is stored"
        case TroubleKind.STUDY:
            return f"{trouble.count} article(s) wait to be studied, the oldest since {since}: see the log"
        case _:
            what = f"{trouble.count} alert(s) to {subject} wait since {since}: {errors.get(subject, '')}"
            return f"{what}; find the cause: monitor send-test {subject.split('/')[0]}"


def _daemon(store: Store, config: Config) -> str:
    if not config.settings.database.startswith("sqlite"):
        return "not known: on PostgreSQL several may run, on any machine"
    return "running" if store.is_held() else "not running"
