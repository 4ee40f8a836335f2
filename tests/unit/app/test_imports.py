"""First imports of feeds are told in one message, when all that they brought is studied."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from monitor import app as program
from monitor.model import (
    Entry,
    FetchResult,
    ParsedFeed,
    PollOutcome,
)
from monitor.pipeline import study
from tests.unit.app.home import Home, surround, told


def poll(app: program.App, url: str, entries: int, at: datetime) -> None:
    """Store a first poll of a feed as if it had brought so many entries, every second on a topic."""
    feed = next(feed for feed in app.store.claim_due_feeds(at, limit=9, lease_s=60, everything=True) if feed.url == url)
    items = tuple(Entry(key=f"{url}{n}", title=f"{'A tariff' if n % 2 else 'Rain'} {n} {url}") for n in range(entries))
    outcome = PollOutcome(
        feed=feed,
        at=at,
        next_at=at + timedelta(hours=1),
        fetch=FetchResult(url=url, final_url=url, status=200),
        parsed=ParsedFeed(title="A feed", entries=items),
        body_hash=b"1",
    )
    app.store.save_poll(outcome)
    app.store.reap(at + timedelta(minutes=2))


def study_all(app: program.App) -> None:
    while articles := app.store.claim_new_articles(program.now(), limit=50, lease_s=60):
        asyncio.run(study(app.context, articles))


def report(app: program.App) -> int:
    return asyncio.run(program.report_imports(app))


@pytest.fixture
def two_feeds(home: Home) -> Home:
    home.write("feeds.yaml", "feeds: [https://a.example/feed, {url: https://b.example/feed, name: The B}]\n")
    return home


def test_one_message_tells_of_all_feeds_with_their_matches(two_feeds: Home) -> None:
    with two_feeds.open() as app:
        surround(app)
        poll(app, "https://a.example/feed", 3, program.now())
        poll(app, "https://b.example/feed", 2, program.now())
        study_all(app)

        assert report(app) == 2
        assert report(app) == 0

        assert told(app.store) == ["First import of 2 feeds: 5 entries, 2 on your topics"]
        (row,) = app.store.outbox()
        assert "A feed: 3 entries, 1 matched\n" in row.item.body
        assert "The B: 2 entries, 1 matched\n" in row.item.body


def test_it_waits_for_what_is_not_studied(two_feeds: Home) -> None:
    with two_feeds.open() as app:
        surround(app)
        poll(app, "https://a.example/feed", 2, program.now())
        study_all(app)
        poll(app, "https://b.example/feed", 2, program.now())

        assert report(app) == 0
        study_all(app)
        assert report(app) == 2


def test_it_waits_for_no_other_longer_than_a_quarter_of_an_hour(two_feeds: Home) -> None:
    with two_feeds.open() as app:
        surround(app)
        poll(app, "https://a.example/feed", 2, program.now() - timedelta(minutes=16))
        study_all(app)
        poll(app, "https://b.example/feed", 2, program.now())

        assert report(app) == 1
        assert told(app.store) == ["First import of 1 feed: 2 entries, 1 on your topics"]


@pytest.mark.parametrize("backfill", ["silent", "alert"])
def test_feeds_that_ask_for_no_summary_get_none(home: Home, backfill: str) -> None:
    home.write("feeds.yaml", f"feeds: [{{url: https://a.example/feed, backfill: {backfill}}}]\n")
    with home.open() as app:
        surround(app)
        poll(app, "https://a.example/feed", 2, program.now())
        study_all(app)

        assert report(app) == 0
        assert told(app.store) == []


def test_nothing_is_told_of_a_feed_that_was_not_read(home: Home) -> None:
    with home.open() as app:
        assert report(app) == 0
        assert app.store.outbox() == []
