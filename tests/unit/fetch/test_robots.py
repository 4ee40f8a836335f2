"""robots.txt by RFC 9309: which rules hold, which pattern decides, and how often a site is asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from monitor.fetch.robots import Robots, read_rules
from monitor.model import Failure, FetchRequest, FetchResult, Problem
from tests.servers import Answer, HttpServer
from tests.unit.fetch.fetching import fetch, fetch_all


def is_allowed(text: str, path: str) -> bool:
    return not read_rules(text).refusal(URL(f"http://a.example{path}", encoded=True))


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Disallow: /", "/a", False),
        ("Disallow:", "/a", True),
        ("Disallow: /a", "/a/b?c", False),
        ("Disallow: /a", "/b/a", True),
        ("Disallow: /a\nAllow: /a/b", "/a/b", True),
        ("Allow: /a/b\nDisallow: /a", "/a/c", False),
        ("Disallow: /page\nAllow: /page", "/page", True),
        ("Disallow: /*.php$", "/x/y.php", False),
        ("Disallow: /*.php$", "/x/y.php?z", True),
        ("Disallow: /*.php$", "/x.php/y.php", False),
        ("Disallow: /a*b*c", "/a-b-c-d", False),
        ("Disallow: /a*b*c", "/a-c-b", True),
        ("Disallow: /$", "/", False),
        ("Disallow: /$", "/a", True),
        ("Disallow: /*?", "/a?b=1", False),
        ("Disallow: /ünder", "/%C3%BCnder", False),
        ("Disallow: /%c3%bcnder", "/%C3%BCnder", False),
        ("DISALLOW : /a # why", "/a", False),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow /a", "/a", True),
        ("Sitemap: https://a.example/s.xml\nCrawl-delay: 10", "/a", True),
    ],
)
def test_the_longest_pattern_that_fits_decides(rules: str, path: str, expected: bool) -> None:
    assert is_allowed(f"User-agent: *\n{rules}\n", path) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("User-agent: *\nDisallow: /\n\nUser-agent: Monitor\nAllow: /", True),
        ("User-agent: monitor/1.0\nDisallow: /", False),
        ("User-agent: other\nUser-agent: MONITOR\nDisallow: /", False),
        ("User-agent: other\nDisallow: /", True),
        ("User-agent: monitor\nDisallow: /b\nUser-agent: other\nDisallow: /\nUser-agent: monitor\nDisallow: /a", False),
        ("Disallow: /", True),
        ("<html>not found</html>", True),
        ("", True),
    ],
)
def test_a_group_by_name_goes_before_the_one_for_all(text: str, expected: bool) -> None:
    assert is_allowed(text, "/a") is expected


_PATHS = st.text(alphabet="/ab*$?%2", max_size=20)
_LINES = st.tuples(
    st.sampled_from(["Disallow:", "allow :", "User-agent:", "Sitemap:", "\ufeff", ""]), _PATHS | st.text(max_size=20)
)


@given(st.lists(_LINES, max_size=12), _PATHS)
def test_any_text_is_a_robots_txt_and_forbids_only_by_a_rule_in_it(lines: list[tuple[str, str]], path: str) -> None:
    text = "\n".join(f"{key} {value}" for key, value in [("User-agent:", "*"), *lines])
    rules = read_rules(text)
    refusal = rules.refusal(URL("http://a.example/").with_path(f"/{path}", encoded=True))

    assert refusal == "" or refusal.removeprefix("robots.txt: Disallow: ") in dict(rules.patterns)
    assert refusal == "" or "disallow" in text.lower()
    assert is_allowed(text, "/robots.txt")


@dataclass
class Site:
    """Answers every robots.txt with the same, and counts how often it is asked."""

    result: FetchResult
    asked: int = 0

    async def fetch(self, request: FetchRequest) -> FetchResult:
        self.asked += 1
        await asyncio.sleep(0)
        assert request.url.endswith("/robots.txt")
        return self.result


def answer(status: int, body: bytes = b"", error: Failure | None = None) -> FetchResult:
    return FetchResult(url="", final_url="", status=status, body=body, error=error)


def ask(site: Site, *hours: float) -> list[bool]:
    """Return whether a page is allowed, asked at these hours three times at once."""

    async def run() -> list[bool]:
        now = 0.0
        robots, found = Robots(site.fetch, lambda: now), []
        for hour in hours:
            now = hour * 3_600
            together = await asyncio.gather(*(robots.refusal(URL("http://a.example/page")) for _ in range(3)))
            assert len(set(together)) == 1
            found.append(not together[0])
        return found

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("result", "expected", "asked"),
    [
        (answer(200, b"User-agent: *\nDisallow: /page"), False, 2),
        (answer(200, b"User-agent: *\nDisallow: /other"), True, 2),
        (answer(404, error=Failure(problem=Problem.NOT_FOUND)), True, 2),
        (answer(403, error=Failure(problem=Problem.FORBIDDEN)), True, 2),
        (answer(503, error=Failure(problem=Problem.SERVER_ERROR)), False, 3),
        (answer(429, error=Failure(problem=Problem.TOO_MANY)), False, 3),
        (answer(0, error=Failure(problem=Problem.CONNECT)), True, 3),
    ],
)
def test_a_site_is_asked_once_a_day_or_soon_again_after_a_fault(
    result: FetchResult, expected: bool, asked: int
) -> None:
    site = Site(result)

    assert ask(site, 0, 0.1, 23, 25) == [expected] * 4
    assert site.asked == asked


def test_pages_are_asked_for_as_robots_txt_allows_on_every_hop() -> None:
    with HttpServer() as server, HttpServer("127.0.0.2") as other:
        server.put("/robots.txt", Answer("User-agent: *\nDisallow: /private"))
        other.put("/robots.txt", Answer("User-agent: *\nDisallow: /"))
        server.put("/private", Answer("secret"))
        server.put("/open", Answer("text"))
        server.redirect("/away", other.url("/page"))

        requests = [
            FetchRequest(url=server.url(path), obeys_robots=True, timeout_s=5)
            for path in ("/private", "/open", "/away")
        ]
        refused, taken, away = fetch_all(requests)
        ignored = fetch(server.url("/private"))

    assert refused.error == Failure(problem=Problem.ROBOTS, detail="robots.txt: Disallow: /private")
    assert (taken.body, taken.error) == (b"text", None)
    assert away.error == Failure(problem=Problem.ROBOTS, detail="robots.txt: Disallow: /")
    assert ignored.body == b"secret"
    assert server.paths == ["/robots.txt", "/open", "/away", "/private"]
    assert other.paths == ["/robots.txt"]
