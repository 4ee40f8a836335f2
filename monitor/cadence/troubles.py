"""What is wrong with feeds that a person should hear of, and when it is over.

While the network is down no feed is judged: what fails then is not theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.cadence.hiding import is_distrusted
from monitor.cadence.network import view_network
from monitor.cadence.rate import DAY_S
from monitor.cadence.readings import is_short, is_whole_again
from monitor.cadence.silence import find_silent, usual_gap
from monitor.model import Episode, Feed, Problem, Trouble, TroubleKind

_SHORT_S, _OF_USUAL = 4 * 3_600.0, 4.0
_OVERFLOW_S = 7 * DAY_S


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsView:
    """How all feeds are: what is wrong, and which of the episodes that were told are over.

    `gone` are those of feeds that are not followed any more. `is_blind`: the network is down.
    """

    found: tuple[Trouble, ...] = ()
    over: tuple[Episode, ...] = ()
    gone: tuple[Episode, ...] = ()
    is_blind: bool = False


def view_feeds(
    feeds: Sequence[Feed], now: datetime, *, told: Sequence[Episode] = (), blind_until: float = 0.0
) -> FeedsView:
    """Return how feeds are at `now`.

    Args:
        feeds: those that are followed.
        now: when.
        told: the episodes that were told and did not end yet.
        blind_until: when the network, or the monitor itself, was last back: failures count from then on only, and only
            if they were met again.
    """
    by_subject = {str(feed.id): feed for feed in feeds}
    gone = tuple(one for one in told if _is_gone(one, by_subject))
    down = next((one for one in told if one.kind is TroubleKind.NETWORK and feeds), None)
    network = view_network(feeds, now, down_since=down.since if down else 0.0)
    if network.is_down or (down and not network.is_up):
        since = down.since if down else network.since
        trouble = Trouble(kind=TroubleKind.NETWORK, since=since, count=len(feeds))
        return FeedsView(found=(trouble,), gone=gone, is_blind=True)
    ended = (
        one for one in told if one.subject in by_subject and one.kind.is_of_feed and _is_over(one, by_subject, now)
    )
    broken = {one.subject for one in told if one.kind is TroubleKind.BROKEN}
    found = (
        one
        for one in _find_troubles(feeds, now, blind_until)
        if one.kind is not TroubleKind.SILENT or one.subject not in broken
    )
    return FeedsView(found=tuple(found), over=(*ended, *([down] if down else ())), gone=gone)


def _find_troubles(feeds: Sequence[Feed], now: datetime, blind_until: float) -> Iterator[Trouble]:
    for feed in feeds:
        subject = str(feed.id)
        if feed.failing_since is not None and _is_broken(feed, now, blind_until):
            since = feed.failing_since.timestamp()
            yield Trouble(kind=TroubleKind.BROKEN, subject=subject, feed=feed, since=since)
        if is_short(feed.memory, now):
            yield Trouble(kind=TroubleKind.PAGES, subject=subject, feed=feed, since=feed.memory.short_since)
        if _has_overflown(feed, now):
            yield Trouble(kind=TroubleKind.OVERFLOW, subject=subject, feed=feed, since=feed.memory.overflow_at)
        if is_distrusted(feed.memory, now):
            yield Trouble(kind=TroubleKind.HIDING, subject=subject, feed=feed, since=feed.memory.hiding_at)
    for one in find_silent(feeds):
        yield Trouble(
            kind=TroubleKind.SILENT, subject=str(one.feed.id), feed=one.feed, since=one.since, usual_s=one.usual_s
        )


def _is_gone(episode: Episode, feeds: dict[str, Feed]) -> bool:
    if episode.kind is TroubleKind.NETWORK:
        return not feeds
    return episode.kind.is_of_feed and episode.subject not in feeds


def _is_over(episode: Episode, feeds: dict[str, Feed], now: datetime) -> bool:
    feed = feeds[episode.subject]
    match episode.kind:
        case TroubleKind.BROKEN:
            return feed.failing_since is None
        case TroubleKind.SILENT:
            return feed.memory.brought_at > episode.since
        case TroubleKind.PAGES:
            return is_whole_again(feed.memory)
        case TroubleKind.OVERFLOW:
            return not _has_overflown(feed, now)
        case _:
            return not is_distrusted(feed.memory, now)


def _is_broken(feed: Feed, now: datetime, blind_until: float) -> bool:
    """Tell whether a feed could not be read for a day, or for four times its usual gap if that is shorter.

    Four hours are borne in any case, but for a feed that is gone (410).
    """
    if feed.failing_since is None or feed.polled_at is None or feed.polled_at.timestamp() <= blind_until:
        return False
    if feed.failure is not None and feed.failure.problem is Problem.GONE:
        return True
    usual_s = usual_gap(feed.memory)
    borne_s = min(max(_OF_USUAL * usual_s, _SHORT_S), DAY_S) if usual_s else DAY_S
    return now.timestamp() - max(feed.failing_since.timestamp(), blind_until) >= borne_s


def _has_overflown(feed: Feed, now: datetime) -> bool:
    return bool(feed.memory.overflow_at) and now.timestamp() - feed.memory.overflow_at < _OVERFLOW_S
