from __future__ import annotations

import asyncio
import gzip
import ssl
from ipaddress import ip_network
from pathlib import Path

import pytest
import trustme
from aiohttp.abc import ResolveResult

from monitor.fetch import HttpFetcher
from monitor.model import Failure, FetchRequest, PollSettings, Problem
from tests.servers import Answer, HttpServer
from tests.unit.fetch.fetching import AGENT, TableResolver, fetch, fetch_all, using

DATE = {"Date": "Mon, 27 Oct 2025 12:00:00 GMT"}


def test_an_answer_comes_back_with_all_that_its_headers_say() -> None:
    answer = Answer(
        "<rss/>",
        content_type="application/rss+xml; charset=utf-8",
        etag='W/"7"',
        last_modified="Sun, 26 Oct 2025 12:00:00 GMT",
        headers=DATE | {"Cache-Control": "max-age=600", "Age": "60"},
    )
    with HttpServer() as server:
        result = fetch(server.put("/feed", answer))

    assert (result.url, result.final_url) == (server.url("/feed"), server.url("/feed"))
    assert (result.status, result.error, result.body, result.raw_bytes) == (200, None, b"<rss/>", 6)
    assert result.content_type == "application/rss+xml; charset=utf-8"
    assert (result.etag, result.last_modified) == ('W/"7"', "Sun, 26 Oct 2025 12:00:00 GMT")
    assert (result.max_age_s, result.retry_after_s) == (540, None)
    assert 0 < result.elapsed_s < 5


def test_the_request_says_who_asks_and_what_can_be_read() -> None:
    with HttpServer() as server:
        fetch(server.url("/"), accept="application/rss+xml", headers=(("x-key", "1"),))

    headers = server.requests[0].headers
    expected = {"User-Agent": AGENT, "Accept": "application/rss+xml", "Accept-Encoding": "gzip, br", "X-Key": "1"}
    assert {name: headers.get(name) for name in expected} == expected
    assert not {"Cookie", "If-None-Match", "If-Modified-Since"} & set(headers)


def test_headers_of_the_user_win_over_ours_without_doubling() -> None:
    with HttpServer() as server:
        fetch(server.url("/"), headers=(("user-agent", "Me"), ("ACCEPT", "text/plain")))

    assert server.requests[0].headers["User-Agent"] == "Me"
    assert server.requests[0].headers["Accept"] == "text/plain"


def test_closing_waits_for_the_fetches_that_run() -> None:
    class Resolver(TableResolver):
        async def resolve(self, *words: object, **options: object) -> list[ResolveResult]:
            asked.set()
            await gate.wait()
            assert not self.is_closed
            return await super().resolve(*words, **options)

    async def use(fetcher: HttpFetcher) -> None:
        running = asyncio.create_task(fetcher.fetch(FetchRequest(url=url, timeout_s=5)))
        await asked.wait()
        closing = asyncio.create_task(fetcher.close())
        for _ in range(5):
            await asyncio.sleep(0)
        gate.set()
        await closing

        assert (await running).body == b"all of it"

    asked, gate = asyncio.Event(), asyncio.Event()
    resolver = Resolver({"a.example": [["127.0.0.1"]]})
    with HttpServer() as server:
        server.put("/", Answer("all of it"))
        url = f"http://a.example:{server.port}/"
        using(use, resolver=resolver)
    assert resolver.is_closed


def test_cookies_are_neither_kept_nor_sent() -> None:
    with HttpServer() as server:
        url = server.put("/", Answer(headers={"Set-Cookie": "who=me"}))
        fetch_all([FetchRequest(url=url), FetchRequest(url=url)])

    assert ["Cookie" in request.headers for request in server.requests] == [False, False]


@pytest.mark.parametrize(
    "validator",
    [{"etag": '"7"'}, {"last_modified": "Sun, 26 Oct 2025 12:00:00 GMT"}],
)
def test_an_unchanged_feed_is_a_304_that_keeps_its_validators(validator: dict[str, str]) -> None:
    with HttpServer() as server:
        url = server.put("/feed", Answer("<rss/>", **validator))
        first = fetch(url)
        again = fetch(url, etag=first.etag, last_modified=first.last_modified)

    assert (again.status, again.is_unchanged, again.error, again.body) == (304, True, None, b"")
    assert (again.etag, again.last_modified) == (first.etag, first.last_modified)


def test_a_304_without_validators_in_it_keeps_those_that_were_sent() -> None:
    with HttpServer() as server:
        result = fetch(server.put("/feed", Answer(status=304)), etag='"7"', last_modified="Sun")

    assert (result.etag, result.last_modified) == ('"7"', "Sun")


def test_a_304_that_nobody_asked_for_is_a_protocol_fault() -> None:
    with HttpServer() as server:
        result = fetch(server.put("/feed", Answer(status=304)))

    assert result.error == Failure(
        problem=Problem.PROTOCOL, detail="answered 304 Not Modified without having been asked"
    )


@pytest.mark.parametrize(
    ("status", "headers", "problem"),
    [
        (400, {}, Problem.CLIENT_ERROR),
        (401, {}, Problem.UNAUTHORIZED),
        (402, {}, Problem.CLIENT_ERROR),
        (403, {}, Problem.FORBIDDEN),
        (403, {"cf-mitigated": "challenge"}, Problem.CHALLENGE),
        (404, {}, Problem.NOT_FOUND),
        (410, {}, Problem.GONE),
        (418, {}, Problem.CLIENT_ERROR),
        (429, {}, Problem.TOO_MANY),
        (451, {}, Problem.CLIENT_ERROR),
        (500, {}, Problem.SERVER_ERROR),
        (503, {}, Problem.SERVER_ERROR),
        (503, {"CF-Mitigated": "Challenge"}, Problem.CHALLENGE),
        (599, {}, Problem.SERVER_ERROR),
        (300, {}, Problem.PROTOCOL),
        (305, {}, Problem.PROTOCOL),
        (700, {}, Problem.PROTOCOL),
    ],
)
def test_a_status_of_failure_is_its_problem(status: int, headers: dict[str, str], problem: Problem) -> None:
    with HttpServer() as server:
        result = fetch(server.put("/", Answer("sorry", status=status, headers=headers, etag='"7"')))

    assert result.status == status
    assert result.error is not None
    assert result.error.problem is problem
    assert str(status) in result.error.detail
    assert (result.body, result.etag) == (b"", "")


CLOUDFLARE = "<html><head><title>Just a moment...</title></head><script>window._cf_chl_opt={}</script></html>"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(CLOUDFLARE, status=403), Problem.CHALLENGE),
        (Answer(CLOUDFLARE, status=503, coding="gzip"), Problem.CHALLENGE),
        (Answer(CLOUDFLARE, status=429, coding="br"), Problem.CHALLENGE),
        (Answer("", status=202, headers={"x-amzn-waf-action": "challenge"}), Problem.CHALLENGE),
        (Answer("", status=405, headers={"x-amzn-waf-action": "captcha"}), Problem.CHALLENGE),
        (Answer("<title>Access Denied</title>", status=403), Problem.FORBIDDEN),
        (Answer(CLOUDFLARE, status=404), Problem.NOT_FOUND),
        (Answer(CLOUDFLARE, status=403, content_type="text/plain"), Problem.FORBIDDEN),
        (Answer(CLOUDFLARE + "x" * 200_000, status=403), Problem.FORBIDDEN),
        (Answer(CLOUDFLARE, status=403, headers={"Content-Encoding": "zstd"}), Problem.FORBIDDEN),
    ],
)
def test_a_bot_check_is_told_from_a_plain_refusal_by_its_page(answer: Answer, problem: Problem) -> None:
    with HttpServer() as server:
        result = fetch(server.put("/", answer))

    assert result.error is not None
    assert result.error.problem is problem


def test_retry_after_comes_with_the_failure() -> None:
    later = {"Retry-After": "Mon, 27 Oct 2025 12:10:00 GMT"} | DATE
    with HttpServer() as server:
        seconds = fetch(server.put("/a", Answer(status=429, headers={"Retry-After": "90"})))
        date = fetch(server.put("/b", Answer(status=503, headers=later)))

    assert (seconds.retry_after_s, date.retry_after_s) == (90, 600)


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_packed_body_is_unpacked_and_both_sizes_are_known(coding: str) -> None:
    body = b"<rss>" + b"x" * 50_000
    with HttpServer() as server:
        result = fetch(server.put("/", Answer(body, coding=coding)))

    assert result.body == body
    assert 0 < result.raw_bytes < 1_000


@pytest.mark.parametrize(
    ("answer", "limits", "detail"),
    [
        (Answer(b"x" * 2_000), {"max_raw_bytes": 1_000}, "over 1000 bytes as sent"),
        (Answer(b"x" * 2_000), {"max_decoded_bytes": 1_000}, "over 1000 bytes"),
        (Answer(b"x" * 2_000, coding="gzip"), {"max_decoded_bytes": 1_000}, "over 1000 bytes"),
        (Answer(b"x" * 2_000, coding="br"), {"max_decoded_bytes": 1_000}, "over 1000 bytes"),
    ],
)
def test_an_answer_over_a_limit_is_too_large(answer: Answer, limits: dict[str, int], detail: str) -> None:
    with HttpServer() as server:
        result = fetch(server.put("/", answer), **limits)

    assert result.error is not None
    assert result.error.problem is Problem.TOO_LARGE
    assert detail in result.error.detail
    assert result.body == b""


def test_an_answer_at_the_limit_is_taken() -> None:
    with HttpServer() as server:
        result = fetch(server.put("/", Answer(b"x" * 1_000)), max_raw_bytes=1_000, max_decoded_bytes=1_000)

    assert result.body == b"x" * 1_000


@pytest.mark.parametrize("coding", ["zstd", "gzip, gzip", "br, gzip"])
def test_a_coding_that_was_not_asked_for_is_refused(coding: str) -> None:
    body = gzip.compress(gzip.compress(b"<rss/>"))
    with HttpServer() as server:
        result = fetch(server.put("/", Answer(body, headers={"Content-Encoding": coding})))

    assert result.error == Failure(problem=Problem.ENCODING, detail=f"the answer is coded as {coding}")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_final_address_told(status: int) -> None:
    with HttpServer() as server:
        server.put("/new", Answer("here"))
        result = fetch(server.redirect("/old", "/new", status))

    assert (result.body, result.url, result.final_url) == (b"here", server.url("/old"), server.url("/new"))


def test_validators_go_along_so_that_a_redirected_feed_can_be_unchanged() -> None:
    with HttpServer() as server:
        server.put("/new", Answer("here", etag='"7"'))
        result = fetch(server.redirect("/old", "/new"), etag='"7"')

    assert result.is_unchanged


def test_five_redirects_are_followed_and_six_are_not() -> None:
    with HttpServer() as server:
        for number in range(6):
            server.redirect(f"/{number}", f"/{number + 1}")
        server.put("/6", Answer("end"))
        five, six = fetch(server.url("/1")), fetch(server.url("/0"))

    assert five.body == b"end"
    assert six.error is not None
    assert six.error.problem is Problem.REDIRECT_LOOP


def test_a_circle_of_redirects_ends_at_once() -> None:
    with HttpServer() as server:
        server.redirect("/b", "/a")
        result = fetch(server.redirect("/a", "/b"))

    assert result.error == Failure(problem=Problem.REDIRECT_LOOP, detail=f"redirects back to {server.url('/a')}")
    assert server.paths == ["/a", "/b"]


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("", Problem.PROTOCOL),
        ("file:///etc/passwd", Problem.BAD_URL),
        ("ftp://a.example/", Problem.BAD_URL),
        ("http://me:secret@127.0.0.1/", Problem.BAD_URL),
        ("http://[::1/", Problem.BAD_URL),
        ("http://10.0.0.1/", Problem.BLOCKED_ADDRESS),
        ("http://169.254.169.254/latest/meta-data/", Problem.BLOCKED_ADDRESS),
        ("http://[::ffff:10.0.0.1]/", Problem.BLOCKED_ADDRESS),
    ],
)
def test_a_redirect_to_what_may_not_be_fetched_is_not_followed(target: str, problem: Problem) -> None:
    with HttpServer() as server:
        result = fetch(server.redirect("/", target))

    assert result.error is not None
    assert result.error.problem is problem


def test_a_redirect_to_a_port_that_is_not_allowed_is_not_followed() -> None:
    with HttpServer() as server, HttpServer() as canary:
        only = {"allow_ports": ((server.port, server.port),)}
        result = fetch(server.redirect("/", canary.url("/")), options=only)

    assert result.error is not None
    assert result.error.problem is Problem.BAD_URL
    assert canary.paths == []


def test_headers_of_the_user_stay_behind_when_the_origin_changes_also_on_the_way_back() -> None:
    secret = (("Authorization", "Bearer x"), ("Cookie", "a=b"), ("X-Key", "1"))
    with HttpServer() as home, HttpServer("127.0.0.2") as other:
        home.put("/end", Answer("end"))
        home.redirect("/start", "/second")
        home.redirect("/second", other.redirect("/away", home.url("/end")))
        result = fetch(home.url("/start"), headers=secret)

    names = {name for name, _ in secret}
    seen = [(request.path, names & set(request.headers)) for request in home.requests + other.requests]
    assert result.body == b"end"
    assert seen == [("/start", names), ("/second", names), ("/end", set()), ("/away", set())]


class TestGuard:
    def test_an_address_literal_is_refused_with_the_address(self) -> None:
        with HttpServer() as canary:
            result = fetch(canary.url("/"), options={"allow_networks": ()})

        assert result.error == Failure(problem=Problem.BLOCKED_ADDRESS, detail="127.0.0.1 (loopback)")
        assert canary.paths == []

    def test_a_name_is_refused_by_its_addresses_however_many(self) -> None:
        resolver = TableResolver({"evil.example": [["127.0.0.1", "10.0.0.1", "::1"]]})
        with HttpServer() as canary:
            url = canary.url("/", host="evil.example")
            result = fetch(url, options={"allow_networks": (), "resolver": resolver})

        assert result.error is not None
        assert result.error.problem is Problem.BLOCKED_ADDRESS
        assert set(result.error.detail.split(", ")) == {"127.0.0.1 (loopback)", "10.0.0.1 (private)", "::1 (loopback)"}
        assert canary.paths == []

    def test_localhost_is_refused_by_its_addresses(self) -> None:
        with HttpServer() as canary:
            result = fetch(canary.url("/", host="localhost"), options={"allow_networks": ()})

        assert result.error is not None
        assert result.error.problem is Problem.BLOCKED_ADDRESS
        assert canary.paths == []

    def test_a_name_that_changes_its_address_between_two_fetches_reaches_only_the_permitted_one(self) -> None:
        # The first look-up gives a permitted address, each later one the canary's.
        resolver = TableResolver({"flip.example": [["127.0.0.2"], ["127.0.0.1"]]})
        only = {"allow_networks": [ip_network("127.0.0.2")], "resolver": resolver}
        with HttpServer("127.0.0.2") as server, HttpServer("127.0.0.1", port=server.port) as canary:
            url = server.url("/", host="flip.example")
            server.put("/", Answer("public", headers={"Connection": "close"}))
            first, second = fetch_all([FetchRequest(url=url), FetchRequest(url=url)], **only)

        assert first.body == b"public"
        assert second.error == Failure(problem=Problem.BLOCKED_ADDRESS, detail="127.0.0.1 (loopback)")
        assert canary.paths == []

    def test_a_permitted_address_beside_a_refused_one_is_taken(self) -> None:
        resolver = TableResolver({"mixed.example": [["10.0.0.1", "127.0.0.2"]]})
        with HttpServer("127.0.0.2") as server:
            server.put("/", Answer("hello"))
            result = fetch(server.url("/", host="mixed.example"), options={"resolver": resolver})

        assert result.body == b"hello"

    def test_environment_proxies_are_not_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with HttpServer() as proxy, HttpServer("127.0.0.2") as server:
            monkeypatch.setenv("HTTP_PROXY", proxy.url())
            server.put("/", Answer("direct"))
            result = fetch(server.url("/"))

        assert result.body == b"direct"
        assert proxy.paths == []


class TestTls:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    def trust(self, authority: trustme.CA, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        authority.cert_pem.write_to_path(folder / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))

    def context(self, authority: trustme.CA, name: str) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(name).configure_cert(context)
        return context

    def test_a_certificate_of_a_trusted_authority_is_taken(
        self, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.trust(authority, tmp_path, monkeypatch)
        with HttpServer(tls=self.context(authority, "127.0.0.1")) as server:
            result = fetch(server.put("/", Answer("private")))

        assert (result.error, result.body) == (None, b"private")

    def test_an_unknown_authority_is_a_tls_problem(self, authority: trustme.CA) -> None:
        with HttpServer(tls=self.context(authority, "127.0.0.1")) as server:
            result = fetch(server.url("/"))

        assert result.error == Failure(problem=Problem.TLS, detail="unable to get local issuer certificate")

    def test_a_certificate_for_another_host_is_a_tls_problem(
        self, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.trust(authority, tmp_path, monkeypatch)
        with HttpServer(tls=self.context(authority, "other.example")) as server:
            result = fetch(server.url("/"))

        assert result.error is not None
        assert result.error.problem is Problem.TLS
        assert "certificate is not valid for '127.0.0.1'" in result.error.detail

    def test_a_server_without_tls_is_a_tls_problem(self) -> None:
        with HttpServer() as server:
            result = fetch(server.url("/").replace("http:", "https:"))

        assert result.error is not None
        assert result.error.problem is Problem.TLS

    def test_a_redirect_from_https_down_to_http_is_not_followed(
        self, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.trust(authority, tmp_path, monkeypatch)
        with HttpServer(tls=self.context(authority, "127.0.0.1")) as server, HttpServer("127.0.0.2") as plain:
            result = fetch(server.redirect("/", plain.url("/")))

        assert result.error == Failure(problem=Problem.TLS, detail=f"redirects from https down to {plain.url('/')}")
        assert plain.paths == []

    def test_a_redirect_up_to_https_is_followed(
        self, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.trust(authority, tmp_path, monkeypatch)
        with HttpServer(tls=self.context(authority, "127.0.0.1")) as server, HttpServer("127.0.0.2") as plain:
            server.put("/", Answer("private"))
            result = fetch(plain.redirect("/", server.url("/")))

        assert result.body == b"private"


class TestTime:
    def test_one_deadline_spans_all_redirects(self) -> None:
        async def use(fetcher: HttpFetcher) -> float:
            started = asyncio.get_running_loop().time()
            await fetcher.fetch(FetchRequest(url=server.url("/a"), timeout_s=0.6))
            return asyncio.get_running_loop().time() - started

        with HttpServer() as server:
            server.redirect("/a", "/b")
            server.put("/b", Answer(is_held=True))
            took_s = using(use)

        assert server.paths == ["/a", "/b"]
        assert 0.55 < took_s < 5

    def test_a_silent_server_is_a_timeout(self) -> None:
        with HttpServer() as server:
            result = fetch(server.put("/", Answer(is_held=True)), timeout_s=0.1)

        assert result.error == Failure(problem=Problem.TIMEOUT, detail="no whole answer within 0.1 s")
        assert 0.1 <= result.elapsed_s < 5

    def test_waiting_for_a_turn_is_not_held_against_the_host(self) -> None:
        async def use(fetcher: HttpFetcher) -> list[Problem | None]:
            requests = [FetchRequest(url=server.url("/"), timeout_s=1.0) for _ in range(3)]
            results = await asyncio.gather(*(fetcher.fetch(request) for request in requests))
            return [result.error and result.error.problem for result in results]

        with HttpServer() as server:
            server.put("/", Answer("ok"))
            found = using(use, poll=PollSettings(host_gap_s=0.6, host_connections=1))

        assert found == [None, None, None]

    def test_cancelling_passes_and_leaves_the_fetcher_usable(self) -> None:
        async def use(fetcher: HttpFetcher) -> tuple[bool, bytes]:
            task = asyncio.create_task(fetcher.fetch(FetchRequest(url=server.url("/held"))))
            assert await asyncio.to_thread(server.wait_for, "/held")
            task.cancel()
            await asyncio.wait({task})
            after = await fetcher.fetch(FetchRequest(url=server.url("/ok")))
            return task.cancelled(), after.body

        with HttpServer() as server:
            server.put("/held", Answer(is_held=True))
            server.put("/ok", Answer("ok"))
            found = using(use, poll=PollSettings(host_gap_s=0, host_connections=1))

        assert found == (True, b"ok")


def test_a_connection_is_used_again() -> None:
    with HttpServer() as server:
        url = server.put("/", Answer("ok"))
        fetch_all([FetchRequest(url=url) for _ in range(3)])

    assert len({request.peer for request in server.requests}) == 1


def test_a_given_resolver_is_closed_with_the_fetcher() -> None:
    resolver = TableResolver({})
    result = fetch("http://gone.example/", options={"resolver": resolver})

    assert result.error == Failure(problem=Problem.DNS, detail="domain name not found")
    assert resolver.is_closed


def test_a_bad_address_is_named_without_a_request() -> None:
    result = fetch("ftp://a.example/")

    assert result.error == Failure(
        problem=Problem.BAD_URL, detail="the address starts with ftp: but must start with http:// or https://"
    )
    assert (result.url, result.final_url) == ("ftp://a.example/", "ftp://a.example/")


def test_a_header_that_cannot_be_sent_is_named_without_a_request() -> None:
    with HttpServer() as server:
        result = fetch(server.url("/"), headers=(("X-Key", "a\r\nEvil: 1"),))

    assert result.error is not None
    assert result.error.problem is Problem.BAD_URL
    assert "the request cannot be sent" in result.error.detail
    assert server.paths == []
