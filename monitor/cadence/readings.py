"""Whether a feed's pages still give their text: how its last articles were read, a letter each.

A feed whose pages gave full text and give it no more has changed; one that never did may be meant to be read so. A wall
before most pages (consent, login, bot check) is told either way: something can be done about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.cadence.rate import DAY_S
from monitor.model import Failure, FeedMemory, PageReading, Problem

_FULL, _TEASER, _WALL = "f", "t", "w"
_WALLS_BY = frozenset({Problem.CHALLENGE, Problem.CONSENT, Problem.LOGIN})

_KEPT = 40
_STREAK, _STREAK_KEPT = 8, 20  # a longer streak is not kept: what was before it must stay known
_BEFORE, _MOSTLY = 8, 0.7
_LAST, _MANY_WALLS = 10, 8
_AGAIN = 4


def reading_of(*, is_full: bool, failure: Failure | None, url: str) -> PageReading:
    """Return how a page was read of which `failure` is what was wrong."""
    problem = failure.problem if failure else None
    letter = _FULL if is_full else _WALL if problem in _WALLS_BY else _TEASER
    return PageReading(letter=letter, problem=problem, url=url)


def remember_readings(memory: FeedMemory, readings: Sequence[PageReading], at: datetime) -> FeedMemory:
    """Return what is known of a feed's pages after some more of them were read."""
    for reading in readings:
        memory = _with(memory, reading, at.timestamp())
    return memory


def is_short(memory: FeedMemory, at: datetime) -> bool:
    """Tell whether a feed's pages give no full text any more, for a day and eight articles, or most end at a wall."""
    letters = memory.readings
    if letters[-_LAST:].count(_WALL) >= _MANY_WALLS:
        return True
    streak, before = _split(letters)
    was_full = len(before) >= _BEFORE and before.count(_FULL) >= _MOSTLY * len(before)
    return streak >= _STREAK and was_full and at.timestamp() - memory.short_since >= DAY_S


def is_whole_again(memory: FeedMemory) -> bool:
    """Tell whether the last pages gave full text."""
    return memory.readings.endswith(_FULL * _AGAIN)


def _with(memory: FeedMemory, reading: PageReading, moment: float) -> FeedMemory:
    letters = memory.readings
    if reading.letter == _FULL:
        letters = (letters + _FULL)[-_KEPT:]
        is_over = letters[-_LAST:].count(_WALL) <= _LAST // 2
        return replace(memory, readings=letters, short_since=0.0 if is_over else memory.short_since)
    if _split(letters)[0] < _STREAK_KEPT:
        letters = (letters + reading.letter)[-_KEPT:]
    return replace(
        memory,
        readings=letters,
        short_since=memory.short_since or round(moment),
        short_problem=reading.problem.value if reading.problem else "",
        short_page=reading.url[:500],
    )


def _split(letters: str) -> tuple[int, str]:
    """Return how many of the last pages were not full, and the letters before them."""
    before = letters.rstrip(_TEASER + _WALL)
    return len(letters) - len(before), before
