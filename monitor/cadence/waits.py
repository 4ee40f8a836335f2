"""How long a feed waits for its next poll.

Mean delay over all entries is least when each feed is asked in proportion to the square root of what it publishes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.cadence.hiding import remember_hidden
from monitor.cadence.rate import DAY_S, believed, rate_of, remember
from monitor.cadence.silence import remember_gap
from monitor.model import (
    Failure,
    Feed,
    FeedMemory,
    FetchResult,
    NextPoll,
    ParsedFeed,
    PollSaved,
    PollSettings,
    Priority,
    Problem,
)

_OUTAGE_S = 3_600.0
_FIRST_S = 60.0
_FRESH = timedelta(days=7)
_MAYBE_OURS = {Problem.DNS, Problem.CONNECT, Problem.TIMEOUT, Problem.TLS}
_JITTER = 0.03
_WEEK_S = 7 * DAY_S
_SPREAD_S = 300.0
_MAX_DOUBLINGS = 24
_KILLS_TO_HARMFUL = 3
_EARLY = 0.8  # an expiry up to a fifth before its time is taken: the next one may be twice as far
_BY_PRIORITY = {Priority.HIGH: 0.5, Priority.NORMAL: 1.0, Priority.LOW: 2.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One poll that ended at `at`. `feed` is as it was before; `jitter` is between −1 and 1.

    `hidden` counts the entries dated while the feed answered 304; None if a 304 was as good an answer as any.
    """

    feed: Feed
    fetch: FetchResult
    at: datetime
    failure: Failure | None = None
    parsed: ParsedFeed | None = None
    jitter: float = 0.0
    hidden: int | None = None

    @property
    def is_failure(self) -> bool:
        """True when the feed could not be read. One that has no entries was."""
        return self.failure is not None and self.failure.problem is not Problem.NO_ENTRIES


def plan(answer: Answer, saved: PollSaved, *, poll: PollSettings, pace: float) -> NextPoll:
    """Return what is known of a feed after a poll of which `saved` was new, and when to ask again."""
    memory = answer.feed.memory
    if not answer.is_failure:
        memory = remember(memory, answer.fetch, answer.parsed, saved.new_articles, answer.at)
        memory = remember_gap(memory, saved.new_articles, answer.at)
        if answer.hidden is not None:
            memory = remember_hidden(memory, min(answer.hidden, saved.new_articles), answer.at)
    if saved.is_overflow and answer.feed.succeeded_at is not None:
        memory = replace(memory, overflow_at=answer.at.timestamp(), overflow_from=answer.feed.succeeded_at.timestamp())
    return NextPoll(at=next_poll(answer, memory, poll, pace), memory=memory)


def next_poll(answer: Answer, memory: FeedMemory, poll: PollSettings, pace: float) -> datetime:
    """Return when to ask a feed again, after a poll.

    1. The normal wait is `every` of the feed; else `pace / per_day / √rate` seconds, halved for a feed of high priority
       and doubled for one of low; for a week after all that a feed showed was new, half the time between those polls at
       most. It is within `min_s` and `max_s`, and the feed's own `every_min` and `every_max`.
    2. If the answer stays fresh for longer (max-age, Expires or the feed's ttl, believed up to an hour), the wait lasts
       until then: asking sooner brings the same. If it came from a shared cache, the wait ends when the cache asks
       anew: at the first such time that is not long before the wait's end.
    3. Hours and days that the feed says to skip are skipped. Rules 2 and 3 do not hold where the user set `every`.
    4. A failure doubles the wait with each in a row: 1, 2, 4, … normal waits, up to a day or `max_s`. A feed that was
       read and has no entries is no failure: the next entry is its first.
       Name, connection, timeout and certificate may fail for an outage of our own, which hits all feeds at once: for
       a week after the last success such failures double the wait up to an hour or one normal wait only. A feed that
       was never read is for its first week asked again after 1, 2, 4, … minutes, up to one normal wait, unless its
       certificate fails: a program that starts before its network catches up.
    5. The third worker killed in a row over a feed, and a feed that is gone (410): a day.
    6. Jitter spreads the polls by ±3 %, past an expiry only later; the wait stays within the bounds.
    7. Retry-After is never undercut, up to a day; it and rule 5 go over `max_s`.
    """
    feed = answer.feed
    normal_s = _normal_wait(feed, memory, poll, pace)
    if answer.is_failure:
        wait_s = _back_off(answer, normal_s) * (1 + _JITTER * answer.jitter)
    elif feed.every_s:
        wait_s = normal_s * (1 + _JITTER * answer.jitter)
    else:
        wait_s = _skipping(answer, memory, _aligned(answer, memory, normal_s))
    low_s, high_s = _bounds(feed, poll)
    wait_s = _clamp(wait_s, low_s, high_s)
    return answer.at + timedelta(seconds=max(wait_s, _least_wait(answer)))


def usual_wait(feed: Feed, poll: PollSettings, pace: float) -> float:
    """Return how many seconds lie between two polls of a feed that can be read, on average."""
    memory = feed.memory
    wait_s = _normal_wait(feed, memory, poll, pace)
    if feed.every_s:
        return wait_s
    if memory.is_cached:
        return math.ceil(max(_EARLY * wait_s, memory.ttl_s) / memory.fresh_s) * memory.fresh_s
    return max(wait_s, memory.fresh_s, memory.ttl_s)


def _normal_wait(feed: Feed, memory: FeedMemory, poll: PollSettings, pace: float) -> float:
    wait_s = feed.every_s or _BY_PRIORITY[feed.priority] * pace / poll.per_day / math.sqrt(rate_of(memory))
    if memory.overflow_at and memory.counted_at - memory.overflow_at < _WEEK_S:
        wait_s = min(wait_s, (memory.overflow_at - memory.overflow_from) / 2)
    return _clamp(wait_s, *_bounds(feed, poll))


def _bounds(feed: Feed, poll: PollSettings) -> tuple[float, float]:
    low_s = max(poll.min_s, feed.every_min_s or 0.0)
    return low_s, max(low_s, min(poll.max_s, feed.every_max_s or poll.max_s))


def _aligned(answer: Answer, memory: FeedMemory, normal_s: float) -> float:
    left_s = believed(answer.fetch.max_age_s)
    later = 1 + _JITTER * abs(answer.jitter)
    if memory.is_cached:
        rounds = math.ceil((max(_EARLY * normal_s, memory.ttl_s) - left_s) / memory.fresh_s)
        return (left_s + max(rounds, 0) * memory.fresh_s) * later
    fresh_s = max(left_s, memory.ttl_s)
    return fresh_s * later if fresh_s > normal_s else normal_s * (1 + _JITTER * answer.jitter)


def _skipping(answer: Answer, memory: FeedMemory, wait_s: float) -> float:
    hours, days = frozenset(memory.skip_hours), frozenset(memory.skip_days)
    if not (hours or days) or len(hours) >= 24 or len(days) >= 7:
        return wait_s
    due = due_first = answer.at + timedelta(seconds=wait_s)
    while due.hour in hours or due.weekday() in days:
        due = due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    spread_s = _SPREAD_S * abs(answer.jitter) if due > due_first else 0.0
    return (due - answer.at).total_seconds() + spread_s


def _back_off(answer: Answer, normal_s: float) -> float:
    feed, problem = answer.feed, answer.failure.problem if answer.failure else None
    factor = 2.0 ** min(feed.fail_streak, _MAX_DOUBLINGS)
    doubled_s = max(normal_s, min(normal_s * factor, DAY_S))
    is_fresh = answer.at - (feed.succeeded_at or feed.added_at) <= _FRESH
    if not is_fresh or problem not in _MAYBE_OURS:
        return doubled_s
    if feed.succeeded_at is not None:
        return min(doubled_s, max(normal_s, _OUTAGE_S))
    return doubled_s if problem is Problem.TLS else min(_FIRST_S * factor, normal_s)


def _least_wait(answer: Answer) -> float:
    problem = answer.failure.problem if answer.failure else None
    is_kill = problem is Problem.HARMFUL and answer.feed.kill_streak + 1 >= _KILLS_TO_HARMFUL
    if is_kill or problem is Problem.GONE:
        return DAY_S
    return min(answer.fetch.retry_after_s or 0.0, DAY_S)


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
