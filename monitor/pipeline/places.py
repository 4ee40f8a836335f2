"""How many polls are under way at once: what was fetched waits in memory to be read and stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")

_PLACES = 64
_SLOW_AFTER_S = 0.5


class Places:
    """Places for polls. One that waits for its server longer than `slow_after_s` gives its place to another."""

    def __init__(self, places: int = _PLACES, slow_after_s: float = _SLOW_AFTER_S) -> None:
        self._places = asyncio.Semaphore(places)
        self._slow_after_s = slow_after_s

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Place]:
        """Wait for a place and hold it for the length of the block."""
        await self._places.acquire()
        place = Place(self._places, self._slow_after_s)
        try:
            yield place
        finally:
            place.give_back()


class Place:
    """One place, held until it is given back."""

    def __init__(self, places: asyncio.Semaphore, slow_after_s: float) -> None:
        self._places = places
        self._slow_after_s = slow_after_s
        self._is_held = True

    async def wait_for(self, answer: Awaitable[T]) -> T:
        """Wait for a server's answer; for long, without the place."""
        timer = asyncio.get_running_loop().call_later(self._slow_after_s, self.give_back)
        try:
            return await answer
        finally:
            timer.cancel()

    def give_back(self) -> None:
        """Let another have the place."""
        if self._is_held:
            self._is_held = False
            self._places.release()
