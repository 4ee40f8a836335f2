from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence import DAY_S, START_PACE, Answer, next_poll
from monitor.model import Failure, Feed, FetchResult, PollSettings, Problem

NOW = datetime(2025, 10, 27, 12, 0, tzinfo=UTC)
FEED = Feed(id=1, url="http://a.example/feed", added_at=NOW, next_at=NOW)
LONG_AGO = NOW - timedelta(days=7, seconds=1)
READ = replace(FEED, added_at=LONG_AGO, succeeded_at=NOW - timedelta(days=6))
ANSWER = FetchResult(url=FEED.url, final_url=FEED.url, status=200)
POLL = PollSettings(per_day=48, min_s=60, max_s=DAY_S)
TWO_HOURS = PollSettings(per_day=48, max_s=7_200)
DNS, TIMEOUT, TLS, FAULT = (
    Failure(problem=problem) for problem in (Problem.DNS, Problem.TIMEOUT, Problem.TLS, Problem.SERVER_ERROR)
)
HARMFUL = Failure(problem=Problem.HARMFUL)
TOO_MANY = Failure(problem=Problem.TOO_MANY)
NO_ENTRIES = Failure(problem=Problem.NO_ENTRIES)


def wait_s(
    feed: Feed = FEED,
    answer: FetchResult = ANSWER,
    *,
    failure: Failure | None = None,
    ttl_s: float | None = None,
    poll: PollSettings = POLL,
    jitter: float = 0.0,
) -> float:
    made = Answer(feed=feed, fetch=answer, at=NOW, failure=failure, jitter=jitter)
    due = next_poll(made, replace(feed.memory, ttl_s=min(ttl_s or 0.0, 3_600)), poll, START_PACE)
    return (due - NOW).total_seconds()


def feed(**changes: object) -> Feed:
    return replace(FEED, **changes)


def answer(**changes: object) -> FetchResult:
    return replace(ANSWER, **changes)


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("per_day decides", {}, 1_800),
        ("every decides over per_day", {"feed": feed(every_s=600)}, 600),
        ("every below min_s", {"feed": feed(every_s=5)}, 60),
        ("every above max_s", {"feed": feed(every_s=7 * DAY_S)}, DAY_S),
        ("per_day above min_s", {"poll": PollSettings(per_day=100_000)}, 60),
        ("min_s of one second", {"feed": feed(every_s=1), "poll": PollSettings(min_s=1)}, 1),
        ("304 waits as 200", {"answer": answer(status=304)}, 1_800),
        ("max-age beyond the wait", {"answer": answer(max_age_s=2_700)}, 2_700),
        ("max-age within the wait", {"answer": answer(max_age_s=300)}, 1_800),
        ("max-age is believed for an hour", {"answer": answer(max_age_s=5 * DAY_S)}, 3_600),
        ("max-age of a slow feed", {"answer": answer(max_age_s=DAY_S), "poll": PollSettings(per_day=4)}, 21_600),
        ("ttl counts as max-age", {"ttl_s": 2_400.0}, 2_400),
        ("ttl is believed for an hour", {"ttl_s": DAY_S}, 3_600),
        ("the longer of ttl and max-age", {"answer": answer(max_age_s=2_000), "ttl_s": 2_400.0}, 2_400),
        ("max_s bounds max-age", {"answer": answer(max_age_s=3_000), "poll": PollSettings(max_s=2_000)}, 2_000),
        ("every wins over max-age", {"feed": feed(every_s=120), "answer": answer(max_age_s=3_000)}, 120),
        ("every wins over ttl", {"feed": feed(every_s=120), "ttl_s": 3_000.0}, 120),
        ("first failure", {"failure": FAULT}, 1_800),
        ("second failure", {"failure": FAULT, "feed": feed(fail_streak=1)}, 3_600),
        ("fourth failure", {"failure": FAULT, "feed": feed(fail_streak=3)}, 14_400),
        ("after a year of failures", {"failure": FAULT, "feed": feed(fail_streak=5_000)}, DAY_S),
        ("failures with every", {"failure": FAULT, "feed": feed(every_s=60, fail_streak=2)}, 240),
        ("failures and max_s", {"failure": FAULT, "feed": feed(fail_streak=9), "poll": TWO_HOURS}, 7_200),
        ("failures ignore max-age", {"failure": FAULT, "answer": answer(max_age_s=3_000)}, 1_800),
        ("never read, first time", {"failure": DNS}, 60),
        ("never read, third time", {"failure": TIMEOUT, "feed": feed(fail_streak=2)}, 240),
        ("never read, up to the normal wait", {"failure": DNS, "feed": feed(fail_streak=400)}, 1_800),
        ("never read, every of two minutes", {"failure": DNS, "feed": feed(every_s=120, fail_streak=9)}, 120),
        ("never read, min_s", {"failure": DNS, "poll": PollSettings(min_s=300)}, 300),
        ("never read, of a bad certificate", {"failure": TLS, "feed": feed(fail_streak=1)}, 3_600),
        ("never read for a week", {"failure": DNS, "feed": feed(added_at=LONG_AGO, fail_streak=2)}, 7_200),
        ("read before, first time", {"failure": DNS, "feed": READ}, 1_800),
        ("read before, up to an hour", {"failure": TLS, "feed": replace(READ, fail_streak=40)}, 3_600),
        ("read before, every of a minute", {"failure": DNS, "feed": replace(READ, every_s=60, fail_streak=2)}, 240),
        ("read before, every of 6 h", {"failure": DNS, "feed": replace(READ, every_s=21_600, fail_streak=3)}, 21_600),
        ("read before, and another failure", {"failure": FAULT, "feed": replace(READ, fail_streak=3)}, 14_400),
        ("read a week ago", {"failure": DNS, "feed": feed(succeeded_at=LONG_AGO, fail_streak=3)}, 14_400),
        ("read before, Retry-After", {"failure": DNS, "feed": READ, "answer": answer(retry_after_s=4_000)}, 4_000),
        ("no entries is no failure", {"failure": NO_ENTRIES, "feed": feed(fail_streak=6)}, 1_800),
        ("Retry-After beyond the wait", {"failure": TOO_MANY, "answer": answer(retry_after_s=9_000)}, 9_000),
        ("Retry-After within the wait", {"failure": TOO_MANY, "answer": answer(retry_after_s=5)}, 1_800),
        ("Retry-After over max_s", {"answer": answer(retry_after_s=9_000), "poll": PollSettings(max_s=3_600)}, 9_000),
        ("Retry-After of a week", {"failure": TOO_MANY, "answer": answer(retry_after_s=7 * DAY_S)}, DAY_S),
        ("Retry-After wins over every", {"feed": feed(every_s=60), "answer": answer(retry_after_s=900)}, 900),
        ("Retry-After within back-off", {"feed": feed(every_s=600), "answer": answer(retry_after_s=60)}, 600),
        ("first kill", {"failure": HARMFUL}, 1_800),
        ("second kill", {"failure": HARMFUL, "feed": feed(kill_streak=1, fail_streak=1)}, 3_600),
        ("third kill", {"failure": HARMFUL, "feed": feed(kill_streak=2, fail_streak=2)}, DAY_S),
        ("third kill with every", {"failure": HARMFUL, "feed": feed(every_s=60, kill_streak=2)}, DAY_S),
        ("third kill over max_s", {"failure": HARMFUL, "feed": feed(kill_streak=2), "poll": TWO_HOURS}, DAY_S),
        ("gone is asked once a day", {"failure": Failure(problem=Problem.GONE)}, DAY_S),
        ("gone, whatever every says", {"failure": Failure(problem=Problem.GONE), "feed": feed(every_s=60)}, DAY_S),
        ("another failure after kills", {"failure": FAULT, "feed": feed(kill_streak=2)}, 1_800),
        ("jitter later", {"jitter": 1.0}, 1_854),
        ("jitter sooner", {"jitter": -1.0}, 1_746),
        ("jitter past an expiry", {"answer": answer(max_age_s=3_000), "jitter": -1.0}, 3_090),
        ("jitter below min_s", {"feed": feed(every_s=60), "jitter": -1.0}, 60),
        ("jitter before Retry-After", {"answer": answer(retry_after_s=1_790), "jitter": -1.0}, 1_790),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)  # fmt: skip
def test_a_feed_is_due_by_these_rules(name: str, options: dict[str, object], expected: float) -> None:
    feed_, answer_ = options.pop("feed", FEED), options.pop("answer", ANSWER)

    assert wait_s(feed_, answer_, **options) == pytest.approx(expected)


past = st.floats(min_value=0, max_value=20).map(lambda days: NOW - timedelta(days=days))
failures = st.sampled_from([Failure(problem=problem) for problem in Problem])
seconds = st.floats(min_value=0, max_value=10 * DAY_S)
polls = st.builds(
    PollSettings,
    per_day=st.floats(min_value=0.1, max_value=90_000),
    min_s=st.floats(min_value=1, max_value=3_600),
    max_s=st.floats(min_value=3_600, max_value=7 * DAY_S),
)


@given(
    poll=polls,
    every_s=st.none() | st.floats(min_value=1, max_value=30 * DAY_S),
    streaks=st.tuples(st.integers(0, 10_000), st.integers(0, 5)),
    max_age_s=st.none() | seconds,
    retry_after_s=st.none() | seconds,
    ttl_s=st.none() | seconds,
    failure=st.none() | failures,
    times=st.tuples(past, st.none() | past),
    jitter=st.floats(min_value=-1, max_value=1),
)
def test_the_next_poll_is_within_bounds_and_never_before_retry_after(
    poll, every_s, streaks, max_age_s, retry_after_s, ttl_s, failure, times, jitter
) -> None:
    asked = feed(
        every_s=every_s, fail_streak=streaks[0], kill_streak=streaks[1], added_at=times[0], succeeded_at=times[1]
    )
    got = answer(max_age_s=max_age_s, retry_after_s=retry_after_s)

    found = wait_s(asked, got, failure=failure, ttl_s=ttl_s, poll=poll, jitter=jitter)

    asked_for = min(retry_after_s or 0, DAY_S)
    is_gone = failure is not None and failure.problem is Problem.GONE
    is_a_day = is_gone or (failure is not None and failure.problem is Problem.HARMFUL and streaks[1] >= 2)
    rounding = 1e-6
    assert poll.min_s - rounding <= found <= max(poll.max_s, asked_for, DAY_S if is_a_day else 0) + rounding
    assert found >= asked_for - rounding


@given(
    streak=st.integers(0, 100),
    failure=failures,
    times=st.tuples(past, st.none() | past),
    jitter=st.floats(min_value=-1, max_value=1),
)
def test_one_more_failure_never_makes_a_feed_due_sooner(streak, failure, times, jitter) -> None:
    asked = feed(fail_streak=streak, added_at=times[0], succeeded_at=times[1])
    sooner = wait_s(asked, failure=failure, jitter=jitter)

    assert wait_s(replace(asked, fail_streak=streak + 1), failure=failure, jitter=jitter) >= sooner
