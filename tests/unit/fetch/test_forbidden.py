"""No spelling, redirect or name reaches an address that was not permitted: not one connection, whatever it says."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from ipaddress import ip_network
from urllib.parse import quote

import pytest

from monitor.fetch import HttpFetcher
from monitor.fetch.resolver import HostResolver
from monitor.model import FetchRequest, FetchResult, PollSettings, Problem
from tests.nameserver import Names, NameServer, at
from tests.servers import Answer, HttpServer
from tests.unit.fetch.fetching import AGENT, ANY_PORT

REFUSALS = {Problem.BLOCKED_ADDRESS, Problem.BAD_URL, Problem.DNS}

# Ways to write this machine, and networks that only machines inside should reach. PORT is the canary's.
WRITTEN = """
127.0.0.1 127.0.0.1. 127.0.0.1.. 127.1 127.0.1 127.0.0.2 127.255.255.254 127.1.2.3 0127.0.0.1 2130706433
2130706434 02130706433 0x7f000001 0X7F000001 0x7F.0.0.1 0x7f.1 0x7f.0x0.0x0.0x1 0x7f.0.1 0x7f000001.
017700000001 0177.0.0.1 0177.1 0177.0.1 00000000177.0.0.1 0177.0x0.0.01 127.0.0.01 127.0.0.0x1 0 0.0.0.0 0.0.0.1
0x0 0x00000000 00 0.0 0. 4294967295 4294967296 6425673729 256.0.0.1 127.0.0.257 340282366920938463463
127.0.0.1.5 1.2.3.127.0.0.1 127.0.0.1e0 １２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 ①②⑦.⓪.⓪.① ①②⑦.0.0.1
𝟙𝟚𝟟.𝟘.𝟘.𝟙
１２７.1 ０x7f.1 ٢١٣٠٧٠٦٤٣٣ १२७.०.०.१ ²¹³⁰⁷⁰⁶⁴³³ %31%32%37.0.0.1 127%2e0%2e0%2e1 127.0.0.1%00 127.0.0.1%00.a.example
127.0.0.1%20 127.0.0.1%0a %6cocalhost localhost LOCALHOST LocalHost localhost. localhost.. ｌｏｃａｌｈｏｓｔ ⓛⓞⓒⓐⓛⓗⓞⓢⓣ
loc%61lhost locaⅼhost loca\xadlhost ip6-localhost [::1] [::] [0:0:0:0:0:0:0:1]
[0000:0000:0000:0000:0000:0000:0000:0001] [::0:1] [0::1] [::1%lo] [::1%25lo] [::1%251] [::01] [::127.0.0.1]
[::7f00:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:7F00:0001] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:0:127.0.0.1]
[::ffff:127.0.0.1%25lo] [::ffff:0.0.0.0] [::ffff:10.0.0.1] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe]
[64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::7f00:1] [2002:7f00:1::]
[2002:7f00:0001::1] [2002:a9fe:a9fe::1] [2002:c0a8:101::1] [2001:0:7f00:1::1] [2001:0:c000:22::80ff:fffe]
[2001:0:808:808::80ff:fffe] [fe80::1] [fe80::1%25lo] [fe80::1%eth0] [fec0::1] [fc00::1] [fd00:ec2::254]
[fdff::1] [ff02::1] [ff01::1] [ff0e::1] [100::1] [2001:db8::1] [2001:10::1] [3fff::1] [5f00::1] [4000::1] [::1
[::1]] [v1.x] [127.0.0.1] [localhost] [] 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1
192.168.255.255 100.64.0.1 100.127.255.254 169.254.169.254 169.254.170.2 168.254.169.254.nip 2852039166
0xa9fea9fe 0251.0376.0251.0376 169.254.43518 100.100.100.200 192.0.0.192 192.0.0.170 192.0.2.1 192.88.99.1
198.18.0.1 198.19.255.254 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 233.252.0.1 240.0.0.1
255.255.255.255 255.255.255.255. 0xffffffff
"""
HOSTS = WRITTEN.split()

ADDRESSES = [
    "http://user@127.0.0.1:PORT/",
    "http://user:pass@127.0.0.1:PORT/",
    "http://1.1.1.1@127.0.0.1:PORT/",
    "http://a.example:80@127.0.0.1:PORT/",
    "http://a.example%40127.0.0.1:PORT/",
    "http://127.0.0.1:PORT\\@a.example/",
    "http://a.example\\@127.0.0.1:PORT/",
    "http://a.example\\.127.0.0.1:PORT/",
    "http://127.0.0.1:PORT%2f@a.example/",
    "http://a.example:PORT#@127.0.0.1:PORT/",
    "http://a.example:PORT?@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT?@a.example/",
    "http://127.0.0.1:PORT#@a.example/",
    "http://127.0.0.1:PORT;a.example/",
    "http://127.0.0.1 .a.example:PORT/",
    "http://127.0.0.1\t:PORT/",
    "http://127.0.0.1\r\nHost: a.example:PORT/",
    "http://127.0.0.1:80:PORT/",
    "http://127.0.0.1:+PORT/",
    "http://127.0.0.1:0PORT/",
    "http://127.0.0.1: PORT/",
    "http:127.0.0.1:PORT",
    "http:/127.0.0.1:PORT/",
    "http:///127.0.0.1:PORT/",
    "http:////127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT\\",
    "//127.0.0.1:PORT/",
    "\\\\127.0.0.1:PORT\\",
    "127.0.0.1:PORT/",
    "https://127.0.0.1:PORT/",
    "HTTP://127.0.0.1:PORT/",
    " http://127.0.0.1:PORT/ ",
    "\x00http://127.0.0.1:PORT/",
    "feed://127.0.0.1:PORT/",
    "feed:http://127.0.0.1:PORT/",
    "view-source:http://127.0.0.1:PORT/",
    "url:http://127.0.0.1:PORT/",
    "jar:http://127.0.0.1:PORT/!/",
    "ftp://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/_GET%20/",
    "dict://127.0.0.1:PORT/stat",
    "ldap://127.0.0.1:PORT/",
    "ws://127.0.0.1:PORT/",
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "file:/etc/passwd",
    "data:text/xml,<rss/>",
    "javascript:alert(1)",
    "about:blank",
    "unix:/var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
]
NAMES = {
    "loop.example": at("127.0.0.1"),
    "loop6.example": at("::1"),
    "zero.example": at("0.0.0.0"),
    "mapped.example": at("::ffff:127.0.0.1"),
    "nat64.example": at("64:ff9b::7f00:1"),
    "many.example": at("127.0.0.1", "127.0.0.3", "10.0.0.1", "::1", "fe80::1"),
    "metadata.example": at("169.254.169.254"),
    "alias.example": Names(alias="localhost"),
}


@pytest.fixture(scope="module")
def canary() -> Iterator[socket.socket]:
    """Listens on every address of this machine, old and new family, and takes nothing."""
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        server.setblocking(False)
        yield server


def port_of(server: socket.socket) -> int:
    return int(server.getsockname()[1])


def has_visitor(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def fetch_all(urls: list[str], names: NameServer, **options: object) -> list[FetchResult]:
    """Fetch addresses side by side, as a program that was allowed nothing special."""

    async def work() -> list[FetchResult]:
        given = {"allow_networks": (), "allow_ports": ANY_PORT, "user_agent": AGENT} | options
        resolver = HostResolver([names.address])
        fetcher = HttpFetcher(PollSettings(host_gap_s=0, host_connections=64), resolver=resolver, **given)
        results = await asyncio.gather(*(fetcher.fetch(FetchRequest(url=url, timeout_s=9)) for url in urls))
        await fetcher.close()
        return results

    return asyncio.run(work())


def not_refused(results: list[FetchResult]) -> list[tuple[str, object]]:
    """Return those that were not refused by their address, with what came of them."""
    return [(one.url, one.error) for one in results if one.error is None or one.error.problem not in REFUSALS]


def spelled(port: int) -> list[str]:
    written = [f"http://{host}:{port}/" for host in HOSTS] + [one.replace("PORT", str(port)) for one in ADDRESSES]
    return written + [f"http://{name}:{port}/" for name in NAMES]


def test_the_canary_sees_who_comes(canary: socket.socket) -> None:
    for address in ("127.0.0.1", "127.9.9.9", "0.0.0.0", "::1"):
        socket.create_connection((address, port_of(canary)), timeout=5).close()
        assert has_visitor(canary)


def test_no_spelling_reaches_a_forbidden_address(canary: socket.socket) -> None:
    urls = spelled(port_of(canary))
    with NameServer(NAMES) as names:
        results = fetch_all(urls, names)

    assert len(set(urls)) > 200
    assert not_refused(results) == []
    assert not has_visitor(canary)


def test_no_redirect_reaches_a_forbidden_address(canary: socket.socket) -> None:
    targets = [url for url in spelled(port_of(canary)) if url.isprintable() and url.strip() == url]
    with HttpServer("127.77.0.2") as server, NameServer(NAMES) as names:
        urls = [
            server.redirect(f"/{at}", quote(target, safe="%:/?#[]@!$&'()*+,;=\\<>"))
            for at, target in enumerate(targets)
        ]
        results = fetch_all(urls, names, allow_networks=[ip_network("127.77.0.2")])

    # What is no whole address is a path on the same server, which has none such.
    strangers = [(url, error) for url, error in not_refused(results) if "404" not in str(error)]
    assert strangers == []
    assert not has_visitor(canary)


def test_a_name_that_flips_between_look_ups_never_gets_a_forbidden_address_connected() -> None:
    # At each look-up, and before each, it may turn from a permitted address to that of the canary.
    permitted, forbidden = at("127.77.0.2"), at("127.0.0.1")
    flips = {f"flip{turn}.example": (permitted,) * turn + (forbidden,) for turn in range(6)}
    flips |= {f"flop{turn}.example": (forbidden,) * turn + (permitted, forbidden) * 9 for turn in range(6)}
    with socket.create_server(("127.0.0.1", 0)) as canary, NameServer(flips) as names:
        canary.setblocking(False)
        port = port_of(canary)
        with HttpServer("127.77.0.2", port=port) as server:
            server.put("/", Answer("public", headers={"Connection": "close"}))
            urls = [f"http://{name}:{port}/" for name in flips]
            rounds = [fetch_all(urls, names, allow_networks=[ip_network("127.77.0.2")]) for _ in range(3)]

        assert not has_visitor(canary)
    words = {str(one.error.problem) if one.error else one.body.decode() for results in rounds for one in results}
    assert words == {"public", "blocked-address"}


def test_other_ports_of_a_permitted_host_are_not_asked(canary: socket.socket) -> None:
    with HttpServer("127.77.0.2") as server, NameServer({}) as names:
        url = server.redirect("/", f"http://127.77.0.2:{port_of(canary)}/")
        only = {"allow_networks": [ip_network("127.77.0.2")], "allow_ports": ((server.port, server.port),)}
        results = fetch_all([url, f"http://127.77.0.2:{port_of(canary)}/"], names, **only)

    assert [str(one.error and one.error.problem) for one in results] == ["bad-url", "bad-url"]
    assert not has_visitor(canary)
