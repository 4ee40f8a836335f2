"""A farm of broken, slow, lying and hostile feeds, an address on loopback each, with the word that each should get.

`python -m tests.faultfarm` serves it in a process of its own until its stdin closes; see `Farm`.
"""

from __future__ import annotations

import asyncio
import gzip
import ssl
import subprocess
import sys
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import brotli
import trustme

from tests.nameserver import SILENT, Names, at
from tests.servers import Item, Script, atom, drip, flood, json_feed, rdf, reset, rss, say

GOOD_FEEDS = 50
GOOD_ENTRIES = 5

OK = b"HTTP/1.1 200 OK\r\n"
FEED = b"Content-Type: application/rss+xml\r\n"
CHUNKED = OK + FEED + b"Transfer-Encoding: chunked\r\n\r\n"
ONE = rss([Item("1", "One", "http://a.example/1", "A text.")]).encode()
HEAD = b'<?xml version="1.0"?><rss version="2.0"><channel><title>A feed</title>'
END = b"</channel></rss>"
BOMB_BYTES = 100 << 20
WALL = "<html><head><title>Just a moment...</title></head><script>window._cf_chl_opt={cType: 'managed'}</script></html>"
PAGE = "<!doctype html><html><head><title>{}</title></head><body><p>{}</p></body></html>"
LOGIN = PAGE.format("Log in", '<form><input type="password"></form>')

# In what the farm says: its port, and with it the address where nobody may come. The port is told at the start.
PORT = b"{PORT}"
CANARY_HOST = "127.99.0.1"
CANARY = CANARY_HOST.encode() + b":" + PORT
_port = b""


@dataclass(frozen=True)
class Kind:
    """A kind of feed: the script that answers, the word it should get (empty: it is read), how it is reached.

    `name`: a host name for it, else it is its address. `secure` is how its certificate is, if it has one.
    `url` stands for all of it, where nobody of the farm answers.
    """

    title: str
    word: str
    script: Callable[[], Script] = say
    host: str = ""
    is_https: bool = False
    secure: str = ""
    url: str = ""


def filled(data: bytes) -> bytes:
    return data.replace(PORT, _port)


def answer(body: bytes | str, head: bytes = FEED, status: bytes = b"200 OK") -> Callable[[], Script]:
    """Send this body whole, with its length, whatever it is."""
    data = body.encode() if isinstance(body, str) else body

    def script() -> Script:
        sent = filled(data)
        return say(b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n" % (status, head, len(sent)), sent)

    return script


def wire(*pieces: bytes) -> Callable[[], Script]:
    return lambda: say(*map(filled, pieces))


def packed(coding: str, pack: Callable[[], bytes]) -> Callable[[], Script]:
    return answer(pack(), b"Content-Encoding: %b\r\n" % coding.encode() + FEED)


def redirect(target: bytes, status: bytes = b"302 Found") -> Callable[[], Script]:
    return wire(b"HTTP/1.1 %b\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % (status, target))


def item(inside: bytes) -> bytes:
    return HEAD + b"<item><guid>1</guid><title>One</title>" + inside + b"</item>" + END


def steps(following: Callable[[int], bytes]) -> Callable[[], Script]:
    """Redirect each path, `/NUMBER…`, to what follows it."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _closing: asyncio.Event) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        number = int(path.strip(b"/").split(b"/")[0].split(b"?")[0] or b"0")
        writer.write(b"HTTP/1.1 301 Moved\r\nLocation: " + following(number) + b"\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    return lambda: script


def silence() -> Script:
    """Take the connection and say nothing, ask nothing."""

    async def script(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
        await closing.wait()

    return script


def bomb(pack: Callable[[], object], bytes_size: int = BOMB_BYTES) -> bytes:
    """Return so many zeros, packed by a compressor object without ever being whole in memory."""
    packer, step = pack(), bytes(1 << 20)
    put = getattr(packer, "compress", None) or packer.process
    parts = [put(step) for _ in range(bytes_size >> 20)]
    end = getattr(packer, "flush", None) if hasattr(packer, "compress") else packer.finish
    return b"".join(parts) + end()


def gzip_bomb() -> bytes:
    return bomb(lambda: zlib.compressobj(9, wbits=31))


def laughs(count: int) -> bytes:
    entities = b"".join(b'<!ENTITY e%d "%b">' % (one, b"&e%d;" % (one - 1) * 10) for one in range(1, count))
    return (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "lol">' + entities + b"]>" + item(b"&e%d;" % (count - 1))[21:]
    )


def declared(encoding: str, title: bytes) -> bytes:
    return b'<?xml version="1.0" encoding="%b"?>' % encoding.encode() + item(b"<title>" + title + b"</title>")[21:]


def doctype(inside: bytes, body: bytes) -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE rss ' + inside + b">" + item(body)[21:]


def attributes(quoted: bytes, count: int) -> bytes:
    return item(b"<x " + b" ".join(b"a%d=%b" % (one, quoted) for one in range(count)) + b"/>")


def many_items(count: int) -> bytes:
    return HEAD + b"".join(b"<item><title>%d</title></item>" % one for one in range(count)) + END


_STATUS_WORDS = {401: "401", 403: "403", 404: "404", 410: "410", 429: "429"}
_STATUSES = [400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422]
_STATUSES += [423, 424, 425, 426, 428, 429, 431, 444, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 509, 510, 511]
_STATUSES += [520, 521, 522, 523, 524, 525, 526, 527, 530, 598, 599]

# Pages that entries link to, with the word that each should get.
LINKS = {
    "http://127.99.0.1:{PORT}/article": "blocked-address",
    "http://[::ffff:127.99.0.1]:{PORT}/article": "blocked-address",
    "http://inside.example:{PORT}/article": "blocked-address",
    "http://169.254.169.254:{PORT}/latest/meta-data/": "blocked-address",
    "http://0x7f.99.1:{PORT}/article": "bad-url",
    "http://me:secret@127.99.0.1:{PORT}/article": "bad-url",
    "http://127.99.0.1:22/article": "bad-url",
    "http://gone.example:{PORT}/article": "dns",
}
LINKING = "entries that link to forbidden addresses"

STATUSES = (
    [
        Kind(
            f"status {status}",
            _STATUS_WORDS.get(status, "4xx" if status < 500 else "5xx"),
            answer("sorry", b'Content-Type: text/html\r\nETag: "1"\r\n', b"%d Sorry" % status),
        )
        for status in _STATUSES
    ]
    + [
        Kind(f"status {status}", "protocol", answer("what", FEED, b"%d What" % status))
        for status in (300, 305, 306, 600, 999)
    ]
    + [
        Kind(
            f"{status} with Retry-After: {after.decode()}",
            "429" if status == 429 else "5xx",
            answer("later", b"Retry-After: " + after + b"\r\n", b"%d Later" % status),
        )
        for status in (429, 503)
        for after in (b"120", b"0", b"-5", b"1.5", b"99999999999", b"soon", b"Wed, 21 Oct 2099 07:28:00 GMT", b"")
    ]
)

ODD = [
    Kind("204 without a body", "empty", wire(b"HTTP/1.1 204 No Content\r\n\r\n")),
    Kind("205 without a body", "empty", answer("", FEED, b"205 Reset Content")),
    Kind("206 that nobody asked for, whole", "", answer(ONE, FEED, b"206 Partial Content")),
    Kind("201 with a feed", "", answer(ONE, FEED, b"201 Created")),
    Kind("304 that nobody asked for", "protocol", wire(b"HTTP/1.1 304 Not Modified\r\n\r\n")),
    Kind("101 that nobody asked for", "protocol", wire(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")),
    Kind("one early hint", "", wire(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", *[OK + FEED + b"\r\n" + ONE])),
    Kind("early hints without end", "timeout", lambda: drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n")),
    Kind("continue without end", "timeout", lambda: drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 9)),
    Kind("an empty 200", "empty", answer("")),
    Kind("blank lines", "empty", answer("\r\n \t\n" * 99)),
    Kind("a byte order mark alone", "empty", answer(b"\xef\xbb\xbf")),
    Kind("NULs alone", "empty", answer(bytes(999))),
]

WIRE = [
    Kind("nobody listens", "connect", url="http://127.101.0.9:{PORT}/"),
    Kind("closed without a word", "connect", wire()),
    Kind("reset at once", "connect", reset),
    Kind("reset in the head", "connect", lambda: reset(OK + b"Content-Le")),
    Kind("reset in the body", "protocol", lambda: reset(OK + b"Content-Length: 99\r\n\r\nabc")),
    Kind("closed in the head", "connect", wire(OK + b"Content-Le")),
    Kind("closed in the body", "protocol", wire(OK + b"Content-Length: 999\r\n\r\n" + HEAD)),
    Kind("closed in the chunks", "protocol", wire(CHUNKED + b"5\r\nabcde\r\n")),
    Kind("closed in a chunk", "protocol", wire(CHUNKED + b"50\r\nabcde")),
    Kind("a chunk without a size", "protocol", wire(CHUNKED + b"zz\r\nabcde\r\n")),
    Kind("a negative chunk", "protocol", wire(CHUNKED + b"-5\r\nabcde\r\n")),
    Kind("a chunk of a size beyond all bounds", "protocol", wire(CHUNKED + b"f" * 99 + b"\r\nabcde\r\n")),
    Kind("a length that is none", "protocol", wire(OK + b"Content-Length: many\r\n\r\n" + ONE)),
    Kind("a negative length", "protocol", wire(OK + b"Content-Length: -3\r\n\r\n" + ONE)),
    Kind("two lengths", "protocol", wire(OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n" + ONE)),
    Kind("more than its length", "protocol", wire(OK + FEED + b"Content-Length: 3\r\n\r\n" + ONE)),
    Kind("a length over the limit", "too-large", wire(OK + b"Content-Length: 99999999999\r\n\r\n")),
    Kind(
        "a length and chunks",
        "protocol",
        wire(OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ),
    Kind("an unknown transfer coding", "", wire(OK + b"Transfer-Encoding: rot13\r\n\r\n" + ONE)),
    Kind("SSH", "protocol", wire(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")),
    Kind("SMTP", "protocol", wire(b"220 mail.example ESMTP\r\n502 What?\r\n")),
    Kind("a feed without a head", "protocol", wire(ONE)),
    Kind("HTTP/2", "protocol", wire(b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04\0\1\0\0\0\5\0\xff\xff\xff")),
    Kind("binary", "protocol", wire(bytes(range(256)) * 4)),
    Kind("a status that is no number", "protocol", wire(b"HTTP/1.1 abc OK\r\n\r\n")),
    Kind("a version that is none", "protocol", wire(b"HTTP/9.x 200 OK\r\n\r\n" + ONE)),
    Kind("a header without a colon", "protocol", wire(OK + b"nonsense\r\n\r\n")),
    Kind("a header line of 100 kB", "protocol", wire(OK + b"X: " + b"y" * 100_000 + b"\r\n\r\n")),
    Kind("ten thousand headers", "protocol", wire(OK + b"X-Y: z\r\n" * 10_000 + b"\r\n" + ONE)),
    Kind("headers without end", "protocol", lambda: flood(OK, b"X-Header: " + b"y" * 999 + b"\r\n")),
    Kind("a header line without end", "protocol", lambda: flood(OK + b"X: ", b"y" * 9_999)),
    Kind("a status line without end", "protocol", lambda: flood(b"HTTP/1.1 200 ", b"y" * 9_999)),
    Kind("a chunk extension without end", "timeout", lambda: drip(CHUNKED + b"5;", b"y" * 9_999)),
    Kind("a body without end", "too-large", lambda: flood(OK + FEED + b"\r\n", b"y" * 500_000)),
    Kind("chunks without end", "too-large", lambda: flood(CHUNKED, b"7a120\r\n" + b"y" * 500_000 + b"\r\n")),
    Kind("silence", "timeout", silence),
    Kind("silence after the request", "timeout", lambda: drip(b"", b"", every_s=5)),
    Kind("slow-loris in the head", "timeout", lambda: drip(OK, b"X: y\r\n", every_s=0.1)),
    Kind("slow-loris in a header line", "timeout", lambda: drip(OK + b"X: ", b"y")),
    Kind("slow-loris in the body", "timeout", lambda: drip(OK + FEED + b"Content-Length: 99999\r\n\r\n")),
    Kind("slow-loris in chunks", "timeout", lambda: drip(CHUNKED, b"1\r\na\r\n")),
    Kind(
        "slow-loris in gzip",
        "timeout",
        lambda: drip(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(ONE)[:9], b""),
    ),
    Kind("a slow error page", "403", lambda: drip(b"HTTP/1.1 403 No\r\nContent-Type: text/html\r\n\r\n", every_s=0.2)),
]

CODED = [
    Kind("a gzip bomb", "too-large", packed("gzip", gzip_bomb)),
    Kind("a deflate bomb", "too-large", packed("deflate", lambda: bomb(lambda: zlib.compressobj(9)))),
    Kind("a brotli bomb", "too-large", packed("br", lambda: bomb(lambda: brotli.Compressor(quality=1)))),
    Kind("a gzip bomb of many members", "too-large", packed("gzip", lambda: gzip.compress(bytes(1 << 20)) * 99)),
    Kind("gzip in gzip, both told", "encoding", packed("gzip, gzip", lambda: gzip.compress(gzip_bomb()))),
    Kind(
        "gzip in br in deflate",
        "encoding",
        packed("deflate, br, gzip", lambda: gzip.compress(brotli.compress(gzip_bomb()))),
    ),
    Kind("a bomb in a bomb, one told", "parse", packed("gzip", lambda: gzip.compress(gzip_bomb()))),
    Kind("zstd", "encoding", packed("zstd", lambda: b"\x28\xb5\x2f\xfd" + ONE)),
    Kind("compress", "encoding", packed("compress", lambda: ONE)),
    Kind("a coding that is none", "encoding", packed("utf-8", lambda: ONE)),
    Kind("half a gzip", "protocol", packed("gzip", lambda: gzip.compress(ONE * 99)[:-99])),
    Kind("gzip with a wrong sum", "protocol", packed("gzip", lambda: gzip.compress(ONE)[:-8] + bytes(8))),
    Kind("gzip that is none", "protocol", packed("gzip", lambda: b"\x1f\x8b" + b"y" * 99)),
    Kind("half a brotli", "protocol", packed("br", lambda: brotli.compress(ONE)[:-9])),
    Kind("brotli that is none", "protocol", packed("br", lambda: ONE)),
    Kind("gzip that was not packed", "", packed("gzip", lambda: ONE)),
    Kind("deflate without its frame", "", packed("deflate", lambda: zlib.compress(ONE)[2:-4])),
    Kind("gzip with rubbish behind", "", packed("gzip", lambda: gzip.compress(ONE) + b"rubbish")),
    Kind("a body over the limit", "too-large", answer(item(b"x" * 5_100_000))),
]

REDIRECTS = [
    Kind("a redirect to itself", "redirect-loop", redirect(b"/")),
    Kind("a redirect to itself with a fragment", "redirect-loop", redirect(b"/#again")),
    Kind("a circle of redirects", "redirect-loop", steps(lambda number: b"/%d" % ((number + 1) % 3))),
    Kind("redirects without end", "redirect-loop", steps(lambda number: b"/%d" % (number + 1))),
    Kind("redirects that grow", "redirect-loop", steps(lambda number: b"/%d?%b" % (number + 1, b"x" * 99 * number))),
    Kind("a redirect without an address", "protocol", wire(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")),
    Kind("a redirect to nothing", "protocol", redirect(b"  ")),
    Kind("a redirect to raw bytes", "bad-url", redirect(b"http://\xff\xfe/")),
    Kind("a redirect to half an address", "bad-url", redirect(b"http://[::1/")),
    Kind("a redirect to no host", "redirect-loop", redirect(b"http:///x")),
    Kind("a redirect of 10 kB", "protocol", redirect(b"/" + b"x" * 10_000)),
    Kind("a redirect to a login in the address", "bad-url", redirect(b"http://me:secret@127.0.0.1:" + PORT + b"/")),
    *(
        Kind(f"a redirect to {target.decode().partition(':')[0]}:", "bad-url", redirect(target))
        for target in (
            b"file:///etc/passwd",
            b"ftp://a.example/",
            b"data:text/xml,<rss/>",
            b"gopher://a.example/x",
            b"javascript:alert(1)",
            b"unix:/run/docker.sock",
            b"ws://a.example/",
        )
    ),
    Kind("a redirect to another port", "bad-url", redirect(b"http://127.0.0.1:22/")),
    Kind("a redirect to a forbidden address", "blocked-address", redirect(b"http://" + CANARY + b"/")),
    Kind("a redirect without a scheme to one", "blocked-address", redirect(b"//" + CANARY + b"/", b"307 Found")),
    Kind("a redirect to one mapped to IPv6", "blocked-address", redirect(b"http://[::ffff:127.99.0.1]:" + PORT + b"/")),
    Kind("a redirect to one in hexadecimal", "bad-url", redirect(b"http://0x7f630001:" + PORT + b"/")),
    Kind("a redirect to a name of one", "blocked-address", redirect(b"http://inside.example:" + PORT + b"/")),
    Kind(
        "a redirect to the metadata of a cloud",
        "blocked-address",
        redirect(b"http://169.254.169.254:" + PORT + b"/latest/"),
    ),
    Kind("a redirect to a dead name", "dns", redirect(b"http://gone.example:" + PORT + b"/")),
    Kind("a redirect to a page", "html", redirect(b"http://127.101.0.1:" + PORT + b"/login")),
]

BODIES = [
    Kind("a web page", "html", answer(PAGE.format("News", "Hello."), b"Content-Type: text/html\r\n")),
    Kind("a web page that says it is a feed", "html", answer(PAGE.format("News", "Hello."))),
    Kind("a login page", "html", answer(LOGIN, b"Content-Type: text/html\r\n")),
    Kind("a page not found that says 200", "html", answer(PAGE.format("404 Not Found", "Sorry."))),
    Kind("a parked domain", "html", answer("<html><body><iframe src='http://ads.example/'></iframe></body></html>")),
    Kind("Cloudflare's check, 403", "challenge", answer(WALL, b"Content-Type: text/html\r\n", b"403 Forbidden")),
    Kind("Cloudflare's check, 503", "challenge", answer(WALL, b"Content-Type: text/html\r\n", b"503 Wait")),
    Kind("Cloudflare's check, 200", "challenge", answer(WALL, b"Content-Type: text/html\r\n")),
    Kind("Cloudflare's check by header", "challenge", answer("", b"cf-mitigated: challenge\r\n", b"403 Forbidden")),
    Kind("a check of Amazon's", "challenge", answer("", b"x-amzn-waf-action: challenge\r\n", b"202 Accepted")),
    Kind("plain text", "parse", answer("Nothing to see here.", b"Content-Type: text/plain\r\n")),
    Kind("an error of PHP", "parse", answer("Fatal error: Uncaught PDOException in /var/www/feed.php:12")),
    Kind("a picture", "parse", answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"Content-Type: image/png\r\n")),
    Kind("a PDF", "parse", answer(b"%PDF-1.7\n" + bytes(range(256)), b"Content-Type: application/pdf\r\n")),
    Kind("a ZIP", "parse", answer(b"PK\x03\x04" + bytes(range(256)))),
    Kind("an SVG", "parse", answer('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>')),
    Kind("an error of S3", "parse", answer('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')),
    Kind("a list of feeds", "parse", answer('<?xml version="1.0"?><opml version="2.0"><body/></opml>')),
    Kind("broken JSON", "parse", answer('{"items": [{"id": 1')),
    Kind("JSON of another kind", "parse", answer('{"error": "no such feed"}')),
    Kind("a JSON number", "parse", answer("[1]")),
    Kind("JSON nested without end", "parse", answer(b'{"items":' + b"[" * 1_000_000)),
    Kind("a JSON number without end", "parse", answer(b'{"items":[{"id":' + b"9" * 1_000_000 + b"}]}")),
    Kind("a JSON Feed without items", "no-entries", answer(json_feed([]))),
    Kind("RSS without items", "no-entries", answer(rss([]))),
    Kind("Atom without entries", "no-entries", answer(atom([]))),
    Kind("cut in its first entry", "parse", answer(HEAD + b"<item><guid>1</guid><title>On")),
    Kind("cut before its first entry", "no-entries", answer(HEAD)),
    Kind("cut in its second entry", "", answer(item(b"")[: -len(END)] + b"<item><title>Tw")),
    Kind("UTF-16", "", answer(ONE.decode().encode("utf-16"))),
    Kind("UTF-8 that says it is UTF-16", "", answer(declared("utf-16", "Zölle".encode()))),
    Kind("Latin-1 that says it is UTF-8", "", answer(declared("utf-8", "Zölle".encode("latin-1")))),
    Kind("an encoding that is none", "", answer(declared("x-klingon", "Zölle".encode()))),
    *(
        Kind(f"encoding {name}", "", answer(declared(name, b"a\xe9" * 200_000)))
        for name in ("punycode", "utf-7", "idna", "rot13", "unicode_escape", "zlib", "undefined")
    ),
    Kind("NULs and controls inside", "", answer(item(b"<description>a\0b\x1b[31m\x07\x7f</description>"))),
    Kind("a title of 1 MB", "", answer(item(b"<title>" + b"long " * 200_000 + b"</title>"))),
    Kind("100,000 entries", "", answer(many_items(100_000))),
    Kind("a billion laughs", "", answer(laughs(12))),
    Kind("laughs in a square", "", answer(doctype(b'[<!ENTITY a "' + b"a" * 90_000 + b'">]', b"&a;" * 40_000))),
    Kind(
        "an entity of a file", "", answer(doctype(b'[<!ENTITY x SYSTEM "file:///etc/passwd">]', b"<title>&x;</title>"))
    ),
    Kind("an entity of an address", "", answer(doctype(b'[<!ENTITY x SYSTEM "http://' + CANARY + b'/x">]', b"&x;"))),
    Kind("a parameter entity", "", answer(doctype(b'[<!ENTITY % x SYSTEM "http://' + CANARY + b'/x"> %x;]', b""))),
    Kind("a DTD elsewhere", "", answer(doctype(b'SYSTEM "http://' + CANARY + b'/x.dtd"', b""))),
    Kind(
        "an inclusion",
        "",
        answer(item(b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>')),
    ),
    Kind(
        "times and numbers beyond all bounds",
        "",
        answer(item(b"<pubDate>" + b"9" * 90_000 + b"</pubDate><ttl>1e999</ttl>")),
    ),
    Kind(LINKING, "", answer(rss([Item(link, f"To {link[7:]}", link, "A text.") for link in LINKS]))),
    Kind("an element of 200,000 attributes", "harmful", answer(attributes(b'"1"', 200_000))),
    Kind("attributes behind quotes", "harmful", answer(attributes(b'">"', 20_000))),
    Kind("elements nested without end", "harmful", answer(item(b"<a>" * 1_000_000))),
    Kind("an author without end", "harmful", answer(item(b"<author>" + b"a." * 20_000 + b"</author>"))),
    Kind("an author in disguise", "harmful", answer(item(b"<author><!-- -->" + b"a." * 100_000 + b"</author>"))),
]

NAMED = [
    Kind("a name that does not exist", "dns", host="gone.example"),
    Kind("a name without an address", "dns", host="bare.example"),
    Kind("a name server that fails", "dns", host="servfail.example"),
    Kind("a name server that refuses", "dns", host="refused.example"),
    Kind("a name server that is silent", "dns", host="silent.example"),
    Kind("a name server that babbles", "dns", host="babble.example"),
    Kind("a name that is its own alias", "dns", host="circle.example"),
    Kind("a label too long for a name", "dns", host="x" * 64 + ".example"),
    Kind("a name of a forbidden address", "blocked-address", host="inside.example"),
    Kind("a name of a forbidden IPv6 address", "blocked-address", host="inside6.example"),
    Kind("a name of the metadata of a cloud", "blocked-address", host="metadata.example"),
    Kind(
        "a name that flips",
        "blocked-address",
        redirect(b"http://flip.example:" + PORT + b"/again"),
        host="flip.example",
    ),
    Kind("a forbidden address", "blocked-address", url="http://127.99.0.1:{PORT}/feed"),
    Kind("a forbidden address mapped to IPv6", "blocked-address", url="http://[::ffff:127.99.0.1]:{PORT}/"),
    Kind("a forbidden address in decimal", "bad-url", url="http://2137194497:{PORT}/"),
    Kind("a forbidden address in wide digits", "blocked-address", url="http://１２７.９９.０.１:{PORT}/"),
    Kind("a port that is not allowed", "bad-url", url="http://127.101.0.1:25/"),
]
NAMES: dict[str, Names | tuple[Names, ...]] = {
    "bare.example": at(),
    "servfail.example": Names(code=2),
    "refused.example": Names(code=5),
    "silent.example": SILENT,
    "babble.example": Names(raw=b"what?" * 9),
    "circle.example": Names(alias="circle.example"),
    "inside.example": at("127.99.0.1", "127.99.0.2"),
    "inside6.example": at("::1", "::ffff:127.99.0.1"),
    "metadata.example": at("169.254.169.254"),
}

SECURE = [
    Kind("a good certificate", "", answer(ONE), host="secure.example", is_https=True, secure="good"),
    Kind("signed by itself", "tls", answer(ONE), host="selfsigned.example", is_https=True, secure="unknown"),
    Kind("an expired certificate", "tls", answer(ONE), host="expired.example", is_https=True, secure="expired"),
    Kind("a certificate of tomorrow", "tls", answer(ONE), host="tomorrow.example", is_https=True, secure="early"),
    Kind("a certificate of another", "tls", answer(ONE), host="another.example", is_https=True, secure="another"),
    Kind("TLS of the last century", "connect", answer(ONE), host="old.example", is_https=True, secure="old"),
    Kind("no TLS where it should be", "tls", lambda: _speak_plain, host="plain.example", is_https=True),
    Kind("closed in the handshake", "connect", lambda: _hang_up, host="hangup.example", is_https=True),
    Kind("silence in the handshake", "timeout", silence, host="mute.example", is_https=True),
    Kind("TLS where it should not be", "connect", answer(ONE), host="tls.example", secure="good"),
    Kind("a redirect out of TLS", "tls", redirect(b"http://127.101.0.1:" + PORT + b"/"), host="down.example",
         is_https=True, secure="good"),
    Kind("a redirect into bad TLS", "tls", redirect(b"https://expired.example:" + PORT + b"/"), host="bad.example",
         is_https=True, secure="good"),
]  # fmt: skip

KINDS = [*STATUSES, *ODD, *WIRE, *CODED, *REDIRECTS, *BODIES, *NAMED, *SECURE]


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _closing: asyncio.Event) -> None:
    await reader.read(1)
    writer.transport.abort()


async def _speak_plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _closing: asyncio.Event) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()


def address_of(number: int) -> str:
    """Return the address of a kind by its place among `KINDS`."""
    return f"127.101.{1 + number // 250}.{1 + number % 250}"


def good_address(number: int) -> str:
    return f"127.101.200.{1 + number}"


def good_script(number: int) -> Script:
    """Return the script of a good feed: of each format, plain, packed and in chunks."""
    made = (rss, atom, rdf, json_feed)[number % 4]
    items = [
        Item(
            f"http://good{number}.example/{at}", f"Entry {at} of {number}", f"http://good{number}.example/{at}", "Text."
        )
        for at in range(GOOD_ENTRIES)
    ]
    body = made(items).encode()
    match number % 3:
        case 0:
            return answer(body)()
        case 1:
            return packed("gzip", lambda: gzip.compress(body))()
    return say(CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))


class Farm:
    """The farm in a process of its own, from `with` to its end. `trust` is the file of its certificates' authority."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self.trust = folder / "authority.pem"

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.faultfarm", str(self.port), str(self.trust)]
        root = Path(__file__).parents[1]
        self._process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def url(self, number: int) -> str:
        """Return the address of a kind's feed."""
        kind = KINDS[number]
        if kind.url:
            return kind.url.format(PORT=self.port)
        return f"http{'s' if kind.is_https else ''}://{kind.host or address_of(number)}:{self.port}/"

    def good_url(self, number: int) -> str:
        """Return the address of a good feed."""
        return f"http://{good_address(number)}:{self.port}/feed"

    def names(self) -> dict[str, Names | tuple[Names, ...]]:
        """Return what a name server should say of the farm."""
        ours = {kind.host: at(address_of(number)) for number, kind in enumerate(KINDS) if kind.host}
        flips = at(address_of(next(n for n, kind in enumerate(KINDS) if kind.host == "flip.example")))
        gone = {name: Names(code=3) for name in ("gone.example", "x" * 64 + ".example")}
        return ours | gone | NAMES | {"flip.example": (flips, at(CANARY_HOST))}


async def _serve(trust: Path) -> None:
    closing, contexts = asyncio.Event(), _contexts(trust)
    places = [("127.101.0.1", answer(LOGIN, b"Content-Type: text/html\r\n")(), "")]
    places += [(address_of(n), kind.script(), kind.secure) for n, kind in enumerate(KINDS) if not kind.url]
    places += [(good_address(n), good_script(n), "") for n in range(GOOD_FEEDS)]
    servers = []
    for address, script, secure in places:
        serve = _serving(script, closing)
        servers.append(await asyncio.start_server(serve, address, int(_port), ssl=contexts.get(secure)))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    closing.set()
    for server in servers:
        server.close()


def _serving(
    script: Script, closing: asyncio.Event
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await script(reader, writer, closing)
        writer.close()

    return serve


def _contexts(trust: Path) -> dict[str, ssl.SSLContext]:
    authority, stranger = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(trust)
    hosts = [kind.host for kind in SECURE]
    old, soon = datetime(2001, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
    certificates = {
        "good": authority.issue_cert(*hosts),
        "unknown": stranger.issue_cert(*hosts),
        "expired": authority.issue_cert(*hosts, not_before=old, not_after=old.replace(year=2002)),
        "early": authority.issue_cert(*hosts, not_before=soon, not_after=soon.replace(year=2100)),
        "another": authority.issue_cert("somebody-else.example"),
        "old": authority.issue_cert(*hosts),
    }
    contexts = {}
    for name, certificate in certificates.items():
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(contexts[name])
    contexts["old"].set_ciphers("ALL:@SECLEVEL=0")
    contexts["old"].options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
    return contexts


if __name__ == "__main__":
    _port = sys.argv[1].encode()
    asyncio.run(_serve(Path(sys.argv[2])))
