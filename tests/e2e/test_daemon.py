"""The daemon from feed to mail and Slack: twenty feeds of four formats, a mail server, and Slack's own plugin.

One daemon runs through this file; each test publishes tokens of its own and counts them at the sinks.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.app import now
from monitor.model import Stage
from tests.e2e.world import KINDS, NewsFeed, Program, Story, Web, elapsed, naming, service_yaml, wait_until
from tests.mailserver import SILENT, Mail, MailServer
from tests.servers import WireServer, drip
from tests.slackserver import WEBHOOK, Post, SlackServer
from tests.stores import draft

PROMISED_S = 5.0

RARE_EARTHS = "Beijing widens its controls on rare earth magnets."
TARIFF = "The November 1 tariff will be put off, officials said."
TOPICS = """
version: 1
defaults: {alert: {to: [me, team]}}
topics:
  - {id: rare-earth-controls, name: Rare-earth controls, match: '"rare earth" NEAR/12 control'}
  - the November 1 tariff
"""


@dataclass
class World:
    """The daemon's surroundings, and what has come out of it."""

    web: Web
    mail: MailServer
    slack: SlackServer
    program: Program

    def mails(self, token: str) -> list[Mail]:
        return naming(self.mail.received, token)

    def posts(self, token: str) -> list[Post]:
        return [post for post in self.slack.taken if token in post.words]

    def wait_for_mail(self, token: str) -> float:
        """Wait for the mail that names a token; returns when it was seen here, at the latest."""
        self.program.wait(f"the mail of {token}", lambda: self.mails(token))
        return elapsed()

    def wait_for_post(self, token: str) -> float:
        self.program.wait(f"the Slack message of {token}", lambda: self.posts(token))
        return elapsed()

    def settle(self, feed: NewsFeed, token: str) -> None:
        """Publish one more entry and wait for its messages: what was to come of earlier ones has come by then."""
        feed.publish(Story(token, RARE_EARTHS))
        self.wait_for_mail(token)
        self.wait_for_post(token)
        self.program.wait("nothing is left to do", self.program.is_idle)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("daemon")
    with ExitStack() as stack:
        web = stack.enter_context(Web(hosts=4))
        mail = stack.enter_context(MailServer())
        slack = stack.enter_context(SlackServer(folder))
        for number in range(20):
            feed = web.feed(f"feed{number}", KINDS[number % 4 if number < 16 else number % 3])
            feed.add_old(Story(f"History{number}", RARE_EARTHS))
        program = Program(folder, slack.environment() | {"SLACK_WEBHOOK": WEBHOOK})
        stack.callback(program.close)
        program.write(
            "monitor.yaml", service_yaml(web.ports, mail, channels='  team: {slack: {webhook: "env:SLACK_WEBHOOK"}}')
        )
        program.write("feeds.yaml", web.feeds_yaml())
        program.write("watchlist.yaml", TOPICS)
        program.start_daemon()
        yield World(web, mail, slack, program)


@pytest.fixture
def program(world: World) -> Program:
    return world.program


def test_the_first_poll_alerts_nobody_and_the_operator_hears_what_came(world: World) -> None:
    def summed() -> tuple[int, int, int]:
        found = [
            re.search(r"First import of (\d+) feeds?: (\d+) entries, (\d+) on your topics", subject)
            for subject in subjects()
        ]
        return tuple(map(sum, zip(*(map(int, one.groups()) for one in found if one), strict=True))) or (0, 0, 0)  # type: ignore[return-value]

    def subjects() -> list[str]:
        return [str(mail.message["Subject"]) for mail in world.mail.received]

    world.program.wait("the summaries of all feeds", lambda: summed()[0] >= 20)

    assert summed() == (20, 40, 20)
    assert world.mails("History") == []
    assert world.posts("History") == []


@pytest.mark.parametrize("number", range(4), ids=KINDS)
def test_an_entry_is_in_the_mailbox_and_in_slack_within_five_seconds_of_its_poll(world: World, number: int) -> None:
    feed, token = world.web.feeds[number + 8], f"Quick{number}"
    link = feed.publish(Story(token, RARE_EARTHS, title="Report of the day"))
    mailed_at, posted_at = world.wait_for_mail(token), world.wait_for_post(token)

    told_at = feed.told_at(token)
    assert told_at is not None
    assert mailed_at - told_at <= PROMISED_S
    assert posted_at - told_at <= PROMISED_S
    (mail,), (post,) = world.mails(token), world.posts(token)
    for text in (mail.part("plain"), post.words):
        assert "controls on rare earth magnets" in text.replace("*", "")
        assert link in text


def test_the_same_entry_in_three_feeds_is_one_message(world: World) -> None:
    first, second, third = world.web.feeds[1:4]
    story = Story("Thrice", RARE_EARTHS)
    link = first.publish(story)
    second.publish(story, link)
    third.publish(story, link)
    world.program.wait("all three were read", lambda: all(feed.told_at("Thrice") for feed in (first, second, third)))
    world.settle(world.web.feeds[4], "Marker1")

    assert (len(world.mails("Thrice")), len(world.posts("Thrice"))) == (1, 1)


def test_an_article_on_two_topics_is_one_message_that_names_both(world: World) -> None:
    world.web.feeds[5].publish(Story("Twofold", f"{RARE_EARTHS} {TARIFF}", title="Report of the day"))
    world.wait_for_mail("Twofold")
    world.wait_for_post("Twofold")
    world.settle(world.web.feeds[6], "Marker2")

    (mail,), (post,) = world.mails("Twofold"), world.posts("Twofold")
    for text in (str(mail.message["Subject"]), mail.part("plain"), mail.part("html"), post.words):
        assert "Rare-earth controls" in text
        assert "the November 1 tariff" in text


def test_an_edit_is_no_news(world: World) -> None:
    feed = world.web.feeds[7]
    link = feed.publish(Story("Edited", RARE_EARTHS))
    world.wait_for_mail("Edited")
    world.wait_for_post("Edited")
    feed.edit(Story("Edited", f"{RARE_EARTHS} The ministry has said so again.", title="Corrected report"))
    path = link.removeprefix(feed.server.url(""))
    world.program.wait("the page was read again", lambda: feed.server.paths.count(path) >= 2)
    world.settle(feed, "Marker3")

    assert (len(world.mails("Edited")), len(world.posts("Edited"))) == (1, 1)
    with world.program.store() as store:
        article = store.find_article(link)
    assert article is not None
    assert (article.revision, article.stage) == (1, Stage.DONE)


def test_a_restart_repeats_nothing_and_asks_for_changes_only(world: World) -> None:
    world.settle(world.web.feeds[9], "Marker4")
    before = [mail.message_id for mail in world.mail.received], len(world.slack.taken)
    seconds = world.program.stop(world.program.processes[-1])
    polled = {feed.url: len(feed.polls()) for feed in world.web.feeds}
    world.program.start_daemon()
    world.program.wait(
        "each feed was polled", lambda: all(len(feed.polls()) > polled[feed.url] for feed in world.web.feeds)
    )
    world.settle(world.web.feeds[10], "Marker5")

    assert seconds < 10
    new = [mail for mail in world.mail.received if mail.message_id not in before[0]]
    assert new == world.mails("Marker5")
    assert len(world.mail.received) == len(before[0]) + 1
    assert len(world.slack.taken) == before[1] + 1
    first_answers = {feed.polls()[polled[feed.url]].status for feed in world.web.feeds if feed.has_etag}
    assert first_answers <= {304, 200}
    assert 304 in first_answers


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[tuple[Program, WireServer]]:
    """A program whose fifty feeds never come to an end."""
    start = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 100000\r\n\r\n<rss>"
    with WireServer(drip(start)) as server, MailServer() as mail:
        program = Program(tmp_path)
        program.write("monitor.yaml", service_yaml([server.port], mail))
        program.write("feeds.yaml", "feeds:\n" + "".join(f"  - {server.url(f'/{n}.rss')}\n" for n in range(50)))
        program.write("watchlist.yaml", TOPICS.replace("[me, team]", "[me]"))
        yield program, server
        program.close()


def from_the_system(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)


def by_ctrl_c(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGINT)  # a terminal tells the whole group, workers too


@pytest.mark.parametrize("end", [from_the_system, by_ctrl_c])
def test_it_ends_at_once_while_fifty_feeds_never_do(
    slow: tuple[Program, WireServer], end: Callable[[subprocess.Popen[bytes]], None]
) -> None:
    program, server = slow
    daemon = program.start_daemon()
    program.wait("all fifty are open", lambda: server.connections >= 50)
    since = elapsed()
    end(daemon)

    assert program.ended(daemon, within_s=30) == 0, program.tail()
    assert elapsed() - since < 10
    assert "Traceback" not in program.log()
    wait_until("its workers have ended", lambda: not program.leftovers())


def test_a_mail_server_that_never_answers_holds_up_no_other(tmp_path: Path) -> None:
    with Web() as web, MailServer() as dead, MailServer() as good:
        feed, program = web.feed("news"), Program(tmp_path)
        team = f"{{host: 127.0.0.1, port: {good.port}, security: none, from: m@example.org, to: [team@example.org]}}"
        program.write("monitor.yaml", service_yaml(web.ports, dead, channels=f"  team: {{mail: {team}}}"))
        program.write("feeds.yaml", f"feeds: [{{url: '{feed.url}', backfill: silent}}]\n")
        program.write("watchlist.yaml", TOPICS.replace("[me, team]", "[team]"))
        dead.answer("MAIL", *[SILENT] * 1000)
        waiting = [draft(f"first:1:{n}:me", recipient="me/me@example.org", story_id=n) for n in range(100)]
        try:
            program.run("db", "upgrade")
            with program.store() as store:
                assert store.put_outbox(waiting, now()) == 100
            daemon = program.start_daemon()
            program.wait("the silent first poll", lambda: "feed polled" in program.log())
            program.wait("the other server is waited for", dead.is_silent.is_set)
            feed.publish(Story("Unhindered", RARE_EARTHS))
            program.wait("the mail", lambda: naming(good.received, "Unhindered"))
            mailed_at, told_at = elapsed(), feed.told_at("Unhindered")
            assert told_at is not None
            assert mailed_at - told_at <= PROMISED_S
            program.stop(daemon)
        finally:
            print(program.tail())
            program.close()


def test_it_ends_at_once_while_the_mail_server_never_answers_and_sends_at_the_next_start(tmp_path: Path) -> None:
    with Web() as web, MailServer() as mail:
        feed, program = web.feed("news"), Program(tmp_path)
        program.write("monitor.yaml", service_yaml(web.ports, mail))
        program.write("feeds.yaml", f"feeds: [{{url: '{feed.url}', backfill: silent}}]\n")
        program.write("watchlist.yaml", TOPICS.replace("[me, team]", "[me]"))
        try:
            daemon = program.start_daemon()
            program.wait("the silent first poll", lambda: "feed polled" in program.log())
            mail.answer("MAIL", SILENT)
            feed.publish(Story("Patient", RARE_EARTHS))
            program.wait("it is being sent", mail.is_silent.is_set)
            assert program.stop(daemon) < 10
            assert naming(mail.received, "Patient") == []

            daemon = program.start_daemon()
            program.wait("the mail", lambda: naming(mail.received, "Patient"))
            program.stop(daemon)
            assert len(naming(mail.received, "Patient")) == 1
        finally:
            print(program.tail())
            program.close()
