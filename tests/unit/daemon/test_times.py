"""The daemon's jobs go on whatever happens to the machine's clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.app import now
from monitor.daemon.times import Every, restart_after_setback

DEFAULTS = {"coalesce": True, "misfire_grace_time": None}
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=20_000)])
def test_a_clock_set_ahead_costs_one_run_however_far(ahead: timedelta) -> None:
    async def trial() -> None:
        scheduler, ran = AsyncIOScheduler(timezone="UTC", job_defaults=DEFAULTS), asyncio.Event()
        # From the scheduler's side it is the same: the time of its job is long past.
        scheduler.add_job(ran.set, Every(HOUR), id="job", next_run_time=now() - ahead)
        scheduler.start()
        async with asyncio.timeout(10):
            await ran.wait()
        assert scheduler.get_job("job").next_run_time > now() + HOUR / 2
        scheduler.shutdown(wait=False)

    asyncio.run(trial())


def test_a_clock_set_back_stops_no_job() -> None:
    async def trial() -> None:
        scheduler, ran = AsyncIOScheduler(timezone="UTC", job_defaults=DEFAULTS), asyncio.Event()
        scheduler.add_job(ran.set, Every(SECOND), id="tick", next_run_time=now() + HOUR)
        scheduler.add_job(ran.clear, Every(HOUR), id="backup", next_run_time=now() + HOUR)
        scheduler.start()
        assert restart_after_setback(scheduler, now()) == ["tick"]
        async with asyncio.timeout(10):
            await ran.wait()
        assert restart_after_setback(scheduler, now()) == []
        scheduler.shutdown(wait=False)

    asyncio.run(trial())


def test_a_first_run_may_come_sooner_than_the_others() -> None:
    noon = datetime(2025, 10, 24, 12, tzinfo=UTC)
    hourly = Every(HOUR, first=SECOND)
    first = hourly.get_next_fire_time(None, noon)
    assert (first, hourly.get_next_fire_time(first, first)) == (noon + SECOND, noon + SECOND + HOUR)
