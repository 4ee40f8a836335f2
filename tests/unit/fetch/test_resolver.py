from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping

import pytest

from monitor.fetch import HttpFetcher
from monitor.fetch.resolver import HostResolver
from monitor.model import FetchRequest, FetchResult, PollSettings, Problem
from tests.nameserver import SILENT, Names, NameServer, at
from tests.servers import Answer, HttpServer
from tests.unit.fetch.fetching import AGENT, ANY_PORT, LOOPBACK


def resolving(use: Callable[[HostResolver, NameServer], Awaitable[object]], table: Mapping[str, Names]) -> object:
    async def work(server: NameServer) -> object:
        resolver = HostResolver([server.address])
        try:
            return await use(resolver, server)
        finally:
            await resolver.close()

    with NameServer(table, ttl_s=60) as server:
        return asyncio.run(work(server))


def test_a_name_gives_its_address() -> None:
    async def use(resolver: HostResolver, server: NameServer) -> object:
        return [(found["host"], found["port"], found["family"]) for found in await resolver.resolve("a.example", 8080)]

    assert resolving(use, {"a.example": at("192.0.2.7")}) == [("192.0.2.7", 8080, socket.AF_INET)]


def test_a_name_gives_its_addresses_of_both_families() -> None:
    async def use(resolver: HostResolver, server: NameServer) -> object:
        return {found["host"] for found in await resolver.resolve("a.example")}

    assert resolving(use, {"a.example": at("192.0.2.7", "2001:db8::7")}) == {"192.0.2.7", "2001:db8::7"}


def test_localhost_needs_no_server() -> None:
    async def use(resolver: HostResolver, server: NameServer) -> object:
        found = {answer["host"] for answer in await resolver.resolve("localhost", 80)}
        return found, server.asked

    found, asked = resolving(use, {})
    assert found & {"127.0.0.1", "::1"}
    assert asked == []


def test_a_failure_is_kept_for_a_while() -> None:
    async def use(resolver: HostResolver, server: NameServer) -> object:
        for _ in range(3):
            with pytest.raises(OSError, match="domain name not found"):
                await resolver.resolve("gone.example")
        return len(server.asked)

    assert resolving(use, {}) <= 2


def test_a_name_that_cannot_be_one_fails() -> None:
    async def use(resolver: HostResolver, server: NameServer) -> object:
        with pytest.raises(OSError, match="misformatted"):
            await resolver.resolve("a" * 64 + ".example")
        return server.asked

    assert resolving(use, {}) == []


def test_dead_names_hold_up_neither_a_good_one_nor_the_end() -> None:
    async def use(resolver: HostResolver, server: NameServer) -> object:
        dead = [asyncio.ensure_future(resolver.resolve(f"dead{number}.example")) for number in range(50)]
        good = await asyncio.wait_for(resolver.resolve("a.example"), 3)
        await resolver.close()
        done, _ = await asyncio.wait(dead, timeout=3)
        return good[0]["host"], len(done), all(isinstance(task.exception(), OSError) for task in done)

    table = {f"dead{number}.example": SILENT for number in range(50)} | {"a.example": at("192.0.2.7")}
    assert resolving(use, table) == ("192.0.2.7", 50, True)


def test_two_hundred_dead_names_delay_no_good_feed() -> None:
    dead = [f"dead{number}.example" for number in range(200)]
    good = {f"good{number}.example": at(f"127.0.1.{number}") for number in range(1, 51)}

    async def work(server: HttpServer, names: NameServer) -> tuple[list[FetchResult], list[FetchResult], int]:
        fetcher = HttpFetcher(
            PollSettings(host_gap_s=0),
            allow_networks=LOOPBACK,
            allow_ports=ANY_PORT,
            user_agent=AGENT,
            resolver=HostResolver([names.address]),
        )

        def ask(name: str, timeout_s: float) -> asyncio.Task[FetchResult]:
            request = FetchRequest(url=f"http://{name}:{server.port}/", timeout_s=timeout_s)
            return asyncio.ensure_future(fetcher.fetch(request))

        waiting = [ask(name, 2) for name in dead]
        results = await asyncio.gather(*(ask(name, 30) for name in good))
        still_waiting = sum(not task.done() for task in waiting)
        failed = await asyncio.gather(*waiting)
        await fetcher.close()
        return results, failed, still_waiting

    with HttpServer("0.0.0.0") as server, NameServer(good | dict.fromkeys(dead, SILENT)) as names:
        server.put("/", Answer("ok"))
        results, failed, still_waiting = asyncio.run(work(server, names))

    assert [result.body for result in results] == [b"ok"] * 50
    assert still_waiting == 200
    assert {str(result.error) for result in failed} == {f"{Problem.DNS}: no name server answers"}


def test_a_host_is_looked_up_once_a_fetch() -> None:
    async def work(server: HttpServer, names: NameServer) -> FetchResult:
        resolver = HostResolver([names.address])
        fetcher = HttpFetcher(
            PollSettings(), allow_networks=LOOPBACK, allow_ports=ANY_PORT, user_agent=AGENT, resolver=resolver
        )
        result = await fetcher.fetch(FetchRequest(url=f"http://a.example:{server.port}/", timeout_s=5))
        await fetcher.close()
        return result

    with HttpServer() as server, NameServer({"a.example": at("127.0.0.1")}) as names:
        server.put("/", Answer("ok"))
        result = asyncio.run(work(server, names))

    assert result.body == b"ok"
    assert names.asked.count("a.example") == 2  # its A and its AAAA


def test_a_malformed_reply_fails_its_own_name_and_none_beside_it() -> None:
    async def use(resolver: HostResolver, server: NameServer) -> object:
        names = [f"good{number}.example" for number in range(10)]
        names[5:5] = ["babble.example"]
        found = await asyncio.gather(*map(resolver.resolve, names), return_exceptions=True)
        return {name: isinstance(one, OSError) for name, one in zip(names, found, strict=True)}

    table = {f"good{number}.example": at("192.0.2.7") for number in range(10)}
    failed = resolving(use, table | {"babble.example": Names(raw=b"what?" * 9)})

    assert failed == {f"good{number}.example": False for number in range(10)} | {"babble.example": True}
