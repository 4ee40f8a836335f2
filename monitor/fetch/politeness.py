"""Whose turn it is: few requests to a host at once, a gap between their starts, first come first served.

A turn is taken by host name, whatever the port; feeds and pages wait in the same line.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class HostTurns:
    """Hands out turns.

    Args:
        host_connections: how many turns of one host there are at once, from 1.
        host_gap_s: least seconds between the starts of two turns of one host.
        total: how many turns there are at once over all hosts.
    """

    def __init__(self, *, host_connections: int, host_gap_s: float, total: int = 64) -> None:
        self._host_connections = host_connections
        self._host_gap_s = host_gap_s
        self._total = asyncio.Semaphore(total)
        self._hosts: dict[str, _Host] = {}

    @property
    def known_hosts(self) -> int:
        """How many hosts are remembered: those with someone in line, and those whose gap is not over."""
        return len(self._hosts)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at `host` and hold it for the length of the block."""
        line = self._hosts.setdefault(host, _Host(self._host_connections))
        line.in_line += 1
        try:
            async with line.places:
                # The place among all is taken last, so that a crowd before one slow host holds up nobody else.
                async with line.door:
                    await self._wait_for_gap(line)
                    await self._total.acquire()
                    line.next_start = asyncio.get_running_loop().time() + self._host_gap_s
                try:
                    yield
                finally:
                    self._total.release()
        finally:
            line.in_line -= 1
            self._forget_later(host, line)

    async def _wait_for_gap(self, line: _Host) -> None:
        wait_s = line.next_start - asyncio.get_running_loop().time()
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    def _forget_later(self, host: str, line: _Host) -> None:
        if line.in_line == 0:
            asyncio.get_running_loop().call_at(line.next_start, self._forget, host, line)

    def _forget(self, host: str, line: _Host) -> None:
        is_over = asyncio.get_running_loop().time() >= line.next_start
        if line.in_line == 0 and is_over and self._hosts.get(host) is line:
            del self._hosts[host]


class _Host:
    """The line before one host: `places` to be served at, one `door` to them, `in_line` who waits or is served."""

    def __init__(self, connections: int) -> None:
        self.places = asyncio.Semaphore(connections)
        self.door = asyncio.Lock()
        self.next_start = 0.0
        self.in_line = 0
