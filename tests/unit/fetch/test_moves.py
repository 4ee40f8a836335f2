"""Where permanent redirects lead, and what a host that wants to be left alone does to its neighbours."""

from __future__ import annotations

import pytest

from monitor.fetch import HttpFetcher
from monitor.model import FetchRequest, FetchResult, Problem
from tests.servers import Answer, HttpServer
from tests.unit.fetch.fetching import fetch, using


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([301], "/1"),
        ([308], "/1"),
        ([301, 308], "/2"),
        ([301, 302, 301], "/1"),
        ([302], ""),
        ([307, 301], ""),
        ([], ""),
    ],
)
def test_a_move_is_as_far_as_permanent_redirects_lead(statuses: list[int], expected: str) -> None:
    with HttpServer() as server:
        for place, status in enumerate(statuses):
            server.redirect(f"/{place}", f"/{place + 1}", status)
        server.put(f"/{len(statuses)}", Answer("here"))

        result = fetch(server.url("/0"))

        assert (result.body, result.moved_to) == (b"here", server.url(expected) if expected else "")


def ask_all(*urls: str) -> list[FetchResult]:
    async def use(fetcher: HttpFetcher) -> list[FetchResult]:
        return [await fetcher.fetch(FetchRequest(url=url, timeout_s=5)) for url in urls]

    return using(use)


@pytest.mark.parametrize("status", [429, 503])
def test_one_refusal_holds_back_all_others_at_that_host(status: int) -> None:
    with HttpServer() as server, HttpServer("127.0.0.2") as other:
        server.put("/busy", Answer(status=status, headers={"Retry-After": "120"}))
        server.put("/feed", Answer("feed"))
        other.put("/feed", Answer("feed"))

        busy, held, free = ask_all(server.url("/busy"), server.url("/feed"), other.url("/feed"))

        assert (busy.status, busy.is_held_back, busy.retry_after_s) == (status, False, 120)
        assert held.error is not None
        assert (held.error.problem, held.is_held_back) == (Problem.TOO_MANY, True)
        assert 118 < (held.retry_after_s or 0) <= 120
        assert free.body == b"feed"
        assert server.paths == ["/busy"]


def test_another_fault_and_a_bot_check_hold_back_nobody() -> None:
    with HttpServer() as server:
        server.put("/fault", Answer(status=500))
        server.put("/wall", Answer(status=503, headers={"cf-mitigated": "challenge"}))
        server.put("/feed", Answer("feed"))

        results = ask_all(*(server.url(path) for path in ("/fault", "/wall", "/feed")))

        assert [result.is_held_back for result in results] == [False] * 3
