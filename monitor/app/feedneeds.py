"""What a person should know of single feeds: `status` shows it. Of those that moved, notices tell once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from monitor import alert, cadence
from monitor.app.standing import Standing
from monitor.model import Feed, OutboxDraft, Settings, Trouble
from monitor.pipeline import MOVES_BELIEVED, Context

_NETWORK = "is there a network? `monitor feeds list` says what each answers"


def feed_needs(feeds: Sequence[Feed], standing: Standing, moment: datetime) -> list[str]:
    """Return what feeds need a person for, a line each; nothing but the network, while that is down."""
    view = cadence.view_feeds(feeds, moment, told=standing.told, blind_until=standing.blind_until)
    if view.is_blind:
        since = f" since {datetime.fromtimestamp(view.found[0].since, UTC):%Y-%m-%d %H:%M} UTC"
        return [f"no feed can be read{since}: {_NETWORK}"]
    if len(feeds) > 1 and all(feed.failing_since for feed in feeds):
        return [f"no feed can be read: {_NETWORK}"]
    lines = [_need(one, moment) for one in view.found]
    return [*lines, *(line for feed in feeds for line in _moves(feed))]


def tell_of_feeds(context: Context) -> int:
    """Queue the notices of feeds that have moved, or seem to, each once; returns how many are new."""
    settings = context.watch.settings
    drafts = [draft for feed in context.store.feeds(enabled_only=True) for draft in _notices(feed, settings)]
    return context.store.put_outbox(drafts, context.clock()) if drafts else 0


def _need(trouble: Trouble, moment: datetime) -> str:
    feed = trouble.feed
    link = f"{feed.url}: " if feed and (feed.name or feed.title) else ""
    return f"{link}{alert.line_of(trouble, moment.timestamp())}; {alert.advice_of(trouble)}"


def _moves(feed: Feed) -> Iterator[str]:
    if feed.memory.advertised:
        yield f"{feed.url}: its site now advertises {feed.memory.advertised}: monitor feeds fix {feed.url}"
    elif _is_moving(feed):
        yield f"{feed.url}: moved to {feed.memory.moved_to}, another site: monitor feeds fix {feed.url}"


def _notices(feed: Feed, settings: Settings) -> Iterator[OutboxDraft]:
    recipients, name = settings.recipients(settings.operator), feed.name or feed.title or feed.url
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


def _is_moving(feed: Feed) -> bool:
    return feed.memory.moved_count >= MOVES_BELIEVED and not feed.memory.asks_at


def _short(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:12]
