"""Whether a feed has fallen silent: its longest gap of each day, and the silence of its peers.

The longest gap of a day holds its night, too, so that a quiet night is usual. Saturdays and Sundays count for as much
as the feed publishes on them.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from monitor.cadence.rate import DAY_S
from monitor.model import Feed, FeedMemory

_KEPT = 28  # days with new entries
_ENOUGH = 7
_HIGH = 0.9
_OVER_USUAL, _OVER_LONGEST, _LEAST_S = 2.2, 1.5, 3 * 3_600.0
_FORGET_DAYS = 28.0
_SATURDAY, _WEEK_DAYS = 5, 7
_THURSDAY = 3  # 1970-01-01
_MAX_SPAN_S = 120 * DAY_S
_SAME_RHYTHM = 4.0
_FEW_PEERS = 4
_SHARED = 0.3  # so many peers that are late, too, make it a holiday
_HOLIDAY = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A feed that brought nothing for `silent_s`, where `usual_s` at most is normal. `since` is its last new entry."""

    feed: Feed
    since: float
    silent_s: float
    usual_s: float


def remember_gap(memory: FeedMemory, new: int, at: datetime) -> FeedMemory:
    """Return what is known of a feed's gaps after a poll that brought `new` entries."""
    if new <= 0:
        return memory
    moment = at.timestamp()
    day = int(moment // DAY_S)
    if not memory.brought_at or moment < memory.brought_at:
        return replace(memory, brought_at=round(moment))
    gap = _counted_s(memory, moment)
    limit = _limit_s(memory)
    gap = min(gap, limit) if limit else gap  # an outage does not become usual
    gaps = memory.gaps
    is_same_day = bool(gaps) and memory.gap_day == day
    gaps = (*gaps[:-1], max(gaps[-1], round(gap))) if is_same_day else (*gaps, round(gap))[-_KEPT:]
    kept = math.exp(-(moment - memory.brought_at) / DAY_S / _FORGET_DAYS)
    is_weekend = _is_weekend(moment)
    return replace(
        memory,
        brought_at=round(moment),
        gaps=gaps,
        gap_day=day,
        weekend_polls=round(memory.weekend_polls * kept + is_weekend, 3),
        weekday_polls=round(memory.weekday_polls * kept + (not is_weekend), 3),
    )


def find_silent(feeds: Sequence[Feed]) -> list[Silence]:
    """Return the feeds that are read and bring nothing for far longer than is usual, for them and among their peers.

    Peers are the feeds that share a tag, those of the same rhythm first; where they are few, all of the same rhythm.
    While many of them are late, four times as long a silence is borne. A feed that cannot be read is not judged here.
    """
    judged = [feed for feed in feeds if feed.failing_since is None and len(feed.memory.gaps) >= _ENOUGH]
    waits = {feed.id: _wait_s(feed) for feed in judged}
    peers = _Peers(judged, frozenset(feed.id for feed in judged if waits[feed.id] > usual_gap(feed.memory)))
    found = []
    for feed in judged:
        limit = _limit_s(feed.memory)
        if waits[feed.id] <= limit or (peers.have_holiday(feed) and waits[feed.id] <= _HOLIDAY * limit):
            continue
        since, usual = feed.memory.brought_at, usual_gap(feed.memory)
        found.append(Silence(feed=feed, since=since, silent_s=_read_at(feed) - since, usual_s=usual))
    return found


class _Peers:
    """Counts each feed's peers, and those that are late. Feeds with the same tags share one sorted list."""

    def __init__(self, feeds: Sequence[Feed], late: frozenset[int]) -> None:
        self._late = late
        self._all = feeds
        self._tagged: dict[str, list[Feed]] = defaultdict(list)
        for feed in feeds:
            for tag in set(feed.tags):
                self._tagged[tag].append(feed)
        self._groups: dict[frozenset[str] | None, _Group] = {}

    def have_holiday(self, feed: Feed) -> bool:
        """Tell whether many peers of a late feed are late, too."""
        tagged, usual = self._group(frozenset(feed.tags)), usual_gap(feed.memory)
        low, high = usual / _SAME_RHYTHM, usual * _SAME_RHYTHM
        # The feed itself is in each of its groups, and late.
        count, late = tagged.count(low, high)
        if count - 1 < _FEW_PEERS:
            count, late = tagged.count(0.0, math.inf)
        if count - 1 < _FEW_PEERS:
            count, late = self._group(None).count(low, high)
        return count - 1 >= _FEW_PEERS and late - 1 > _SHARED * (count - 1)

    def _group(self, tags: frozenset[str] | None) -> _Group:
        if tags not in self._groups:
            tagged = (self._tagged[tag] for tag in tags or ())
            members = self._all if tags is None else {one.id: one for some in tagged for one in some}.values()
            self._groups[tags] = _Group(members, self._late)
        return self._groups[tags]


class _Group:
    """Feeds by their usual gap, with how many of them, from the first on, are late."""

    def __init__(self, feeds: Iterable[Feed], late: frozenset[int]) -> None:
        ranked = sorted((usual_gap(feed.memory), feed.id in late) for feed in feeds)
        self._usual = [usual for usual, _ in ranked]
        self._late = [0, *accumulate(is_late for _, is_late in ranked)]

    def count(self, low_s: float, high_s: float) -> tuple[int, int]:
        """Return how many feeds have a usual gap in this range, and how many of them are late."""
        first, end = bisect_left(self._usual, low_s), bisect_right(self._usual, high_s)
        return end - first, self._late[end] - self._late[first]


def _read_at(feed: Feed) -> float:
    return feed.succeeded_at.timestamp() if feed.succeeded_at else 0.0


def _wait_s(feed: Feed) -> float:
    return _counted_s(feed.memory, _read_at(feed))


def usual_gap(memory: FeedMemory) -> float:
    """Return the longest silence that is usual, in seconds; 0 where too little is known."""
    ranked = sorted(memory.gaps)
    return ranked[min(int(_HIGH * len(ranked)), len(ranked) - 1)] if len(ranked) >= _ENOUGH else 0.0


def _limit_s(memory: FeedMemory) -> float:
    """Return the longest silence that is borne, in counted seconds; 0 where too little is known."""
    if len(memory.gaps) < _ENOUGH:
        return 0.0
    return max(_OVER_USUAL * usual_gap(memory), _OVER_LONGEST * max(memory.gaps), _LEAST_S)


def _counted_s(memory: FeedMemory, moment: float) -> float:
    """Return the time since the last new entry, Saturdays and Sundays for what they are worth."""
    start = max(memory.brought_at, moment - _MAX_SPAN_S)
    total, share = 0.0, _weekend_share(memory)
    while start < moment:
        end = min((start // DAY_S + 1) * DAY_S, moment)
        total += (end - start) * (share if _is_weekend(start) else 1.0)
        start = end
    return total


def _weekend_share(memory: FeedMemory) -> float:
    # Half a poll a day that brought something is believed beforehand: a new feed's weekend counts in full.
    return min(1.0, (memory.weekend_polls + 1.0) / 2 / ((memory.weekday_polls + 2.5) / 5))


def _is_weekend(moment: float) -> bool:
    return (int(moment // DAY_S) + _THURSDAY) % _WEEK_DAYS >= _SATURDAY
