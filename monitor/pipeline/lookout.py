"""Asks a feed's site for another feed, once a day, when the feed is gone, fails for a day, or has fallen silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor import cadence
from monitor.model import PAGE_ACCEPT, Failure, Feed, FeedMemory, FetchRequest, Problem, RobotsPolicy
from monitor.pipeline.context import Context

_DAY = timedelta(days=1)
_PAGE_BYTES = 500_000
# The site knows at once; other faults may pass.
_SURE = frozenset({Problem.GONE, Problem.NOT_FOUND, Problem.HTML})


async def with_site(context: Context, feed: Feed, failure: Failure | None, now: datetime) -> FeedMemory:
    """Return what is known of a feed, with the address of another one that its site names, if it seems abandoned."""
    memory = feed.memory
    if not _seems_abandoned(feed, failure, now):
        return replace(memory, advertised="") if memory.advertised else memory
    if now.timestamp() - memory.site_asked_at < _DAY.total_seconds():
        return memory
    result = await context.fetcher.fetch(_page_request(feed, context))
    memory = replace(memory, site_asked_at=now.timestamp())
    if result.error is not None:
        return memory
    urls = await context.sandbox.named_feeds(result)
    is_same = feed.url in urls or memory.asks_at in urls
    return replace(memory, advertised="" if is_same or not urls else urls[0])


def _seems_abandoned(feed: Feed, failure: Failure | None, now: datetime) -> bool:
    if failure is None or failure.problem is Problem.NO_ENTRIES:
        return cadence.is_abandoned(feed.memory, feed.newest_at, now)
    return failure.problem in _SURE or now - (feed.failing_since or now) >= _DAY


def _page_request(feed: Feed, context: Context) -> FetchRequest:
    parts, poll = urlsplit(feed.url), context.watch.settings.poll
    return FetchRequest(
        url=feed.site or f"{parts.scheme}://{parts.netloc}/",
        user_agent=feed.access.user_agent,
        proxy=feed.access.proxy,
        accept=PAGE_ACCEPT,
        max_raw_bytes=_PAGE_BYTES,
        max_decoded_bytes=_PAGE_BYTES,
        timeout_s=poll.timeout_s,
        obeys_robots=poll.robots is RobotsPolicy.OBEY,
    )
