"""What a person should know of single feeds: gone, moved, failing for long. `status` shows it, notices tell it once."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from monitor import alert, cadence
from monitor.model import WHAT_TO_DO, Feed, OutboxDraft, Problem, Settings
from monitor.pipeline import MOVES_BELIEVED, Context

_LONG = timedelta(days=1)
_HOURS_SHOWN = 96


def feed_needs(feed: Feed, moment: datetime) -> Iterator[str]:
    """Yield what a feed needs a person for, a line each."""
    is_gone = feed.failure is not None and feed.failure.problem is Problem.GONE
    if feed.failure and feed.failing_since and (is_gone or moment - feed.failing_since > _LONG):
        advice = WHAT_TO_DO[feed.failure.problem].replace("URL", feed.url)
        yield f"{feed.url}: {feed.failure} since {feed.failing_since:%Y-%m-%d}; {advice}"
    if feed.memory.advertised:
        yield f"{feed.url}: its site now advertises {feed.memory.advertised}: monitor feeds fix {feed.url}"
    elif _is_moving(feed):
        yield f"{feed.url}: moved to {feed.memory.moved_to}, another site: monitor feeds fix {feed.url}"


def silence_needs(feeds: Sequence[Feed]) -> list[str]:
    """Return the feeds that are silent for far longer than is usual, a line each."""
    return [f"{one.feed.url}: {_silent(one)}: monitor feeds test {one.feed.url}" for one in cadence.find_silent(feeds)]


def tell_of_feeds(context: Context) -> int:
    """Queue the notices of feeds that are gone, silent or have moved, each once; returns how many are new."""
    settings = context.watch.settings
    feeds = context.store.feeds(enabled_only=True)
    drafts = [draft for feed in feeds for draft in _notices(feed, settings)]
    recipients = settings.recipients(settings.operator)
    for one in cadence.find_silent(feeds):
        body = f"{one.feed.url}\nanswers, but brought nothing new since {_utc(one.since)}. Look at it:\n"
        body += f"monitor feeds test {one.feed.url}"
        title = f"{one.feed.name or one.feed.title or one.feed.url} {_silent(one)}"
        drafts += alert.notice(f"silent-{one.feed.id}-{one.since:.0f}", title, body, recipients)
    return context.store.put_outbox(drafts, context.clock()) if drafts else 0


def _notices(feed: Feed, settings: Settings) -> Iterator[OutboxDraft]:
    recipients, name = settings.recipients(settings.operator), feed.name or feed.title or feed.url
    if feed.failure and feed.failure.problem is Problem.GONE and feed.failing_since:
        body = f"{feed.url}\nIts site says that it is gone for good. It is asked once a day, until you remove it."
        body += f"\nTo look for another: monitor feeds fix {feed.url}"
        yield from alert.notice(f"gone-{feed.id}-{feed.failing_since:%Y%m%d}", f"{name} is gone", body, recipients)
    if other := feed.memory.advertised:
        body = f"{feed.url}\nfails or has fallen silent, and its site now advertises\n{other}\n"
        body += f"To take it: monitor feeds fix {feed.url}"
        title = f"The site of {name} names another feed"
        yield from alert.notice(f"advertised-{feed.id}-{_short(other)}", title, body, recipients)
    if feed.memory.asks_at:
        what = f"{feed.url}\nnow redirects for good to\n{feed.memory.asks_at}\nIt is asked there from now on."
        body = f"{what} To write that down: monitor feeds fix {feed.url}"
        yield from alert.notice(f"moved-{feed.id}-{_short(feed.memory.asks_at)}", f"{name} has moved", body, recipients)
    elif _is_moving(feed):
        what = f"{feed.url}\nnow redirects for good to\n{feed.memory.moved_to}\nThat is another site: you decide."
        body = f"{what} To take it: monitor feeds fix {feed.url}"
        title = f"{name} redirects to another site"
        yield from alert.notice(f"moving-{feed.id}-{_short(feed.memory.moved_to)}", title, body, recipients)


def _silent(one: cadence.Silence) -> str:
    return f"silent {_span(one.silent_s)}, normally ≤ {_span(one.usual_s)}"


def _span(seconds: float) -> str:
    hours = max(1, math.ceil(seconds / 3600))
    return f"{hours} h" if hours < _HOURS_SHOWN else f"{hours // 24} days"


def _utc(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"


def _is_moving(feed: Feed) -> bool:
    return feed.memory.moved_count >= MOVES_BELIEVED and not feed.memory.asks_at


def _short(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:12]
