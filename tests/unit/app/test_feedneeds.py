"""What a person should know of single feeds is told once, and stands in `status`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.app import tell_of_feeds
from monitor.app.feedneeds import feed_needs
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
        ("failing for an hour", {"failure": FAULT, "failing_since": NOW - timedelta(hours=1)}, []),
        ("failing for days", {"failure": FAULT, "failing_since": NOW - timedelta(days=2)}, ["5xx since 2025-10-25"]),
        ("gone just now", {"failure": GONE, "failing_since": NOW}, ["410 since 2025-10-27"]),
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
    needs = list(feed_needs(replace(FEED, **changes), NOW))

    assert len(needs) == len(expected)
    assert all(words in line for words, line in zip(expected, needs, strict=True))


@pytest.mark.parametrize(
    ("failure", "memory", "title"),
    [
        (GONE, FeedMemory(), f"{URL} is gone"),
        (None, FeedMemory(advertised="https://a.example/new"), f"The site of {URL} names another feed"),
        (None, FeedMemory(moved_to="https://b.example/", moved_count=3), f"{URL} redirects to another site"),
        (None, FeedMemory(moved_to="https://x/", moved_count=3, asks_at="https://x/"), f"{URL} has moved"),
        (
            None,
            FeedMemory(brought_at=(NOW - timedelta(days=20)).timestamp(), gaps=(3600,) * 8),
            f"{URL} silent 20 days, normally ≤ 1 h",
        ),
    ],
)
def test_the_operator_hears_once(home: Home, failure: Failure | None, memory: FeedMemory, title: str) -> None:
    with home.open() as app:
        for day in (0, 1, 2):
            moment = NOW + timedelta(days=day)
            feed = app.store.claim_due_feeds(moment, limit=1, lease_s=60, everything=True)[0]
            fetch = FetchResult(url=URL, final_url=URL, status=200, error=failure)
            app.store.save_poll(
                PollOutcome(feed=feed, at=moment, next_at=moment, fetch=fetch, failure=failure, memory=memory)
            )
            tell_of_feeds(app.context)

        assert told(app.store) == [title]
