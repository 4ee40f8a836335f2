"""Crews: so many at once, an error of one ends nobody, and an end comes in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from monitor.daemon.crew import Crew, guarded
from monitor.errors import MonitorError, StoreError, StoreFull

FAILURES = [
    (StoreFull("no space is left"), "disk full, tried again when there is room"),
    (StoreError("the file is not a database"), "work failed and is tried again"),
    (MonitorError("something of the world"), "work failed and is tried again"),
    (KeyError("a bug"), "work failed by a fault of the program"),
]


async def done() -> None:
    pass


async def fail(error: Exception) -> None:
    raise error


def test_room_is_the_limit_less_what_is_in_hand() -> None:
    async def trial() -> None:
        crew, gate = Crew("poll", 3), asyncio.Event()
        for _ in range(2):
            crew.start(_wait(gate))
        assert crew.room == 1

        gate.set()
        await crew.drain(10)
        assert (crew.room, crew.finished) == (3, 2)

    asyncio.run(trial())


async def _wait(gate: asyncio.Event) -> None:
    await gate.wait()


@pytest.mark.parametrize(("error", "sentence"), FAILURES)
def test_an_error_of_one_is_logged_and_ends_nobody_else(
    caplog: pytest.LogCaptureFixture, error: Exception, sentence: str
) -> None:
    async def trial() -> Crew:
        crew, gate = Crew("poll", 3), asyncio.Event()
        crew.start(_wait(gate))
        crew.start(fail(error))
        crew.start(done())
        gate.set()
        await crew.drain(10)
        return crew

    with caplog.at_level(logging.INFO):
        crew = asyncio.run(trial())

    assert (crew.room, crew.finished) == (3, 2)
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{sentence} crew=poll")
    assert bool(record.exc_info) == isinstance(error, KeyError), "a bug needs its stack, a failure of the world none"


def test_drain_waits_for_what_ends_in_time_and_cancels_the_late() -> None:
    async def trial() -> None:
        crew, never = Crew("poll", 3), asyncio.Event()
        ended: list[str] = []

        async def late() -> None:
            try:
                await never.wait()
            finally:
                ended.append("late")

        async def in_time() -> None:
            await asyncio.sleep(0)
            ended.append("in time")

        crew.start(late())
        crew.start(in_time())
        await crew.drain(0.05)

        assert ended == ["in time", "late"]
        assert (crew.tasks, crew.finished) == (set(), 1)

    asyncio.run(trial())


def test_to_drain_an_idle_crew_takes_no_time() -> None:
    crew = Crew("poll", 3)

    asyncio.run(crew.drain(1e9))

    assert crew.room == 3


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            StoreError("the database is damaged"),
            'job failed and is tried again job=tick error="the database is damaged" times=1',
        ),
        (ZeroDivisionError(), "job failed by a fault of the program job=tick"),
    ],
)
def test_a_guarded_job_comes_round_again_after_an_error(
    caplog: pytest.LogCaptureFixture, error: Exception, sentence: str
) -> None:
    runs: list[int] = []

    async def tick() -> None:
        runs.append(len(runs))
        if len(runs) == 1:
            raise error

    job: Callable[[], Coroutine[Any, Any, None]] = guarded(tick)
    asyncio.run(job())
    asyncio.run(job())

    assert runs == [0, 1]
    assert [record.getMessage() for record in caplog.records] == [sentence]


def test_a_guarded_job_can_be_cancelled() -> None:
    async def tick() -> None:
        await asyncio.Event().wait()

    async def trial() -> None:
        task = asyncio.create_task(guarded(tick)())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(trial())


def test_a_job_that_goes_on_failing_alike_is_logged_ever_more_rarely(caplog: pytest.LogCaptureFixture) -> None:
    async def study() -> None:
        raise StoreError("the disk is full")

    async def fail_often() -> None:
        for _ in range(20):
            await guarded(study)()

    asyncio.run(fail_often())

    assert [record.getMessage().rpartition("times=")[2] for record in caplog.records] == ["1", "2", "4", "8", "16"]
