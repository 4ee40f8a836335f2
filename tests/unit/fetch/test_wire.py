"""Servers that break the protocol, stall or lie: each ends in time, with its word, and costs nobody else anything."""

from __future__ import annotations

import asyncio
import gzip
import socket
import tracemalloc

import brotli
import pytest

from monitor.fetch import HttpFetcher
from monitor.model import FetchRequest, FetchResult, PollSettings, Problem
from tests.servers import Answer, HttpServer, Script, WireServer, drip, flood, reset, say
from tests.unit.fetch.fetching import fetch, using

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB_BYTES = 32 << 20


GZIP_BOMB = gzip.compress(bytes(BOMB_BYTES))
BROTLI_BOMB = brotli.compress(bytes(BOMB_BYTES), quality=1)


def sized(body: bytes, more: bytes = b"") -> bytes:
    return OK + more + b"Content-Length: %d\r\n\r\n" % len(body) + body


FAULTS: list[tuple[str, Script, Problem]] = [
    ("nothing at all", say(), Problem.CONNECT),
    ("reset at once", reset(), Problem.CONNECT),
    ("reset in the head", reset(OK + b"Content-Le"), Problem.CONNECT),
    ("reset in the body", reset(OK + b"Content-Length: 100\r\n\r\nabc"), Problem.PROTOCOL),
    ("closed in the head", say(OK + b"Content-Le"), Problem.CONNECT),
    ("closed before the body's length", say(OK + b"Content-Length: 100\r\n\r\nabc"), Problem.PROTOCOL),
    ("closed in the chunks", say(CHUNKED + b"5\r\nabcde\r\n"), Problem.PROTOCOL),
    ("closed in a chunk", say(CHUNKED + b"50\r\nabcde"), Problem.PROTOCOL),
    ("a chunk without a size", say(CHUNKED + b"zz\r\nabcde\r\n"), Problem.PROTOCOL),
    ("a negative chunk", say(CHUNKED + b"-5\r\nabcde\r\n"), Problem.PROTOCOL),
    ("a length that is none", say(OK + b"Content-Length: many\r\n\r\nabc"), Problem.PROTOCOL),
    ("a negative length", say(OK + b"Content-Length: -3\r\n\r\nabc"), Problem.PROTOCOL),
    ("more than its length", say(OK + b"Content-Length: 3\r\n\r\nabcdef"), Problem.PROTOCOL),
    ("not HTTP", say(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), Problem.PROTOCOL),
    ("binary", say(bytes(range(256)) * 4), Problem.PROTOCOL),
    ("a status that is no number", say(b"HTTP/1.1 abc OK\r\n\r\n"), Problem.PROTOCOL),
    ("a header without a colon", say(OK + b"nonsense\r\n\r\n"), Problem.PROTOCOL),
    ("a header line too long", say(OK + b"X: " + b"y" * 100_000 + b"\r\n\r\n"), Problem.PROTOCOL),
    ("headers without end", flood(OK, b"X-Header: " + b"y" * 1_000 + b"\r\n"), Problem.PROTOCOL),
    ("one header line without end", flood(OK + b"X: ", b"y" * 10_000), Problem.PROTOCOL),
    ("a chunk extension without end", flood(CHUNKED + b"5;", b"y" * 10_000), Problem.TIMEOUT),
    ("silence", drip(b"", b"", every_s=5), Problem.TIMEOUT),
    ("slow-loris in the head", drip(OK, b"X: y\r\n"), Problem.TIMEOUT),
    ("slow-loris in the body", drip(OK + b"Content-Length: 100000\r\n\r\n"), Problem.TIMEOUT),
    ("slow-loris in chunks", drip(CHUNKED, b"1\r\na\r\n"), Problem.TIMEOUT),
    ("continue for ever", drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), Problem.TIMEOUT),
    ("a body without end", flood(OK + b"\r\n", b"y" * 10_000), Problem.TOO_LARGE),
    ("chunks without end", flood(CHUNKED, b"3e8\r\n" + b"y" * 1_000 + b"\r\n"), Problem.TOO_LARGE),
    ("a length over the limit", say(OK + b"Content-Length: 99999999999\r\n\r\n"), Problem.TOO_LARGE),
    ("a gzip bomb", say(sized(GZIP_BOMB, b"Content-Encoding: gzip\r\n")), Problem.TOO_LARGE),
    ("a brotli bomb", say(sized(BROTLI_BOMB, b"Content-Encoding: br\r\n")), Problem.TOO_LARGE),
    ("half a gzip", say(sized(gzip.compress(b"abc" * 99)[:-9], b"Content-Encoding: gzip\r\n")), Problem.PROTOCOL),
    ("gzip that is none", say(sized(b"\x1f\x8b" + b"y" * 99, b"Content-Encoding: gzip\r\n")), Problem.PROTOCOL),
    ("two codings", say(sized(b"abc", b"Content-Encoding: gzip\r\nContent-Encoding: br\r\n")), Problem.ENCODING),
    ("a redirect to nowhere", say(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"), Problem.PROTOCOL),
    ("a redirect in raw bytes", say(b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe/\r\n\r\n"), Problem.BAD_URL),
]


@pytest.mark.parametrize(("script", "problem"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_each_fault_has_its_word_and_ends_in_time(script: Script, problem: Problem) -> None:
    timeout_s = 0.3 if problem is Problem.TIMEOUT else 10
    with WireServer(script) as server:
        result = fetch(server.url(), timeout_s=timeout_s, max_raw_bytes=300_000, max_decoded_bytes=1_000_000)

    assert result.error is not None
    assert (result.error.problem, result.error.detail.isprintable()) == (problem, True)
    assert (result.body, result.etag, result.last_modified) == (b"", "", "")
    assert result.elapsed_s < timeout_s + 2


@pytest.mark.parametrize(
    ("name", "answer", "body"),
    [
        ("no length, closed at the end", OK + b"\r\nabc", b"abc"),
        ("HTTP/1.0", b"HTTP/1.0 200 OK\r\n\r\nabc", b"abc"),
        ("a status without a phrase", b"HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc", b"abc"),
        ("bare line feeds", b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabc", b"abc"),
        ("an early hint first", b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK + b"Content-Length: 3\r\n\r\nabc", b"abc"),
        ("headers in raw bytes", OK + b"X: \xff\xfe\r\nETag: \xff\r\nContent-Length: 3\r\n\r\nabc", b"abc"),
        ("no content", b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ],
)
def test_what_browsers_take_is_taken(name: str, answer: bytes, body: bytes) -> None:
    with WireServer(say(answer)) as server:
        result = fetch(server.url())

    assert (result.error, result.body, result.etag) == (None, body, "")


def test_nobody_listening_is_a_connect_problem() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        result = fetch(f"http://127.0.0.1:{taken.getsockname()[1]}/")

    assert result.error is not None
    assert (result.error.problem, result.error.detail) == (Problem.CONNECT, "Connection refused")


@pytest.mark.parametrize(("coding", "bomb"), [(b"gzip", GZIP_BOMB), (b"br", BROTLI_BOMB)], ids=["gzip", "br"])
def test_a_bomb_takes_memory_up_to_the_limit_and_no_more(coding: bytes, bomb: bytes) -> None:
    with WireServer(say(sized(bomb, b"Content-Encoding: " + coding + b"\r\n"))) as server:
        tracemalloc.start()
        try:
            result = fetch(server.url(), max_decoded_bytes=2_000_000)
            peak_bytes = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert result.error is not None
    assert result.error.problem is Problem.TOO_LARGE
    assert peak_bytes < 8_000_000


def test_stalling_servers_hold_up_no_good_one() -> None:
    hosts = [f"127.0.1.{number}" for number in range(1, 21)]

    async def use(fetcher: HttpFetcher) -> list[FetchResult]:
        slow = [FetchRequest(url=loris.url(), timeout_s=0.5) for _ in range(4)]
        good = [FetchRequest(url=f"http://{host}:{server.port}/", timeout_s=5) for host in hosts]
        return await asyncio.gather(*(fetcher.fetch(request) for request in slow + good))

    with WireServer(drip(OK)) as loris, HttpServer("0.0.0.0") as server:
        server.put("/", Answer("ok"))
        results = using(use, poll=PollSettings(host_gap_s=0, host_connections=2))

    assert [result.body for result in results[4:]] == [b"ok"] * 20
    assert {result.error and result.error.problem for result in results[:4]} == {Problem.TIMEOUT}
