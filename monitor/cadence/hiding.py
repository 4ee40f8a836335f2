"""Feeds that answer "not modified" while they have new entries: their validators are not believed for a month.

It shows when a whole answer is asked for after a day of 304s, and brings entries that are dated hours before the last
of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor.cadence.rate import DAY_S
from monitor.model import Feed, FeedMemory, ParsedFeed

_BELIEVED = 3
_SLACK_S = 2 * 3_600.0  # a cache on the way may be this old
_DISTRUST_S = 30 * DAY_S


def is_distrusted(memory: FeedMemory, now: datetime) -> bool:
    """Tell whether a feed is asked for all of it each time."""
    return bool(memory.hiding_at) and now.timestamp() - memory.hiding_at < _DISTRUST_S


def count_hidden(feed: Feed, parsed: ParsedFeed | None) -> int:
    """Return how many entries of a whole answer are dated while the feed answered 304; `feed` is as it was before."""
    last, whole_at = feed.succeeded_at, feed.memory.whole_at
    if parsed is None or last is None or feed.failing_since is not None or not whole_at:
        return 0
    end = last.timestamp() - _SLACK_S
    return sum(whole_at < entry.published.timestamp() < end for entry in parsed.entries if entry.published)


def remember_hidden(memory: FeedMemory, hidden: int, at: datetime) -> FeedMemory:
    """Return what is known of a feed's validators after a whole answer that had so many new entries they had hidden."""
    count = memory.hidden_count + hidden if hidden else 0
    is_proved = count >= _BELIEVED
    return replace(memory, hidden_count=count, hiding_at=round(at.timestamp()) if is_proved else memory.hiding_at)
