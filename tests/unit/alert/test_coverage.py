"""What a digest says of what it may lack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.alert import uncovered
from monitor.model import AlertItem, Completeness, Failure, Feed, FeedMemory, Problem
from tests.unit.alert.samples import NOW, row

DAY = timedelta(days=1)


def feed(name: str, *, newest: timedelta = timedelta(hours=1), failing: bool = False, gap_days: float = 0.1) -> Feed:
    return Feed(
        id=1,
        url=f"https://{name}.example/feed",
        name=name,
        added_at=NOW - 90 * DAY,
        next_at=NOW,
        newest_at=NOW - newest,
        failing_since=NOW - DAY if failing else None,
        failure=Failure(problem=Problem.TIMEOUT, detail="") if failing else None,
        memory=FeedMemory(weight=10.0, exposure_days=10 * gap_days),
    )


def lines(*feeds: Feed) -> tuple[str, ...]:
    return uncovered((), feeds, NOW, UTC)


def test_a_feed_that_works_as_ever_is_not_named() -> None:
    assert lines(feed("a")) == ()


def test_failing_and_silent_feeds_are_named_with_their_time() -> None:
    assert lines(feed("a", failing=True), feed("b", newest=2 * DAY)) == (
        "a: failing since 2025-10-22 12:07 UTC (timeout)",
        "b: nothing new since 2025-10-21 12:07 UTC",
    )


def test_a_feed_is_silent_by_its_own_measure() -> None:
    assert lines(feed("weekly", newest=20 * DAY, gap_days=7)) == ()
    assert len(lines(feed("weekly", newest=36 * DAY, gap_days=7))) == 1
    assert lines(feed("busy", newest=timedelta(hours=23), gap_days=0.01)) == ()


def test_of_many_feeds_ten_are_named_and_the_rest_counted() -> None:
    found = lines(*(feed(f"f{no}", failing=True) for no in range(14)))
    assert len(found) == 11
    assert found[-1] == "and 4 more feeds: monitor feeds list"


def test_articles_read_in_part_are_counted_once_each() -> None:
    rows = [
        row(no, AlertItem(article_id=article, completeness=how))
        for no, article, how in ((1, 7, Completeness.FULL), (2, 8, Completeness.TEASER), (3, 8, Completeness.TEASER))
    ]
    assert uncovered(rows, (), datetime(2025, 10, 23, tzinfo=UTC), UTC) == (
        "1 of these 2 articles: only the feed's own words were matched",
    )
