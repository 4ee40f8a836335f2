"""Names to addresses by c-ares, in its own thread: a hundred dead names hold up no other look-up and no exit.

`/etc/hosts` and `localhost` are known to it. Answers are kept as long as their records say; failures half a minute.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

import aiodns
from aiohttp.abc import AbstractResolver, ResolveResult

_TRY_S = 4.0
_TRIES = 2
_KEEP_FAILURE_S = 30.0
_MAX_FAILURES = 4_096


class HostResolver(AbstractResolver):
    """Looks up names; to be made inside the running loop.

    Args:
        nameservers: `address` or `address:port` of the servers to ask, instead of the system's.
    """

    def __init__(self, nameservers: Sequence[str] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._lookups = aiodns.DNSResolver(nameservers, loop=self._loop, timeout=_TRY_S, tries=_TRIES)
        self._failures: dict[str, tuple[float, str]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return all addresses of a name.

        Raises:
            OSError: it has none, or nobody knows.
        """
        until, reason = self._failures.get(host, (0.0, ""))
        if self._loop.time() < until:
            raise OSError(None, reason)
        try:
            found = await self._lookups.getaddrinfo(host, family=family, port=port, type=socket.SOCK_STREAM)
        except aiodns.error.DNSError as error:
            reason = str(error.args[1] if len(error.args) > 1 else error).lower()
            self._keep_failure(host, reason)
            raise OSError(None, reason) from error
        return [_as_result(host, port, node.family, node.addr[0]) for node in found.nodes]

    async def close(self) -> None:
        """Give up what is being looked up."""
        await self._lookups.close()

    def _keep_failure(self, host: str, reason: str) -> None:
        if len(self._failures) >= _MAX_FAILURES:
            self._failures.clear()
        self._failures[host] = (self._loop.time() + _KEEP_FAILURE_S, reason)


def _as_result(host: str, port: int, family: int, address: bytes | str) -> ResolveResult:
    text = address.decode("ascii") if isinstance(address, bytes) else address
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(hostname=host, host=text, port=port, family=family, proto=0, flags=flags)
