"""The network, pages without their text, and validators that hide entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence import (
    Answer,
    count_hidden,
    is_distrusted,
    plan,
    reading_of,
    remember_readings,
    view_feeds,
)
from monitor.cadence.network import view_network
from monitor.cadence.readings import is_short, is_whole_again
from monitor.model import (
    Entry,
    Failure,
    Feed,
    FeedMemory,
    FetchResult,
    ParsedFeed,
    PollSaved,
    PollSettings,
    Problem,
    TroubleKind,
)
from tests.bench.selfwatch import simulate

NOW = datetime(2025, 10, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://a.test/feed"
FEED = Feed(id=1, url=URL, added_at=NOW - 90 * 24 * HOUR, next_at=NOW)


def feed(number: int, ago_min: float, problem: Problem | None = None, *, failing_h: float = 0.1) -> Feed:
    """Return a feed on a site of its own that was polled so long ago."""
    polled_at = NOW - timedelta(minutes=ago_min)
    failure = Failure(problem=problem) if problem else None
    since = NOW - failing_h * HOUR if failure else None
    url = f"https://site{number}.test/feed"
    return replace(FEED, id=number, url=url, polled_at=polled_at, failure=failure, failing_since=since)


DOWN, UP, NEITHER = (True, False), (False, True), (False, False)
DNS = Problem.DNS
EACH = (Problem.DNS, Problem.CONNECT, Problem.TIMEOUT)


@pytest.mark.parametrize(
    ("name", "feeds", "expected"),
    [
        ("no feed", [], NEITHER),
        ("all well", [feed(n, n) for n in range(9)], UP),
        ("none reached", [feed(n, n, DNS) for n in range(3)], DOWN),
        ("a minute is too short", [feed(n, 0, DNS, failing_h=0.02) for n in range(9)], NEITHER),
        ("two sites are too few", [feed(n, n, DNS) for n in range(2)], NEITHER),
        ("an answer is an answer", [feed(n, n, Problem.NOT_FOUND) for n in range(9)], UP),
        ("each in its way", [feed(n, n, problem) for n, problem in enumerate(EACH)], DOWN),
        ("one of ten is in the house", [feed(n, n, DNS if n else None) for n in range(10)], DOWN),
        ("two of ten are", [feed(n, n, DNS if n > 1 else None) for n in range(10)], NEITHER),
        ("half are up", [feed(n, n, DNS if n % 2 else None) for n in range(10)], UP),
        ("it was well before", [*(feed(n, n + 20) for n in range(200)), *(feed(n, 1, DNS) for n in range(15))], DOWN),
        ("dead ones prove nothing", [*(feed(n, 1, DNS, failing_h=50) for n in range(9)), feed(9, 2)], UP),
        ("nor do polls of long ago", [feed(n, 200, DNS) for n in range(9)], NEITHER),
    ],
)
def test_the_network_is_down_when_the_newest_polls_reach_nothing(
    name: str, feeds: list[Feed], expected: tuple[bool, bool]
) -> None:
    view = view_network(feeds, NOW)
    assert (view.is_down, view.is_up) == expected


def test_a_network_that_is_down_for_days_stays_so() -> None:
    feeds = [feed(n, n, Problem.DNS, failing_h=70) for n in range(9)]
    assert not view_network(feeds, NOW).is_down
    assert view_network(feeds, NOW, down_since=(NOW - 71 * HOUR).timestamp()).is_down


@given(st.lists(st.tuples(st.floats(0, 300), st.sampled_from([None, *Problem]), st.floats(0, 100)), max_size=40))
def test_a_network_is_never_down_and_up_at_once(polls: list[tuple[float, Problem | None, float]]) -> None:
    view = view_network([feed(n, ago, problem, failing_h=h) for n, (ago, problem, h) in enumerate(polls)], NOW)
    assert not (view.is_down and view.is_up)
    assert 0 <= view.share <= 1


def read(memory: FeedMemory, letters: str, *, days: float = 0) -> FeedMemory:
    """Return what is known after so many pages: f full, t without a text, w a consent page."""
    problems = {"f": None, "t": Problem.NO_TEXT, "w": Problem.CONSENT}
    for letter in letters:
        problem = problems[letter]
        failure = Failure(problem=problem) if problem else None
        reading = reading_of(is_full=letter == "f", failure=failure, url=f"https://a.test/{letter}")
        memory = remember_readings(memory, [reading], NOW + timedelta(days=days))
    return memory


@pytest.mark.parametrize(
    ("letters", "is_found"),
    [
        ("f" * 20 + "t" * 8, True),
        ("f" * 20 + "t" * 60, True),
        ("fftf" * 5 + "t" * 8, True),
        ("f" * 20 + "t" * 7, False),
        ("f" * 20 + "t" * 7 + "f" + "t" * 7, False),
        ("ftt" * 8 + "t" * 8, False),
        ("t" * 40, False),
        ("f" * 5 + "t" * 30, False),
        ("w" * 10, True),
        ("f" * 20 + "wwwwfwwfww", True),
        ("f" * 20 + "wwwfwwfwfw", False),
        ("f" * 20 + "t" * 8 + "f", False),
    ],
)
def test_pages_that_lost_their_text_are_found(letters: str, is_found: bool) -> None:
    memory = read(FeedMemory(), letters)
    assert is_short(memory, NOW + timedelta(days=2)) == is_found
    assert not is_short(memory, NOW + timedelta(hours=2)) or letters.count("w") >= 8, "a bad hour is no change"


def test_four_full_pages_end_it_and_nothing_less() -> None:
    memory = read(FeedMemory(), "f" * 20 + "t" * 8)
    assert [is_whole_again(read(memory, "f" * count)) for count in (0, 3, 4)] == [False, False, True]
    assert (memory.short_since, memory.short_problem) == (NOW.timestamp(), "no-text")
    assert read(memory, "f").short_since == 0


@given(st.text("ftw", max_size=120))
def test_what_is_kept_of_pages_stays_short(letters: str) -> None:
    memory = read(FeedMemory(), letters)
    assert len(memory.readings) <= 40
    assert memory.readings.endswith(letters[-4:]) or len(letters) > 20
    assert bool(memory.short_since) or letters.endswith("f") or not letters


def polled(feed: Feed, dated: list[float], *, new: int, status: int = 200) -> Feed:
    """Ask a feed for all of it, a day after its last whole answer; entries are dated so many hours ago."""
    entries = tuple(Entry(key=str(n), published=NOW - hours * HOUR) for n, hours in enumerate(dated))
    parsed = ParsedFeed(entries=entries) if status == 200 else None
    fetch = FetchResult(url=URL, final_url=URL, status=status, etag='"1"')
    answer = Answer(feed=feed, fetch=fetch, at=NOW, parsed=parsed, hidden=count_hidden(feed, parsed))
    memory = plan(answer, PollSaved(new_articles=new), poll=PollSettings(), pace=86_400).memory
    return replace(feed, memory=memory, succeeded_at=NOW)


SURE = replace(FEED, etag='"1"', succeeded_at=NOW - HOUR, memory=FeedMemory(whole_at=(NOW - 25 * HOUR).timestamp()))


@pytest.mark.parametrize(
    ("name", "dated", "new", "is_found"),
    [
        ("three came while it said 304", [5, 9, 20], 3, True),
        ("and were known", [5, 9, 20], 0, False),
        ("only two", [5, 9], 2, False),
        ("within what a cache may hide", [0.2, 1, 2.5], 3, False),
        ("before the last whole answer", [30, 40, 50], 3, False),
        ("undated", [], 3, False),
    ],
)
def test_validators_that_hide_entries_are_found(name: str, dated: list[float], new: int, is_found: bool) -> None:
    found = polled(SURE, dated, new=new)
    assert is_distrusted(found.memory, NOW) == is_found
    assert not is_distrusted(found.memory, NOW + timedelta(days=31)), "they get another chance"
    kinds = [one.kind for one in view_feeds([found], NOW).found]
    assert kinds == ([TroubleKind.HIDING] if is_found else [])


def test_few_hidden_entries_count_when_there_are_some_again() -> None:
    once = polled(SURE, [5, 9], new=2)
    again = replace(SURE, memory=replace(SURE.memory, hidden_count=once.memory.hidden_count))
    assert is_distrusted(polled(again, [5], new=1).memory, NOW)
    assert polled(again, [], new=0).memory.hidden_count == 0


def test_a_feed_that_failed_meanwhile_has_hidden_nothing() -> None:
    failing = replace(SURE, failing_since=NOW - HOUR)
    assert count_hidden(failing, ParsedFeed(entries=(Entry(key="1", published=NOW - 5 * HOUR),))) == 0


def test_simulated_troubles_are_found_and_a_network_that_is_down_is_two_notices() -> None:
    heard = simulate(40, 8, 1)
    found = {what: len(some) for what, some in heard.delays_h.items()}
    assert heard.outages.total() >= 10
    assert sum(found.values()) >= 0.95 * heard.outages.total()
    assert heard.false.total() <= heard.feed_weeks / 100
    assert heard.network == 2
