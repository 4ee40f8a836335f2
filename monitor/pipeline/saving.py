"""Saves polls in groups: each waits for its commit, and those that end meanwhile share the next.

A commit and a change of threads cost as much as all else of a poll that finds nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from monitor.model import PollSaved
from monitor.ports import Poll, Store

_GROUP = 64
_GATHER_S = 0.02


class PollSaver:
    """Hands polls to a store, from one event loop. `expect` counts the polls under way: a lone one is saved at once."""

    def __init__(self) -> None:
        self._under_way = 0
        self._waiting: list[tuple[Poll, asyncio.Future[PollSaved]]] = []
        self._task: asyncio.Task[None] | None = None

    def expect(self) -> None:
        """Note that a poll began that will be saved, or given up by `forget`."""
        self._under_way += 1

    def forget(self) -> None:
        """Note that a poll is over."""
        self._under_way -= 1

    async def save(self, store: Store, poll: Poll) -> PollSaved:
        """Save a poll; returns when it is committed.

        Raises:
            StoreError: it could not be written; others of its group are saved all the same.
        """
        future: asyncio.Future[PollSaved] = asyncio.get_running_loop().create_future()
        self._waiting.append((poll, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(store))
        return await future

    async def _work(self, store: Store) -> None:
        while self._waiting:
            if self._under_way > len(self._waiting) < _GROUP:
                await asyncio.sleep(_GATHER_S)
            group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
            await _save(store, group)


async def _save(store: Store, group: Sequence[tuple[Poll, asyncio.Future[PollSaved]]]) -> None:
    try:
        results = await asyncio.to_thread(store.save_polls, [poll for poll, _ in group])
    except Exception as error:  # noqa: BLE001  # whatever it is belongs to the poll that waits for it
        if len(group) > 1:
            for one in group:
                await _save(store, [one])
        elif not group[0][1].done():
            group[0][1].set_exception(error)
        return
    for (_, future), saved in zip(group, results, strict=True):
        if not future.done():
            future.set_result(saved)
