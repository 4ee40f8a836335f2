"""Runs fetches against the loopback servers of a test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from ipaddress import ip_network

from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.fetch import HttpFetcher
from monitor.model import FetchRequest, FetchResult, PollSettings

LOOPBACK = (ip_network("127.0.0.0/8"),)
ANY_PORT = ((1, 65_535),)
AGENT = "Monitor/1 (+https://monitor.example/)"


def using(use: Callable[[HttpFetcher], Awaitable[object]], **options: object) -> object:
    """Run `use` with a fetcher that may reach loopback and has no gaps, unless told otherwise."""
    poll = options.pop("poll", PollSettings(host_gap_s=0, host_connections=8))
    given = {"allow_networks": LOOPBACK, "allow_ports": ANY_PORT, "user_agent": AGENT} | options

    async def run() -> object:
        fetcher = HttpFetcher(poll, **given)
        try:
            return await use(fetcher)
        finally:
            await fetcher.close()

    return asyncio.run(run())


def fetch(url: str, *, options: Mapping[str, object] | None = None, **request: object) -> FetchResult:
    """Fetch one address once."""
    return fetch_all([FetchRequest(**({"url": url, "timeout_s": 5.0} | request))], **(options or {}))[0]


def fetch_all(requests: Sequence[FetchRequest], **options: object) -> list[FetchResult]:
    """Fetch addresses one after the other with one fetcher."""

    async def use(fetcher: HttpFetcher) -> list[FetchResult]:
        return [await fetcher.fetch(request) for request in requests]

    return using(use, **options)


class TableResolver(AbstractResolver):
    """Knows a few names. Each look-up of a name takes its next list of addresses, the last one for ever."""

    def __init__(self, table: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self.asked: list[str] = []
        self.is_closed = False
        self._table = {name: list(answers) for name, answers in table.items()}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the next addresses of a name."""
        self.asked.append(host)
        answers = self._table.get(host)
        if not answers:
            raise OSError(None, "domain name not found")
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True
