"""When is a feed due again: as often as wanted, later when it fails or asks for it, never given up.

Pure: the time and the jitter are given.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.model import Failure, Feed, FetchResult, PollSettings, Problem

DAY_S = 86_400.0

_BELIEVED_S = 3_600.0
_OUTAGE_S = 3_600.0
_FIRST_S = 60.0
_FRESH = timedelta(days=7)
_MAYBE_OURS = {Problem.DNS, Problem.CONNECT, Problem.TIMEOUT, Problem.TLS}
_JITTER = 0.03
_MAX_DOUBLINGS = 24
_KILLS_TO_HARMFUL = 3


def next_poll(  # noqa: PLR0913  # the facts of one poll, each used once
    feed: Feed,
    *,
    fetch: FetchResult,
    failure: Failure | None,
    ttl_s: float | None,
    poll: PollSettings,
    now: datetime,
    jitter: float,
) -> datetime:
    """Return when to ask a feed again, after a poll that ended at `now`.

    1. The normal wait is `every` of the feed, else a day over `poll.per_day`; within `min_s` and `max_s`.
    2. If the answer stays fresh for longer (max-age, Expires or the feed's ttl, believed up to an hour), the wait lasts
       until then: asking sooner brings the same. Not so if the user set `every`.
    3. A failure doubles the wait with each in a row: 1, 2, 4, … normal waits, up to a day or `max_s`. A feed that was
       read and has no entries is no failure: the next entry is its first.
       Name, connection, timeout and certificate may fail for an outage of our own, which hits all feeds at once: for
       a week after the last success such failures double the wait up to an hour or one normal wait only. A feed that
       was never read is for its first week asked again after 1, 2, 4, … minutes, up to one normal wait, unless its
       certificate fails: a program that starts before its network catches up.
    4. The third worker killed in a row over a feed: a day.
    5. Jitter spreads the polls by ±3 %, past an expiry only later; the wait stays within `min_s` and `max_s`.
    6. Retry-After is never undercut, up to a day; it and rule 4 go over `max_s`.

    Args:
        feed: as it was before this poll (its streaks do not count it).
        fetch: the answer.
        failure: what was wrong with the answer or its body.
        ttl_s: how long the feed says that it stays as it is.
        poll: the user's bounds.
        now: the end of the poll.
        jitter: between −1 and 1.
    """
    normal_s = _clamp(feed.every_s or DAY_S / poll.per_day, poll.min_s, poll.max_s)
    if failure is not None and failure.problem is not Problem.NO_ENTRIES:
        wait_s, jitter_s = _back_off(feed, failure.problem, normal_s, now), jitter
    else:
        fresh_s = 0.0 if feed.every_s else _fresh_for(fetch, ttl_s)
        wait_s, jitter_s = max(normal_s, fresh_s), abs(jitter) if fresh_s > normal_s else jitter
    wait_s = _clamp(wait_s * (1 + _JITTER * jitter_s), poll.min_s, poll.max_s)
    return now + timedelta(seconds=max(wait_s, _least_wait(feed, fetch, failure)))


def _back_off(feed: Feed, problem: Problem, normal_s: float, now: datetime) -> float:
    factor = 2.0 ** min(feed.fail_streak, _MAX_DOUBLINGS)
    doubled_s = max(normal_s, min(normal_s * factor, DAY_S))
    is_fresh = now - (feed.succeeded_at or feed.added_at) <= _FRESH
    if not is_fresh or problem not in _MAYBE_OURS:
        return doubled_s
    if feed.succeeded_at is not None:
        return min(doubled_s, max(normal_s, _OUTAGE_S))
    return doubled_s if problem is Problem.TLS else min(_FIRST_S * factor, normal_s)


def _fresh_for(fetch: FetchResult, ttl_s: float | None) -> float:
    return min(max(fetch.max_age_s or 0.0, ttl_s or 0.0), _BELIEVED_S)


def _least_wait(feed: Feed, fetch: FetchResult, failure: Failure | None) -> float:
    is_kill = failure is not None and failure.problem is Problem.HARMFUL
    if is_kill and feed.kill_streak + 1 >= _KILLS_TO_HARMFUL:
        return DAY_S
    return min(fetch.retry_after_s or 0.0, DAY_S)


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
