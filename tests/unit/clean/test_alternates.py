"""The feeds that a page names."""

from __future__ import annotations

import pytest

from monitor.clean import named_feeds

URL = "https://a.example/news/"
RSS = 'type="application/rss+xml"'


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f'<link rel=alternate {RSS} href="/feed" title="News">', [("https://a.example/feed", "News")]),
        (f'<LINK REL="Alternate home" {RSS} HREF="x.xml#y">', [("https://a.example/news/x.xml", "")]),
        ('<base href="/b/"><link rel="feed" href="f">', [("https://a.example/b/f", "")]),
        ('<link rel=alternate type="application/feed+json" href="//b.example/j">', [("https://b.example/j", "")]),
        ('<link rel=alternate type="application/json+oembed" href="/oembed?x">', []),
        ('<link rel=alternate type="application/json" href="/wp-json/x">', []),
        ('<link rel=alternate hreflang=de href="/de/">', []),
        (f'<link rel=stylesheet {RSS} href="/feed">', []),
        (f'<link rel=alternate {RSS} href="javascript:x"><link rel=alternate {RSS} href="http://[">', []),
        (f'<link rel=alternate {RSS} href="{URL}">', []),
        (f'<link rel=alternate {RSS} href="/comments/feed/"><link rel=alternate {RSS} href="/feed/">',
         [("https://a.example/feed/", ""), ("https://a.example/comments/feed/", "")]),
        ('<a href="/rss.xml">Follow us</a><a href="/about">About</a><a href="/feedback">Write</a>',
         [("https://a.example/rss.xml", "Follow us")]),
        ("", []),
    ],
)  # fmt: skip
def test_what_a_page_calls_a_feed_is_found_and_nothing_else(page: str, expected: list[tuple[str, str]]) -> None:
    assert [(feed.url, feed.title) for feed in named_feeds(page.encode(), URL)] == expected


def test_a_page_of_links_costs_no_more_than_fifty() -> None:
    page = "".join(f'<link rel=alternate {RSS} href="/{n}">' for n in range(10_000))

    assert len(named_feeds(page.encode(), URL)) == 50
