"""The heartbeat's address is asked while all goes round and the store can be written, and only then."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from monitor import app as program
from monitor.daemon import Daemon
from monitor.errors import StoreError
from monitor.log import mask_secrets
from tests.servers import Answer, HttpServer

JOBS = ("tick", "study", "deliver")
PATH = "/ping/a-long-secret"


class Bench:
    """A daemon whose jobs are run by hand, and a server that counts its beats."""

    def __init__(self, app: program.App, web: HttpServer) -> None:
        self.app, self.web, self.daemon = app, web, Daemon(app)

    async def round(self, *, without: str = "") -> int:
        """Run each job once, but one, as if the interval were over, and return how many beats came of it."""
        before = len(self.web.paths)
        for name in JOBS:
            if name != without:
                await getattr(self.daemon, name)()
        self.daemon.pulse.next_s = 0.0
        await self.daemon.heartbeat()
        return len(self.web.paths) - before


def on_a_bench(folder: Path, answer: Answer, trial: Callable[[Bench], Awaitable[None]]) -> None:
    with HttpServer() as web:
        url = web.put(PATH, answer)
        (folder / "monitor.yaml").write_text(f"timezone: UTC\nheartbeat: {{url: '{url}', every: 5m}}\n")
        (folder / "feeds.yaml").write_text("feeds: []\n")
        (folder / "watchlist.yaml").write_text("version: 1\ntopics: [tariff]\n")
        place = program.Place(config=folder, state=folder / "state", environ={})

        async def run() -> None:
            with program.open_app(place) as app:
                bench = Bench(app, web)
                await trial(bench)
                await bench.daemon.pulse.close()
                await program.close(app)

        asyncio.run(run())
    mask_secrets(())


def test_the_heart_beats_while_all_jobs_go_round(tmp_path: Path) -> None:
    async def trial(bench: Bench) -> None:
        assert [await bench.round() for _ in range(3)] == [1, 1, 1]
        await bench.daemon.heartbeat()
        assert len(bench.web.paths) == 3, "five minutes are not over"

    on_a_bench(tmp_path, Answer(b"OK"), trial)


@pytest.mark.parametrize("job", JOBS)
def test_the_heart_stands_still_when_a_job_does(tmp_path: Path, job: str) -> None:
    async def trial(bench: Bench) -> None:
        assert [await bench.round(), await bench.round(without=job), await bench.round()] == [1, 0, 1]

    on_a_bench(tmp_path, Answer(b"OK"), trial)


def test_the_heart_stands_still_while_the_store_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str, value: str | None = None) -> str:
        raise StoreError("monitor.db: no space is left on the disk")

    async def trial(bench: Bench) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(bench.app.store, "note", refuse)
            with pytest.raises(StoreError):
                await bench.round()
        assert bench.web.paths == []
        assert await bench.round() == 1

    on_a_bench(tmp_path, Answer(b"OK"), trial)


def test_an_address_that_does_not_answer_is_logged_once_and_never_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def trial(bench: Bench) -> None:
        for _ in range(3):
            assert await bench.round() == 1
        bench.web.put(PATH, Answer(b"OK"))
        await bench.round()

    with caplog.at_level(logging.DEBUG):
        on_a_bench(tmp_path, Answer(b"no", status=500), trial)

    lines = [record.getMessage() for record in caplog.records if "heartbeat" in record.getMessage()]
    assert [line.partition(" error=")[0] for line in lines] == [
        "the heartbeat's address does not answer, it is asked on",
        "the heartbeat's address answers again",
    ]
    assert "a-long-secret" not in caplog.text
