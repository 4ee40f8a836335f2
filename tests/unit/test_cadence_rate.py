"""The estimate of what a feed publishes, the pace over all feeds, and what both make of a feed's next poll."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence import (
    DAY_S,
    START_PACE,
    Answer,
    is_abandoned,
    next_poll,
    plan,
    rate_of,
    remember,
    tune,
    usual_wait,
)
from monitor.model import (
    Entry,
    Failure,
    Feed,
    FeedMemory,
    FetchResult,
    ParsedFeed,
    PollSaved,
    PollSettings,
    Priority,
    Problem,
)

NOW = datetime(2025, 10, 27, 12, 0, tzinfo=UTC)  # a Monday
FEED = Feed(id=1, url="http://a.example/feed", added_at=NOW, next_at=NOW)
ANSWER = FetchResult(url=FEED.url, final_url=FEED.url, status=200)
POLL = PollSettings(per_day=24, min_s=60, max_s=DAY_S)


def watched(entries_a_day: int, days: int = 60) -> FeedMemory:
    """Return what is known of a feed after polls every hour, over which its entries are spread evenly."""
    memory = FeedMemory(counted_at=NOW.timestamp())
    for hour in range(1, days * 24 + 1):
        new = entries_a_day * hour // 24 - entries_a_day * (hour - 1) // 24
        memory = remember(memory, ANSWER, None, new, NOW + timedelta(hours=hour))
    return memory


def wait_s(memory: FeedMemory, answer: FetchResult = ANSWER, *, at: datetime = NOW, **changes: object) -> float:
    jitter = changes.pop("jitter", 0.0)
    made = Answer(feed=replace(FEED, **changes), fetch=answer, at=at, jitter=jitter)
    return (next_poll(made, memory, POLL, START_PACE) - at).total_seconds()


@pytest.mark.parametrize("entries_a_day", [1, 5, 24, 72])
def test_the_estimate_comes_to_what_a_feed_publishes(entries_a_day: int) -> None:
    assert rate_of(watched(entries_a_day)) == pytest.approx(entries_a_day, rel=0.2)


def test_four_times_the_entries_are_asked_twice_as_often() -> None:
    quiet, busy = FeedMemory(weight=10, exposure_days=8.5), FeedMemory(weight=40.9, exposure_days=8.5)

    assert wait_s(quiet) == pytest.approx(2 * wait_s(busy))


def test_a_feed_that_falls_silent_is_asked_less_and_less() -> None:
    memory = watched(10)
    waits = [wait_s(remember(memory, ANSWER, None, 0, NOW + timedelta(days=60 + days))) for days in (1, 10, 40, 200)]

    assert waits == sorted(waits)
    assert waits[-1] > 5 * waits[0]


def test_a_burst_counts_as_three() -> None:
    memory = FeedMemory(counted_at=NOW.timestamp(), weight=1, exposure_days=2)

    assert remember(memory, ANSWER, None, 40, NOW).weight == 4


def test_a_new_feed_is_judged_by_the_dates_of_its_entries() -> None:
    daily = ParsedFeed(entries=tuple(Entry(key=str(n), published=NOW - timedelta(days=n)) for n in range(30)))
    yearly = ParsedFeed(entries=tuple(Entry(key=str(n), published=NOW - timedelta(days=365 * n)) for n in range(9)))
    undated = ParsedFeed(entries=tuple(Entry(key=str(n)) for n in range(30)))
    rates = [rate_of(remember(FeedMemory(), ANSWER, parsed, 30, NOW)) for parsed in (daily, yearly, undated)]

    assert rates[0] == pytest.approx(1, rel=0.15)
    assert rates[1] < 0.15
    assert rates[2] == rate_of(FeedMemory())


def test_a_failure_teaches_nothing() -> None:
    memory = watched(5)
    failed = Answer(
        feed=replace(FEED, memory=memory),
        fetch=replace(ANSWER, status=500),
        at=NOW,
        failure=Failure(problem=Problem.SERVER_ERROR),
    )

    assert plan(failed, PollSaved(), poll=POLL, pace=START_PACE).memory == memory


def test_a_feed_that_showed_only_new_entries_is_asked_twice_as_often_for_a_week() -> None:
    memory = FeedMemory(counted_at=NOW.timestamp(), exposure_days=1)
    made = Answer(feed=replace(FEED, memory=memory, succeeded_at=NOW - timedelta(minutes=40)), fetch=ANSWER, at=NOW)

    planned = plan(made, PollSaved(new_articles=30, is_overflow=True), poll=POLL, pace=START_PACE)

    assert planned.at == NOW + timedelta(minutes=20)
    waits = [wait_s(replace(planned.memory, counted_at=(NOW + timedelta(days=days)).timestamp())) for days in (6, 8)]
    assert waits[0] == 1_200 < waits[1]


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("high priority", {"priority": Priority.HIGH}, 1_800),
        ("low priority", {"priority": Priority.LOW}, 7_200),
        ("not sooner than every_min", {"every_min_s": 5_000.0}, 5_000),
        ("not later than every_max", {"every_max_s": 600.0}, 600),
        ("every_max below min_s", {"every_max_s": 5.0}, 60),
        ("every goes before priority", {"every_s": 900.0, "priority": Priority.HIGH}, 900),
    ],
)
def test_a_feeds_own_words_bound_its_wait(name: str, changes: dict[str, object], expected: float) -> None:
    assert wait_s(FeedMemory(), **changes) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("cache_s", "age_s", "expected"),
    [
        (600, 0, 3_000),  # four fifths of the wait are 2,880 s: the fifth expiry is the first after them
        (600, 400, 3_200),
        (3_600, 0, 3_600),
        (3_600, 700, 2_900),
        (3_600, 1_000, 6_200),  # 2,600 s would be too soon
    ],
)
def test_a_poll_meets_the_shared_cache_when_it_asks_anew(cache_s: float, age_s: float, expected: float) -> None:
    answer = replace(ANSWER, cache_s=cache_s, max_age_s=cache_s - age_s)
    memory = remember(FeedMemory(), answer, None, 0, NOW)

    assert wait_s(memory, answer) == pytest.approx(expected)
    assert expected <= wait_s(memory, answer, jitter=-1.0) <= expected * 1.03 + 1e-6


def test_a_cache_of_hours_is_not_waited_for() -> None:
    answer = replace(ANSWER, cache_s=7_200, max_age_s=7_000)

    assert wait_s(remember(FeedMemory(), answer, None, 0, NOW), answer) == 3_600


@pytest.mark.parametrize(
    ("name", "hours", "days", "expected"),
    [
        ("the hour after", (13,), (), 2 * 3_600),
        ("the night", (13, 14, 15, 23), (), 4 * 3_600),
        ("an hour that it does not meet", (14,), (), 3_600),
        ("today", (), (0,), 12 * 3_600),
        ("today and the first hours of tomorrow", (0, 1), (0,), 14 * 3_600),
        ("always, which cannot be meant", tuple(range(24)), (), 3_600),
        ("every day, which cannot be meant", (), tuple(range(7)), 3_600),
    ],
)
def test_hours_and_days_to_skip_are_skipped(
    name: str, hours: tuple[int, ...], days: tuple[int, ...], expected: float
) -> None:
    memory = FeedMemory(skip_hours=hours, skip_days=days)

    assert wait_s(memory) == pytest.approx(expected)
    assert wait_s(memory, every_s=1_200.0) == 1_200


@given(
    hours=st.frozensets(st.integers(0, 23)),
    days=st.frozensets(st.integers(0, 6)),
    cache_s=st.none() | st.floats(0, 10_000),
    age_s=st.floats(0, 10_000),
    weight=st.floats(0, 1_000),
    minutes=st.integers(0, 20_000),
    jitter=st.floats(-1, 1),
)
def test_whatever_a_feed_says_it_is_asked_within_a_day(  # what a feed may say
    hours, days, cache_s, age_s, weight, minutes, jitter
) -> None:
    max_age_s = None if cache_s is None else max(cache_s - age_s, 0)
    answer = replace(ANSWER, cache_s=cache_s, max_age_s=max_age_s)
    parsed = ParsedFeed(skip_hours=tuple(hours), skip_days=tuple(days))
    memory = remember(FeedMemory(weight=weight, counted_at=NOW.timestamp()), answer, parsed, 1, NOW)

    found = wait_s(memory, answer, at=NOW + timedelta(minutes=minutes), jitter=jitter)

    assert 60 <= found <= DAY_S


feeds = st.lists(
    st.builds(
        lambda weight, days, priority: replace(
            FEED, priority=priority, memory=FeedMemory(weight=weight, exposure_days=days)
        ),
        st.floats(0, 500),
        st.floats(0, 10),
        st.sampled_from(Priority),
    ),
    min_size=1,
    max_size=30,
)


@given(feeds=feeds, per_day=st.floats(2, 200), guess=st.floats(START_PACE / 100, START_PACE * 100))
def test_the_tuned_pace_spends_what_the_user_allows(feeds: list[Feed], per_day: float, guess: float) -> None:
    poll = PollSettings(per_day=per_day)
    pace = tune(feeds, poll, guess)

    spent = fmean(DAY_S / usual_wait(feed, poll, pace) for feed in feeds)
    assert spent == pytest.approx(per_day, rel=0.01)


def test_feeds_that_fail_are_off_or_have_their_own_wait_are_not_counted() -> None:
    quiet = replace(FEED, memory=FeedMemory(weight=2, exposure_days=10))
    others = [
        replace(quiet, every_s=60.0),
        replace(quiet, is_enabled=False),
        replace(quiet, failing_since=NOW, memory=FeedMemory(weight=400, exposure_days=10)),
    ]

    assert tune([quiet, *others], POLL) == tune([quiet], POLL)
    assert tune(others, POLL, 1_234.0) == 1_234.0
    assert math.isclose(tune([FEED], POLL), START_PACE, rel_tol=0.01)


@pytest.mark.parametrize(
    ("entries_a_day", "silent_days", "expected"),
    [(24, 13, False), (24, 15, True), (1, 13, False), (1, 15, True), (0, 200, False)],
)
def test_a_feed_is_silent_long_after_its_usual_gap(entries_a_day: int, silent_days: int, expected: bool) -> None:
    memory, newest_at = watched(entries_a_day, 30), NOW + timedelta(days=30)
    for day in range(1, silent_days + 1):
        memory = remember(memory, ANSWER, None, 0, newest_at + timedelta(days=day))

    assert (
        is_abandoned(memory, newest_at if entries_a_day else None, newest_at + timedelta(days=silent_days)) is expected
    )


def test_a_monthly_feed_is_not_silent_after_a_month() -> None:
    memory = FeedMemory(weight=1, exposure_days=9, counted_at=NOW.timestamp())

    found = [
        is_abandoned(remember(memory, ANSWER, None, 0, NOW + timedelta(days=days)), NOW, NOW + timedelta(days=days))
        for days in (30, 60, 120)
    ]

    assert found == [False, False, True]
