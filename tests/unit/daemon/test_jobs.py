"""The jobs of the daemon, run by hand on a real store with fakes around it."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor import alert
from monitor import app as program
from monitor.daemon import Daemon
from monitor.daemon.systemd import notifier
from monitor.errors import StoreError
from monitor.model import Delivery, Feed, Message, Mute, MuteKind, OutboxState
from tests.fakes import FakeFetcher, FakeSandbox, FakeSender
from tests.servers import Item, rss

FEED = "https://a.example/feed"
BODY = rss([Item("1", "A tariff on tin"), Item("2", "Rain")]).encode()


class Workshop:
    """A daemon that is not running: its jobs are called by hand."""

    def __init__(self, app: program.App) -> None:
        self.app = app
        self.web = FakeFetcher({FEED: BODY})
        self.sender = FakeSender()
        app.context.fetcher, app.context.sandbox, app.context.sender = self.web, FakeSandbox(), self.sender
        self.told: list[str] = []
        self.daemon = Daemon(app, notify=self.told.append)

    async def settle(self) -> None:
        """Wait until the crews and what they kicked off are done."""
        daemon = self.daemon
        while tasks := [
            *daemon.kicks.values(), *daemon.polls.tasks, *daemon.teasers.tasks, *daemon.studies.tasks,
            *daemon.messages.tasks,
        ]:  # fmt: skip
            await asyncio.wait(tasks)
            await asyncio.sleep(0)


def in_a_workshop(
    folder: Path, trial: Callable[[Workshop], Awaitable[None]], feeds: str = f"[{FEED}]", topics: str = "[tariff]"
) -> None:
    (folder / "monitor.yaml").write_text("timezone: UTC\n")
    (folder / "feeds.yaml").write_text(f"feeds: {feeds}\n")
    (folder / "watchlist.yaml").write_text(f"version: 1\ntopics: {topics}\n")
    place = program.Place(config=folder, state=folder / "state", environ={})

    async def run() -> None:
        with program.open_app(place) as app:
            workshop = Workshop(app)
            try:
                await trial(workshop)
            finally:
                await workshop.settle()
                await program.close(app)

    asyncio.run(run())


def test_one_tick_leads_to_the_message(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        await workshop.daemon.tick()
        await workshop.settle()

        assert [message.topics for message in workshop.sender.sent] == [("tariff",)]
        assert workshop.app.store.counts(program.now()).unstudied == 0

    in_a_workshop(tmp_path, trial, f"[{{url: {FEED}, backfill: alert, full_text: no}}]")


def test_an_urgent_alert_waits_for_no_page_though_all_that_fetch_pages_are_busy(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        daemon, gate, is_sent = workshop.daemon, asyncio.Event(), asyncio.Event()

        class Telling(FakeSender):
            async def send(self, message: Message) -> Delivery:
                is_sent.set()
                return await super().send(message)

        sender = workshop.app.context.sender = Telling()
        workshop.web.pages[FEED] = rss([Item("1", "A tariff on tin", "https://a.example/1")]).encode()
        for _ in range(daemon.studies.limit):
            daemon.studies.start(_wait(gate))
        await daemon.tick()
        await is_sent.wait()
        asked = [request.url for request in workshop.web.requests]
        gate.set()
        await workshop.settle()
        await daemon.study()
        await workshop.settle()

        assert asked == [FEED]
        assert "Teaser only so far" in sender.sent[0].text
        assert "https://a.example/1" in [request.url for request in workshop.web.requests]
        assert workshop.app.store.counts(program.now()).unstudied == 0

    topic = "[{id: tariff, match: tariff, alert: {priority: urgent}}]"
    in_a_workshop(tmp_path, trial, f"[{{url: {FEED}, backfill: alert}}]", topic)


def test_the_end_of_a_mute_is_told(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        daemon, store = workshop.daemon, workshop.app.store
        everything = Mute(kind=MuteKind.ALL, since=program.now(), until=program.now() + timedelta(hours=1))
        store.mute(everything, program.now())
        await daemon.tick()
        await workshop.settle()
        assert workshop.sender.sent == []
        store.unmute(MuteKind.ALL, "", program.now())

        assert "end_mutes" in {job.id for job in daemon.schedule().get_jobs()}
        await daemon.end_mutes()
        await workshop.settle()

        [message] = workshop.sender.sent
        assert message.subject == "Monitor: Mute of everything ended: 1 article matched meanwhile"

    in_a_workshop(tmp_path, trial, f"[{{url: {FEED}, backfill: alert, full_text: no}}]")


def test_a_full_crew_claims_nothing(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        daemon, gate = workshop.daemon, asyncio.Event()
        for crew in (daemon.polls, daemon.studies, daemon.messages):
            for _ in range(crew.limit):
                crew.start(_wait(gate))
        for job in (daemon.tick, daemon.study, daemon.deliver):
            await job()
        assert workshop.web.requests == []
        assert len(workshop.app.store.claim_due_feeds(program.now(), limit=9, lease_s=1)) == 1, "it was left for others"
        workshop.app.store.reap(program.now() + timedelta(seconds=2))

        gate.set()
        await workshop.settle()
        await daemon.tick()
        await workshop.settle()
        assert len(workshop.web.requests) >= 1

    in_a_workshop(tmp_path, trial)


async def _wait(gate: asyncio.Event) -> None:
    await gate.wait()


def test_a_daemon_that_stops_claims_nothing_more(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        workshop.daemon.stop()
        for job in (workshop.daemon.tick, workshop.daemon.study, workshop.daemon.deliver):
            await job()
        workshop.daemon.kick(workshop.daemon.tick)

        assert workshop.web.requests == []
        assert workshop.daemon.kicks == {}

    in_a_workshop(tmp_path, trial)


def test_a_kick_runs_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        runs: list[int] = []

        async def job() -> None:
            runs.append(1)
            await asyncio.sleep(0)

        for _ in range(5):
            workshop.daemon.kick(job)
        await workshop.settle()
        assert runs == [1]

        workshop.daemon.kick(job)
        await workshop.settle()
        assert runs == [1, 1]

    in_a_workshop(tmp_path, trial)


def test_what_is_asked_for_while_a_kick_runs_is_done_once_after_it(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        runs: list[int] = []
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def job() -> None:
            runs.append(1)
            begun.set()
            await go_on.wait()

        workshop.daemon.kick(job)
        await begun.wait()
        for _ in range(3):
            workshop.daemon.kick(job)
        assert runs == [1]
        go_on.set()
        await workshop.settle()
        assert runs == [1, 1]

    in_a_workshop(tmp_path, trial)


@pytest.mark.parametrize("name", ["tick", "study", "deliver"])
def test_a_job_that_is_kicked_and_due_at_once_claims_no_more_than_there_is_room_for(tmp_path: Path, name: str) -> None:
    async def trial(workshop: Workshop) -> None:
        daemon, store, gate = workshop.daemon, workshop.app.store, asyncio.Event()
        for event in ("a", "b"):
            store.put_outbox(alert.notice(event, event, event, ["desk"]), program.now())
        lines = [json.dumps({"id": text, "text": text}) for text in ("A tariff", "Rain")]
        program.add_lines(store, lines, is_silent=True)
        crew = {"tick": daemon.polls, "study": daemon.studies, "deliver": daemon.messages}[name]
        for _ in range(crew.limit - 1):
            crew.start(_wait(gate))

        await asyncio.gather(getattr(daemon, name)(), getattr(daemon, name)())

        started = len(crew.tasks)
        gate.set()
        assert started == crew.limit

    in_a_workshop(tmp_path, trial, "[https://a.example/1, https://b.example/2]")


def test_it_ends_though_a_kicked_job_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.daemon.jobs._KICKS_S", 0.01)

    async def trial(workshop: Workshop) -> None:
        daemon = workshop.daemon
        ended = []

        async def hangs() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        daemon.kick(hangs)
        running = asyncio.create_task(daemon.run())
        await asyncio.sleep(0)
        daemon.stop()
        async with asyncio.timeout(20):
            await running
        assert ended == [True]

    in_a_workshop(tmp_path, trial, "[]")


def test_jobs_go_on_after_the_store_failed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def trial(workshop: Workshop) -> None:
        store = workshop.app.store
        claim, failed = store.claim_due_feeds, []

        def claim_as_on_a_full_disk(*words: Any, **options: Any) -> list[Feed]:
            if not failed:
                failed.append(1)
                raise StoreError("no space is left on the disk")
            return claim(*words, **options)

        monkeypatch.setattr(store, "claim_due_feeds", claim_as_on_a_full_disk)
        workshop.daemon.kick(workshop.daemon.tick)
        await workshop.settle()
        assert workshop.web.requests == []

        workshop.daemon.kick(workshop.daemon.tick)
        await workshop.settle()
        assert workshop.web.requests[0].url == FEED

    with caplog.at_level(logging.ERROR):
        in_a_workshop(tmp_path, trial)
    assert [record.getMessage() for record in caplog.records] == [
        'job failed and is tried again job=tick error="no space is left on the disk" times=1'
    ]


def test_failing_feeds_are_one_line_with_what_they_answered(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def trial(workshop: Workshop) -> None:
        await workshop.daemon.tick()
        await workshop.settle()
        await workshop.daemon.tick()

    with caplog.at_level(logging.WARNING):
        in_a_workshop(tmp_path, trial, f"[{FEED}, https://b.example/1, https://b.example/2]")
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert record.getMessage() == 'feeds failing, see `monitor feeds list` failing=2 polled=3 problems="404 2"'


def test_leases_that_ran_out_are_freed(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        store, past = workshop.app.store, program.now() - timedelta(hours=1)
        store.sync_feeds(workshop.app.config.feeds, past)
        assert store.claim_due_feeds(program.now(), limit=9, lease_s=-1)

        await workshop.daemon.reap()
        await workshop.daemon.tick()
        await workshop.settle()

        assert workshop.web.requests

    in_a_workshop(tmp_path, trial)


def test_old_articles_are_forgotten_and_matched_ones_stay(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        store = workshop.app.store
        lines = [json.dumps({"id": text, "text": text}) for text in ("A tariff", "Rain")]
        program.add_lines(store, lines, is_silent=True)
        await program.study_archive(workshop.app)
        (tmp_path / "monitor.yaml").write_text("timezone: UTC\nretention: {articles: 1d}\n")
        await workshop.daemon.read_config()
        await at(program.now() + timedelta(days=2), workshop.daemon.retention)

        assert [article.ref for article in store.articles()] == ["A tariff"]

    in_a_workshop(tmp_path, trial, "[]")


def test_seven_daily_backups_are_kept(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        start = program.now()
        for day in range(9):
            await at(start + timedelta(days=day), workshop.daemon.backup)

        assert backups(tmp_path) == [f"monitor-{start + timedelta(days=day):%Y%m%d}.db" for day in range(2, 9)]

    in_a_workshop(tmp_path, trial)


def test_a_backup_is_due_by_when_the_last_was_written_however_often_the_program_starts(tmp_path: Path) -> None:
    noon = datetime(2030, 1, 10, 12, tzinfo=UTC)
    found = []
    for hours in (0, 1, 23, 24, 25):

        async def trial(workshop: Workshop, hours: int = hours) -> None:
            (tmp_path / "state/backup").mkdir(exist_ok=True)
            for old in (tmp_path / "state/backup").iterdir():
                old.unlink()
            await at(noon + timedelta(hours=hours), workshop.daemon.backup)
            found.append(len(backups(tmp_path)))

        in_a_workshop(tmp_path, trial)

    assert found == [1, 0, 0, 1, 0]


def test_a_clock_that_was_set_back_does_not_put_backups_off(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        await at(datetime(2099, 1, 1, tzinfo=UTC), workshop.daemon.backup)
        await at(datetime(2030, 1, 1, tzinfo=UTC), workshop.daemon.backup)

        assert backups(tmp_path) == ["monitor-20300101.db", "monitor-20990101.db"]

    in_a_workshop(tmp_path, trial)


def test_a_backup_that_fails_is_an_error_and_is_tried_at_the_next_look(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def trial(workshop: Workshop) -> None:
        in_the_way = tmp_path / "state/backup"
        in_the_way.write_text("")
        for _ in range(2):
            workshop.daemon.kick(workshop.daemon.backup)
            await workshop.settle()
        in_the_way.unlink()
        await workshop.daemon.backup()

        assert len(backups(tmp_path)) == 1

    with caplog.at_level(logging.ERROR):
        in_a_workshop(tmp_path, trial)
    assert [record.getMessage().partition(" error=")[0] for record in caplog.records] == [
        "job failed and is tried again job=backup"
    ] * 2


def test_upkeep_is_looked_at_soon_after_the_start_and_then_every_hour(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        scheduler = workshop.daemon.schedule()
        start = program.now()
        scheduler.start(paused=True)

        for name in ("backup", "retention"):
            job = scheduler.get_job(name)
            assert timedelta(seconds=50) < job.next_run_time - start < timedelta(seconds=70)
            assert job.trigger.interval == timedelta(hours=1)

    in_a_workshop(tmp_path, trial)


async def at(moment: datetime, job: Callable[[], Awaitable[None]]) -> None:
    """Run a job as if it were this time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("monitor.daemon.upkeep.now", lambda: moment)
        await job()


def backups(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "state/backup").iterdir())


def test_a_changed_file_is_taken_over_and_a_broken_one_told(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        daemon, store = workshop.daemon, workshop.app.store
        await daemon.look_at_files()
        (tmp_path / "watchlist.yaml").write_text("topics: [tariff, rain]\n")
        await daemon.look_at_files()
        assert len(workshop.app.context.watch.watchlist.topics) == 2

        (tmp_path / "watchlist.yaml").write_text("topic: []\n")
        await daemon.look_at_files()
        await daemon.look_at_files()
        await workshop.settle()

        assert len(workshop.app.context.watch.watchlist.topics) == 2
        broken = [message for message in workshop.sender.sent if "configuration is broken" in message.subject]
        assert len(broken) == 1
        assert f"{tmp_path / 'watchlist.yaml'}:1:1" in broken[0].text
        assert [row.state for row in store.outbox() if "broken" in row.key] == [OutboxState.SENT]

    in_a_workshop(tmp_path, trial, "[]")


def test_a_changed_secret_outside_the_folder_is_noticed(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        daemon, secret = workshop.daemon, tmp_path / "elsewhere" / "secret"
        secret.parent.mkdir()
        secret.write_text("json://token-number-one.example")
        secret.chmod(0o600)
        (tmp_path / "link").symlink_to(secret)
        (tmp_path / "monitor.yaml").write_text('channels: {desk: {url: "file:link"}}\n')
        await daemon.look_at_files()
        await daemon.look_at_files()
        assert url(workshop) == "json://token-number-one.example"

        secret.write_text("json://token-number-two.example")
        await daemon.look_at_files()
        assert url(workshop) == "json://token-number-two.example"

        secret.chmod(0o644)
        await daemon.look_at_files()
        assert workshop.app.broken is not None

    def url(workshop: Workshop) -> str:
        return workshop.app.context.watch.settings.channels[0].url

    in_a_workshop(tmp_path, trial, "[]")


def test_a_refused_configuration_is_read_again_though_its_files_are_as_they_were(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        daemon, secret = workshop.daemon, tmp_path / "secret"
        (tmp_path / "monitor.yaml").write_text('channels: {desk: {url: "file:secret"}}\n')
        await daemon.look_at_files()
        assert workshop.app.broken is not None

        secret.write_text("json://token.example")
        secret.chmod(0o600)
        for _ in range(6):
            await daemon.look_at_files()

        assert workshop.app.broken is None
        assert workshop.app.config.settings.channels[0].url == "json://token.example"

    in_a_workshop(tmp_path, trial, "[]")


def test_systemd_hears_each_state(tmp_path: Path) -> None:
    for address in (str(tmp_path / "notify"), f"@monitor-test-{tmp_path.name}-{id(tmp_path)}"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
            systemd.settimeout(10)
            notify = notifier(address)
            notify("READY=1")
            notify("WATCHDOG=1")

            assert [systemd.recv(100) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1"]
        with suppress(FileNotFoundError):
            (tmp_path / "notify").unlink()


def test_a_run_says_ready_and_stopping_and_sends_what_is_due(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        daemon, ready, sent = workshop.daemon, asyncio.Event(), asyncio.Event()

        def notify(state: str) -> None:
            workshop.told.append(state)
            if state == "READY=1":
                ready.set()

        class Sender(FakeSender):
            async def send(self, message: Message) -> Delivery:
                sent.set()
                return await super().send(message)

        daemon.notify = notify
        sender = workshop.app.context.sender = Sender()
        running = asyncio.create_task(daemon.run())
        async with asyncio.timeout(30):
            await ready.wait()
            await sent.wait()
            daemon.stop()
            await running

        assert workshop.told[0] == "READY=1"
        assert workshop.told[-1] == "STOPPING=1"
        assert [message.topics for message in sender.sent] == [("tariff",)]

    in_a_workshop(tmp_path, trial, f"[{{url: {FEED}, backfill: alert, full_text: no}}]")


def test_systemd_hears_how_it_is_and_that_the_store_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str, value: str | None = None) -> str:
        raise StoreError("monitor.db: no space is left on the disk")

    async def trial(workshop: Workshop) -> None:
        await workshop.daemon.watch()
        with monkeypatch.context() as patch:
            patch.setattr(workshop.app.store, "note", refuse)
            with pytest.raises(StoreError):
                await workshop.daemon.watch()
        lines = [state.partition("=")[2] for state in workshop.told if state.startswith("STATUS=")]
        assert lines[0] == "0 of 1 feeds can be read"
        assert lines[1].startswith("the store cannot be used since ")
        assert lines[1].endswith(": monitor.db: no space is left on the disk")

    in_a_workshop(tmp_path, trial)
