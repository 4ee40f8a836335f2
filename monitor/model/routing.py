"""When an alert goes out: how urgent it is, quiet hours, digests, and what holds one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


class Urgency(StrEnum):
    """`urgent` passes quiet hours, limits and digests, and is delivered first; `low` goes last."""

    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Its place in the queue; the lowest goes first."""
        return (Urgency.URGENT, Urgency.NORMAL, Urgency.LOW).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Local hours in which nothing but what is urgent is sent. From `start` to `end`; not before it: the next day.

    `days` (0: Monday) are those on which it starts. `timezone` None: the service's.
    """

    start: time = time(0)
    end: time = time(0)
    days: tuple[int, ...] = EVERY_DAY
    timezone: tzinfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTimes:
    """The local times of a day, ascending, and the days (0: Monday) at which a digest goes out."""

    times: tuple[time, ...]
    days: tuple[int, ...] = EVERY_DAY
    timezone: tzinfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surge:
    """How many outlets must report one event, and within what time, to be told of as a surge.

    `to` names the channels that are told; empty: those of the topic.
    """

    outlets: int
    within: timedelta
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """An alert held until a time, with all others of its recipient and `bundle`: they come as one message.

    `bundle` starts with its kind and a colon; `reason` is words for a person, empty if it is not held but joined.
    """

    until: datetime
    bundle: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """The days, both included, on which a channel's alerts go to another one, `deputy`."""

    first: date
    last: date
    deputy: str
