"""Kill -9 at random moments under load, hours apart: nothing is lost, and what comes twice has its cause.

The mail server refuses one message in twenty for now and cuts one connection in fifty when it has the message. Some
topics go out at once, some wait for digests, quiet hours or a limit: some hours lie between two starts. Counted at the
mail server by tokens. `MONITOR_CRASH_ROUNDS=200` runs more rounds, `MONITOR_CRASH_SEED` others.
"""

from __future__ import annotations

import json
import os
import random  # noqa: TID251  # seeded: the same moments at each run
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from monitor.app import now
from monitor.model import OutboxState
from tests.e2e.world import KINDS, NewsFeed, Program, Story, Web, elapsed, service_yaml, wait_until
from tests.mailserver import DROP, Mail, MailServer

ROUNDS = int(os.environ.get("MONITOR_CRASH_ROUNDS", "16"))
SEED = int(os.environ.get("MONITOR_CRASH_SEED", "7"))

BOTH = ("me@example.org", "desk@example.org")
# What each topic's word says of who is told; each goes out in a way of its own.
TOLD = {"tariff": BOTH, "copper": BOTH, "nickel": BOTH[1:], "zinc": BOTH[1:]}
TOPICS = """
version: 1
topics:
  - {id: tariffs, match: tariff, alert: {to: [me, desk], priority: urgent}}
  - {id: copper, match: copper, alert: {to: [me, desk], digest: {at: ["07:00", "19:00"]}}}
  - {id: nickel, match: nickel, alert: {to: [desk], quiet: {from: "20:00", to: "06:30"}}}
  - {id: zinc, match: zinc, alert: {to: [desk], limit: {per_hour: 2}}}
"""
HOUR_S = 3600.0
LATE_S = 10.0  # between the mail server's answer and the mark, on a machine that does much else


@dataclass(frozen=True)
class Receipt:
    """A message that the server took; `was_cut`: it never said so."""

    mail: Mail
    at: float
    was_cut: bool

    @property
    def row_id(self) -> int:
        """The number in the alert's id: that of its first outbox row."""
        return int(self.mail.message_id.split("@")[0].rpartition("-")[2])


class MoodyMailServer(MailServer):
    """A mail server as there are many: it is not always in the mood."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self.receipts: list[Receipt] = []
        self.refused = 0

    async def handle_RCPT(self, *words: Any) -> str:  # noqa: N802 - the name that aiosmtpd calls
        if self.chance.random() < 0.05:
            self.refused += 1
            return "451 4.7.1 greylisted, try again"
        return await super().handle_RCPT(*words)

    async def handle_DATA(self, *words: Any) -> str:  # noqa: N802 - the name that aiosmtpd calls
        is_cut = self.chance.random() < 0.02
        if is_cut:
            self.answer("DATA", DROP)
        answer = await super().handle_DATA(*words)
        self.receipts.append(Receipt(self.received[-1], elapsed(), is_cut))
        return answer


@dataclass
class Trial:
    """What was published, what was done to the program, and which repeats that explains."""

    web: Web
    mail: MoodyMailServer
    program: Program
    chance: random.Random
    ahead_s: float = 0.0
    plain: dict[str, str] = field(default_factory=dict)  # topic word by token: named by one message
    touched: dict[str, str] = field(default_factory=dict)  # edited or carried by two feeds: by one or more
    copies: Counter[str] = field(default_factory=Counter)
    links: dict[str, tuple[NewsFeed, str]] = field(default_factory=dict)
    unmarked: Counter[str] = field(default_factory=Counter)  # ids of messages that were sent, and not marked by a kill
    done: Counter[str] = field(default_factory=Counter)

    def publish(self) -> None:
        """Publish some articles; now and then edit an older one, or let a second feed carry one."""
        for _ in range(self.chance.randint(2, 8)):
            token, word = f"Token{len(self.links):05}X", self.chance.choice(list(TOLD))
            feed = self.chance.choice(self.web.feeds)
            link = feed.publish(Story(token, f"Importers brace for the {word}.", title="Report of the day"))
            self.links[token], self.plain[token] = (feed, link), word
        if self.chance.random() < 0.5:
            token = self.touch()
            text = f"Talks on the {self.touched[token]} are suspended after {self.chance.randint(2, 99)} days."
            self.links[token][0].edit(Story(token, text, title="Report of the day"))
        if self.chance.random() < 0.3:
            token = self.touch()
            feed, link = self.links[token]
            other = self.chance.choice([one for one in self.web.feeds if one is not feed])
            if not any(item.link == link for item in other.items):
                other.publish(Story(token, "", title="Report of the day"), link)
                self.copies[token] += 1

    def touch(self) -> str:
        token = self.chance.choice(list(self.links))
        if token in self.plain:
            self.touched[token] = self.plain.pop(token)
        return token

    def round(self) -> None:
        """Some time later: publish, start the daemon, and end it in some way."""
        is_set_back = self.chance.random() < 0.05
        self.ahead_s = max(0.0, self.ahead_s + (-HOUR_S if is_set_back else self.chance.uniform(0.5, 3) * HOUR_S))
        self.publish()
        ways = (self.kill_later, self.kill_at_a_mail, self.kill_while_starting, self.terminate)
        (way,) = self.chance.choices(ways, weights=(40, 30, 10, 20))
        self.done[way.__name__] += 1
        way()

    def kill_while_starting(self) -> None:
        """Kill the program before it is ready, twice in a row."""
        for _ in range(2):
            self.kill(self.start(), self.chance.uniform(0.1, 1.5))

    def kill_later(self) -> None:
        self.kill(self.start_daemon(), self.chance.uniform(0.1, 4))

    def kill_at_a_mail(self) -> None:
        """Kill the program as soon as it has sent a few messages."""
        wanted, daemon = len(self.mail.receipts) + self.chance.randint(1, 4), self.start_daemon()
        until = elapsed() + 6
        wait_until("a few mails, or a while", lambda: len(self.mail.receipts) >= wanted or elapsed() > until)
        self.kill(daemon, 0)

    def terminate(self) -> None:
        daemon = self.start_daemon()
        self.stays(daemon, self.chance.uniform(0.1, 4))
        assert self.program.stop(daemon) < LATE_S

    def start(self) -> subprocess.Popen[bytes]:
        return self.program.start("run", MONITOR_CLOCK_AHEAD_S=str(self.ahead_s))

    def start_daemon(self) -> subprocess.Popen[bytes]:
        return self.program.start_daemon(MONITOR_CLOCK_AHEAD_S=str(self.ahead_s))

    def stays(self, daemon: subprocess.Popen[bytes], for_s: float) -> None:
        with pytest.raises(subprocess.TimeoutExpired):
            daemon.wait(for_s)

    def kill(self, daemon: subprocess.Popen[bytes], after_s: float) -> None:
        self.stays(daemon, after_s)
        killed_at = elapsed()
        daemon.kill()
        daemon.wait()
        wait_until("what the server had in hand is taken or dropped", lambda: not self.mail.is_talking)
        if (self.program.state / "monitor.db").exists():
            with self.program.store() as store:
                pending = {row.id for row in store.outbox(state=OutboxState.PENDING, limit=None)}
            late = [one for one in self.mail.receipts if one.at > killed_at - LATE_S and one.row_id in pending]
            self.unmarked.update({one.mail.message_id for one in late})

    def drain(self) -> None:
        """Let days pass until all that was held has been sent: what goes out in digests, then what it folded."""
        for _ in range(2):
            self.ahead_s += 30 * HOUR_S
            polled = [len(feed.polls()) for feed in self.web.feeds]
            daemon = self.start_daemon()
            self.program.wait("each feed was polled", partial(self.were_polled, polled))
            self.program.wait("nothing is left to do", self.is_idle)
            assert self.program.stop(daemon) < LATE_S

    def is_idle(self) -> bool:
        """Return True if nothing waits to be studied, nor to be sent by the program's clock, now or in a moment."""
        soon = now() + timedelta(seconds=self.ahead_s + 60)
        with self.program.store() as store:
            pending = store.outbox(state=OutboxState.PENDING, limit=None)
            return store.counts(now()).unstudied == 0 and all(row.next_at > soon for row in pending)

    def were_polled(self, before: Sequence[int]) -> bool:
        return all(len(feed.polls()) > count for feed, count in zip(self.web.feeds, before, strict=True))

    def lost(self) -> set[tuple[str, str]]:
        """Return the tokens that a recipient was not told of."""
        told = {(token, to) for to in BOTH for token in self.named(to)}
        wanted = {(token, to) for token, word in (self.plain | self.touched).items() for to in TOLD[word]}
        return wanted - told

    def named(self, recipient: str) -> dict[str, set[str]]:
        """Return the ids of the messages to a recipient that name each token."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for receipt in self.mail.receipts:
            if receipt.mail.recipients == (recipient,):
                for token in tokens_of(receipt.mail):
                    found[token].add(receipt.mail.message_id)
        return found

    def told_often(self) -> dict[str, set[str]]:
        """Return the plain tokens that several messages name, with their ids."""
        named = [self.named(to) for to in BOTH]
        return {token: ids for one in named for token, ids in one.items() if token in self.plain and len(ids) > 1}

    def unexplained(self) -> dict[str, int]:
        """Return the ids of messages that came more often than a cut or a kill explains, with how often."""
        receipts: defaultdict[str, list[Receipt]] = defaultdict(list)
        for receipt in self.mail.receipts:
            receipts[receipt.mail.message_id].append(receipt)
        return {
            id_: len(found)
            for id_, found in receipts.items()
            if len(found) > 1 + self.unmarked[id_] + sum(one.was_cut for one in found)
        }

    def articles(self) -> dict[str, int]:
        """Return how many articles the program has of each token."""
        lines = self.program.run("export", "articles").stdout.splitlines()
        titles = (json.loads(line)["title"].rpartition(" ")[2] for line in lines)
        return dict(Counter(title for title in titles if title in self.links))

    def told(self) -> str:
        """Return what came of it, in a line."""
        receipts, ids = self.mail.receipts, {one.mail.message_id for one in self.mail.receipts}
        return (
            f"{ROUNDS} rounds {dict(self.done)}: {len(self.links)} articles, {len(self.lost())} lost, "
            f"{len(receipts)} messages taken, {self.mail.refused} refused, {sum(one.was_cut for one in receipts)} cut, "
            f"{len(receipts) - len(ids)} came again, {len(self.unexplained())} of them without a cause"
        )


@cache
def tokens_of(mail: Mail) -> frozenset[str]:
    return frozenset(re.findall(r"Token\d{5}X", f"{mail.message['Subject']}\n{mail.part('plain')}"))


def test_kills_at_random_moments_lose_nothing_and_repeats_have_their_cause(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    with ExitStack() as stack:
        web, mail = stack.enter_context(Web(hosts=2)), stack.enter_context(MoodyMailServer(chance))
        program = Program(tmp_path)
        stack.callback(program.close)
        for kind in KINDS:
            web.feed(f"news-{kind}", kind)
        desk = f"{{host: 127.0.0.1, port: {mail.port}, security: none, from: m@example.org, to: [{BOTH[1]}]}}"
        program.write("monitor.yaml", service_yaml(web.ports, mail, channels=f"  desk: {{mail: {desk}}}"))
        program.write("feeds.yaml", web.feeds_yaml())
        program.write("watchlist.yaml", TOPICS)
        assert program.run("once").returncode == 0  # the silent first poll
        trial = Trial(web, mail, program, chance)
        for _ in range(ROUNDS):
            trial.round()
        trial.drain()
        wait_until("no worker is left of any round", lambda: not program.leftovers())

        print(trial.told())
        assert trial.lost() == set()
        assert trial.told_often() == {}
        assert trial.unexplained() == {}
        assert trial.mail.refused + sum(trial.unmarked.values()) > 0, "there was no fault"
        assert trial.articles() == {token: 1 + trial.copies[token] for token in trial.links}
        checked = program.run("db", "check")
        assert checked.returncode == 0, checked.stdout
        assert "Traceback" not in program.log()
