"""What every sender promises: a message arrives whole, and what a server does is an answer, never an exception."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

import pytest

from monitor.alert import compose
from monitor.deliver import ChannelSender
from monitor.model import (
    AlertItem,
    ChannelSettings,
    Delivery,
    MailSettings,
    Message,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Settings,
    SlackSettings,
)
from monitor.ports import Sender
from tests.fakes import NOON, FakeSender
from tests.mailserver import MailServer
from tests.slackserver import WEBHOOK, Answer, SlackServer

MESSAGE = Message(id="alert-7", recipient="", subject="Topic: 中国 title", text="A *word* 稀土.\n", html="<p>word</p>")


@dataclass
class Way:
    """A sender with a recipient; `arrived` is what its sink has, a text each; `refuse` makes its next answer a no."""

    sender: Sender
    recipient: str
    arrived: Callable[[], list[str]]
    refuse: Callable[[], None]
    at_once: int = 5

    def send(self, message: Message) -> Delivery:
        return asyncio.run(self._send(message))

    def send_all(self, messages: list[Message]) -> list[Delivery]:
        async def run() -> list[Delivery]:
            return await asyncio.gather(*map(self._send, messages))

        return asyncio.run(run())

    async def _send(self, message: Message) -> Delivery:
        return await self.sender.send(replace(message, recipient=self.recipient))


def _channel(channel: ChannelSettings, **options: io.StringIO) -> ChannelSender:
    return ChannelSender(Settings(channels=(channel,)), **options)  # type: ignore[arg-type]


def fake_way(stack: ExitStack, folder: Path) -> Way:
    sender = FakeSender()

    def refuse() -> None:
        sender.answers["desk"] = Delivery(error="no")

    def arrived() -> list[str]:
        sender.answers.clear()
        return [f"{message.subject}\n{message.text}" for message in sender.sent]

    return Way(sender, "desk", arrived, refuse)


def console_way(stack: ExitStack, folder: Path) -> Way:
    class Paper(io.StringIO):
        is_out = False

        def write(self, text: str) -> int:
            if self.is_out:
                self.is_out = False
                raise OSError(28, "No space left on device")
            return super().write(text)

    paper = Paper()

    def arrived() -> list[str]:
        return [block for block in paper.getvalue().split("\n\n") if block]

    def refuse() -> None:
        paper.is_out = True

    channel = ChannelSettings(name="desk", url="console:", recipients=("desk",))
    return Way(_channel(channel, output=paper), "desk", arrived, refuse)


def _mail_way(server: MailServer, channel: ChannelSettings) -> Way:
    def arrived() -> list[str]:
        return [f"{mail.message['Subject']}\n{mail.part('plain')}" for mail in server.received]

    return Way(_channel(channel), channel.recipients[0], arrived, lambda: server.answer("DATA", "451 4.3.0 later"))


def mail_way(stack: ExitStack, folder: Path) -> Way:
    server = stack.enter_context(MailServer())
    mail = MailSettings(host="127.0.0.1", port=server.port, to=("a@b.org",), sender="m@b.org", security="none")
    return _mail_way(server, ChannelSettings(name="me", mail=mail, recipients=("me/a@b.org",)))


def mailto_way(stack: ExitStack, folder: Path) -> Way:
    server = stack.enter_context(MailServer())
    url = f"mailto://127.0.0.1:{server.port}/?from=m@b.org&to=a@b.org"
    return _mail_way(server, ChannelSettings(name="me", url=url, recipients=("me",)))


def slack_way(stack: ExitStack, folder: Path) -> Way:
    server = stack.enter_context(SlackServer(folder))
    environment = stack.enter_context(pytest.MonkeyPatch.context())
    for name, value in server.environment().items():
        environment.setenv(name, value)

    def arrived() -> list[str]:
        return [post.words.replace("\u2217", "*") for post in server.taken]

    channel = ChannelSettings(name="team", slack=SlackSettings(webhook=WEBHOOK), recipients=("team",))
    # Slack takes one message a second, and its channel keeps to that.
    return Way(_channel(channel), "team", arrived, lambda: server.answer(Answer(503)), at_once=1)


def json_way(stack: ExitStack, folder: Path) -> Way:
    server = stack.enter_context(SlackServer(folder))

    def arrived() -> list[str]:
        return [json.dumps(post.payload, ensure_ascii=False) for post in server.taken]

    channel = ChannelSettings(name="hook", url=f"json://127.0.0.1:{server.port}/", recipients=("hook",))
    return Way(_channel(channel), "hook", arrived, lambda: server.answer(Answer(503)))


@pytest.fixture(params=[fake_way, console_way, mail_way, mailto_way, slack_way, json_way])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    with ExitStack() as stack:
        yield request.param(stack, tmp_path)


def test_a_message_arrives_whole(way: Way) -> None:
    assert way.send(MESSAGE) == Delivery()
    (text,) = way.arrived()
    assert MESSAGE.subject in text
    assert MESSAGE.text.strip() in text


def test_a_refusal_is_an_answer_and_the_next_try_arrives(way: Way) -> None:
    way.refuse()
    delivery = way.send(MESSAGE)
    assert delivery.error
    assert not delivery.is_sent
    assert way.arrived() == []
    assert way.send(MESSAGE).is_sent
    assert len(way.arrived()) == 1


def test_messages_sent_at_once_each_arrive_once(way: Way) -> None:
    messages = [replace(MESSAGE, id=f"alert-{n}", text=f"token-{n}-\n") for n in range(way.at_once)]
    assert way.send_all(messages) == [Delivery()] * way.at_once
    arrived = way.arrived()
    assert len(arrived) == way.at_once
    assert all(sum(f"token-{n}-" in text for text in arrived) == 1 for n in range(way.at_once))


@pytest.mark.parametrize("title", ["x" * 5_000, "a\x00b\r\nBcc: c@d.e", "\ud800\u202e<!channel>", "😀" * 900])
def test_a_message_made_of_hostile_text_arrives(way: Way, title: str) -> None:
    row = OutboxRow(
        id=1,
        key="k",
        kind=OutboxKind.FIRST,
        recipient=way.recipient,
        item=AlertItem(topic="t", topic_name="Topic", title=title, note="the-token"),
        topic_no=1,
        story_id=1,
        article_id=1,
        state=OutboxState.PENDING,
        attempts=0,
        created_at=NOON,
        next_at=NOON,
    )
    assert way.send(compose([row], now=NOON, timezone=UTC)) == Delivery()
    assert sum("the-token" in text for text in way.arrived()) == 1
