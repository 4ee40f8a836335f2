"""While the store is full or busy the daemon loses nothing, sends nothing twice, and does not ask over and over."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import app as program
from monitor.daemon.trouble import StoreTrouble
from monitor.errors import StoreError
from monitor.model import Delivery, FetchRequest, FetchResult, Message, OutboxState
from tests.fakes import FakeFetcher, FakeSender
from tests.unit.daemon.test_jobs import BODY, FEED, Workshop, in_a_workshop

FEEDS = f"[{{url: {FEED}, backfill: alert, full_text: yes}}]"
PAGE = b"<html lang='en'><title>A tariff on tin</title><article><p>A tariff on tin was announced.</p></article></html>"


@dataclass
class OtherProcess:
    """Another program that has the database to itself, from the moment it is told to."""

    connection: sqlite3.Connection

    def lock(self) -> None:
        if not self.connection.in_transaction:
            self.connection.execute("BEGIN EXCLUSIVE")

    def let_go(self) -> None:
        self.connection.rollback()


@dataclass
class LockedAtFetch(FakeFetcher):
    """A web; while what is wanted comes, the other process takes the database."""

    other: OtherProcess | None = None
    at: str = ""

    async def fetch(self, request: FetchRequest) -> FetchResult:
        if self.other and request.url == self.at:
            self.other.lock()
        return await super().fetch(request)


@dataclass
class LockedAtSend(FakeSender):
    """Takes every message; meanwhile the other process takes the database."""

    other: OtherProcess | None = None

    async def send(self, message: Message) -> Delivery:
        if self.other:
            self.other.lock()
        return await super().send(message)


def beside(workshop: Workshop, folder: Path) -> OtherProcess:
    """Return another process beside a program that waits 50 ms for it, not 10 s."""
    workshop.app.store._db.write(lambda tx: tx.conn.exec_driver_sql("PRAGMA busy_timeout=50").close())  # type: ignore[attr-defined]
    return OtherProcess(sqlite3.connect(folder / "state/monitor.db", isolation_level=None, check_same_thread=False))


@pytest.mark.parametrize("at", [FEED, "https://a.example/1"])
def test_what_a_busy_store_did_not_take_is_done_again_and_told_once(
    tmp_path: Path, at: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = BODY.replace(b"<link></link>", b"<link>https://a.example/1</link>", 1)

    async def trial(workshop: Workshop) -> None:
        daemon, other = workshop.daemon, beside(workshop, tmp_path)
        daemon.trouble = StoreTrouble(first_s=0)
        web = LockedAtFetch({FEED: body, "https://a.example/1": PAGE}, other=other, at=at)
        workshop.app.context.fetcher = web
        with closing(other.connection):
            await daemon.tick()
            await workshop.settle()
            assert workshop.sender.sent == []

            other.let_go()
            web.other = None
            await daemon.reap()
            for job in (daemon.tick, daemon.study, daemon.deliver):
                await job()
                await workshop.settle()

        assert [message.topics for message in workshop.sender.sent] == [("tariff",)]
        assert [request.url for request in web.requests].count(at) == 2

    in_a_workshop(tmp_path, trial, FEEDS)
    assert "another process keeps it busy" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_message_sent_while_the_store_was_busy_is_marked_later_and_not_sent_again(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        daemon, other, store = workshop.daemon, beside(workshop, tmp_path), workshop.app.store
        sender = LockedAtSend(other=other)
        workshop.app.context.sender = sender
        with closing(other.connection):
            await daemon.tick()
            await workshop.settle()
            other.let_go()
            sender.other = None
        (row,) = [row for row in store.outbox() if row.topic_no]
        assert (row.state, len(sender.sent)) == (OutboxState.PENDING, 1)

        store.reap(program.now() + timedelta(hours=1))
        await daemon.deliver()
        await workshop.settle()

        (row,) = [row for row in store.outbox() if row.topic_no]
        assert (row.state, row.message_id, len(sender.sent)) == (OutboxState.SENT, sender.sent[0].id, 1)
        assert workshop.app.context.unmarked == {}

    in_a_workshop(tmp_path, trial, f"[{{url: {FEED}, backfill: alert, full_text: no}}]")


def test_nothing_is_claimed_for_a_while_after_the_store_failed(tmp_path: Path) -> None:
    async def trial(workshop: Workshop) -> None:
        daemon, other = workshop.daemon, beside(workshop, tmp_path)
        web = LockedAtFetch({FEED: BODY}, other=other, at=FEED)
        workshop.app.context.fetcher = web
        with closing(other.connection):
            for _ in range(5):
                await daemon.tick()
                await workshop.settle()
                other.let_go()
                await daemon.reap()
        assert len(web.requests) == 1
        assert daemon.trouble.given_up == []

    in_a_workshop(tmp_path, trial, FEEDS)


def test_a_rest_is_longer_after_each_failure_and_short_again_when_the_store_works() -> None:
    async def rests_after(failures: int, first_s: float) -> tuple[bool, float]:
        trouble = StoreTrouble(first_s)
        for _ in range(failures):
            with pytest.raises(StoreError), trouble.watching([]):
                raise StoreError("the disk is full")
        found = trouble.is_resting, trouble.next_rest_s
        with trouble.watching([]):
            pass
        assert trouble.next_rest_s == first_s
        return found

    def after(failures: int, first_s: float) -> tuple[bool, float]:
        return asyncio.run(rests_after(failures, first_s))

    assert after(0, 100) == (False, 100)
    assert after(2, 100) == (True, 200), "one rest for all that failed together"
    assert after(1, 200) == (True, 300)
    assert after(3, 1e-12)[1] == pytest.approx(8e-12)
