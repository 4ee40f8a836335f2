"""A proxy on loopback: hands requests on, opens tunnels, may want a login; it knows names that nobody else does.

with ProxyServer({"paper.example": ("127.0.0.1", web.port)}) as proxy:
    …
    assert proxy.asked == ["GET http://paper.example/feed"]
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from tests.servers import WireServer

_PIECE = 65_536


class ProxyServer(WireServer):
    """Connects to the places that `names` gives. `login` is the Proxy-Authorization it wants."""

    def __init__(self, names: Mapping[str, tuple[str, int]], login: str = "") -> None:
        super().__init__(self._run)
        self.asked: list[str] = []
        self._names, self._login = names, login

    async def _run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _closing: asyncio.Event) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *fields = head.splitlines()
        method, target, _ = line.split()
        self.asked.append(f"{method} {target}")
        headers = dict(field.split(": ", 1) for field in fields if field)
        if self._login and headers.get("Proxy-Authorization") != self._login:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        is_tunnel = method == "CONNECT"
        there = self._names.get(target.rpartition(":")[0] if is_tunnel else urlsplit(target).hostname or "")
        if there is None:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        far_reader, far_writer = await asyncio.open_connection(*there)
        if is_tunnel:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            split = urlsplit(target)
            path = f"{split.path}?{split.query}" if split.query else split.path
            kept = [f"{name}: {value}" for name, value in headers.items() if not name.startswith("Proxy-")]
            far_writer.write("\r\n".join([f"{method} {path} HTTP/1.1", *kept, "", ""]).encode("latin-1"))
        await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    writer.close()
