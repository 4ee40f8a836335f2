"""What a person should know of single feeds is told once, and stands in `status`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.app import tell_of_feeds
from monitor.app.feedneeds import feed_needs
from monitor.app.standing import Standing
from monitor.model import Failure, Feed, FeedMemory, FetchResult, PollOutcome, Problem
from tests.unit.app.home import Home, told

NOW = datetime(2025, 10, 27, 12, 0, tzinfo=UTC)
URL = "https://a.example/feed"
FEED = Feed(id=1, url=URL, added_at=NOW, next_at=NOW)
GONE, FAULT = Failure(problem=Problem.GONE), Failure(problem=Problem.SERVER_ERROR)


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("well", {}, []),
        ("failing for an hour", {"failure": FAULT, "failing_since": NOW - timedelta(hours=1), "polled_at": NOW}, []),
        (
            "failing for days",
            {"failure": FAULT, "failing_since": NOW - timedelta(days=2), "polled_at": NOW, "name": "A"},
            [f"{URL}: A cannot be read for 48 h: 5xx; the site has a fault"],
        ),
        ("gone just now", {"failure": GONE, "failing_since": NOW, "polled_at": NOW}, [f"{URL} is gone; the site says"]),
        ("moving", {"memory": FeedMemory(moved_to="https://b.example/", moved_count=3)}, ["monitor feeds fix"]),
        (
            "another feed",
            {"memory": FeedMemory(advertised="https://a.example/new")},
            ["advertises https://a.example/new"],
        ),
        ("perhaps moving", {"memory": FeedMemory(moved_to="https://b.example/", moved_count=2)}, []),
        ("moved", {"memory": FeedMemory(moved_to="https://x.a.example/", moved_count=3, asks_at="https://x/")}, []),
    ],
)
def test_a_feed_needs_a_person_for_this(name: str, changes: dict[str, object], expected: list[str]) -> None:
    needs = feed_needs([replace(FEED, **changes), replace(FEED, id=2, url="https://well.example/")], Standing(), NOW)

    assert len(needs) == len(expected)
    assert all(words in line for words, line in zip(expected, needs, strict=True))


def test_while_the_network_is_down_nothing_else_is_said_of_feeds() -> None:
    unreached, since = Failure(problem=Problem.CONNECT), NOW - timedelta(minutes=5)
    feeds = [
        replace(FEED, id=n, url=f"https://{n}.example/", failure=unreached, failing_since=since, polled_at=NOW)
        for n in range(4)
    ]
    (need,) = feed_needs([*feeds, replace(FEED, memory=FeedMemory(advertised="https://x/"))], Standing(), NOW)

    assert need.startswith("no feed can be read since 2025-10-27 11:55 UTC: is there a network?")


@pytest.mark.parametrize(
    ("memory", "title"),
    [
        (FeedMemory(advertised="https://a.example/new"), f"The site of {URL} names another feed"),
        (FeedMemory(moved_to="https://b.example/", moved_count=3), f"{URL} redirects to another site"),
        (FeedMemory(moved_to="https://x/", moved_count=3, asks_at="https://x/"), f"{URL} has moved"),
    ],
)
def test_the_operator_hears_once(home: Home, memory: FeedMemory, title: str) -> None:
    with home.open() as app:
        for day in (0, 1, 2):
            moment = NOW + timedelta(days=day)
            feed = app.store.claim_due_feeds(moment, limit=1, lease_s=60, everything=True)[0]
            fetch = FetchResult(url=URL, final_url=URL, status=200)
            app.store.save_poll(PollOutcome(feed=feed, at=moment, next_at=moment, fetch=fetch, memory=memory))
            tell_of_feeds(app.context)

        assert told(app.store) == [title]
