"""The line of the day: once for each local day, whatever happens to the program and to the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from monitor.alert import day_line, day_of
from monitor.app import App, Selfwatch, tell_of_the_day
from monitor.model import Feed, FetchResult, PollOutcome
from monitor.ports import Lately
from tests.fakes import NOON, FakeClock
from tests.unit.app.home import FILES, Home, told

LATELY = Lately(articles=1340, alerts=12, waiting=0)


@pytest.fixture
def home(home: Home) -> Home:
    extra = 'operator: {to: [desk], daily: "08:00"}\n'
    home.write("monitor.yaml", FILES["monitor.yaml"].replace("UTC", "Europe/Berlin") + extra)
    return home


@pytest.fixture
def app(home: Home) -> Iterator[App]:
    with home.open() as app:
        app.context.clock = FakeClock(NOON)
        yield app


def tick(app: App, hours: int) -> list[str]:
    """Let hours pass, with a look at each quarter; return what is told."""
    assert isinstance(app.context.clock, FakeClock)
    before = len(told(app.store))
    for _ in range(4 * hours):
        app.context.clock.advance(minutes=15)
        tell_of_the_day(app)
    return told(app.store)[before:]


def test_the_operator_hears_of_each_day_once_across_a_change_of_the_clock(app: App) -> None:
    # From Friday 12:00 UTC to Tuesday 12:00; the clock goes back on Sunday, 2025-10-26.
    assert len(tick(app, 4 * 24)) == 5
    days = [row.key for row in reversed(app.store.outbox())]
    assert days == [f"operator:daily-2025-10-{day}:desk" for day in (24, 25, 26, 27, 28)]
    hours = [row.created_at.hour for row in reversed(app.store.outbox())]
    assert hours == [12, 6, 7, 7, 7], "08:00 in Berlin; the first at once, since its time was over"


def test_a_restart_tells_no_day_again(home: Home) -> None:
    found = []
    for _ in range(2):
        with home.open() as app:
            app.context.clock = FakeClock(NOON)
            found.append(len(tick(app, 2)))
    assert found == [1, 0]


def test_who_wants_no_line_of_the_day_gets_none(home: Home) -> None:
    home.write("monitor.yaml", FILES["monitor.yaml"])
    with home.open() as app:
        app.context.clock = FakeClock(NOON)
        assert tick(app, 48) == []


def test_the_line_says_that_all_is_well_or_what_is_not(app: App) -> None:
    clock = app.context.clock
    assert isinstance(clock, FakeClock)
    (feed,) = app.store.claim_due_feeds(clock(), limit=1, lease_s=60, everything=True)
    fetch = FetchResult(url=feed.url, final_url=feed.url, status=200)
    app.store.save_poll(PollOutcome(feed=feed, at=clock(), next_at=clock(), fetch=fetch))
    watch = Selfwatch(context=app.context, state=app.place.state)
    watch.look()
    assert tick(app, 1) == ["All is well: 1 of 1 feeds seen in the last 24 h, 0 articles, 0 alerts sent, 0 waiting"]
    for rows in app.store.claim_messages(clock(), limit=9, lease_s=60):
        app.store.mark_sent(rows, "alert-1", clock())
    clock.advance(hours=20)
    watch.look()
    (row, _) = app.store.outbox() if tick(app, 1) else ()
    assert row.item.body == (
        "From 2025-10-24 14:00 CEST to 2025-10-25 11:00 CEST the monitor did not run, or its machine slept."
    )


@pytest.mark.parametrize(
    ("seen", "needs", "line"),
    [
        (2, 0, "all is well: 2 of 2 feeds seen in the last 24 h, 1,340 articles, 12 alerts sent, 0 waiting"),
        (1, 1, "1 thing needs you: 1 of 2 feeds seen in the last 24 h, 1,340 articles, 12 alerts sent, 0 waiting"),
        (0, 2, "2 things need you: 0 of 2 feeds seen in the last 24 h, 1,340 articles, 12 alerts sent, 0 waiting"),
    ],
)
def test_the_line_counts(seen: int, needs: int, line: str) -> None:
    feeds = [
        Feed(id=n, url="https://a.test/", added_at=NOON, next_at=NOON, succeeded_at=NOON if n < seen else None)
        for n in range(2)
    ]
    assert day_line(feeds, LATELY, needs, NOON) == line


@pytest.mark.parametrize(
    ("at", "now", "day"),
    [
        (time(8), datetime(2025, 10, 24, 5, 59, tzinfo=UTC), None),
        (time(8), datetime(2025, 10, 24, 6, 0, tzinfo=UTC), 24),
        (time(8), datetime(2025, 10, 24, 21, 59, tzinfo=UTC), 24),
        (time(8), datetime(2025, 10, 24, 22, 0, tzinfo=UTC), None),
        (time(2, 30), datetime(2025, 10, 26, 0, 30, tzinfo=UTC), 26),
        (time(2, 30), datetime(2025, 3, 30, 0, 59, tzinfo=UTC), None),
        (time(2, 30), datetime(2025, 3, 30, 1, 30, tzinfo=UTC), 30),
    ],
)
def test_the_time_of_the_line_is_a_local_one(at: time, now: datetime, day: int | None) -> None:
    found = day_of(at, now, ZoneInfo("Europe/Berlin"))
    assert (found.day if found else None) == day
