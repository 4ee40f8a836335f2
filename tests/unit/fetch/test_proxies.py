"""Fetching by a proxy of the user's, and what goes along with a request to whom."""

from __future__ import annotations

import ssl
from itertools import pairwise
from pathlib import Path

import pytest
import trustme

from monitor.model import FeedSpec, Problem
from tests.proxyserver import ProxyServer
from tests.servers import Answer, HttpServer
from tests.unit.fetch.fetching import AGENT, fetch

NO_PRIVATE = {"allow_networks": ()}
LOGIN = "Basic bWU6cGFzcyB3b3Jk"


def test_a_proxy_on_a_private_address_is_used_and_looks_names_up_itself() -> None:
    with HttpServer() as web, ProxyServer({"paper.example": ("127.0.0.1", web.port)}, LOGIN) as proxy:
        web.put("/feed?x=1", Answer("news", etag='"1"'))
        by = f"http://me:pass%20word@127.0.0.1:{proxy.port}"
        result = fetch("http://paper.example/feed?x=1", proxy=by, options=NO_PRIVATE)
        again = fetch("http://paper.example/feed?x=1", proxy=by, etag=result.etag, options=NO_PRIVATE)

    assert (result.error, result.body) == (None, b"news")
    assert again.is_unchanged
    assert proxy.asked == ["GET http://paper.example/feed?x=1"] * 2
    assert web.requests[0].headers["User-Agent"] == AGENT


def test_https_goes_through_a_tunnel_and_the_certificate_is_the_sites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("paper.example").configure_cert(tls)
    with HttpServer(tls=tls) as web:
        web.put("/", Answer("private"))
        there = ("127.0.0.1", web.port)
        with ProxyServer({"paper.example": there, "other.example": there}) as proxy:
            by = f"http://127.0.0.1:{proxy.port}"
            good, bad = (fetch(f"https://{name}.example/", proxy=by, options=NO_PRIVATE) for name in ("paper", "other"))

    assert (good.error, good.body) == (None, b"private")
    assert proxy.asked == ["CONNECT paper.example:443", "CONNECT other.example:443"]
    assert bad.error is not None
    assert bad.error.problem is Problem.TLS


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://10.0.0.1/", "private"),
        ("http://169.254.169.254/latest/", "link-local"),
        ("http://[::1]/", "loopback"),
        ("http://localhost/", "loopback"),
        ("http://x.localhost/", "loopback"),
    ],
)
def test_a_forbidden_address_is_refused_by_a_proxy_too(address: str, reason: str) -> None:
    with HttpServer() as web, ProxyServer({"a.example": ("127.0.0.1", web.port)}) as proxy:
        by = f"http://127.0.0.1:{proxy.port}"
        web.redirect("/", address)
        straight = fetch(address, proxy=by, options=NO_PRIVATE)
        redirected = fetch("http://a.example/", proxy=by, options=NO_PRIVATE)

    assert [line for line in proxy.asked if "a.example" not in line] == []
    for result in (straight, redirected):
        assert result.error is not None
        assert result.error.problem is Problem.BLOCKED_ADDRESS
        assert f"({reason}), by a proxy" in result.error.detail


def test_what_is_wrong_with_a_proxy_is_told_without_its_login() -> None:
    with ProxyServer({}, LOGIN) as proxy:
        refused = fetch("https://a.example/", proxy=f"http://me:geheim@127.0.0.1:{proxy.port}")
        unknown = fetch("https://a.example/", proxy=f"http://me:pass%20word@127.0.0.1:{proxy.port}")
    dead = fetch("http://a.example/", proxy=f"http://me:geheim@127.0.0.1:{proxy.port}")

    assert [str(result.error) for result in (refused, unknown, dead)] == [
        "connect: the proxy answers 407 Proxy Authentication Required",
        "connect: the proxy answers 502 Bad Gateway",
        "connect: the proxy does not answer: Connection refused",
    ]


SECRET = FeedSpec(
    url="http://a.example/",
    cookies=(("sid", "geheim"),),
    auth=("me", "geheim"),
    headers=(("X-Api-Key", "geheim"),),
    user_agent="Reader/7",
).access


@pytest.mark.parametrize(
    ("hops", "expected"),
    [
        (["home"], [True]),
        (["home", "home"], [True, True]),
        (["home", "port"], [True, False]),
        (["home", "name"], [True, False]),
        (["home", "port", "home"], [True, False, False]),
        (["home", "home", "name", "port"], [True, True, False, False]),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_what_opens_a_feed_goes_to_its_own_origin_only(hops: list[str], expected: list[bool], status: int) -> None:
    with HttpServer() as home, HttpServer() as port:
        bases = {"home": home.url(), "port": port.url(), "name": home.url().replace("127.0.0.1", "localhost")}
        servers = {"home": home, "name": home, "port": port}
        for number, (here, there) in enumerate(pairwise(hops)):
            servers[here].redirect(f"/{number}", f"{bases[there]}{number + 1}", status=status)
        servers[hops[-1]].put(f"/{len(hops) - 1}", Answer("end"))
        result = fetch(f"{bases['home']}0", headers=SECRET.headers, user_agent=SECRET.user_agent)
        asked = sorted(home.requests + port.requests, key=lambda request: request.path)

    assert result.body == b"end"
    for request, is_told in zip(asked, expected, strict=True):
        assert ("geheim" in str(request.headers) or "Authorization" in request.headers) is is_told
        assert {"Cookie", "Authorization", "X-Api-Key"} <= set(request.headers) or not is_told
        assert request.headers["User-Agent"] == "Reader/7"
