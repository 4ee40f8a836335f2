"""Tells what a fetch does, step by step, for a person who looks on: names, connections, certificates, answers."""

from __future__ import annotations

import asyncio
import socket
import ssl
from types import SimpleNamespace

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.fetch.faults import name_status
from monitor.model import FetchStep, Tell

_MAX_VALUE = 200
_SHOWN = ("Content-Type", "Content-Encoding", "ETag", "Last-Modified", "Cache-Control", "Expires", "Age", "Retry-After")
_SHOWN_TOO = ("Server", "Via", "X-Robots-Tag")


class TellingNames(AbstractResolver):
    """Tells what names resolve to; made inside the running loop, as what it asks is."""

    def __init__(self, names: AbstractResolver, tell: Tell) -> None:
        self._names, self._tell = names, tell

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return all addresses of a name, and tell them."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        found = await self._names.resolve(host, port, family)
        addresses = ", ".join(dict.fromkeys(one["host"] for one in found))
        self._tell(FetchStep(name="dns", text=f"{host} is {addresses}", elapsed_s=loop.time() - started))
        return found

    async def close(self) -> None:
        """Give up what is being looked up."""
        await self._names.close()


def trace_of(tell: Tell) -> aiohttp.TraceConfig:
    """Return what makes a session tell of its connections and answers."""

    async def note_start(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        context.started = asyncio.get_running_loop().time()

    async def tell_connection(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        elapsed_s = asyncio.get_running_loop().time() - context.started
        tell(FetchStep(name="connect", text="connected", elapsed_s=elapsed_s))

    async def tell_answer(
        _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        headers = params.response.headers
        status = name_status(params.response.status)
        if target := headers.get("Location", ""):
            status += f" to {target[:_MAX_VALUE]}"
        tell(FetchStep(name="answer", text=f"{status} from {params.url.with_query(None)}"))
        named = [f"{name}: {headers[name][:_MAX_VALUE]}" for name in (*_SHOWN, *_SHOWN_TOO) if name in headers]
        tell(FetchStep(name="headers", text="; ".join(named) or "none of interest"))

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_start.append(note_start)
    trace.on_connection_create_end.append(tell_connection)
    trace.on_request_end.append(tell_answer)
    return trace


def watch_handshakes(context: ssl.SSLContext, tell: Tell) -> None:
    """Have a context tell of each handshake: the protocol, and until when the certificate is valid."""

    class _Watched(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            certificate = self.getpeercert() or {}
            until = certificate.get("notAfter", "an unknown day")
            tell(FetchStep(name="tls", text=f"{self.version()}, the certificate is valid until {until}"))

    context.sslobject_class = _Watched
