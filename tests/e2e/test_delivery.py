"""What servers do to messages, from the outbox to its end: each is sent or dead, with a reason a person understands.

The store, the channels and the servers are real; time is injected, so that a day of tries takes a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import storage
from monitor.deliver import ChannelSender
from monitor.match import compile_watchlist
from monitor.model import (
    ChannelSettings,
    Delivery,
    DeliverySettings,
    MailSettings,
    Message,
    OutboxRow,
    OutboxState,
    Settings,
    SlackSettings,
    WatchlistSpec,
)
from monitor.pipeline import Context, Watch, deliver
from monitor.ports import Store
from tests.fakes import FakeClock, FakeFetcher, FakeSandbox
from tests.mailserver import DROP, SILENT, MailServer
from tests.slackserver import WEBHOOK, Answer, SlackServer
from tests.stores import draft

WEB_PAGE = Answer(502, {"Content-Type": "text/html"}, b"<html><body>Oops</body></html>")
ASKED_S = 90.0


def mail_to(name: str, port: int, **options: str) -> ChannelSettings:
    address = f"{name}@example.org"
    fields = {"security": "none"} | options
    mail = MailSettings(host="127.0.0.1", port=port, sender="monitor@example.org", to=(address,), **fields)
    return ChannelSettings(name=name, mail=mail, recipients=(f"{name}/{address}",))


@dataclass
class Ordered:
    """A sender that remembers in which order tries ended."""

    inner: ChannelSender
    ended: list[tuple[str, bool]] = field(default_factory=list)

    async def send(self, message: Message) -> Delivery:
        delivery = await self.inner.send(message)
        self.ended.append((message.recipient.partition("/")[0], delivery.is_sent))
        return delivery


@dataclass
class World:
    """A channel `bad` in trouble and a channel `good` beside it, which is the operator's too."""

    store: Store
    clock: FakeClock
    context: Context
    sender: Ordered
    mail: MailServer
    good: MailServer
    slack: SlackServer
    tries: list[datetime] = field(default_factory=list)

    def put(self, *, bad: int = 1) -> None:
        recipient = self.context.watch.settings.channels[0].recipients[0]
        rows = [draft(f"first:1:{n}:bad", recipient=recipient, topic_no=1, story_id=n) for n in range(1, bad + 1)]
        rows.append(draft("first:1:1:good", recipient="good/good@example.org", topic_no=1, story_id=1))
        assert self.store.put_outbox(rows, self.clock()) == bad + 1

    def deliver(self) -> None:
        """Send all that is due, once."""
        groups = self.store.claim_messages(self.clock(), limit=50, lease_s=60, per_channel=4)
        asyncio.run(deliver(self.context, groups))

    def rows(self, state: OutboxState | None = None) -> list[OutboxRow]:
        return [row for row in self.store.outbox(state=state, limit=None) if row.recipient.startswith("bad")]

    def end(self) -> OutboxRow:
        """Let time pass from try to try until the one alert to `bad` has come to its end."""
        for _ in range(300):
            (row,) = self.rows()
            if row.state is not OutboxState.PENDING:
                return row
            self.clock.moment = max(self.clock(), row.next_at)
            self.tries.append(self.clock())
            self.deliver()
        raise AssertionError("it goes on for ever")

    def waits_s(self) -> list[float]:
        """Return the seconds between the tries."""
        return [(later - sooner).total_seconds() for sooner, later in zip(self.tries, self.tries[1:], strict=False)]

    def told(self) -> str:
        """Return what the operator was told."""
        return "\n".join(mail.part("plain") for mail in self.good.received)


Make = Callable[..., World]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Make a world from how its `bad` channel is reached."""
    with ExitStack() as stack:
        mail, good = stack.enter_context(MailServer()), stack.enter_context(MailServer())
        slack = stack.enter_context(SlackServer(tmp_path))
        for name, value in slack.environment().items():
            monkeypatch.setenv(name, value)

        def world(bad: ChannelSettings, *, give_up_s: float = 60, timeout_s: float = 20) -> World:
            clock = FakeClock()
            settings = Settings(
                channels=(bad, mail_to("good", good.port)),
                operator=("good",),
                delivery=DeliverySettings(give_up_s=give_up_s),
            )
            store = storage.open_store("sqlite:///monitor.db", state=tmp_path / "state", clock=clock)
            stack.callback(store.close)
            sender = Ordered(ChannelSender(settings, timeout_s=timeout_s, clock=lambda: clock().timestamp()))
            watchlist, _ = compile_watchlist(WatchlistSpec())
            context = Context(
                store=store,
                fetcher=FakeFetcher(),
                sandbox=FakeSandbox(),
                sender=sender,
                clock=clock,
                jitter=lambda: 0.0,
                watch=Watch(settings=settings, watchlist=watchlist, numbers={}, rules={}),
            )
            return World(store, clock, context, sender, mail, good, slack)

        world.mail, world.slack = mail, slack  # type: ignore[attr-defined]
        yield world


def by_mail(make: Make, *, give_up_s: float = 60, **options: str) -> World:
    return make(mail_to("bad", make.mail.port, **options), give_up_s=give_up_s)  # type: ignore[attr-defined]


def by_slack(make: Make) -> World:
    return make(ChannelSettings(name="bad", slack=SlackSettings(webhook=WEBHOOK), recipients=("bad",)))


@pytest.mark.parametrize(
    ("step", "answers", "taken"),
    [
        ("RCPT", ("450 4.2.0 greylisted, come back in five minutes",) * 3, 1),
        ("MAIL", ("451 4.3.0 the disk is full",), 1),
        ("CONNECT", ("421 4.7.0 too busy", DROP), 1),
        ("DATA", (DROP, DROP), 3),  # the server had it each time, and cannot say so
    ],
)
def test_a_mail_server_in_trouble_gets_the_message_in_the_end_under_one_id(
    make: Make, step: str, answers: Sequence[str], taken: int
) -> None:
    world = by_mail(make, give_up_s=3_600)
    world.mail.answer(step, *answers)
    world.put()

    row = world.end()

    assert (row.state, row.attempts) == (OutboxState.SENT, len(answers) + 1)
    assert world.waits_s() == [30.0 * 2**n for n in range(len(answers))]
    assert len(world.mail.received) == taken
    assert len({mail.message_id for mail in world.mail.received}) == 1
    assert [mail.recipients for mail in world.good.received] == [("good@example.org",)]


def test_slack_is_asked_again_no_sooner_than_it_wishes_by_no_message_of_the_channel(make: Make) -> None:
    world = by_slack(make)
    world.slack.answer(Answer(429, {"Retry-After": f"{ASKED_S:.0f}"}, b"rate_limited"))
    world.put(bad=3)
    start = world.clock()
    world.deliver()
    world.deliver()
    assert len(world.slack.received) == 1, "the others wait with it"
    assert len(world.good.received) == 1
    assert {row.next_at for row in world.rows()} == {start + timedelta(seconds=ASKED_S)}

    world.clock.advance(seconds=ASKED_S)
    for _ in range(2):
        world.deliver()
    assert {row.state for row in world.rows()} == {OutboxState.SENT}
    assert len(world.slack.taken) == 3


MAIL_REASONS = {
    ("RCPT", "550 5.1.1 no such user"): "refused the recipient bad@example.org: 550 5.1.1 no such user",
    ("DATA", "554 5.7.1 looks like spam"): "refused the message: 554 5.7.1 looks like spam",
    ("CONNECT", "554 5.7.1 not from there"): "refused the connection: 554 5.7.1 not from there",
    ("MAIL", "451 4.3.0 for ever"): "refused the sender monitor@example.org: 451 4.3.0 for ever",
}


@pytest.mark.parametrize(("step", "answer"), MAIL_REASONS)
def test_what_a_mail_server_never_takes_ends_with_its_words(make: Make, step: str, answer: str) -> None:
    world = by_mail(make)
    world.mail.answer(step, *[answer] * 20)
    world.put()
    assert_dead(world, f"127.0.0.1:{world.mail.port} {MAIL_REASONS[step, answer]}")


def test_a_mail_server_without_the_encryption_asked_for_ends_with_what_it_lacks(make: Make) -> None:
    world = by_mail(make, security="starttls")
    world.put()
    assert_dead(world, f"127.0.0.1:{world.mail.port} offers no STARTTLS")


def test_a_mail_server_whose_certificate_nobody_trusts_is_named(make: Make) -> None:
    world = by_slack(make)
    with MailServer(tls=world.slack.tls, from_the_start=True) as server:
        settings = world.context.watch.settings
        bad = mail_to("bad", server.port, security="tls")
        settings = Settings(channels=(bad, settings.channels[1]), operator=("good",), delivery=settings.delivery)
        world.context.watch = Watch(settings=settings, watchlist=world.context.watch.watchlist, numbers={}, rules={})
        world.sender.inner = ChannelSender(settings, clock=lambda: world.clock().timestamp())
        world.put()
        assert_dead(world, f"127.0.0.1:{server.port} has a certificate that is not trusted (TLS: ")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(404, {}, b"no_service"), "Slack answered 404 Not Found: no_service"),
        (Answer(410, {}, b"channel_is_archived"), "Slack answered 410 Gone: channel_is_archived"),
        (WEB_PAGE, "Slack answered 502 Bad Gateway with a web page"),
        (Answer(is_drop=True), "Slack (through the proxy) cut the connection"),
    ],
)
def test_what_slack_never_takes_ends_with_its_words(make: Make, answer: Answer, reason: str) -> None:
    world = by_slack(make)
    world.slack.answer(*[answer] * 20)
    world.put()
    assert_dead(world, reason)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("json://no-such-host.invalid/in", "JSON has no address (DNS)"),
        ("json://127.0.0.1:1/in", "JSON refused the connection"),
    ],
)
def test_a_service_that_is_gone_ends_with_why(make: Make, url: str, reason: str) -> None:
    world = make(ChannelSettings(name="bad", url=url, recipients=("bad",)))
    world.put()
    assert_dead(world, reason)


def assert_dead(world: World, reason: str) -> None:
    """Let the alert to `bad` come to its end: given up, with its reason for a person, and a word to the operator."""
    row = world.end()
    assert row.state is OutboxState.DEAD
    assert row.error.startswith(reason), row.error
    assert row.error.endswith(")"), "what to do about it is there, too"
    assert world.waits_s() == [30.0, 60.0]
    assert world.sender.ended[:2].count(("good", True)) == 1, "the other channel has it at the first try"
    world.deliver()
    assert reason in world.told()
    assert f"monitor alerts retry {row.id}" in world.told()


def test_tries_back_off_to_an_hour_and_end_when_it_is_time_to_give_up(make: Make) -> None:
    world = make(mail_to("bad", make.mail.port), give_up_s=86_400)  # type: ignore[attr-defined]
    world.mail.answer("MAIL", *["451 4.3.0 for ever"] * 200)
    world.put()
    row = world.end()

    assert row.state is OutboxState.DEAD
    assert timedelta(days=1) <= world.tries[-1] - world.tries[0] <= timedelta(days=1, hours=1)
    assert world.waits_s()[:7] == [30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0]
    assert set(world.waits_s()[7:]) == {3600.0}
    world.deliver()
    subjects = [str(mail.message["Subject"]) for mail in world.good.received]
    assert sum("cannot be sent" in subject for subject in subjects) == 1
    assert sum("was given up" in subject for subject in subjects) == 1


def test_a_silent_server_is_waited_for_beside_the_others_and_gets_it_later(make: Make) -> None:
    world = make(mail_to("bad", make.mail.port), timeout_s=1.0)  # type: ignore[attr-defined]
    world.mail.answer("RCPT", SILENT)
    world.put()
    world.deliver()
    assert world.sender.ended == [("good", True), ("bad", False)]
    (row,) = world.rows()
    assert row.error == "channel bad did not finish in time (it is tried again; the server may be slow)"

    assert world.end().state is OutboxState.SENT
    assert len(world.mail.received) == 1
