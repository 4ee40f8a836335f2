"""What goes wrong is told once, and once that it is over: of feeds, of the network, and of the monitor itself."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from monitor.app import App, Selfwatch, selfwatch
from monitor.errors import StoreError
from monitor.model import AlertItem, Failure, FeedMemory, FetchResult, OutboxDraft, OutboxKind, PollOutcome, Problem
from monitor.ports import Poll
from tests.fakes import NOON, FakeClock
from tests.unit.app.home import Home, told

HOUR_S = 3_600
KNOWN = FeedMemory(gaps=(2 * HOUR_S,) * 10, weekend_polls=20, weekday_polls=50)
DNS, CONNECT = Failure(problem=Problem.DNS), Failure(problem=Problem.CONNECT)
NOT_FOUND, HTML = Failure(problem=Problem.NOT_FOUND), Failure(problem=Problem.HTML)
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024  # as shutil has it


@dataclass
class Guard:
    """A program whose clock is moved, whose feeds are polled by hand, and which looks after itself."""

    app: App
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.app.context.clock = self.clock
        self.watch = self.restarted()

    def restarted(self) -> Selfwatch:
        return Selfwatch(context=self.app.context, state=self.app.place.state)

    def poll(self, failure: Failure | None = None, *, new: bool = False, **changes: object) -> None:
        """Poll all feeds, with what they are known for changed so."""
        moment, polls = self.clock(), list[Poll]()
        for feed in self.app.store.claim_due_feeds(moment, limit=1000, lease_s=60, everything=True):
            brought_at = moment.timestamp() if new else feed.memory.brought_at
            memory = replace(feed.memory if feed.memory.gaps else KNOWN, brought_at=brought_at, **changes)
            fetch = FetchResult(url=feed.url, final_url=feed.url, status=200, error=failure)
            outcome = PollOutcome(
                feed=feed, at=moment, next_at=moment, fetch=fetch, failure=failure, memory=None if failure else memory
            )
            polls.append((outcome, None))
        self.app.store.save_polls(polls)

    def pass_time(self, hours: float, poll: Callable[[], None] = lambda: None, *, step_h: float = 0.25) -> list[str]:
        """Let time go by, with a poll and a look at each step and a restart at each fifth; return what is told."""
        before = len(told(self.app.store))
        for step in range(round(hours / step_h)):
            for _ in range(round(step_h / 0.5) - 1):  # else nobody is there for longer
                self.clock.advance(hours=0.5)
                self.watch.look()
            self.clock.advance(hours=min(step_h, 0.5))
            poll()
            self.watch.look()
            if step % 5 == 4:
                self.watch = self.restarted()
        return told(self.app.store)[before:]

    def bodies(self) -> list[str]:
        return [row.item.body for row in reversed(self.app.store.outbox(limit=None))]


@pytest.fixture
def guard(home: Home) -> Iterator[Guard]:
    with guarded(home, 1) as one:
        yield one


@contextmanager
def guarded(home: Home, feeds: int) -> Iterator[Guard]:
    lines = "\n".join(f"  - {{url: 'https://site{n}.example/feed', name: Site {n}}}" for n in range(feeds))
    home.write("feeds.yaml", f"feeds:\n{lines}\n")
    with home.open() as app:
        one = Guard(app)
        one.poll(new=True)
        one.watch.look()
        yield one


@pytest.mark.parametrize(
    ("failure", "wrong", "back"),
    [
        (NOT_FOUND, "Site 0 cannot be read for 8 h: 404", "Site 0 answers again after 30 h of 404"),
        (
            HTML,
            "Site 0 cannot be read for 8 h: a web page instead of a feed",
            "Site 0 answers again after 30 h of a web page instead of a feed",
        ),
    ],
)
def test_a_broken_feed_is_told_once_and_once_that_it_is_back(
    guard: Guard, failure: Failure, wrong: str, back: str
) -> None:
    assert guard.pass_time(30, lambda: guard.poll(failure)) == [wrong]
    assert "What to do: " in guard.bodies()[-1]
    guard.poll(failure)
    assert guard.pass_time(3, lambda: guard.poll(new=True)) == [back]
    assert guard.pass_time(30, lambda: guard.poll(new=True)) == []


def test_a_feed_that_answers_now_and_then_is_not_told_again_and_again(guard: Guard) -> None:
    def now_and_then() -> None:
        guard.poll(None if guard.clock().minute == 0 and guard.clock().hour % 5 == 0 else NOT_FOUND)

    assert guard.pass_time(12, lambda: guard.poll(NOT_FOUND)) == ["Site 0 cannot be read for 8 h: 404"]
    assert guard.pass_time(48, now_and_then) == []


def test_a_gone_feed_is_told_at_once(guard: Guard) -> None:
    assert guard.pass_time(6, lambda: guard.poll(Failure(problem=Problem.GONE))) == ["Site 0 is gone"]


def test_a_silent_feed_is_told_once_and_once_that_it_is_back(guard: Guard) -> None:
    (wrong,) = guard.pass_time(30, guard.poll)
    assert wrong == "Site 0 silent 4 h, normally ≤ 2 h"
    assert guard.pass_time(1, lambda: guard.poll(new=True)) == ["Site 0 is back: silent 30 h"]


@pytest.mark.parametrize(
    ("readings", "problem", "title"),
    [
        ("f" * 20 + "t" * 8, Problem.PAYWALL, "Site 0: no full text of its pages: paywall"),
        ("w" * 10, Problem.CONSENT, "Site 0: no full text of its pages: a consent page"),
    ],
)
def test_pages_that_lost_their_text_are_told_once_and_once_that_it_is_back(
    guard: Guard, readings: str, problem: Problem, title: str
) -> None:
    since = (NOON - timedelta(days=2)).timestamp()
    lost = {"readings": readings, "short_since": since, "short_problem": problem.value, "short_page": "https://x/1"}
    assert guard.pass_time(5, lambda: guard.poll(new=True, **lost)) == [title]
    assert "monitor clean --why https://x/1" in guard.bodies()[-1]
    assert guard.pass_time(5, lambda: guard.poll(new=True, readings=readings + "fff")) == []
    (back,) = guard.pass_time(5, lambda: guard.poll(new=True, readings=readings + "ffff"))
    assert back.startswith("Site 0: its pages give full text again, after ")


def test_lost_entries_and_hidden_ones_are_told_once(guard: Guard) -> None:
    moment = guard.clock().timestamp()
    found = guard.pass_time(
        30, lambda: guard.poll(new=True, overflow_at=moment, overflow_from=moment - HOUR_S, hiding_at=moment), step_h=1
    )
    assert found == ["1 feed needs a look: Site 0"]
    assert 'said "nothing new" while it had new entries' in guard.bodies()[-1]
    assert guard.pass_time(9 * 24, lambda: guard.poll(new=True), step_h=12) == []


def test_feeds_that_go_wrong_together_are_one_notice(home: Home) -> None:
    with guarded(home, 30) as guard:
        assert guard.pass_time(12, lambda: guard.poll(NOT_FOUND)) == [
            "30 feeds need a look: Site 0, Site 1, Site 10 +27"
        ]
        assert guard.bodies()[-1].count("What to do: ") == 20
        assert guard.bodies()[-1].endswith("and 10 more: monitor status")
        guard.poll(NOT_FOUND)
        assert guard.pass_time(3, lambda: guard.poll(new=True)) == ["30 feeds are back: Site 0, Site 1, Site 10 +27"]


def test_a_network_that_is_down_is_one_notice_each_way_and_no_feed_is_blamed(home: Home) -> None:
    with guarded(home, 300) as guard:
        assert guard.pass_time(12, lambda: guard.poll(CONNECT), step_h=1) == [
            "No feed can be read since 2025-10-24 13:00 UTC: the network seems to be down"
        ]
        assert guard.pass_time(40, lambda: guard.poll(DNS), step_h=4) == []
        assert guard.pass_time(3, lambda: guard.poll(new=True), step_h=1) == [
            "Feeds can be read again: none could from 2025-10-24 13:00 UTC to 2025-10-26 17:00 UTC"
        ]
        assert guard.bodies()[-1].startswith("300 feeds, for 52 h.")
        # What fails on is judged from then on, and told as what it is: feeds that fail.
        (late,) = guard.pass_time(9, lambda: guard.poll(NOT_FOUND), step_h=1)
        assert late.startswith("300 feeds need a look")


def test_one_broken_site_of_many_feeds_is_no_network_that_is_down(home: Home) -> None:
    lines = "\n".join(f"  - https://one.example/feed{n}" for n in range(20))
    home.write("feeds.yaml", f"feeds:\n{lines}\n")
    with home.open() as app:
        guard = Guard(app)
        guard.poll(new=True)
        (title,) = guard.pass_time(12, lambda: guard.poll(CONNECT))
        assert title.startswith("20 feeds need a look")


def test_time_in_which_nobody_looked_counts_against_no_feed(guard: Guard) -> None:
    guard.poll(NOT_FOUND)
    guard.watch.look()
    guard.clock.advance(days=3)
    guard.watch = guard.restarted()
    guard.watch.look()
    assert guard.pass_time(7, lambda: guard.poll(NOT_FOUND)) == []
    (title,) = guard.pass_time(3, lambda: guard.poll(NOT_FOUND))
    assert title.startswith("Site 0 cannot be read for ")


def test_a_disk_that_fills_up_is_told_once_and_once_that_there_is_room(
    guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [400_000_000]
    monkeypatch.setattr(selfwatch, "disk_usage", lambda _folder: Usage(1, 1, free[0]))
    (title,) = guard.pass_time(3, lambda: guard.poll(new=True))
    assert title == f"The disk is nearly full: 400 MB left for {guard.app.place.state}"
    free[0] = 550_000_000
    assert guard.pass_time(3, lambda: guard.poll(new=True)) == []
    free[0] = 5_000_000_000
    assert guard.pass_time(3, lambda: guard.poll(new=True)) == [
        f"There is room again on the disk of {guard.app.place.state}"
    ]


def test_a_store_that_cannot_be_written_is_told_when_it_can_again(
    guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Locked:
        def note(self, name: str, value: str | None = None) -> str:
            raise StoreError("monitor.db: another process keeps it busy")

    store = guard.app.store
    guard.app.context.store = Locked()  # type: ignore[assignment]
    for _ in range(10):
        with pytest.raises(StoreError):
            guard.watch.look()
        guard.clock.advance(minutes=1)
    guard.app.context.store = store
    guard.watch.look()
    assert told(store) == [
        "The database can be written again: it could not from 2025-10-24 12:00 UTC to 2025-10-24 12:10 UTC"
    ]
    assert guard.pass_time(1, lambda: guard.poll(new=True)) == []


def test_alerts_that_wait_are_told_once_and_once_that_they_go_out(guard: Guard) -> None:
    def tick() -> None:
        guard.poll(new=True)

    alert = OutboxDraft(key="first:1:1:desk", kind=OutboxKind.FIRST, recipient="desk", item=AlertItem(title="News"))
    guard.app.store.put_outbox([alert], guard.clock())
    titles = guard.pass_time(5, tick)
    assert "Alerts wait to be sent since 2025-10-24 12:00 UTC" in titles
    assert len(titles) == 1
    groups = guard.app.store.claim_messages(guard.clock(), limit=10, lease_s=60)
    for rows in groups:
        guard.app.store.mark_sent(rows, "alert-1", guard.clock())
    assert guard.pass_time(2, tick)[:1] == ["Alerts are sent in time again"]


def test_two_processes_on_one_store_tell_it_once(guard: Guard) -> None:
    other = guard.restarted()
    guard.clock.advance(minutes=20)
    guard.poll(Failure(problem=Problem.GONE))
    guard.watch.look()
    other.look()
    assert told(guard.app.store) == ["Site 0 is gone"]


def test_a_clock_that_is_set_back_is_told_once_and_nothing_waits_for_the_time_it_had(guard: Guard) -> None:
    guard.clock.advance(days=1)
    guard.watch.look()
    guard.clock.advance(days=-1)
    assert guard.pass_time(1, lambda: guard.poll(new=True)) == [
        "The clock was set back by 23 h, to 2025-10-24 12:15 UTC"
    ]
    (title,) = guard.pass_time(12, lambda: guard.poll(NOT_FOUND))
    assert title.startswith("Site 0 cannot be read for ")


def test_the_line_for_systemd_says_how_it_is(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    assert guard.watch.line == "1 of 1 feeds can be read"
    guard.poll(Failure(problem=Problem.GONE))
    guard.watch.look()
    assert guard.watch.line == "0 of 1 feeds can be read; 1 to look at: monitor status"


@pytest.mark.parametrize(("is_reached", "titles"), [(True, ["Alerts to desk go out again"]), (False, [])])
def test_a_recipient_that_failed_is_told_to_be_back_when_it_was_reached(
    guard: Guard, is_reached: bool, titles: list[str]
) -> None:
    def tick() -> None:
        guard.poll(new=True)

    store = guard.app.store
    alert = OutboxDraft(key="first:1:1:desk", kind=OutboxKind.FIRST, recipient="desk", item=AlertItem(title="News"))
    store.put_outbox([alert], guard.clock())
    (rows,) = store.claim_messages(guard.clock(), limit=10, lease_s=60)
    store.mark_failed(rows, "451", guard.clock(), next_at=guard.clock())
    assert guard.pass_time(3, tick) == [], "whoever fails to send tells it"
    (rows,) = store.claim_messages(guard.clock(), limit=10, lease_s=60)
    if is_reached:
        store.mark_sent(rows, "alert-1", guard.clock())
    else:
        store.mark_failed(rows, "451", guard.clock(), next_at=None)
    assert guard.pass_time(3, tick) == titles


def test_of_a_feed_that_is_not_followed_any_more_nothing_is_said(home: Home) -> None:
    with guarded(home, 5) as guard:
        assert len(guard.pass_time(3, lambda: guard.poll(CONNECT))) == 1
        guard.app.store.sync_feeds((), guard.clock())
        assert guard.pass_time(3) == []
        assert 'told": []' in guard.app.store.note("watch")
