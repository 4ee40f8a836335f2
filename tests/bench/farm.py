"""A farm of feeds on loopback, in a process of its own: `python -m tests.bench.farm FEEDS`, until its stdin closes.

Feed `n` is at `/feed/n`, of a host of its own or shared by few, so that politeness holds nobody up. The farm says where
it is by one line, its port, and takes orders as requests:

    /serve/GENERATION            the entries of this generation, none of which an older one had; without validators
    /serve/GENERATION/validated  the same with an ETag: 304 to who has it

The address of feed `n` is in `tests/bench/contenders.py`; beyond FEEDS the farm begins again with the first.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import Sequence
from html import escape

from aiohttp import web

from tests.bench.contenders import HOSTS, WARM_UP
from tests.bench.prose import Prose

_NEWEST = "Fri, 24 Oct 2025 12:00:00 GMT"
_PARAGRAPHS = 2_000


class Farm:
    """The feeds of one generation, ready to send."""

    def __init__(self, feeds: int) -> None:
        prose = Prose(1)
        self._paragraphs = [prose.paragraph() for _ in range(_PARAGRAPHS)]
        self._names = [*map(str, range(feeds)), WARM_UP]
        self._made: dict[str, dict[str, tuple[bytes, bytes]]] = {}
        self.serve("0", is_validated=False)

    def serve(self, generation: str, *, is_validated: bool) -> None:
        """Have the entries of a generation ready."""
        self._etag = f'"{generation}"' if is_validated else ""
        if generation not in self._made:
            bodies = {name: _feed(f"{generation}-{name}", self._paragraphs).encode() for name in self._names}
            self._made[generation] = {name: (body, gzip.compress(body, 6)) for name, body in bodies.items()}
        self._bodies = self._made[generation]

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request for a feed, or take an order."""
        match request.path.split("/")[1:]:
            case ["feed", name]:
                known = name if name == WARM_UP else str(int(name) % (len(self._names) - 1))
                return self._send(request, *self._bodies[known])
            case ["entries", feeds]:
                bodies = [self._bodies[name][0] for name in self._names[: int(feeds)]]
                return web.Response(text=str(sum(body.count(b"<item>") for body in bodies)))
            case ["serve", generation, *more]:
                self.serve(generation, is_validated=bool(more))
                sizes = [len(plain) for plain, _ in self._bodies.values()]
                return web.Response(text=str(sum(sizes) // len(sizes)))
        return web.Response(status=404)

    def _send(self, request: web.BaseRequest, plain: bytes, packed: bytes) -> web.Response:
        headers = {"Content-Type": "application/rss+xml; charset=utf-8", "Vary": "Accept-Encoding"}
        if self._etag:
            headers["ETag"] = self._etag
            if request.headers.get("If-None-Match") == self._etag:
                return web.Response(status=304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=packed, headers=headers | {"Content-Encoding": "gzip"})
        return web.Response(body=plain, headers=headers)


def _feed(name: str, paragraphs: Sequence[str]) -> str:
    """Return an RSS feed of 20 to 40 entries with their whole HTML, half of it escaped, half in CDATA."""
    prose = Prose(hash_of(name))
    entries = "".join(_entry(f"{name}-{at}", prose, paragraphs) for at in range(prose.random.randint(20, 40)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel>\n'
        f"<title>{prose.title()}</title>\n<link>http://news.example/</link>\n<description>News</description>\n"
        f"<language>en</language>\n{entries}</channel>\n</rss>\n"
    )


def hash_of(name: str) -> int:
    """Return a number for a name, the same in every run."""
    return int.from_bytes(name.encode(), "big")


def _entry(name: str, prose: Prose, paragraphs: Sequence[str]) -> str:
    link = f"http://news.example/{name}/{'-'.join(prose.words(4))}"
    html = "\n".join(
        f'<p>{one} <a href="{link}#{place}" target="_blank">more</a> &amp; <em>{prose.title()}</em></p>'
        for place, one in enumerate(prose.random.choices(paragraphs, k=prose.random.randint(2, 5)))
    )
    html += f'\n<img src="http://news.example/{name}.jpg" alt="A picture" width="640" height="360"/>'
    is_escaped = prose.random.random() < 0.5
    return (
        f"<item>\n<title>{prose.title()}</title>\n<link>{link}</link>\n"
        f'<guid isPermaLink="false">{name}</guid>\n<pubDate>{_NEWEST}</pubDate>\n<dc:creator>A. Writer</dc:creator>\n'
        f"<category>{prose.words(1)[0]}</category>\n<description>{escape(prose.title())}</description>\n"
        f"<content:encoded>{escape(html) if is_escaped else f'<![CDATA[{html}]]>'}</content:encoded>\n</item>\n"
    )


async def _run(feeds: int) -> None:
    farm = Farm(feeds)
    runner = web.ServerRunner(web.Server(farm.answer, access_log=None), shutdown_timeout=0)
    await runner.setup()
    port = 0
    for host in range(1, HOSTS + 1):
        await web.TCPSite(runner, f"127.0.1.{host}", port).start()
        port = runner.addresses[0][1]
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1])))
