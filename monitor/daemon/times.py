"""When jobs run: every so many seconds, whatever happens to the machine's clock.

The scheduler goes by that clock. Its own trigger counts all the times that a clock set ahead passed over (a machine
without a battery starts in 1970), and waits as long as a clock was set back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.log import Log

_log = Log(__name__)

_SLACK = timedelta(seconds=5)
_LOOK_S = 1.0


class Every(BaseTrigger):  # type: ignore[misc]  # apscheduler has no types
    """Fires an interval after the time it is asked at; before that once, `first` after the start."""

    def __init__(self, interval: timedelta, first: timedelta | None = None) -> None:
        self.interval = interval
        self.first = first or interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return when to fire next; times that were missed are passed over."""
        return now + (self.interval if previous_fire_time else self.first)


async def keep_running(scheduler: BaseScheduler, clock: Callable[[], datetime], stopping: asyncio.Event) -> None:
    """Keep the jobs going when the machine's clock is set back; the wait here is not by that clock."""
    while not stopping.is_set():
        if late := restart_after_setback(scheduler, clock()):
            _log.warning("the clock was set back, jobs go on", jobs=",".join(late))
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _LOOK_S)


def restart_after_setback(scheduler: BaseScheduler, now: datetime) -> list[str]:
    """Run the jobs now that would wait longer than their interval, and return their names."""
    late = [job for job in scheduler.get_jobs() if job.next_run_time > now + job.trigger.interval + _SLACK]
    for job in late:
        job.modify(next_run_time=now)
    return [job.id for job in late]
