"""Web servers on loopback, run in a thread of their own: one that answers as told, one that says any bytes at all.

with HttpServer() as server:
    server.put("/feed", Answer(rss([Item("1", "Title")]), content_type="application/rss+xml", etag='"1"'))
    server.redirect("/old", "/feed")
    …
    assert server.paths == ["/old", "/feed"]

with WireServer(drip(b"HTTP/1.1 200 OK\\r\\n")) as server:    # slow-loris; also `say`, `flood`, `reset`
    …
"""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from xml.sax.saxutils import escape

import brotli
from aiohttp import web

from tests.background import BackgroundLoop


@dataclass(frozen=True)
class Answer:
    """What a path answers. With `etag` or `last_modified` it answers 304 to who has them. `coding`: gzip or br.

    `is_held`: nothing is said until the server closes, or the path is released.
    """

    body: bytes | str = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    last_modified: str = ""
    coding: str = ""
    is_held: bool = False


@dataclass(frozen=True)
class Request:
    """What was asked. `peer` tells connections apart."""

    path: str
    host: str
    peer: tuple[str, int]
    headers: Mapping[str, str]


class _Server:
    """A server with a loop in a thread, from `with` to its end. Port 0 takes a free one."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.host = host
        self.port = port
        self._tls = tls
        self._loop = BackgroundLoop()

    def __enter__(self) -> Self:
        self._loop.__enter__()
        self._loop.run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run(self._stop())
        self._loop.__exit__()

    def url(self, path: str = "/", host: str = "") -> str:
        """Return the address of a path, by the server's address or another name of it."""
        scheme = "https" if self._tls else "http"
        name = host or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"{scheme}://{name}:{self.port}{path}"

    async def _start(self) -> None:
        self.closing = asyncio.Event()

    async def _stop(self) -> None:
        self.closing.set()


class HttpServer(_Server):
    """Answers each path as it was told; 404 to the rest."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(host, port, tls)
        self.requests: list[Request] = []
        self._asked = threading.Condition()
        self.most_at_once = 0
        self._at_once = 0
        self._answers: dict[str, deque[Answer]] = {}
        self._releases: dict[str, asyncio.Event] = {}

    def put(self, path: str, *answers: Answer) -> str:
        """Give these answers at a path (query included) in this order, the last one for ever. Returns its address."""
        self._answers[path] = deque(answers)
        return self.url(path)

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        """Redirect a path. Returns its address."""
        return self.put(path, Answer(status=status, headers={"Location": target}))

    def release(self, path: str, answer: Answer) -> None:
        """Give this answer to all who wait at a held path, and from now on."""
        self.put(path, answer)
        self._loop.loop.call_soon_threadsafe(self._releases.setdefault(path, asyncio.Event()).set)

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.requests]

    def wait_for(self, path: str, timeout_s: float = 10) -> bool:
        """Wait until a path was asked for; False: it was not in time."""
        with self._asked:
            return self._asked.wait_for(lambda: path in self.paths, timeout_s)

    async def _start(self) -> None:
        await super()._start()
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port, ssl_context=self._tls)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _stop(self) -> None:
        await super()._stop()
        await self._runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        peer = request.get_extra_info("peername")[:2]
        with self._asked:
            self.requests.append(Request(request.path_qs, request.host, peer, dict(request.headers)))
            self._asked.notify_all()
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await self._answer(request)
        finally:
            self._at_once -= 1

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        answers = self._answers.get(request.path_qs)
        if not answers:
            return web.Response(status=404)
        answer = answers.popleft() if len(answers) > 1 else answers[0]
        if answer.is_held:
            released = self._releases.setdefault(request.path_qs, asyncio.Event())
            waits = [asyncio.ensure_future(event.wait()) for event in (self.closing, released)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            answer = self._answers[request.path_qs][0]
        return _response(answer, request)


def _response(answer: Answer, request: web.BaseRequest) -> web.Response:
    headers = dict(answer.headers)
    if answer.etag:
        headers["ETag"] = answer.etag
    if answer.last_modified:
        headers["Last-Modified"] = answer.last_modified
    if (answer.etag and request.headers.get("If-None-Match") == answer.etag) or (
        answer.last_modified and request.headers.get("If-Modified-Since") == answer.last_modified
    ):
        return web.Response(status=304, headers=headers)
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    if answer.coding:
        headers["Content-Encoding"] = answer.coding
        body = {"gzip": gzip.compress, "br": brotli.compress}[answer.coding](body)
    return web.Response(status=answer.status, body=body, headers={"Content-Type": answer.content_type} | headers)


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter, asyncio.Event], Awaitable[None]]


class WireServer(_Server):
    """Runs a script over each connection. The script gets an event that is set when the server closes."""

    def __init__(self, script: Script, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        super().__init__(host, 0, tls)
        self.connections = 0
        self._script = script

    async def _start(self) -> None:
        await super()._start()
        self._server = await asyncio.start_server(self._serve, self.host, self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        await super()._stop()
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(OSError):
            await self._script(reader, writer, self.closing)
        writer.close()


def say(*pieces: bytes) -> Script:
    """After the request, send these bytes and close."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.writelines(pieces)
        await writer.drain()

    return script


def drip(start: bytes, piece: bytes = b"a", every_s: float = 0.02) -> Script:
    """After the request, send `start`, then a piece now and then, without end."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(start)
        while not closing.is_set():
            await writer.drain()
            with suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), every_s)
            writer.write(piece)

    return script


def flood(start: bytes, piece: bytes) -> Script:
    """After the request, send `start`, then the piece over and over as fast as it is taken."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(start)
        while not closing.is_set():
            writer.write(piece)
            await writer.drain()

    return script


def reset(start: bytes = b"") -> Script:
    """After the request, send `start` and reset the connection."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(start)
        await writer.drain()
        writer.transport.abort()

    return script


@dataclass(frozen=True)
class Item:
    """An entry of a feed; `published` as the feed would write it."""

    key: str
    title: str
    link: str = ""
    summary: str = ""
    published: str = ""


def rss(items: Sequence[Item], title: str = "A feed") -> str:
    """Return an RSS 2.0 feed. Dates are RFC 822."""
    entries = "".join(
        f'<item><guid isPermaLink="false">{escape(item.key)}</guid><title>{escape(item.title)}</title>'
        f"<link>{escape(item.link)}</link><description>{escape(item.summary)}</description>"
        + (f"<pubDate>{escape(item.published)}</pubDate>" if item.published else "")
        + "</item>"
        for item in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{escape(title)}</title>{entries}</channel></rss>'


def atom(items: Sequence[Item], title: str = "A feed") -> str:
    """Return an Atom feed. Dates are RFC 3339."""
    entries = "".join(
        f"<entry><id>{escape(item.key)}</id><title>{escape(item.title)}</title>"
        f'<link href="{escape(item.link)}"/><summary type="html">{escape(item.summary)}</summary>'
        + (f"<published>{escape(item.published)}</published>" if item.published else "")
        + "</entry>"
        for item in items
    )
    name = "http://www.w3.org/2005/Atom"
    return f'<?xml version="1.0"?><feed xmlns="{name}"><title>{escape(title)}</title>{entries}</feed>'


def rdf(items: Sequence[Item], title: str = "A feed") -> str:
    """Return an RSS 1.0 feed. Dates are RFC 3339; the key is the item's address."""
    entries = "".join(
        f'<item rdf:about="{escape(item.key)}"><title>{escape(item.title)}</title><link>{escape(item.link)}</link>'
        f"<description>{escape(item.summary)}</description>"
        + (f"<dc:date>{escape(item.published)}</dc:date>" if item.published else "")
        + "</item>"
        for item in items
    )
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="http://a.example/"><title>{escape(title)}</title></channel>{entries}</rdf:RDF>'
    )


def json_feed(items: Sequence[Item], title: str = "A feed") -> str:
    """Return a JSON Feed 1.1. Dates are RFC 3339."""
    entries = [
        {"id": item.key, "title": item.title, "url": item.link, "content_html": item.summary}
        | ({"date_published": item.published} if item.published else {})
        for item in items
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": title, "items": entries})
