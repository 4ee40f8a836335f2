"""Urgent topics, with real parts: the alert on the teaser is in the mailbox before the page is served."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.world import Program, Story, naming, service_yaml
from tests.mailserver import Mail, MailServer
from tests.servers import Answer, HttpServer, Item, rss

TEASER = "Beijing widens its controls on rare earth magnets."
ADDED = "The controls on rare earth magnets take effect on Monday."
TOPIC = """
version: 1
defaults: {alert: {to: [me]}}
topics:
  - {id: rare-earths, match: '"rare earth" NEAR/12 control', alert: {priority: urgent}}
"""


@dataclass
class Desk:
    """A feed on a server, the mailbox of who reads its alerts, and the program between them."""

    program: Program
    server: HttpServer
    mail: MailServer
    items: list[Item] = field(default_factory=lambda: [Item("old", "Weather", "", "Rain.", "")])

    def publish(self, token: str, page: Answer) -> str:
        """Add an entry with a teaser that matches; returns the path of its page."""
        link = self.server.put(f"/{token}.html", page)
        self.items = [Item(token, f"Report {token}", link, TEASER, ""), *self.items]
        self.serve()
        return f"/{token}.html"

    def serve(self) -> None:
        self.server.put("/feed", Answer(rss(self.items), content_type="application/rss+xml"))

    def texts(self, token: str) -> list[str]:
        return [mail.part("plain").replace("*", "") for mail in self.mails(token)]

    def mails(self, token: str) -> list[Mail]:
        return naming(self.mail.received, token)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ExitStack() as stack:
        server, mail = stack.enter_context(HttpServer()), stack.enter_context(MailServer())
        program = Program(tmp_path)
        stack.callback(program.close)
        yaml = service_yaml([server.port], mail)
        program.write("monitor.yaml", yaml.replace("host_gap_s: 0", "host_gap_s: 0, timeout_s: 5"))
        program.write("feeds.yaml", f"feeds:\n  - {server.url('/feed')}\n")
        program.write("watchlist.yaml", TOPIC)
        found = Desk(program, server, mail)
        found.serve()
        yield found


@pytest.fixture
def program(desk: Desk) -> Program:
    return desk.program


def known(desk: Desk) -> None:
    """Wait until the feed's first entries are known: what comes now is news."""
    desk.program.wait("the feed was read", lambda: desk.server.paths.count("/feed") >= 2)


def test_an_urgent_alert_comes_before_the_page_and_the_full_text_follows(desk: Desk) -> None:
    desk.program.start_daemon()
    known(desk)
    path = desk.publish("Slow", Answer(is_held=True))
    never = desk.publish("Never", Answer(is_held=True))
    desk.program.wait("the alert on the teaser", lambda: desk.mails("Slow") and desk.mails("Never"))
    assert desk.server.wait_for(path)
    (first,) = desk.texts("Slow")
    desk.server.release(path, Answer(Story("Slow", f"Nobody was surprised. {ADDED}").page))
    desk.program.wait("the full text", lambda: len(desk.mails("Slow")) == 2)

    assert desk.mails("Slow")[1].message["In-Reply-To"] == desk.mails("Slow")[0].message_id
    assert "Teaser only so far" in first
    assert ADDED not in first
    assert "Update: confirmed by the full text" in desk.texts("Slow")[1]
    assert ADDED in desk.texts("Slow")[1]
    assert desk.server.wait_for(never)
    desk.program.wait("nothing is left to do", desk.program.is_idle)
    (text,) = desk.texts("Never")
    assert "Teaser only so far" in text


def test_a_kill_between_teaser_and_full_text_neither_loses_nor_doubles(desk: Desk) -> None:
    daemon = desk.program.start_daemon(MONITOR_FAULT="after-teaser")
    known(desk)
    desk.publish("Killed", Answer(Story("Killed", f"Nobody was surprised. {ADDED}").page))
    assert desk.program.ended(daemon) == -signal.SIGKILL
    desk.program.start_daemon()
    desk.program.wait("the full text", lambda: any("confirmed by" in text for text in desk.texts("Killed")))
    desk.program.wait("nothing is left to do", desk.program.is_idle)

    mails = {mail.message_id: mail.part("plain").replace("*", "") for mail in desk.mails("Killed")}
    assert len(mails) <= 2  # a kill before the first was sent has them as one
    assert sum(ADDED in text for text in mails.values()) == 1
    with desk.program.store() as store:
        assert len(store.outbox()) == 2
        assert store.check() == []
