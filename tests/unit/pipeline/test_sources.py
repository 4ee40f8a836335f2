"""Pages, sitemaps and words, polled like any feed."""

from __future__ import annotations

import asyncio

import pytest

from monitor.model import Failure, FeedAccess, FetchResult, ParsedFeed, Picks, Problem
from monitor.pipeline.sources import feed_request, is_same_site, read_entries
from tests.fakes import FakeFetcher, FakeSandbox
from tests.servers import Item, rss

INDEX = "https://a.example/index.xml"
PARTS = b"""<sitemapindex><sitemap><loc>/1.xml</loc><lastmod>2025-10-24</lastmod></sitemap>
<sitemap><loc>https://b.example/2.xml</loc><lastmod>2025-10-23</lastmod></sitemap></sitemapindex>"""


def part(*urls: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>".encode()


def read(web: FakeFetcher, url: str, access: FeedAccess) -> ParsedFeed:
    body = web.pages[url]
    result = FetchResult(url=url, final_url=url, status=200, body=body if isinstance(body, bytes) else b"")
    return asyncio.run(read_entries(web, FakeSandbox(), result, access))


def test_an_index_of_sitemaps_has_the_entries_of_its_parts_and_no_secret_leaves_the_site() -> None:
    web = FakeFetcher({
        INDEX: PARTS,
        "https://a.example/1.xml": part("https://a.example/x", "https://a.example/y"),
        "https://b.example/2.xml": part("https://a.example/y", "https://b.example/z"),
    })  # fmt: skip
    feed = read(web, INDEX, FeedAccess(headers=(("Cookie", "sid=1"),), user_agent="R/1", proxy="http://p.example"))

    assert [entry.url for entry in feed.entries] == [
        "https://a.example/x", "https://a.example/y", "https://b.example/z",
    ]  # fmt: skip
    assert (feed.failure, feed.is_cut) == (None, False)
    assert [(request.url, request.headers) for request in web.requests] == [
        ("https://a.example/1.xml", (("Cookie", "sid=1"),)),
        ("https://b.example/2.xml", ()),
    ]
    assert {(request.user_agent, request.proxy) for request in web.requests} == {("R/1", "http://p.example")}


def test_a_part_that_is_missing_is_asked_for_again_and_all_missing_is_a_failure() -> None:
    one = FakeFetcher({INDEX: PARTS, "https://a.example/1.xml": part("https://a.example/x")})
    none = FakeFetcher({INDEX: PARTS})

    some, nothing = (read(web, INDEX, FeedAccess()) for web in (one, none))
    assert (len(some.entries), some.failure, some.is_cut) == (1, None, True)
    assert (nothing.entries, nothing.failure) == ((), Failure(problem=Problem.NOT_FOUND))


def test_entries_without_the_words_wanted_are_left_out() -> None:
    url = "https://a.example/feed"
    web = FakeFetcher({url: rss([Item("1", "A tariff"), Item("2", "Tariff on shoes"), Item("3", "Rain")]).encode()})

    feed = read(web, url, FeedAccess(keep=("tariff",), skip=("shoes",)))
    assert ([entry.title for entry in feed.entries], feed.skipped) == (["A tariff"], 2)


def test_a_page_without_a_feed_is_asked_for_as_a_page() -> None:
    page = feed_request("https://a.example/", FeedAccess(picks=Picks(links="a")))
    feed = feed_request("https://a.example/", FeedAccess())

    assert page.accept.startswith("text/html")
    assert feed.accept.startswith("application/atom+xml")


@pytest.mark.parametrize(
    ("feed", "article", "expected"),
    [
        ("https://a.example/feed", "https://a.example/1", True),
        ("https://a.example/feed", "https://www.a.example/1", True),
        ("http://a.example/feed", "https://a.example/1", True),
        ("https://a.example/feed", "http://a.example/1", False),
        ("https://a.example/feed", "https://b.example/1", False),
        ("https://a.example/feed", "https://x.a.example/1", False),
        ("https://a.example/feed", "https://a.example:8443/1", False),
        ("https://a.example:443/feed", "https://a.example/1", True),
        ("https://a.example/feed", "https://a.example.evil.example/1", False),
        ("https://a.example/feed", "https://[bad/1", False),
        ("https://a.example/feed", "", False),
    ],
)
def test_what_opens_a_feed_goes_to_its_own_site_only(feed: str, article: str, expected: bool) -> None:
    assert is_same_site(feed, article) is expected
