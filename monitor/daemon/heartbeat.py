"""Asks an address at intervals, while all is well: whoever serves it raises the alarm when nobody asks any more.

It is the one alarm that also works when the machine is off.
"""

from __future__ import annotations

import asyncio

from monitor import app as program
from monitor.app import App, now
from monitor.log import Log
from monitor.model import FetchRequest
from monitor.ports import Fetcher

_log = Log(__name__)

_NOTE = "heartbeat"
_TIMEOUT_S = 10.0
_MAX_BYTES = 100_000


class Heartbeat:
    """Beats for a running program. `next_s` is when the address is asked next, as the running loop counts seconds."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._fetcher: Fetcher | None = None
        self.next_s = 0.0
        self._error = ""

    @property
    def is_due(self) -> bool:
        """True if there is an address, and its interval is over."""
        return self._app.config.settings.heartbeat is not None and asyncio.get_running_loop().time() >= self.next_s

    async def beat(self) -> None:
        """Ask the address, if the store can be written. A failure is logged once, until it is over.

        Raises:
            StoreError: the store cannot be written; nothing was asked.
        """
        service = self._app.config.settings
        if service.heartbeat is None:
            return
        await asyncio.to_thread(self._app.store.note, _NOTE, now().isoformat())
        self.next_s = asyncio.get_running_loop().time() + service.heartbeat.every_s
        self._fetcher = self._fetcher or program.new_heartbeat_fetcher(service)
        request = FetchRequest(
            url=service.heartbeat.url,
            timeout_s=_TIMEOUT_S,
            max_raw_bytes=_MAX_BYTES,
            max_decoded_bytes=_MAX_BYTES,
        )
        result = await self._fetcher.fetch(request)
        self._tell(str(result.error) if result.error else "")

    async def close(self) -> None:
        """Let go of its connections."""
        if self._fetcher is not None:
            await self._fetcher.close()

    def _tell(self, error: str) -> None:
        if error and not self._error:
            _log.warning("the heartbeat's address does not answer, it is asked on", error=error)
        elif self._error and not error:
            _log.info("the heartbeat's address answers again")
        self._error = error
