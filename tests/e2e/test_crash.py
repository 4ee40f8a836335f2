"""Kill -9 between the steps, round after round on one store: nothing is lost, and what comes twice has its cause.

Each round publishes entries and runs the daemon, or one round of `once`, until it kills itself at a named point; the
next round goes on from there. Messages are counted at the mail server, by a token that each entry has in its text.
"""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from monitor.model import OutboxState
from tests.e2e.world import KINDS, Program, Story, Web, naming, service_yaml, wait_until
from tests.mailserver import MailServer

POINTS = (
    "after-fetch",
    "after-poll",
    "after-page",
    "after-study",
    "after-claim",
    "before-send",
    "after-send",
    "after-mark",
)
FEEDS = 4
ROUNDS = [
    (point, nth, "once" if number % 2 else "run") for nth in (1, FEEDS) for number, point in enumerate(POINTS, nth)
]


def is_before_any_send(point: str, nth: int, command: str) -> bool:
    """Return True if a round cannot have sent a message when it gets there: `once` studies all, then delivers."""
    return (command == "once" and point in POINTS[:4]) or (nth == 1 and point in {"after-claim", "before-send"})


TOPIC = """
version: 1
topics:
  - {id: tariffs, match: tariff, alert: {to: [me]}}
"""


@dataclass
class Ledger:
    """What was published, and how often a crash came when a message was at the mail server and not yet marked."""

    web: Web
    mail: MailServer
    program: Program
    tokens: list[str] = field(default_factory=list)
    unmarked: Counter[str] = field(default_factory=Counter)

    def publish(self) -> None:
        """Publish one entry in each feed."""
        for feed in self.web.feeds:
            token = f"Token{len(self.tokens):03}X"
            feed.publish(Story(token, "Importers brace for the tariff.", title="Report of the day"))
            self.tokens.append(token)

    def crash(self, point: str, nth: int, command: str) -> list[str]:
        """Run the program until it kills itself; returns the tokens of messages that were sent and not marked."""
        before = len(self.mail.received)
        # A round may begin before the feeds of the one before are due.
        words = ("once", "--all") if command == "once" else (command,)
        process = self.program.start(*words, MONITOR_FAULT=f"{point}:{nth}")
        assert self.program.ended(process) == -signal.SIGKILL, self.program.tail()
        with self.program.store() as store:
            pending = " ".join(row.item.title for row in store.outbox(state=OutboxState.PENDING, limit=None))
        sent = self.mail.received[before:]
        found = [token for token in self.tokens if token in pending and naming(sent, token)]
        self.unmarked.update(found)
        return found


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with ExitStack() as stack:
        web, mail = stack.enter_context(Web(hosts=2)), stack.enter_context(MailServer())
        program = Program(tmp_path_factory.mktemp("crash"))
        stack.callback(program.close)
        for kind in KINDS:
            web.feed(f"news-{kind}", kind)
        program.write("monitor.yaml", service_yaml(web.ports, mail))
        program.write("feeds.yaml", web.feeds_yaml())
        program.write("watchlist.yaml", TOPIC)
        assert program.run("once").returncode == 0  # the silent first poll
        yield Ledger(web, mail, program)


@pytest.fixture
def program(ledger: Ledger) -> Program:
    return ledger.program


@pytest.mark.parametrize(("point", "nth", "command"), ROUNDS)
def test_a_crash_at_a_point(ledger: Ledger, point: str, nth: int, command: str) -> None:
    ledger.publish()
    unmarked = ledger.crash(point, nth, command)

    if is_before_any_send(point, nth, command):
        assert unmarked == []
    if point == "after-send":
        assert unmarked


def test_after_all_crashes_nothing_is_lost_and_repeats_have_their_cause(ledger: Ledger) -> None:
    ledger.publish()
    daemon = ledger.program.start_daemon()
    ledger.program.wait(
        "every entry has come", lambda: all(naming(ledger.mail.received, token) for token in ledger.tokens)
    )
    ledger.program.wait("nothing is left to do", ledger.program.is_idle)
    ledger.program.stop(daemon)
    wait_until("no worker is left of any round", lambda: not ledger.program.leftovers())

    mails = {token: naming(ledger.mail.received, token) for token in ledger.tokens}
    assert {token: len(found) for token, found in mails.items()} == {
        token: 1 + ledger.unmarked[token] for token in ledger.tokens
    }
    assert all(len({mail.message_id for mail in found}) == 1 for found in mails.values())

    exported = [json.loads(line) for line in ledger.program.run("export", "articles").stdout.splitlines()]
    times = Counter(article["title"].rpartition(" ")[2] for article in exported)
    assert {token: times[token] for token in ledger.tokens} == dict.fromkeys(ledger.tokens, 1)

    checked = ledger.program.run("db", "check")
    assert checked.returncode == 0, checked.stdout
