"""Routes each message to its channel. Channels block, so each try has a thread of its own and an end.

Threads are daemons: a server that never answers holds up neither its neighbours nor the end of the program.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import TextIO

from monitor.deliver.attempt import Attempt, Channel
from monitor.deliver.channels import open_channel
from monitor.deliver.masking import mask_of, secrets_of
from monitor.log import Log, mask_secrets
from monitor.model import ChannelSettings, Delivery, Message, Settings

_MAX_WAITING = 40

_log = Log("monitor.deliver")


class ChannelSender:
    """Sends messages by the channels of the settings; implements `monitor.ports.Sender`.

    Args:
        settings: the channels, and the secrets to mask in all that is logged.
        output: where `console:` prints; None: standard output.
        timeout_s: the longest a try may take; up to two thirds of it may be waiting for a turn.
        clock: seconds by which channels rest.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        output: TextIO | None = None,
        timeout_s: float = 30.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        mask_secrets([*settings.secrets, *(secret for channel in settings.channels for secret in secrets_of(channel))])
        self._lanes = {channel.name: _Lane(channel, output, timeout_s, clock) for channel in settings.channels}
        self._timeout_s = timeout_s

    async def send(self, message: Message) -> Delivery:
        """Send one message to its one recipient. What goes wrong is in the answer, never raised."""
        name, _, address = message.recipient.partition("/")
        lane = self._lanes.get(name)
        if lane is None or not lane.has(message.recipient):
            return Delivery(
                error=f"no channel has the recipient {message.recipient}",
                hint="put it back into monitor.yaml, or drop the alert",
                is_permanent=True,
            )
        attempt = Attempt()
        try:
            async with asyncio.timeout(self._timeout_s):
                return await _in_thread(lambda: lane.send(message, address, attempt))
        except TimeoutError:
            return _late(name)
        finally:
            attempt.cut()


class _Lane:
    """A channel and the queue before it: opened at its first message, one or (mail) two messages at a time.

    After a slow failure it rests: what waits for a server that is down fails at once, and leaves room for others. It
    also rests as long as a service wants to be left alone: what was refused is not all that is too much.
    """

    def __init__(
        self, settings: ChannelSettings, output: TextIO | None, timeout_s: float, clock: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._output = output
        self._turn_s = timeout_s * 2 / 3
        self._slow_s = timeout_s / 6
        self._rest_s = timeout_s / 3
        self._clock = clock
        self._rests_until = 0.0
        self._asked_to_wait = False
        self._opening = threading.Lock()
        self._channel: Channel | None = None
        self._turns = threading.Semaphore(2 if settings.mail else 1)
        self._places = threading.Semaphore(_MAX_WAITING)

    def has(self, recipient: str) -> bool:
        """Return True if the channel sends to this recipient."""
        return recipient in (self._settings.name, *self._settings.recipients)

    def send(self, message: Message, address: str, attempt: Attempt) -> Delivery:
        """Wait for a turn, then send."""
        if not self._places.acquire(blocking=False):
            return self._busy()
        try:
            if not self._turns.acquire(timeout=self._turn_s):
                return self._busy()
            try:
                return self._send_or_rest(message, address, attempt)
            finally:
                self._turns.release()
        finally:
            self._places.release()

    def _send_or_rest(self, message: Message, address: str, attempt: Attempt) -> Delivery:
        left_s = self._rests_until - self._clock()
        if left_s > 0:
            return self._resting(left_s)
        started = monotonic()
        delivery = self._send(message, address, attempt)
        self._asked_to_wait = bool(delivery.retry_after_s)
        if delivery.retry_after_s:
            self._rests_until = self._clock() + delivery.retry_after_s
        elif not delivery.is_sent and monotonic() - started > self._slow_s:
            self._rests_until = self._clock() + self._rest_s
        return delivery

    def _resting(self, left_s: float) -> Delivery:
        name = self._settings.name
        if self._asked_to_wait:
            error, hint = f"channel {name} asked to be left alone a moment ago", "it is tried again when that is over"
            return Delivery(error=error, hint=hint, retry_after_s=left_s)
        return Delivery(
            error=f"channel {name} did not answer a moment ago", hint="it is tried again; the server may be down"
        )

    def _send(self, message: Message, address: str, attempt: Attempt) -> Delivery:
        name = self._settings.name
        try:
            attempt.hold()
            channel = self._open()
            if channel is not None:
                return channel.send(message, address, attempt)
        except TimeoutError:
            return _late(name)
        except Exception as bug:  # noqa: BLE001 - a plugin may raise anything; its neighbours go on
            words = mask_of(self._settings).show(f"{type(bug).__name__}: {bug}")
            _log.error("channel raised", channel=name, error=words)
            return Delivery(error=f"channel {name} failed: {words}", hint="this is a fault of the program: report it")
        hint = "run `monitor check`, and correct its address in monitor.yaml"
        return Delivery(
            error=f"the address of channel {name} is not one that Apprise knows", hint=hint, is_permanent=True
        )

    def _open(self) -> Channel | None:
        with self._opening:
            if self._channel is None:
                self._channel = open_channel(self._settings, self._output)
            return self._channel

    def _busy(self) -> Delivery:
        error = f"channel {self._settings.name} is busy with other messages"
        return Delivery(error=error, hint="it is tried again; the service sets the pace")


def _late(channel: str) -> Delivery:
    return Delivery(error=f"channel {channel} did not finish in time", hint="it is tried again; the server may be slow")


async def _in_thread(work: Callable[[], Delivery]) -> Delivery:
    loop = asyncio.get_running_loop()
    result: asyncio.Future[Delivery] = loop.create_future()

    def settle(delivery: Delivery) -> None:
        if not result.done():
            result.set_result(delivery)

    def run() -> None:
        delivery = work()
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, delivery)

    try:
        threading.Thread(target=run, name="deliver", daemon=True).start()
    except RuntimeError:
        return Delivery(error="this machine has no thread left to send by", hint="raise TasksMax or the process limit")
    return await result
