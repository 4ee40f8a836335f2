"""The whole program as its user runs it, with real parts on loopback around it: feeds and pages, and the program.

    with Web(hosts=2) as web:
        feed = web.feed("news", "atom")
        program = Program(folder)
        program.write("feeds.yaml", …)
        daemon = program.start("run")
        feed.publish(Story("token", "Title", "A sentence."))
        program.wait("the mail of it", lambda: …)

What came is counted at the sinks, never asked of the program. Waiting is by condition with a deadline. The clock is
read in one place, `elapsed`, since the promise of five seconds is one about real time.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

import psutil
import pytest
from aiohttp import web as aiohttp_web

import storage
from monitor.app import now
from monitor.ports import Store
from tests.mailserver import Mail, MailServer
from tests.servers import Answer, HttpServer, Item, atom, json_feed, rdf, rss

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
LONG_S = 90.0  # a machine may be busy; only what is promised in seconds is measured

_KINDS = {
    "rss": (rss, "application/rss+xml", "Mon, 20 Oct 2025 08:00:00 GMT"),
    "atom": (atom, "application/atom+xml", "2025-10-20T08:00:00Z"),
    "rdf": (rdf, "application/rdf+xml", "2025-10-20T08:00:00Z"),
    "json": (json_feed, "application/feed+json", "2025-10-20T08:00:00Z"),
}
KINDS = tuple(_KINDS)

_SYLLABLES = ("ba", "co", "den", "fir", "gal", "hu", "jin", "kor", "lem", "mo", "nat", "pel", "qui", "ros", "sta", "vu")


def elapsed() -> float:
    """Return seconds on the clock that only goes forward."""
    return time.monotonic()


def wait_until(what: str, condition: Callable[[], T], within_s: float = LONG_S) -> T:
    """Wait until the condition gives something true, and return that; fails the test when it does not."""
    deadline, pause = elapsed() + within_s, threading.Event()
    while not (found := condition()):
        assert elapsed() < deadline, f"{what}: not within {within_s:g} s"
        pause.wait(0.02)
    return found


def prose(token: str, sentences: int = 6) -> str:
    """Return sentences of made-up words that hardly any other token's share, a line each: news of their own."""
    digest = hashlib.shake_256(token.encode()).hexdigest(sentences * 15)
    words = ["".join(_SYLLABLES[int(digit, 16)] for digit in digest[at : at + 3]) for at in range(0, len(digest), 3)]
    lines = (words[at : at + 10] for at in range(0, len(words), 10))
    return "\n".join(f"The {' '.join(line)} said {token.lower()} on the record." for line in lines)


@dataclass(frozen=True)
class Story:
    """An article to publish: a title and a text with the token in both, and the sentences that matter."""

    token: str
    sentences: str
    title: str = ""

    @property
    def headline(self) -> str:
        return f"{self.title or self.sentences.partition('.')[0]} {self.token}"

    @property
    def page(self) -> str:
        lines = [self.sentences, *prose(self.token).splitlines()]
        text = "".join(f"<p>{line}</p>" for line in lines)
        return (
            f'<html lang="en"><head><title>{self.headline}</title></head>'
            f"<body><article><h1>{self.headline}</h1>{text}</article></body></html>"
        )


@dataclass(frozen=True)
class Served:
    """An answer that was given, and when."""

    at: float
    path: str
    status: int
    body: bytes


class NewsServer(HttpServer):
    """A web server that also remembers what it answered."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.served: list[Served] = []

    async def _answer(self, request: aiohttp_web.BaseRequest) -> aiohttp_web.StreamResponse:
        response = await super()._answer(request)
        assert isinstance(response, aiohttp_web.Response)
        body = response.body if isinstance(response.body, bytes) else b""
        self.served.append(Served(elapsed(), request.path_qs, response.status, body))
        return response


@dataclass
class NewsFeed:
    """A feed on a server; each item links to a page there."""

    server: NewsServer
    name: str
    kind: str
    has_etag: bool
    items: list[Item] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/{self.name}.{self.kind}"

    @property
    def url(self) -> str:
        return self.server.url(self.path)

    def add_old(self, story: Story) -> None:
        """Add an entry that is older than the program's knowledge of the feed."""
        self._add(story, self._write_page(story), _KINDS[self.kind][2])

    def publish(self, story: Story, link: str = "") -> str:
        """Add an entry now, and its page unless it links to one that is there. Returns the link."""
        link = link or self._write_page(story)
        self._add(story, link, "")
        return link

    def edit(self, story: Story) -> None:
        """Change the words of an entry, and of its page."""
        link = self._write_page(story)
        self.items = [self._item(story, link, item.published) if item.link == link else item for item in self.items]
        self._write()

    def polls(self) -> list[Served]:
        """Return the answers to polls so far."""
        return [served for served in self.server.served if served.path == self.path]

    def told_at(self, token: str) -> float | None:
        """Return when a poll was first told of a token."""
        return next((served.at for served in self.polls() if token.encode() in served.body), None)

    def _add(self, story: Story, link: str, published: str) -> None:
        self.items = [self._item(story, link, published), *self.items]
        self._write()

    def _item(self, story: Story, link: str, published: str) -> Item:
        key = f"{link}#{self.name}"
        return Item(key, story.headline, link, f"<p>{prose(story.token, 1)}</p>", published)

    def _write_page(self, story: Story) -> str:
        return self.server.put(f"/{self.name}/{story.token.lower()}.html", Answer(story.page))

    def _write(self) -> None:
        make, content_type, _ = _KINDS[self.kind]
        body = make(self.items, title=f"Feed {self.name}")
        etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:12]}"' if self.has_etag else ""
        self.server.put(self.path, Answer(body, content_type=content_type, etag=etag))


class Web:
    """Servers on loopback addresses of their own."""

    def __init__(self, hosts: int = 1) -> None:
        self.servers = [NewsServer(f"127.0.0.{number}") for number in range(1, hosts + 1)]
        self.feeds: list[NewsFeed] = []

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        for server in self.servers:
            self._stack.enter_context(server)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def feed(self, name: str, kind: str = "rss") -> NewsFeed:
        """Make a feed with one old entry; the servers take turns, and every second feed has an ETag."""
        number = len(self.feeds)
        feed = NewsFeed(self.servers[number % len(self.servers)], name, kind, has_etag=number % 2 == 1)
        feed.add_old(Story(f"Old{name}", "A notice of old."))
        self.feeds.append(feed)
        return feed

    @property
    def ports(self) -> list[int]:
        """The ports of the servers."""
        return [server.port for server in self.servers]

    def feeds_yaml(self) -> str:
        """Return `feeds.yaml` with all feeds."""
        return "feeds:\n" + "".join(f"  - {feed.url}\n" for feed in self.feeds)


def service_yaml(ports: Sequence[int], mail: MailServer, *, channels: str = "", more: str = "") -> str:
    """Return `monitor.yaml` for servers on loopback: a poll a second, quick retries, mail to `me`, the operator too."""
    return f"""
database: sqlite:///monitor.db
timezone: UTC
poll: {{per_day: 86400, min_s: 1, max_s: 4, host_gap_s: 0, host_connections: 64}}
delivery: {{retry_min_s: 1, retry_max_s: 2, flood: 0}}
allow_networks: [127.0.0.0/8]
allow_ports: {sorted(set(ports))}
channels:
  me: {{mail: {{host: 127.0.0.1, port: {mail.port}, security: none, from: monitor@example.org, to: [me@example.org]}}}}
{channels}
operator: {{to: [me]}}
{more}
"""


def naming(mails: Sequence[Mail], token: str) -> list[Mail]:
    """Return the mails that have a token in their subject or text."""
    return [mail for mail in mails if token in _words(mail)]


@cache
def _words(mail: Mail) -> str:
    return f"{mail.message['Subject']}\n{mail.part('plain')}"


@dataclass
class Program:
    """A folder of configuration, one of state, and the processes that were started on them.

    `inside` is a command that runs another, given to it as further arguments, in surroundings of its own.
    """

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    inside: Sequence[str] = ()
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for folder in (self.config, self.state):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def log_file(self) -> Path:
        return self.folder / "stderr.log"

    def write(self, name: str, text: str) -> None:
        """Write a file of the configuration in place."""
        (self.config / name).write_text(text)

    def start(self, *words: str, stderr: int | None = None, **environment: str) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own; its stderr is added to the log, or goes to a file's number."""
        with self.log_file.open("ab") as log, (self.folder / "stdout.log").open("ab") as out:
            log.write(f"--- {' '.join(words)} {environment or ''}\n".encode())
            log.flush()
            process = subprocess.Popen(
                self._command(words),
                cwd=ROOT,
                env=self._environ(environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log if stderr is None else stderr,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self._command(words),
            cwd=ROOT,
            env=self._environ({}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONG_S * 2,
            check=False,
        )

    def start_daemon(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start the daemon and wait until it says that it is ready."""
        before = self.log().count(" ready feeds=")
        daemon = self.start("run", **environment)
        self.wait("the daemon is ready", lambda: self.log().count(" ready feeds=") > before)
        return daemon

    def stop(self, daemon: subprocess.Popen[bytes], signum: int = signal.SIGTERM) -> float:
        """End a daemon by a signal and return the seconds it took; its exit code must be 0."""
        since = elapsed()
        daemon.send_signal(signum)
        code = self.ended(daemon)
        assert code == 0, f"exit code {code}\n{self.tail()}"
        return elapsed() - since

    def ended(self, process: subprocess.Popen[bytes], within_s: float = LONG_S) -> int:
        """Wait for the end of a process and return its exit code."""
        try:
            return process.wait(timeout=within_s)
        except subprocess.TimeoutExpired:
            pytest.fail(f"{process.args} still runs after {within_s:g} s\n{self.tail()}")

    def log(self) -> str:
        """Return all that the processes wrote to stderr so far."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def tail(self, lines: int = 60) -> str:
        """Return the end of the log."""
        return "\n".join(self.log().splitlines()[-lines:])

    def wait(self, what: str, condition: Callable[[], T], within_s: float = LONG_S) -> T:
        """Wait as `wait_until` does, but no longer than the last process lives."""

        def or_dead() -> T:
            found = condition()
            if not found and self.processes and self.processes[-1].poll() is not None and not (found := condition()):
                pytest.fail(f"{what}: the program ended with {self.processes[-1].returncode}\n{self.tail()}")
            return found

        return wait_until(what, or_dead, within_s)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the store beside the daemon."""
        store = storage.open_store("sqlite:///monitor.db", state=self.state, clock=now)
        try:
            yield store
        finally:
            store.close()

    def is_idle(self) -> bool:
        """Return True if no article waits to be studied and no message to be sent."""
        with self.store() as store:
            counts = store.counts(now())
        return (counts.unstudied, counts.pending) == (0, 0)

    def leftovers(self) -> list[psutil.Process]:
        """Return the processes that still run on this state folder, workers included."""
        return [
            process
            for process in psutil.process_iter()
            if _environ_of(process).get("STATE_DIRECTORY") == str(self.state)
        ]

    def close(self) -> None:
        """Kill what still runs of the processes that were started here."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()

    def _command(self, words: Sequence[str]) -> list[str]:
        return [*self.inside, sys.executable, "-m", "monitor", "--config", str(self.config), *words]

    def _environ(self, more: Mapping[str, str]) -> dict[str, str]:
        own = {"HOME": os.environ.get("HOME", "/"), "PATH": os.environ["PATH"], "STATE_DIRECTORY": str(self.state)}
        return own | dict(self.environment) | dict(more)


def _environ_of(process: psutil.Process) -> dict[str, Any]:
    try:
        return process.environ()
    except psutil.Error:
        return {}
