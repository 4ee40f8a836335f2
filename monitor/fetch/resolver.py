"""Names to addresses by c-ares, in its own thread: hundreds of dead names hold up no other look-up and no exit.

`/etc/hosts` and `localhost` are known to it. Answers are kept as long as their records say; failures half a minute.
A fetch looks its host up before it waits for its turn: a name nobody answers for takes no place among the turns.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from contextvars import ContextVar

import aiodns
from aiohttp.abc import AbstractResolver, ResolveResult

_TRY_S = 4.0
_TRIES = 2
_KEEP_FAILURE_S = 30.0
_MAX_FAILURES = 4_096
_AT_ONCE = 512
_WHOLE_S = 10.0

# What the fetch of this context found; handed to the connection, so that each hop asks once.
_found: ContextVar[tuple[ResolveResult, ...]] = ContextVar("_found", default=())


class HostResolver(AbstractResolver):
    """Looks up names; to be made inside the running loop.

    Args:
        nameservers: `address` or `address:port` of the servers to ask, instead of the system's.
    """

    def __init__(self, nameservers: Sequence[str] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._nameservers = nameservers
        self._lookups = self._new_lookups()
        self._failures: dict[str, tuple[float, str]] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)

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
            # More servers and tries than we count on: c-ares doubles its waits.
            async with self._places, asyncio.timeout(_WHOLE_S):
                return await self._ask(host, port, family)
        except (aiodns.error.DNSError, TimeoutError) as error:
            reason = str(error.args[1] if len(error.args) > 1 else error).lower() or "no name server answers"
            self._keep_failure(host, reason)
            raise OSError(None, reason) from error

    async def close(self) -> None:
        """Give up what is being looked up."""
        await self._lookups.close()

    async def _ask(self, host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
        try:
            return await _ask(self._lookups, host, port, family)
        except aiodns.error.DNSError as error:
            if error.args[0] != aiodns.error.ARES_EBADRESP:
                raise
        # A malformed reply fails all that is being asked on its socket. Whose it was shows only if each asks alone.
        alone = self._new_lookups()
        try:
            return await _ask(alone, host, port, family)
        finally:
            await alone.close()

    def _new_lookups(self) -> aiodns.DNSResolver:
        return aiodns.DNSResolver(self._nameservers, loop=self._loop, timeout=_TRY_S, tries=_TRIES)

    def _keep_failure(self, host: str, reason: str) -> None:
        if len(self._failures) >= _MAX_FAILURES:
            self._failures.clear()
        self._failures[host] = (self._loop.time() + _KEEP_FAILURE_S, reason)


class LookedUp(AbstractResolver):
    """Hands a connection what was found for its host before; asks `names` for any other host."""

    def __init__(self, names: AbstractResolver) -> None:
        self._names = names

    async def look_up(self, host: str, port: int) -> tuple[ResolveResult, ...]:
        """Return all addresses of a name, and have connections made in this context use them.

        Raises:
            OSError: it has none, or nobody knows.
        """
        found = tuple(await self._names.resolve(host, port, socket.AF_UNSPEC))
        _found.set(found)
        return found

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses found before, else ask."""
        found = [one for one in _found.get() if (one["hostname"], one["port"]) == (host, port)]
        return found or await self._names.resolve(host, port, family)

    async def close(self) -> None:
        """Give up what is being looked up."""
        await self._names.close()


async def _ask(lookups: aiodns.DNSResolver, host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    found = await lookups.getaddrinfo(host, family=family, port=port, type=socket.SOCK_STREAM)
    return [_as_result(host, port, node.family, node.addr[0]) for node in found.nodes]


def _as_result(host: str, port: int, family: int, address: bytes | str) -> ResolveResult:
    text = address.decode("ascii") if isinstance(address, bytes) else address
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(hostname=host, host=text, port=port, family=family, proto=0, flags=flags)
