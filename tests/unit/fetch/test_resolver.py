from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from monitor.fetch.resolver import HostResolver


class NameServer(asyncio.DatagramProtocol):
    """A DNS server on loopback that knows one address for each name of its table, and is silent about `dead…`."""

    def __init__(self, table: dict[str, str]) -> None:
        self.table = table
        self.asked: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        name, end = _read_name(data)
        kind = int.from_bytes(data[end : end + 2], "big")
        self.asked.append(name)
        if not name.startswith("dead"):
            self.transport.sendto(self._answer(data[: end + 4], name, kind), addr)

    def _answer(self, question: bytes, name: str, kind: int) -> bytes:
        address = self.table.get(name)
        code = 0 if address else 3
        records = [socket.inet_aton(address)] if address and kind == 1 else []
        head = question[:2] + bytes([0x81, 0x80 | code]) + bytes([0, 1, 0, len(records), 0, 0, 0, 0])
        body = b"".join(b"\xc0\x0c\x00\x01\x00\x01" + bytes([0, 0, 0, 60, 0, 4]) + record for record in records)
        return head + question[12:] + body


def _read_name(data: bytes) -> tuple[str, int]:
    labels, at = [], 12
    while length := data[at]:
        labels.append(data[at + 1 : at + 1 + length].decode().lower())
        at += 1 + length
    return ".".join(labels), at + 1


def resolving(use: Callable[[HostResolver, NameServer], Awaitable[object]], table: dict[str, str]) -> object:
    async def work() -> object:
        loop = asyncio.get_running_loop()
        transport, server = await loop.create_datagram_endpoint(lambda: NameServer(table), local_addr=("127.0.0.1", 0))
        resolver = HostResolver([f"127.0.0.1:{transport.get_extra_info('sockname')[1]}"])
        try:
            return await use(resolver, server)
        finally:
            await resolver.close()
            transport.close()

    return asyncio.run(work())


def test_a_name_gives_its_address() -> None:
    async def use(resolver: HostResolver, server: NameServer) -> object:
        return [(found["host"], found["port"], found["family"]) for found in await resolver.resolve("a.example", 8080)]

    assert resolving(use, {"a.example": "192.0.2.7"}) == [("192.0.2.7", 8080, socket.AF_INET)]


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

    assert resolving(use, {"a.example": "192.0.2.7"}) == ("192.0.2.7", 50, True)
