"""Runs pieces of work side by side, so many at once; an error in one ends nobody else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine
from functools import lru_cache
from typing import Any

from monitor.errors import MonitorError, StoreFull
from monitor.log import Log

_log = Log(__name__)


class Crew:
    """Tasks of one kind, at most `limit` at once; an error of one is logged and ends nobody else.

    Who asks for `room` and then starts tasks holds `claiming` meanwhile: two at once would both fill the same room.
    """

    def __init__(self, name: str, limit: int) -> None:
        self.name = name
        self.limit = limit
        self.tasks: set[asyncio.Task[None]] = set()
        self.finished = 0
        self.of: Counter[int] = Counter()
        self.claiming = asyncio.Lock()

    @property
    def room(self) -> int:
        """How many more may be started."""
        return self.limit - len(self.tasks)

    def start(self, work: Coroutine[Any, Any, None], *, of: int | None = None) -> None:
        """Start a piece of work; `of` is the feed that it is for, counted while it is under way."""
        task = asyncio.create_task(self._run(work))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        if of is not None:
            self.of[of] += 1
            task.add_done_callback(lambda _: self._count_down(of))

    async def drain(self, timeout_s: float) -> None:
        """Give the tasks this long, in seconds, then cancel them."""
        await end(self.tasks, timeout_s)

    def _count_down(self, of: int) -> None:
        self.of[of] -= 1
        if not self.of[of]:
            del self.of[of]

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
            self.finished += 1
        except StoreFull as error:
            _log.error("disk full, tried again when there is room", crew=self.name, error=error.message)
        except MonitorError as error:
            _log.error("work failed and is tried again", crew=self.name, error=error.message)
        except Exception:  # noqa: BLE001  # a bug in one piece of work must not end the daemon
            _log.exception("work failed by a fault of the program", crew=self.name)


async def end(tasks: Collection[asyncio.Task[None]], timeout_s: float) -> None:
    """Give tasks this long, in seconds, then cancel them."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=timeout_s)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


@lru_cache(maxsize=64)
def guarded(job: Callable[[], Awaitable[None]]) -> Callable[[], Coroutine[Any, Any, None]]:
    """Wrap a job so that an error of it is logged in one line and its next run takes place.

    A job that goes on failing in the same way each second is logged at the 1st, 2nd, 4th, 8th … time.
    """
    last, times = "", 0

    async def run() -> None:
        nonlocal last, times
        try:
            await job()
            last, times = "", 0
        except MonitorError as error:
            times = times + 1 if error.message == last else 1
            last = error.message
            if times.bit_count() == 1:
                _log.error("job failed and is tried again", job=job.__name__, error=error.message, times=times)
        except Exception:  # noqa: BLE001  # the scheduler would write a stack trace and say no more
            _log.exception("job failed by a fault of the program", job=job.__name__)

    return run
