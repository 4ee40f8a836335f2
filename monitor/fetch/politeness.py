"""Whose turn it is: few requests to a host at once, a gap between their starts, first come first served.

A host is known by several keys, its registered domain first, then its address; a turn is taken in the line of each.
One address may stand for thousands of sites (a CDN): as many connections as to a domain, but a tenth of the gap.
Feeds and pages wait in the same lines. Who was told to come later is held back, and all others at that domain with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

_HOLD_S = 30.0
_MAX_HOLD_S = 3_600.0
_LONGEST_S = 86_400.0
_KEPT_HOLDS = 4_096
_ADDRESS_GAP = 0.1


class HeldBack(Exception):
    """Nobody may ask now: the domain wants to be left alone for `seconds` more."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait for {seconds:.0f} s")
        self.seconds = seconds


class HostTurns:
    """Hands out turns.

    Args:
        host_connections: how many turns of one key there are at once, from 1.
        host_gap_s: least seconds between the starts of two turns of one domain; of one address, a tenth of that.
        total: how many turns there are at once over all keys, but for slow ones.
        slow: how many turns may last longer than `slow_after_s` seconds beside those; what is slow takes no place from
            what is not.
    """

    def __init__(
        self, *, host_connections: int, host_gap_s: float, total: int = 64, slow: int = 512, slow_after_s: float = 2.0
    ) -> None:
        self._host_connections = host_connections
        self._host_gap_s = host_gap_s
        self._total = asyncio.Semaphore(total)
        self._slow_left = slow
        self._slow_after_s = slow_after_s
        self._lines: dict[str, _Line] = {}
        self._holds: dict[str, _Hold] = {}

    @property
    def known_hosts(self) -> int:
        """How many keys are remembered: those with someone in line, and those whose gap is not over."""
        return len(self._lines)

    def hold_back(self, key: str, retry_after_s: float | None) -> None:
        """Let nobody ask by this key for as long as the host said, at least for 30 s, then 60 s, … up to an hour."""
        before = self._holds.pop(key, _Hold())
        own_s = min(_HOLD_S * 2.0 ** min(before.times, 10), _MAX_HOLD_S)
        until = asyncio.get_running_loop().time() + min(max(retry_after_s or 0.0, own_s), _LONGEST_S)
        if len(self._holds) >= _KEPT_HOLDS:
            del self._holds[next(iter(self._holds))]
        self._holds[key] = _Hold(until=max(until, before.until), times=before.times + 1)

    def release(self, key: str) -> None:
        """Forget that a host asked to wait: it answers again."""
        hold = self._holds.get(key)
        if hold is not None and hold.until <= asyncio.get_running_loop().time():
            del self._holds[key]

    @asynccontextmanager
    async def turn(self, *keys: str, patience_s: float = 0.0) -> AsyncIterator[None]:
        """Wait for a turn by all these keys and hold it for the length of the block.

        Raises:
            HeldBack: one of them is held back for longer than `patience_s`.
        """
        await self._sit_out(keys, patience_s)
        lines = {key: self._lines.setdefault(key, _Line(self._host_connections)) for key in keys}
        for line in lines.values():
            line.in_line += 1
        try:
            async with AsyncExitStack() as places:
                await self._start(lines, places, patience_s)
                async with self._one_of_all():
                    yield
        finally:
            for key, line in lines.items():
                line.in_line -= 1
                self._forget_later(key, line)

    async def _start(self, lines: dict[str, _Line], places: AsyncExitStack, patience_s: float) -> None:
        """Stand in one line after the other, and last for a place among all.

        Who waits for its domain takes no place from others at its address, and a crowd before one slow host holds up
        nobody else.
        """
        async with AsyncExitStack() as doors:
            for line in lines.values():
                await places.enter_async_context(line.places)
                await doors.enter_async_context(line.door)
                await _sleep_until(line.next_start)
            await self._sit_out(tuple(lines), patience_s)
            await self._total.acquire()
            gap_s = self._host_gap_s
            for line in lines.values():
                line.next_start = asyncio.get_running_loop().time() + gap_s
                gap_s = self._host_gap_s * _ADDRESS_GAP

    @asynccontextmanager
    async def _one_of_all(self) -> AsyncIterator[None]:
        """Hold the place among all, and give it back when it is over, or when it lasts."""
        is_slow = False

        def give_back() -> None:
            nonlocal is_slow
            if self._slow_left > 0:
                is_slow = True
                self._slow_left -= 1
                self._total.release()

        timer = asyncio.get_running_loop().call_later(self._slow_after_s, give_back)
        try:
            yield
        finally:
            timer.cancel()
            if is_slow:
                self._slow_left += 1
            else:
                self._total.release()

    async def _sit_out(self, keys: tuple[str, ...], patience_s: float) -> None:
        until = max((self._holds[key].until for key in keys if key in self._holds), default=0.0)
        left_s = until - asyncio.get_running_loop().time()
        if left_s > patience_s:
            raise HeldBack(left_s)
        await _sleep_until(until)

    def _forget_later(self, key: str, line: _Line) -> None:
        if line.in_line == 0:
            asyncio.get_running_loop().call_at(line.next_start, self._forget, key, line)

    def _forget(self, key: str, line: _Line) -> None:
        is_over = asyncio.get_running_loop().time() >= line.next_start
        if line.in_line == 0 and is_over and self._lines.get(key) is line:
            del self._lines[key]


class _Line:
    """The line before one key: `places` to be served at, one `door` to them, `in_line` who waits or is served."""

    def __init__(self, connections: int) -> None:
        self.places = asyncio.Semaphore(connections)
        self.door = asyncio.Lock()
        self.next_start = 0.0
        self.in_line = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hold:
    """Until when a key is held back, by the loop's clock, and how many times in a row."""

    until: float = 0.0
    times: int = 0


async def _sleep_until(moment: float) -> None:
    wait_s = moment - asyncio.get_running_loop().time()
    if wait_s > 0:
        await asyncio.sleep(wait_s)
