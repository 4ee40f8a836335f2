"""Whether the network is down: no feed answers any more, of whatever site, though some did before.

Judged by the newest polls of all feeds, each feed by its last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.cadence.rate import DAY_S
from monitor.model import Feed, Problem
from monitor.text.domains import registered_domain

UNREACHED = frozenset({Problem.DNS, Problem.CONNECT, Problem.TIMEOUT})

_DOWN, _UP = 0.9, 0.5
_SITES = 3
_LEAST_S = 120.0
_LEAST, _SPAN, _LONGEST = 10, timedelta(minutes=3), timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkView:
    """What the newest polls say: `share` of them reached nothing, at `sites` sites.

    That is so since `since`, which was `age_s` seconds ago.
    """

    share: float = 0.0
    polls: int = 0
    sites: int = 0
    since: float = 0.0
    age_s: float = 0.0

    @property
    def is_down(self) -> bool:
        """True when nine of ten polls reached nothing, at three sites or more, for two minutes."""
        return self.share >= _DOWN and self.sites >= _SITES and self.age_s >= _LEAST_S

    @property
    def is_up(self) -> bool:
        """True when half of the polls reached something. What lies between is neither."""
        return self.polls > 0 and self.share <= _UP


def view_network(feeds: Sequence[Feed], now: datetime, *, down_since: float = 0.0) -> NetworkView:
    """Return what the newest polls say: those of three minutes, or ten, but none that is older than three hours.

    Feeds that were not reached long before, for a day or before `down_since`, are dead themselves, and prove nothing.
    """
    before = down_since or now.timestamp() - DAY_S
    polled = [
        (feed.polled_at, feed)
        for feed in feeds
        if feed.polled_at and feed.polled_at > now - _LONGEST and not (_is_unreached(feed) and _since(feed) < before)
    ]
    polled.sort(key=lambda pair: pair[0], reverse=True)
    start = polled[0][0] - _SPAN if polled else now
    newest = [feed for place, (at, feed) in enumerate(polled) if place < _LEAST or at >= start]
    unreached = [feed for feed in newest if _is_unreached(feed)]
    if not unreached:
        return NetworkView(polls=len(newest))
    # The oldest tenth may have failed by themselves, before.
    times = sorted(map(_since, unreached))
    since = times[len(times) // 10]
    return NetworkView(
        share=len(unreached) / len(newest),
        polls=len(newest),
        sites=len({registered_domain(urlsplit(feed.url).hostname or "") for feed in unreached}),
        since=since,
        age_s=now.timestamp() - since,
    )


def _is_unreached(feed: Feed) -> bool:
    return feed.failing_since is not None and feed.failure is not None and feed.failure.problem in UNREACHED


def _since(feed: Feed) -> float:
    return feed.failing_since.timestamp() if feed.failing_since else 0.0
