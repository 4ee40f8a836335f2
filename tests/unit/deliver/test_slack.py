"""Slack: what it is sent, what it answers, and threads, through a server on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.deliver import ChannelSender
from monitor.model import ChannelSettings, Delivery, Message, Settings, SlackSettings
from tests.slackserver import WEBHOOK, Answer, SlackServer

TOKEN = "xoxb-1234-5678-S3CRETS3CRET"
HOOK = ChannelSettings(name="team", slack=SlackSettings(webhook=WEBHOOK), recipients=("team",))
BOT = replace(HOOK, slack=SlackSettings(token=TOKEN, to="#trade"))
HOSTILE = "<!channel> <@U123> <http://evil.test|bank> & *bold* `code`"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "words"}}
MESSAGE = Message(id="alert-1", recipient="team", subject=f"Topic: {HOSTILE}", text="words", html="", blocks=(SECTION,))


@pytest.fixture
def slack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServer]:
    with SlackServer(tmp_path) as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


def send(channel: ChannelSettings, message: Message = MESSAGE) -> Delivery:
    return asyncio.run(ChannelSender(Settings(channels=(channel,))).send(message))


@pytest.mark.parametrize(
    "channel", [HOOK, replace(HOOK, slack=None, url=f"slack://{WEBHOOK.partition('services/')[2]}")]
)
def test_a_webhook_gets_blocks_and_a_line_for_the_notification(slack: SlackServer, channel: ChannelSettings) -> None:
    assert send(channel) == Delivery()
    (post,) = slack.received
    assert (post.host, post.path) == ("hooks.slack.com", WEBHOOK.partition("slack.com")[2])
    assert post.payload["blocks"] == [SECTION]
    assert post.payload["text"] == (
        "Topic: &lt;!channel&gt; &lt;@U123&gt; &lt;http://evil.test|bank&gt; &amp; ∗bold∗ ˋcodeˋ"
    )
    assert "channel" not in post.payload


@pytest.mark.parametrize("channel", [BOT, replace(HOOK, slack=None, url=f"slack://{TOKEN}/trade")])
def test_a_bot_names_its_channel_and_tells_what_a_thread_needs(slack: SlackServer, channel: ChannelSettings) -> None:
    first = send(channel)
    assert first == Delivery(thread="1761220800.000001")
    assert send(channel, replace(MESSAGE, thread=first.thread)) == Delivery(thread=first.thread)
    start, below = slack.received
    assert (start.host, start.path) == ("slack.com", "/api/chat.postMessage")
    assert start.payload["channel"] == "#trade"
    assert "thread_ts" not in start.payload
    assert below.payload["thread_ts"] == first.thread
    assert below.payload["reply_broadcast"] is True


def test_a_message_of_many_blocks_goes_in_parts_the_later_below_the_first(slack: SlackServer) -> None:
    blocks = tuple({"type": "section", "text": {"type": "mrkdwn", "text": str(number)}} for number in range(51))
    assert send(BOT, replace(MESSAGE, blocks=blocks)).thread == "1761220800.000001"
    first, second = slack.received
    assert [len(post.payload["blocks"]) for post in (first, second)] == [50, 1]
    assert second.payload["thread_ts"] == "1761220800.000001"
    assert second.payload["reply_broadcast"] is False


@pytest.mark.parametrize(
    ("word", "hint", "is_permanent"),
    [
        ("channel_not_found", "check the channel's name", True),
        ("not_in_channel", "/invite", True),
        ("missing_scope", "chat:write", True),
        ("ratelimited", "tried again", False),
        ("some_new_word", "some_new_word", True),
    ],
)
def test_a_refusal_of_a_bot_is_told_in_words(slack: SlackServer, word: str, hint: str, is_permanent: bool) -> None:
    slack.answer(Answer(body=json.dumps({"ok": False, "error": word}).encode()))
    delivery = send(BOT)
    assert delivery.error == f"Slack refused the message: {word}"
    assert hint in delivery.hint
    assert delivery.is_permanent is is_permanent


@pytest.mark.parametrize("body", [b"[1]", b"<html>", b'{"ok": "yes"}', b"\xff", b""])
def test_what_is_no_yes_of_slack_is_not_taken_for_one(slack: SlackServer, body: bytes) -> None:
    slack.answer(Answer(body=body))
    assert send(BOT).error.startswith("Slack answered 200")


def test_no_error_shows_the_token(slack: SlackServer) -> None:
    slack.answer(Answer(403, {}, f"bad {TOKEN}".encode()))
    assert send(BOT).error == "Slack answered 403 Forbidden: bad ***"
    assert TOKEN not in repr(BOT)
