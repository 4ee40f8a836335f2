"""A DNS server on loopback, in a thread of its own: it answers, refuses, lies or is silent, name by name.

with NameServer({"a.example": at("192.0.2.7"), "dead.example": SILENT}) as names:
    resolver = HostResolver([names.address])
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tests.background import BackgroundLoop

_A, _CNAME, _AAAA = 1, 5, 28


@dataclass(frozen=True)
class Names:
    """What is said of a name: its addresses, a code of failure, an alias, raw bytes; or nothing, `is_silent`."""

    addresses: tuple[str, ...] = ()
    code: int = 0
    alias: str = ""
    raw: bytes = b""
    is_silent: bool = False


def at(*addresses: str) -> Names:
    """A name of these addresses."""
    return Names(addresses)


SILENT = Names(is_silent=True)
NO_SUCH_NAME = Names(code=3)


class NameServer(asyncio.DatagramProtocol):
    """Answers by its table; a tuple gives one answer after the other, the last for ever. Other names do not exist.

    Records live for `ttl_s`; with 0, each look-up is asked anew.
    """

    def __init__(self, table: Mapping[str, Names | tuple[Names, ...]], ttl_s: int = 0) -> None:
        self.asked: list[str] = []
        self._table = {name: answer if isinstance(answer, tuple) else (answer,) for name, answer in table.items()}
        self._counts: dict[tuple[str, int], int] = {}
        self._ttl_s = ttl_s
        self._loop = BackgroundLoop()

    def __enter__(self) -> Self:
        self._loop.__enter__()
        self._loop.run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.loop.call_soon_threadsafe(self._transport.close)
        self._loop.__exit__()

    @property
    def address(self) -> str:
        """Where it is asked, `address:port`."""
        return "{}:{}".format(*self._transport.get_extra_info("sockname"))

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        name, end = _read_name(data)
        kind = int.from_bytes(data[end : end + 2], "big")
        self.asked.append(name)
        answer = self._next(name, kind)
        if not answer.is_silent:
            self._transport.sendto(answer.raw or self._reply(data[: end + 4], kind, answer), addr)

    def _next(self, name: str, kind: int) -> Names:
        answers = self._table.get(name, (NO_SUCH_NAME,))
        count = self._counts.get((name, kind), 0)
        self._counts[name, kind] = count + 1
        return answers[min(count, len(answers) - 1)]

    def _reply(self, question: bytes, kind: int, answer: Names) -> bytes:
        records = [self._record(_CNAME, _as_name(answer.alias))] if answer.alias else []
        for address in answer.addresses:
            of_kind, family = (_AAAA, socket.AF_INET6) if ":" in address else (_A, socket.AF_INET)
            if kind == of_kind:
                records.append(self._record(kind, socket.inet_pton(family, address)))
        flags = bytes([0x81, 0x80 | answer.code])
        return question[:2] + flags + bytes([0, 1, 0, len(records), 0, 0, 0, 0]) + question[12:] + b"".join(records)

    def _record(self, kind: int, data: bytes) -> bytes:
        head = b"\xc0\x0c" + kind.to_bytes(2, "big") + b"\0\x01" + self._ttl_s.to_bytes(4, "big")
        return head + len(data).to_bytes(2, "big") + data


def _read_name(data: bytes) -> tuple[str, int]:
    labels, place = [], 12
    while length := data[place]:
        labels.append(data[place + 1 : place + 1 + length].decode().lower())
        place += 1 + length
    return ".".join(labels), place + 1


def _as_name(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
