"""What the daemon tells systemd: that it is ready, that it is well while it is, and nothing while it stands still."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Self

import pytest

from tests.background import BackgroundLoop
from tests.e2e.world import Program, Web, elapsed, service_yaml, wait_until
from tests.mailserver import MailServer

WATCHDOG_S = 6.0
TOPIC = "version: 1\ntopics: [tariff]\n"


class NotifySocket(asyncio.DatagramProtocol):
    """A notify socket as systemd's; remembers what it was told, and when."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.told: list[tuple[float, str]] = []

    def __enter__(self) -> Self:
        self._loop = BackgroundLoop().__enter__()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind(f"\0{self.address[1:]}" if self.address.startswith("@") else self.address)
        listener.setblocking(False)
        self._transport, _ = self._loop.run(self._loop.loop.create_datagram_endpoint(lambda: self, sock=listener))
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.loop.call_soon_threadsafe(self._transport.close)
        self._loop.__exit__()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.told.append((elapsed(), data.decode()))

    def states(self) -> list[str]:
        return [state for _, state in self.told]

    def longest_silence_s(self, since: float) -> float:
        """Return the longest time, up to now, without a word of the watchdog."""
        times = [since, *(at for at, state in self.told if state == "WATCHDOG=1" and at > since), elapsed()]
        return max(later - earlier for earlier, later in pairwise(times))


@dataclass
class World:
    web: Web
    notify: NotifySocket
    program: Program


def configured(program: Program, web: Web, mail: MailServer) -> Program:
    program.write("monitor.yaml", service_yaml(web.ports, mail))
    program.write("feeds.yaml", web.feeds_yaml())
    program.write("watchlist.yaml", TOPIC)
    return program


@pytest.fixture(params=["a path", "an abstract name"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    address = f"{tmp_path}/notify" if request.param == "a path" else f"@monitor-test-{os.getpid()}"
    with ExitStack() as stack:
        web, mail = stack.enter_context(Web()), stack.enter_context(MailServer())
        notify = stack.enter_context(NotifySocket(address))
        web.feed("news")
        environment = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": f"{WATCHDOG_S * 1e6:.0f}"}
        program = configured(Program(tmp_path, environment), web, mail)
        stack.callback(program.close)
        yield World(web, notify, program)


@pytest.fixture
def program(world: World) -> Program:
    return world.program


def test_systemd_hears_that_it_is_ready_and_well_and_stopping(world: World) -> None:
    daemon = world.program.start("run")
    world.program.wait("READY", lambda: "READY=1" in world.notify.states())
    ready_at = elapsed()
    world.program.wait("two words of the watchdog", lambda: world.notify.states().count("WATCHDOG=1") >= 2)

    assert world.notify.states()[0] == "READY=1"
    assert world.notify.longest_silence_s(ready_at) < WATCHDOG_S
    world.program.stop(daemon)
    assert world.notify.states()[-1] == "STOPPING=1"


@pytest.mark.parametrize("world", ["a path"], indirect=True)
def test_the_watchdog_is_silent_while_the_store_answers_nothing_and_goes_on_after_it(world: World) -> None:
    daemon = world.program.start_daemon()
    world.program.wait("it is well", lambda: "WATCHDOG=1" in world.notify.states())
    with closing(sqlite3.connect(world.program.state / "monitor.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        locked_at = elapsed()
        wait_until("a silence that systemd would end", lambda: world.notify.longest_silence_s(locked_at) > WATCHDOG_S)
        other.rollback()
    words = world.notify.states().count("WATCHDOG=1")
    world.program.wait("it is well again", lambda: world.notify.states().count("WATCHDOG=1") > words)
    assert daemon.poll() is None
    world.program.stop(daemon)
