"""Where a feed is asked after it moved, and how seldom its whole body is wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Feed, FeedAccess, FeedMemory, FetchResult
from monitor.pipeline.addresses import poll_request, with_address

NOW = datetime(2025, 10, 27, 12, 0, tzinfo=UTC)
OLD = "https://feeds.example.co.uk/rss"
NEW, ELSEWHERE = "https://www.example.co.uk/feed", "https://example.com/feed"
FEED = Feed(id=1, url=OLD, added_at=NOW, next_at=NOW, etag='"1"', last_modified="Mon, 20 Oct 2025 10:00:00 GMT")


def polls(feed: Feed, *answers: tuple[str, bool]) -> Feed:
    """Poll a feed; each answer is where it redirects for good, and whether it failed."""
    for moved_to, is_failure in answers:
        result = FetchResult(url=feed.url, final_url=moved_to or feed.url, status=200, moved_to=moved_to)
        feed = replace(feed, memory=with_address(feed, result, NOW, is_failure=is_failure))
    return feed


def asked(feed: Feed) -> str:
    return poll_request(feed, 30, NOW).url


@pytest.mark.parametrize(
    ("name", "answers", "expected"),
    [
        ("twice is no move", [(NEW, False)] * 2, OLD),
        ("three times is one", [(NEW, False)] * 3, NEW),
        ("it goes on", [(NEW, False)] * 3 + [("", False)] * 5, NEW),
        ("an answer in between starts anew", [(NEW, False), (NEW, False), ("", False), (NEW, False)], OLD),
        ("another target starts anew", [(NEW, False), (NEW, False), (f"{NEW}/2", False)], OLD),
        ("a failure counts for nothing", [(NEW, False), (NEW, True), (NEW, False)], OLD),
        ("a failure at the new address leads back", [(NEW, False)] * 3 + [("", True)], OLD),
        ("and it may move again", [(NEW, False)] * 3 + [("", True)] + [(NEW, False)] * 3, NEW),
        ("it moves on from there", [(NEW, False)] * 3 + [(f"{NEW}/2", False)] * 3, f"{NEW}/2"),
        ("another domain is not taken", [(ELSEWHERE, False)] * 9, OLD),
    ],
)
def test_a_move_is_believed_after_three_equal_answers(
    name: str, answers: list[tuple[str, bool]], expected: str
) -> None:
    assert asked(polls(FEED, *answers)) == expected


def test_another_domain_is_remembered_for_the_user_to_decide() -> None:
    memory = polls(FEED, *[(ELSEWHERE, False)] * 3).memory

    assert (memory.moved_to, memory.moved_count, memory.asks_at) == (ELSEWHERE, 3, "")


def test_a_login_does_not_move_to_another_host() -> None:
    private = replace(FEED, access=FeedAccess(headers=(("Authorization", "x"),)))

    assert asked(polls(private, *[(NEW, False)] * 3)) == OLD
    assert asked(polls(private, *[(f"{OLD}/2", False)] * 3)) == f"{OLD}/2"


@pytest.mark.parametrize(("hours", "etag"), [(0, '"1"'), (23, '"1"'), (24, ""), (100, "")])
def test_a_whole_answer_is_wanted_after_a_day_of_not_modified(hours: float, etag: str) -> None:
    feed = polls(FEED, ("", False))
    for hour in range(int(hours)):
        unchanged = FetchResult(url=OLD, final_url=OLD, status=304)
        moment = NOW + timedelta(hours=hour)
        feed = replace(feed, memory=with_address(feed, unchanged, moment, is_failure=False))

    request = poll_request(feed, 30, NOW + timedelta(hours=hours))

    assert request.etag == etag
    assert bool(request.last_modified) == bool(etag)


def test_a_feed_of_an_older_version_is_asked_for_all_of_it_once() -> None:
    assert FEED.memory == FeedMemory()
    assert poll_request(FEED, 30, NOW).etag == ""
