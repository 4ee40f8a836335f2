"""How soon polls find what feeds publish: Monitor's cadence beside fixed polling with as many requests.

The feeds are a model, drawn anew for each seed: log-normal rates with a quarter of the feeds asleep, day and night in
each feed's own zone, weekends, bursts, feeds that change their ways, and shared caches before two of five.
"""

from __future__ import annotations

import heapq
import math
import random  # noqa: TID251  # seeded: every run has the same feeds
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import fmean, quantiles

from monitor import cadence
from monitor.model import Feed, FetchResult, ParsedFeed, PollSaved, PollSettings
from tests.bench.report import print_table, progress

FEEDS = 300
DAYS = 21
SEEDS = (1, 2, 3, 4, 5)
BUDGETS = (8.0, 24.0, 96.0)

_WARM_S = 7 * cadence.DAY_S
_END_S = DAYS * cadence.DAY_S
_START = datetime(2025, 9, 1, tzinfo=UTC)
_RATE_MEAN, _RATE_SIGMA = 2.5, 1.8  # entries a day
_ASLEEP, _ASLEEP_RATE = 0.25, 0.02
_BURSTY, _CHANGING, _CACHED = 0.3, 0.08, 0.4
_WINDOW = 30  # entries that a feed lists


@dataclass(frozen=True, slots=True)
class Source:
    """A feed of the model: when it publishes, in seconds, and the cache before it (a period, and its offset)."""

    entries: tuple[float, ...]
    cache_s: float
    offset_s: float

    def shown_at(self, moment: float) -> float:
        """Return the moment whose state an answer shows."""
        if not self.cache_s:
            return moment
        return math.floor((moment - self.offset_s) / self.cache_s) * self.cache_s + self.offset_s


@dataclass(slots=True)
class Found:
    """What a policy came to after its warm-up: requests, entries lost, and the delays of the others, in minutes."""

    requests: int
    lost: int
    delays: list[float]


def run() -> None:
    """Run the bench and print its table."""
    rows = [row for per_day in BUDGETS for row in _rows(per_day)]
    print_table(
        f"Delay from publication to detection: {FEEDS} feeds, {DAYS} days, {len(SEEDS)} draws",
        ["policy", "requests a feed and day", "mean min", "p50", "p90", "p99", "lost %", "mean, times lower"],
        rows,
        "Means over the draws; the last column gives the least and the most of a draw, too. Fixed polling is given\n"
        "exactly the requests that Monitor made. Lost: scrolled off the feed before a poll. The first week is not\n"
        "counted. The feeds are a model (see tests/bench/cadence.py), not live ones.",
    )


def _rows(per_day: float) -> Iterator[list[str]]:
    fixed, own = [], []
    for seed in SEEDS:
        progress(f"cadence: {per_day:g} requests a day, draw {seed}")
        sources = draw(random.Random(seed))
        own.append(poll_by_cadence(sources, per_day, random.Random(seed)))
        fixed.append(poll_fixed(sources, own[-1].requests, random.Random(seed)))
    gains = [fmean(before.delays) / fmean(now.delays) for before, now in zip(fixed, own, strict=True)]
    yield [f"fixed interval, {per_day:g} a day", *_figures(fixed), ""]
    gain = f"{fmean(gains):.1f} ({min(gains):.1f}-{max(gains):.1f})"
    yield [f"Monitor, per_day: {per_day:g}", *_figures(own), gain]


def _figures(found: list[Found]) -> list[str]:
    days = FEEDS * (_END_S - _WARM_S) / cadence.DAY_S
    cuts = [quantiles(one.delays, n=100) for one in found]
    return [
        f"{fmean(one.requests for one in found) / days:.1f}",
        f"{fmean(fmean(one.delays) for one in found):.1f}",
        *(f"{fmean(cut[place - 1] for cut in cuts):.1f}" for place in (50, 90, 99)),
        f"{100 * fmean(one.lost / (one.lost + len(one.delays)) for one in found):.2f}",
    ]


def draw(chance: random.Random) -> list[Source]:
    """Return the feeds of one draw."""
    return [_source(chance) for _ in range(FEEDS)]


def _source(chance: random.Random) -> Source:
    median = _RATE_MEAN / math.exp(_RATE_SIGMA**2 / 2) / (1 - _ASLEEP)
    rate = _ASLEEP_RATE if chance.random() < _ASLEEP else median * math.exp(chance.gauss(0, _RATE_SIGMA))
    changes_at = chance.uniform(0, _END_S) if chance.random() < _CHANGING else math.inf
    changed = rate * chance.choice((0.2, 5.0))
    burst = 3.0 if chance.random() < _BURSTY else 0.0
    zone_s = chance.choice((-8, -5, 0, 1, 8)) * 3_600.0
    entries: list[float] = []
    moment = 0.0
    while True:
        now_rate = changed if moment >= changes_at else rate
        top = now_rate / (1 + burst) * 2 / cadence.DAY_S
        moment += chance.expovariate(top)
        if moment >= _END_S:
            break
        if chance.random() < _share(moment + zone_s):
            entries.append(moment)
            entries += [moment + chance.expovariate(1 / 2_400) for _ in range(_followers(chance, burst))]
    is_cached = chance.random() < _CACHED
    cache_s = chance.choice((300.0, 600.0, 900.0, 1_800.0, 3_600.0)) if is_cached else 0.0
    return Source(tuple(sorted(entries)), cache_s, chance.uniform(0, cache_s))


def _share(local_s: float) -> float:
    """Return which part of the busiest hour's entries this moment sees: little at night, less at weekends."""
    hour = local_s / 3_600 % 24
    by_day = 0.1 + 0.9 * max(0.0, math.sin(math.pi * (hour - 6) / 15)) if 6 <= hour <= 21 else 0.1
    return by_day * (0.4 if local_s / cadence.DAY_S % 7 >= 5 else 1.0)


def _followers(chance: random.Random, mean: float) -> int:
    return int(chance.expovariate(1 / mean)) if mean else 0


def poll_by_cadence(sources: list[Source], per_day: float, chance: random.Random) -> Found:
    """Poll by the functions that the program polls by."""
    poll, pace = PollSettings(per_day=per_day), cadence.START_PACE
    feeds = [Feed(id=place, url="http://a.example/", added_at=_START, next_at=_START) for place in range(len(sources))]
    seen = [0] * len(sources)
    found = Found(0, 0, [])
    due = [(0.0, place) for place in range(len(sources))]
    tuned_at = 0.0
    while due[0][0] < _END_S:
        moment, place = heapq.heappop(due)
        if moment >= tuned_at:
            pace, tuned_at = cadence.tune(feeds, poll, pace), moment + 3_600
        source, feed = sources[place], feeds[place]
        new = _look(source, moment, seen, place, found)
        at = _START + timedelta(seconds=moment)
        parsed = ParsedFeed() if new else None
        answer = cadence.Answer(
            feed=feed, fetch=_answer(source, moment), at=at, parsed=parsed, jitter=chance.uniform(-1, 1)
        )
        planned = cadence.plan(answer, PollSaved(new_articles=new, is_overflow=new >= _WINDOW), poll=poll, pace=pace)
        feeds[place] = replace(feed, memory=planned.memory, succeeded_at=at)
        heapq.heappush(due, ((planned.at - _START).total_seconds(), place))
    return found


def poll_fixed(sources: list[Source], requests: int, chance: random.Random) -> Found:
    """Poll each feed at one interval, so that all of it makes this many requests."""
    wait_s = len(sources) * (_END_S - _WARM_S) / requests
    found, seen = Found(0, 0, []), [0] * len(sources)
    for place, source in enumerate(sources):
        moment = chance.uniform(0, wait_s)
        while moment < _END_S:
            _look(source, moment, seen, place, found)
            moment += wait_s
    return found


def _answer(source: Source, moment: float) -> FetchResult:
    if not source.cache_s:
        return FetchResult(url="", final_url="", status=200)
    age_s = moment - source.shown_at(moment)
    return FetchResult(
        url="", final_url="", status=200, cache_s=source.cache_s, max_age_s=max(source.cache_s - age_s, 0.0)
    )


def _look(source: Source, moment: float, seen: list[int], place: int, found: Found) -> int:
    """Make one request; return how many entries are new, and note their delays."""
    last = bisect_right(source.entries, source.shown_at(moment))
    first, seen[place] = seen[place], max(last, seen[place])
    if moment >= _WARM_S:
        found.requests += 1
        listed = max(first, last - _WINDOW)
        found.lost += listed - first if listed > first else 0
        found.delays += [(moment - entry) / 60 for entry in source.entries[listed:last] if entry >= _WARM_S]
    return max(last - first, 0)
