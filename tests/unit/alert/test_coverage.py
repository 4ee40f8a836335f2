"""What a digest says of what it may lack."""

from __future__ import annotations

from datetime import UTC, timedelta

from monitor.alert import uncovered
from monitor.model import AlertItem, Completeness, Failure, Feed, Mute, MuteKind, Problem
from tests.unit.alert.samples import NOW, row

DAY = timedelta(days=1)


def feed(name: str, *, failing: bool = False) -> Feed:
    return Feed(
        id=1,
        url=f"https://{name}.example/feed",
        name=name,
        added_at=NOW - 90 * DAY,
        next_at=NOW,
        newest_at=NOW - 2 * DAY,
        failing_since=NOW - DAY if failing else None,
        failure=Failure(problem=Problem.TIMEOUT, detail="") if failing else None,
    )


def lines(*feeds: Feed, silent: tuple[Feed, ...] = ()) -> tuple[str, ...]:
    return uncovered((), feeds, silent, UTC)


def test_a_feed_that_works_as_ever_is_not_named() -> None:
    assert lines(feed("a")) == ()


def test_failing_and_silent_feeds_are_named_with_their_time() -> None:
    quiet = feed("b")
    assert lines(feed("a", failing=True), quiet, silent=(quiet,)) == (
        "a: failing since 2025-10-22 12:07 UTC (timeout)",
        "b: nothing new since 2025-10-21 12:07 UTC",
    )


def test_of_many_feeds_ten_are_named_and_the_rest_counted() -> None:
    found = lines(*(feed(f"f{no}", failing=True) for no in range(14)))
    assert len(found) == 11
    assert found[-1] == "and 4 more feeds: monitor feeds list"


def test_articles_read_in_part_are_counted_once_each() -> None:
    rows = [
        row(no, AlertItem(article_id=article, completeness=how))
        for no, article, how in ((1, 7, Completeness.FULL), (2, 8, Completeness.TEASER), (3, 8, Completeness.TEASER))
    ]
    assert uncovered(rows, (), (), UTC) == ("1 of these 2 articles: only the feed's own words were matched",)


def test_what_is_muted_is_named_until_when_and_why() -> None:
    mutes = (
        Mute(kind=MuteKind.TOPIC, target="1", name="tariffs", since=NOW, until=NOW + DAY, because="holiday"),
        Mute(kind=MuteKind.SOURCE, target="a.example", since=NOW, until=NOW + 2 * DAY),
    )
    assert uncovered((), (), (), UTC, mutes) == (
        "topic tariffs: muted until 2025-10-24 12:07 UTC (holiday)",
        "source a.example: muted until 2025-10-25 12:07 UTC",
    )


def test_of_many_mutes_ten_are_named() -> None:
    mutes = [Mute(kind=MuteKind.SOURCE, target=f"{n}.example", since=NOW, until=NOW + DAY) for n in range(12)]
    found = uncovered((), (), (), UTC, mutes)
    assert len(found) == 11
    assert found[-1] == "and 2 more mutes: monitor mute"
