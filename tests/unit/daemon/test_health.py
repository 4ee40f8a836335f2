"""The watchdog is fed only while tick, study and deliver all go round, and none of their crews stands still."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monitor import app as program
from monitor.daemon import Daemon
from monitor.daemon.crew import Crew
from monitor.daemon.systemd import health_every_s, notifier

JOBS = ("tick", "study", "deliver")
CREWS = ("polls", "studies", "messages")


@dataclass
class Bench:
    """A daemon whose jobs are run by hand; `told` is what systemd hears."""

    daemon: Daemon
    told: list[str] = field(default_factory=list)

    def crew(self, name: str) -> Crew:
        crew: Crew = getattr(self.daemon, name)
        return crew

    async def is_well_after_a_round(self, *, without: str = "") -> bool:
        """Run each job once, but one, and return True if the watchdog is fed then."""
        self.told.clear()
        for name in JOBS:
            if name != without:
                await getattr(self.daemon, name)()
        await self.daemon.health()
        return self.told == ["WATCHDOG=1"]


def on_a_bench(folder: Path, trial: Callable[[Bench], Awaitable[None]]) -> None:
    place = program.Place(config=folder, state=folder / "state", environ={})
    (folder / "monitor.yaml").write_text("timezone: UTC\n")
    (folder / "feeds.yaml").write_text("feeds: []\n")
    (folder / "watchlist.yaml").write_text("version: 1\ntopics: [tariff]\n")

    async def run() -> None:
        with program.open_app(place) as app:
            bench = Bench(Daemon(app))
            bench.daemon.notify = bench.told.append
            await trial(bench)
            await program.close(app)

    asyncio.run(run())


def test_the_watchdog_is_fed_while_all_jobs_go_round(tmp_path: Path) -> None:
    async def trial(bench: Bench) -> None:
        assert await bench.is_well_after_a_round()
        assert await bench.is_well_after_a_round()

    on_a_bench(tmp_path, trial)


@pytest.mark.parametrize("job", JOBS)
def test_the_watchdog_starves_when_a_job_does_not_come_round(tmp_path: Path, job: str) -> None:
    async def trial(bench: Bench) -> None:
        assert await bench.is_well_after_a_round()
        assert not await bench.is_well_after_a_round(without=job)
        assert not await bench.is_well_after_a_round(without=job)
        assert await bench.is_well_after_a_round()

    on_a_bench(tmp_path, trial)


@pytest.mark.parametrize("name", CREWS)
def test_the_watchdog_starves_when_a_full_crew_finishes_nothing(tmp_path: Path, name: str) -> None:
    async def trial(bench: Bench) -> None:
        crew, first, others = bench.crew(name), asyncio.Event(), asyncio.Event()
        crew.start(_wait_for(first))
        for _ in range(crew.limit - 1):
            crew.start(_wait_for(others))
        assert not await bench.is_well_after_a_round()

        first.set()
        await asyncio.wait(crew.tasks, return_when=asyncio.FIRST_COMPLETED)
        assert await bench.is_well_after_a_round(), "it goes on as soon as one has finished"

        crew.start(_wait_for(others))
        assert not await bench.is_well_after_a_round()
        others.set()
        await crew.drain(10)
        assert await bench.is_well_after_a_round()

    on_a_bench(tmp_path, trial)


async def _wait_for(event: asyncio.Event) -> None:
    await event.wait()


@pytest.mark.parametrize(
    ("environ", "every_s"),
    [
        ({}, 10),
        ({"WATCHDOG_USEC": "60000000"}, 10),
        ({"WATCHDOG_USEC": "3000000"}, 1),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())}, 1),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}, 10),
        ({"WATCHDOG_USEC": ""}, 10),
        ({"WATCHDOG_USEC": "0"}, 10),
    ],
)
def test_systemd_hears_three_times_within_its_watchdogs_time(environ: dict[str, str], every_s: float) -> None:
    assert health_every_s(environ) == every_s


@pytest.mark.parametrize("address", ["", "/nowhere/notify", "@nobody-listens-at-this-name"])
def test_a_socket_that_is_not_there_ends_nothing(address: str) -> None:
    notify = notifier(address)

    assert [notify(state) for state in ("READY=1", "WATCHDOG=1")] == [None, None]
