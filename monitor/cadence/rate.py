"""How much a feed publishes: new entries over days, both forgotten at the same speed.

The prior of three tenths of an entry in a day and a half is what a feed counts as that nothing is known of.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from datetime import datetime

from monitor.model import FeedMemory, FetchResult, ParsedFeed

DAY_S = 86_400.0
BELIEVED_S = 3_600.0
PRIOR_ENTRIES = 0.3
PRIOR_DAYS = 1.5

_FORGET_DAYS = 10.0
_MAX_AT_ONCE = 3  # a burst is one event: it tells less of the next days than its size
_MAX_SPAN_DAYS = 30.0
_SILENT_DAYS, _SILENT_GAPS, _LONG_DAYS, _TRACE = 14.0, 10.0, 90.0, 0.5


def rate_of(memory: FeedMemory) -> float:
    """Return how many entries a day a feed is likely to publish, always above 0.

    Source: the mean of a Gamma-Poisson estimate whose counts decay.
    """
    return (memory.weight + PRIOR_ENTRIES) / (memory.exposure_days + PRIOR_DAYS)


def remember(memory: FeedMemory, fetch: FetchResult, parsed: ParsedFeed | None, new: int, at: datetime) -> FeedMemory:
    """Return what is known of a feed after a poll of it that succeeded at `at` and brought `new` entries.

    A feed that was never counted is judged by the dates of its entries. `parsed` is None when nothing had changed.
    """
    moment = at.timestamp()
    if memory.counted_at:
        kept = math.exp(-max(0.0, moment - memory.counted_at) / DAY_S / _FORGET_DAYS)
        weight = memory.weight * kept + min(new, _MAX_AT_ONCE)
        days = memory.exposure_days * kept + _FORGET_DAYS * (1 - kept)
    else:
        weight, days = _judge_dates(parsed, moment) if parsed else (0.0, 0.0)
    is_cached = 1 <= (fetch.cache_s or 0.0) <= BELIEVED_S
    memory = replace(
        memory,
        weight=round(weight, 4),
        exposure_days=round(days, 4),
        counted_at=round(moment),
        fresh_s=believed(fetch.cache_s if is_cached else fetch.max_age_s),
        is_cached=is_cached,
    )
    if parsed is None:
        return memory
    return replace(memory, ttl_s=believed(parsed.ttl_s), skip_hours=parsed.skip_hours, skip_days=parsed.skip_days)


def is_abandoned(memory: FeedMemory, newest_at: datetime | None, at: datetime) -> bool:
    """Return whether a feed has brought nothing for two weeks, and for ten times as long as was usual before."""
    if newest_at is None or not memory.counted_at:
        return False
    days = (at - newest_at).total_seconds() / DAY_S
    # What was forgotten since is added again; after three months nothing is left of it to tell.
    weight = memory.weight * math.exp(min(days, _LONG_DAYS) / _FORGET_DAYS)
    return days > max(_SILENT_DAYS, _SILENT_GAPS * _FORGET_DAYS / weight if weight > _TRACE else _LONG_DAYS)


def believed(seconds: float | None) -> float:
    """Return for how long an answer is believed to stay as it is: what it says, up to an hour."""
    return min(max(seconds or 0.0, 0.0), BELIEVED_S)


def _judge_dates(parsed: ParsedFeed, moment: float) -> tuple[float, float]:
    ages = [(moment - entry.published.timestamp()) / DAY_S for entry in parsed.entries if entry.published]
    ages = [max(age, 0.0) for age in ages if age > -1.0]
    if not ages:
        return 0.0, 0.0
    span = min(max(ages), _MAX_SPAN_DAYS)
    hours = Counter(int(age * 24) for age in ages if age <= span)
    weight = sum(min(count, _MAX_AT_ONCE) * math.exp(-hour / 24 / _FORGET_DAYS) for hour, count in hours.items())
    return weight, _FORGET_DAYS * (1 - math.exp(-span / _FORGET_DAYS))
