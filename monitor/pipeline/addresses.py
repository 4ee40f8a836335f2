"""Where a feed is asked: at the address the user wrote, or where that has been moved for good.

A move is believed when it was answered three times in a row, and taken only within the registered domain: another
domain may be another owner's, so the user decides.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor import cadence
from monitor.clean import host
from monitor.model import Feed, FeedMemory, FetchRequest, FetchResult
from monitor.pipeline.sources import feed_request, is_same_site
from monitor.text.domains import registered_domain

MOVES_BELIEVED = 3
_WHOLE_S = 86_400.0


def poll_request(feed: Feed, timeout_s: float, now: datetime) -> FetchRequest:
    """Return the request for a poll.

    After a day of 304s a whole answer is wanted: some servers say 304 for ever. Those that did are not asked whether.
    """
    request = replace(feed_request(feed.memory.asks_at or feed.url, feed.access), timeout_s=timeout_s)
    if now.timestamp() - feed.memory.whole_at >= _WHOLE_S or cadence.is_distrusted(feed.memory, now):
        return request
    return replace(request, etag=feed.etag, last_modified=feed.last_modified)


def with_address(feed: Feed, result: FetchResult, now: datetime, *, is_failure: bool) -> FeedMemory:
    """Return what is known of a feed's address after an answer."""
    memory = feed.memory
    if is_failure:
        # What was moved may be moved back: the address that the user wrote is asked next.
        return replace(memory, asks_at="", moved_to="", moved_count=0) if memory.asks_at else memory
    if not result.is_unchanged:
        memory = replace(memory, whole_at=now.timestamp())
    if not result.moved_to:
        is_over = memory.moved_to and not memory.asks_at
        return replace(memory, moved_to="", moved_count=0) if is_over else memory
    count = memory.moved_count + 1 if result.moved_to == memory.moved_to else 1
    memory = replace(memory, moved_to=result.moved_to, moved_count=count)
    is_taken = count >= MOVES_BELIEVED and _may_take(feed, result.moved_to)
    return replace(memory, asks_at=result.moved_to) if is_taken else memory


def _may_take(feed: Feed, target: str) -> bool:
    if feed.access.headers and not is_same_site(feed.url, target):
        return False  # a login goes to its own site only
    return registered_domain(host(feed.url)) == registered_domain(host(target))
