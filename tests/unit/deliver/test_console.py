"""The console channel, and the sender around all channels."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable

import pytest

from monitor.deliver import ChannelSender
from monitor.model import ChannelSettings, Delivery, Message, Settings

DESK = ChannelSettings(name="desk", url="console:", recipients=("desk",))
MESSAGE = Message(id="alert-1", recipient="desk", subject="Topic: title", text="Line one\nLine 稀土\n", html="")


def send(output: io.TextIOBase | None, *messages: Message) -> list[Delivery]:
    sender = ChannelSender(Settings(channels=(DESK,)), output=output)  # type: ignore[arg-type]

    async def run() -> list[Delivery]:
        return await asyncio.gather(*map(sender.send, messages))

    return asyncio.run(run())


def test_the_console_prints_each_message_in_one_piece() -> None:
    output = io.StringIO()
    others = [
        Message(id=f"alert-{n}", recipient="desk", subject=f"s{n}", text=f"a{n}\nb{n}\n", html="") for n in range(9)
    ]
    assert send(output, MESSAGE, *others) == [Delivery()] * 10
    blocks = output.getvalue().split("─" * 72 + "\n")
    assert min(blocks[2::2]) == "Line one\nLine 稀土\n\n"
    assert all(f"a{n}\nb{n}\n\n" in blocks for n in range(9))


def test_the_console_is_standard_output_of_the_moment(capsys: pytest.CaptureFixture[str]) -> None:
    assert send(None, MESSAGE)[0].is_sent
    assert "Topic: title" in capsys.readouterr().out


def test_a_console_without_unicode_still_shows_the_message() -> None:
    raw = io.BytesIO()
    output = io.TextIOWrapper(raw, encoding="ascii")
    assert send(output, MESSAGE)[0].is_sent
    assert b"Line one\nLine ??" in raw.getvalue()


def closed() -> io.StringIO:
    output = io.StringIO()
    output.close()
    return output


class FullDisk(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("output", [closed, FullDisk])
def test_a_console_that_cannot_be_written_is_an_answer(output: Callable[[], io.StringIO]) -> None:
    (delivery,) = send(output(), MESSAGE)
    assert delivery.error.startswith("the console cannot be written: ")


def test_an_unknown_channel_is_an_answer() -> None:
    message = Message(id="alert-1", recipient="gone", subject="", text="", html="")
    (delivery,) = send(None, message)
    assert delivery.is_permanent
    assert delivery.error == "no channel has the recipient gone"
