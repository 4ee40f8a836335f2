"""Which troubles of feeds are told, how soon, and how many false ones: eight simulated weeks, polled every hour."""

from __future__ import annotations

import random  # noqa: TID251  # seeded: every run has the same feeds
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from statistics import median

from monitor.alert import turn
from monitor.cadence import (
    count_hidden,
    is_distrusted,
    reading_of,
    remember_gap,
    remember_readings,
    view_feeds,
)
from monitor.cadence.hiding import remember_hidden
from monitor.model import Entry, Episode, Failure, Feed, ParsedFeed, Problem, Trouble, TroubleKind
from tests.bench.silence import made_up_feed, new_entries

_START_S = 1_759_708_800.0  # a Monday
_HOUR_S, _DAY_H, _WEEK_H = 3_600.0, 24, 168
_TEACHING_H = 21 * _DAY_H
_OUTAGE_H, _GRACE_H = 5 * _DAY_H, _DAY_H
_NETWORK_H = range(38 * _DAY_H + 3, 38 * _DAY_H + 12)
_WHOLE = timedelta(days=1)  # between two whole answers

# What befalls a feed, with what it is told as, and how many entries within it make it worth telling.
_BEFALLS = {
    "404": (TroubleKind.BROKEN, 0),
    "a web page": (TroubleKind.BROKEN, 0),
    "304 for ever": (TroubleKind.HIDING, 6),
    "teasers only": (TroubleKind.PAGES, 16),
    "a consent page": (TroubleKind.PAGES, 16),
}
_FAILURES = {"404": Problem.NOT_FOUND, "a web page": Problem.HTML}
_PAGES = {"teasers only": Problem.PAYWALL, "a consent page": Problem.CONSENT}


@dataclass(slots=True)
class Subject:
    """A made-up feed, what befalls it from `start` on, and the entries that no poll has seen yet."""

    feed: Feed
    what: str
    start: int
    published: int = 0
    unseen: list[datetime] = field(default_factory=list)
    fails_until: int = 0

    def is_in(self, hour: int) -> bool:
        """Tell whether it is befallen now."""
        return self.start <= hour < self.start + _OUTAGE_H

    @property
    def is_worth(self) -> bool:
        """Tell whether it had entries enough for anybody to notice."""
        return bool(self.what) and self.published >= _BEFALLS[self.what][1]


@dataclass(slots=True, kw_only=True)
class Heard:
    """What came of a simulation: outages by what they were, hours until each was told, and false ones by kind."""

    outages: Counter[str] = field(default_factory=Counter)
    delays_h: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    false: Counter[str] = field(default_factory=Counter)
    network: int = 0
    feed_weeks: float = 0.0


def simulate(feeds: int, weeks: int, seed: int) -> Heard:
    """Poll made-up feeds every hour.

    Half of them have five days of trouble; one poll in a hundred fails, for six hours at most; one page in ten gives no
    text; and once all feeds cannot be reached for nine hours.
    """
    chance = random.Random(seed)
    hours = weeks * _WEEK_H
    subjects = [_subject(number, hours, chance) for number in range(feeds)]
    heard = Heard(feed_weeks=feeds * weeks)
    told: tuple[Episode, ...] = ()
    found: dict[int, int] = {}
    for hour in range(hours):
        at = datetime.fromtimestamp(_START_S + hour * _HOUR_S, UTC)
        for subject in subjects:
            _pass_hour(subject, hour, at, chance)
        view = view_feeds([subject.feed for subject in subjects], at, told=told)
        change = turn(told, view.found, view.over, at.timestamp())
        told = change.told
        heard.network += sum(one.kind is TroubleKind.NETWORK for one in (*change.new, *change.ended))
        for trouble in change.new:
            _note(heard, found, trouble, subjects, hour)
    for number, subject in enumerate(subjects):
        if subject.is_worth:
            heard.outages[subject.what] += 1
            if number in found:
                heard.delays_h[subject.what].append(found[number])
    return heard


def run() -> None:
    """Print what 200 feeds in eight weeks came to, for three seeds that no threshold was chosen by."""
    outages: Counter[str] = Counter()
    delays_h: dict[str, list[int]] = defaultdict(list)
    for seed in (20, 21, 22):
        heard = simulate(200, 8, seed)
        outages += heard.outages
        for what, some in heard.delays_h.items():
            delays_h[what] += some
        rate = 100 * heard.false.total() / heard.feed_weeks
        print(f"seed {seed}: {rate:.2f} false per 100 feed-weeks {dict(heard.false)}, network {heard.network} notices")
    print("befell          outages  found  median delay  longest")
    for what, some in delays_h.items():
        share = len(some) / outages[what]
        print(f"{what:15} {outages[what]:7}  {share:5.0%}  {median(some):10} h  {max(some):5} h")


def _subject(number: int, hours: int, chance: random.Random) -> Subject:
    # The rhythms go by fives; so that each is befallen by each, what befalls goes by their rounds.
    what = [*_BEFALLS][number // 10 % len(_BEFALLS)] if number % 2 else ""
    feed = replace(made_up_feed(number), url=f"http://site{number}.test/feed", etag='"1"')
    return Subject(feed, what, chance.randrange(_TEACHING_H, hours - _OUTAGE_H - 2 * _DAY_H))


def _note(heard: Heard, found: dict[int, int], trouble: Trouble, subjects: list[Subject], hour: int) -> None:
    if trouble.feed is None:
        return
    subject = subjects[trouble.feed.id]
    is_in_time = bool(subject.what) and subject.start <= hour < subject.start + _OUTAGE_H + _GRACE_H
    if is_in_time and _BEFALLS[subject.what][0] is trouble.kind:
        found.setdefault(trouble.feed.id, hour - subject.start)
    elif not (is_in_time and trouble.kind is TroubleKind.SILENT):
        heard.false[trouble.kind] += 1


def _pass_hour(subject: Subject, hour: int, at: datetime, chance: random.Random) -> None:
    if new_entries(subject.feed.name, subject.feed.id, hour, chance):
        subject.unseen.append(at - timedelta(minutes=chance.randrange(60)))
        subject.published += subject.is_in(hour)
    if chance.random() < 0.01:
        subject.fails_until = hour + chance.randint(1, 6)
    problem = _FAILURES.get(subject.what) if subject.is_in(hour) else None
    if hour < subject.fails_until:
        problem = Problem.SERVER_ERROR
    if hour in _NETWORK_H:
        problem = Problem.CONNECT
    subject.feed = _failed(subject.feed, problem, at) if problem else _read(subject, hour, at, chance)


def _failed(feed: Feed, problem: Problem, at: datetime) -> Feed:
    return replace(feed, polled_at=at, failing_since=feed.failing_since or at, failure=Failure(problem=problem))


def _read(subject: Subject, hour: int, at: datetime, chance: random.Random) -> Feed:
    feed, memory = subject.feed, subject.feed.memory
    is_whole = at.timestamp() - memory.whole_at >= _WHOLE.total_seconds() or is_distrusted(memory, at)
    lies = subject.what == "304 for ever" and subject.is_in(hour)
    hidden, new = None, len(subject.unseen)
    if lies and not is_whole:
        new = 0
    elif is_whole or new:
        parsed = ParsedFeed(entries=tuple(Entry(key=str(time), published=time) for time in subject.unseen))
        hidden = count_hidden(feed, parsed) if is_whole and not is_distrusted(memory, at) else None
        memory = replace(memory, whole_at=at.timestamp())
        subject.unseen.clear()
    memory = remember_gap(memory, new, at)
    if hidden is not None:
        memory = remember_hidden(memory, min(hidden, new), at)
    for _ in range(new):
        is_full = chance.random() > 0.1
        problem = _PAGES.get(subject.what) if subject.is_in(hour) else None if is_full else Problem.NO_TEXT
        failure = Failure(problem=problem) if problem else None
        memory = remember_readings(memory, [reading_of(is_full=failure is None, failure=failure, url="")], at)
    return replace(feed, memory=memory, polled_at=at, succeeded_at=at, failing_since=None, failure=None)
