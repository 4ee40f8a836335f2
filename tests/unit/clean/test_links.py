"""The links of pages without a feed, as entries."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.clean import BadSelector, xpath_of
from monitor.model import Picks, Problem
from monitor.sandbox import links_feed

PAGE = """<html><head><title>Ministry – news</title><base href="/en/"></head><body>
<nav><a href="/">Home</a><a href="about">About</a></nav>
<ul class="news list">
 <li><span class="day">24 October 2025</span><a href="press/1#top"><img src="i.jpg" alt=""></a>
   <h2><a href="press/1">Controls on  magnets</a></h2></li>
 <li><span class="day">23.10.2025</span><h2><a href="https://b.example/2">Zölle</a></h2><p>Teaser</p></li>
 <li><span class="day">soon</span><h2><a href="press/3"><img alt="A picture of steel"></a></h2></li>
 <li><h2><a href="javascript:void(0)">Print</a></h2></li>
</ul>
<div class="more"><article><time datetime="2025-10-22T09:00:00Z">two days ago</time><a href="press/4">Four</a></article>
<article><a href="press/5">Five</a></article></div>
</body></html>"""
URL = "https://a.example/en/news"


def read(picks: Picks, page: str = PAGE):
    return links_feed(page.encode(), URL, "text/html; charset=utf-8", picks)


def test_what_the_selectors_name_become_entries_with_title_and_date() -> None:
    feed = read(Picks(links=".news li a", title="h2", date=".day"))

    assert (feed.title, feed.site, feed.failure) == ("Ministry – news", URL, None)
    assert [(entry.key, entry.url, entry.title, entry.published) for entry in feed.entries] == [
        (url, url, title, published)
        for url, title, published in (
            ("https://a.example/en/press/1", "Controls on magnets", None),
            ("https://b.example/2", "Zölle", datetime(2025, 10, 23, tzinfo=UTC)),
            ("https://a.example/en/press/3", "A picture of steel", None),
        )
    ]


def test_a_part_of_the_page_is_named_as_well_as_the_link_in_it() -> None:
    by_part = read(Picks(links="li", title="h2 a", date=".day"))
    by_link = read(Picks(links="li h2 a", date=".day"))

    assert by_part.entries[0].published == datetime(2025, 10, 24, tzinfo=UTC)
    assert [(entry.url, entry.published) for entry in by_part.entries] == [
        (entry.url, entry.published) for entry in by_link.entries
    ]


def test_a_single_stated_time_beside_a_link_is_its_date() -> None:
    four, five = read(Picks(links=".more a")).entries

    assert four.published == datetime(2025, 10, 22, 9, tzinfo=UTC)
    assert five.published is None


@pytest.mark.parametrize(
    ("page", "links", "detail"),
    [
        (PAGE, ".gone a", "`links` finds nothing; 9 links are on the page"),
        (PAGE, "li:last-child a", "the 1 links that `links` finds lead to no other page"),
        ("<p>Under maintenance</p>", "a", "there is no link on the page"),
        ("", "a", "there is no link on the page"),
    ],
)
def test_a_page_whose_selector_finds_nothing_has_a_word_for_it(page: str, links: str, detail: str) -> None:
    feed = read(Picks(links=links), page)

    assert feed.failure is not None
    assert (feed.failure.problem, feed.failure.detail, feed.entries) == (Problem.NO_LINKS, detail, ())


@pytest.mark.parametrize(
    ("selector", "offset"), [("a[", 2), ("a..b", 2), ("h2 >", 4), ("a:foo", 0), ("a::text", 0), ("a" * 1_001, 0)]
)
def test_a_selector_that_cannot_be_read_says_where(selector: str, offset: int) -> None:
    with pytest.raises(BadSelector) as caught:
        xpath_of(selector)

    assert caught.value.offset == offset
