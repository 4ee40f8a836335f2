"""How many outages of feeds are noticed, how soon, and how many false alarms there are: eight simulated weeks."""

from __future__ import annotations

import random  # noqa: TID251  # seeded: every run has the same feeds
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import median

from monitor.cadence import find_silent, remember_gap
from monitor.model import Feed

_START_S = 1_759_708_800.0  # a Monday
_HOUR_S = 3_600.0
_DAY_H = 24
_RHYTHMS = ("hourly", "office", "daily", "weekly", "bursty")
_USUAL_H = {"hourly": 9, "office": 16, "daily": 30, "weekly": 200, "bursty": 60}
_TEACHING_H = 21 * _DAY_H
_HOLIDAY_H = (34 * _DAY_H, 36 * _DAY_H)
_ON_HOLIDAY = 3
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came of a simulation.

    An outage counts if it is longer than three times the usual longest gap of feeds of its rhythm; weekends do not
    count for feeds that rest then.
    """

    outages: int
    found: int
    false: int
    feed_weeks: float
    delays_h: tuple[int, ...]


def simulate(feeds: int, weeks: int, seed: int) -> Heard:
    """Poll made-up feeds every hour: a quarter has an outage of one to five days, a third a common holiday."""
    chance = random.Random(seed)
    states = [made_up_feed(number) for number in range(feeds)]
    hours = weeks * 7 * _DAY_H
    outages = {number: _outage(hours, chance) for number in range(0, feeds, 4)}
    told: dict[int, float] = {}
    found: dict[int, int] = {}
    false = 0
    for hour in range(hours):
        at = datetime.fromtimestamp(_START_S + hour * _HOUR_S, UTC)
        for number, feed in enumerate(states):
            start, end = outages.get(number, (hours, hours))
            away = number % _ON_HOLIDAY == 0 and _HOLIDAY_H[0] <= hour < _HOLIDAY_H[1]
            new = 0 if away or start <= hour < end else new_entries(feed.name, number, hour, chance)
            states[number] = replace(feed, memory=remember_gap(feed.memory, new, at), succeeded_at=at)
        for one in find_silent(states):
            number = one.feed.id
            if told.get(number) == one.since:
                continue
            told[number] = one.since
            start, end = outages.get(number, (hours, hours))
            if start <= hour < end:
                found.setdefault(number, hour - start)
            else:
                false += 1
    long = [n for n, outage in outages.items() if _worth_h(states[n].name, outage) > 3 * _USUAL_H[states[n].name]]
    delays = tuple(found[n] for n in long if n in found)
    return Heard(outages=len(long), found=len(delays), false=false, feed_weeks=feeds * weeks, delays_h=delays)


def run() -> None:
    """Print what 240 feeds in eight weeks came to, for three seeds that no threshold was chosen by."""
    print("seed  outages  found  false per 100 feed-weeks  median delay  longest")
    for seed in (10, 11, 12):
        heard = simulate(240, 8, seed)
        rate = 100 * heard.false / heard.feed_weeks
        share = heard.found / heard.outages
        print(
            f"{seed:4}  {heard.outages:7}  {share:5.0%}  {rate:24.2f}  {median(heard.delays_h):10} h"
            f"  {max(heard.delays_h):5} h"
        )


def made_up_feed(number: int) -> Feed:
    """Return a feed whose name is its rhythm; one of three has a tag."""
    at = datetime.fromtimestamp(_START_S, UTC)
    tags = ("country",) if number % _ON_HOLIDAY == 0 else ()
    name = _RHYTHMS[number % len(_RHYTHMS)]
    return Feed(id=number, url=f"http://{number}.test/feed", name=name, tags=tags, added_at=at, next_at=at)


def _outage(hours: int, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(_TEACHING_H, hours - 6 * _DAY_H)
    return start, start + chance.randint(_DAY_H, 5 * _DAY_H)


def _worth_h(rhythm: str, outage: tuple[int, int]) -> int:
    rests = rhythm == "office"
    return sum(not (rests and hour // _DAY_H % 7 >= _SATURDAY) for hour in range(*outage))


def new_entries(rhythm: str, number: int, hour: int, chance: random.Random) -> int:
    """Return how many entries a feed of this rhythm and number publishes in an hour."""
    of_day, day = (hour + number) % _DAY_H, hour // _DAY_H % 7
    is_weekend, is_day = day >= _SATURDAY, 7 <= of_day < 22
    likely = {
        "hourly": 0.9 if is_day else 0.1,
        "office": 0.5 if not is_weekend and 9 <= of_day < 18 else 0.005,
        "daily": 0.95 if of_day == 8 + number % 3 else 0.0,
        "weekly": 1.0 if day == number % 5 and of_day == 10 else 0.0,
        "bursty": 0.5 if (hour // _DAY_H * 7 + number) % 3 == 0 and is_day else 0.02,
    }[rhythm]
    return int(chance.random() < likely)
