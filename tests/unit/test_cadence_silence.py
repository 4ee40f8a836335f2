"""Feeds that answer, and bring nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.cadence import find_silent, remember_gap
from monitor.model import Feed
from tests.bench.silence import simulate

_MONDAY = datetime(2025, 10, 6, 12, tzinfo=UTC)


def _daily(number: int, days: int, *, tags: tuple[str, ...] = ()) -> Feed:
    """Return a feed that brought an entry at noon on each of so many days."""
    feed = Feed(id=number, url=f"https://{number}.test/feed", tags=tags, added_at=_MONDAY, next_at=_MONDAY)
    for day in range(days):
        at = _MONDAY + timedelta(days=day)
        feed = replace(feed, memory=remember_gap(feed.memory, 1, at), succeeded_at=at)
    return feed


def _read(feed: Feed, day: int) -> Feed:
    return replace(feed, succeeded_at=_MONDAY + timedelta(days=day))


def test_a_daily_feed_is_silent_after_three_days_and_not_after_two() -> None:
    feed = _daily(1, 15)
    assert find_silent([_read(feed, 16)]) == []
    (found,) = find_silent([_read(feed, 17)])
    assert (found.silent_s, found.usual_s) == (3 * 86_400, 86_400)


def test_a_feed_that_is_hardly_known_or_cannot_be_read_is_not_called_silent() -> None:
    failing = replace(_read(_daily(1, 15), 40), failing_since=_MONDAY)
    assert find_silent([_read(_daily(2, 5), 40), failing]) == []


def test_a_silence_that_peers_share_is_a_holiday_until_it_lasts_too_long() -> None:
    feeds = [_daily(number, 15, tags=("country",)) for number in range(6)]
    assert find_silent([_read(feed, 18) for feed in feeds]) == []
    assert len(find_silent([_read(feed, 30) for feed in feeds])) == len(feeds)
    others = [_read(_daily(number, 19, tags=("country",)), 18) for number in range(1, 6)]
    assert [one.feed.id for one in find_silent([_read(feeds[0], 18), *others])] == [0]


def test_an_outage_does_not_become_the_usual_gap() -> None:
    feed = _daily(1, 15)
    memory = remember_gap(feed.memory, 1, _MONDAY + timedelta(days=60))
    assert max(memory.gaps) < 4 * 86_400


def test_most_simulated_outages_are_found_with_few_false_alarms() -> None:
    heard = simulate(100, 8, 1)
    assert heard.outages >= 5
    assert heard.found >= 0.95 * heard.outages
    assert heard.false <= heard.feed_weeks / 100
