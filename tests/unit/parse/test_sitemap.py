"""Sitemaps, news sitemaps and their indexes, as feeds."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from monitor.model import Problem
from monitor.parse import parse_feed

URL = "https://a.example/sitemap.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://a.example/old</loc><lastmod>2025-10-20</lastmod></url>
<url><loc> https://a.example/new?a=1&amp;b=2 </loc>
 <news:news><news:publication><news:name>The Paper</news:name><news:language>de-AT</news:language></news:publication>
 <news:publication_date>2025-10-24T08:00:00+02:00</news:publication_date>
 <news:title>Zölle &amp; Magnete</news:title></news:news>
 <image:image><image:loc>https://a.example/i.jpg</image:loc><image:title>A picture</image:title></image:image></url>
<url><loc>mailto:a@b.c</loc></url>
</urlset>"""


def urlset(*rows: str) -> bytes:
    return f"<urlset>{''.join(f'<url>{row}</url>' for row in rows)}</urlset>".encode()


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_news_sitemap_is_a_feed_keyed_by_address_newest_first(pack) -> None:
    feed = parse_feed(pack(NEWS.encode()), url=URL)

    assert (feed.failure, feed.title, feed.is_cut, feed.parts) == (None, "The Paper", False, ())
    new, old = feed.entries
    assert (new.key, new.url) == ("https://a.example/new?a=1&b=2",) * 2
    assert (new.title, new.language) == ("Zölle & Magnete", "de")
    assert new.published == datetime(2025, 10, 24, 6, tzinfo=UTC)
    assert (old.url, old.title, old.published) == ("https://a.example/old", "", None)
    assert old.updated == datetime(2025, 10, 20, tzinfo=UTC)


def test_prefixes_that_are_not_declared_and_a_doubled_address_do_no_harm() -> None:
    body = urlset(
        "<loc>https://a.example/1</loc><n:news><n:title>One</n:title></n:news>", "<loc>https://a.example/1</loc>"
    )

    assert [(entry.url, entry.title) for entry in parse_feed(body, url=URL).entries] == [("https://a.example/1", "One")]


def test_an_index_names_its_newest_sitemaps_and_a_bound_on_them() -> None:
    rows = "".join(
        f"<sitemap><loc>/part-{day}.xml</loc><lastmod>2025-10-{day:02}</lastmod></sitemap>" for day in range(1, 20)
    )
    feed = parse_feed(f"<sitemapindex>{rows}</sitemapindex>".encode(), url=URL)

    assert feed.parts == tuple(f"https://a.example/part-{day}.xml" for day in range(19, 13, -1))
    assert (feed.entries, feed.failure, feed.is_cut) == ((), None, False)


def test_an_index_without_dates_is_read_again_each_time_news_first() -> None:
    rows = "".join(f"<sitemap><loc>/{name}.xml</loc></sitemap>" for name in ("a", "b", "news"))
    feed = parse_feed(f"<sitemapindex>{rows}</sitemapindex>".encode(), url=URL)

    assert feed.is_cut
    assert feed.parts[0] == "https://a.example/news.xml"


@pytest.mark.parametrize(
    ("body", "problem", "entries"),
    [
        (b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset><url><loc>https://a.example/&a;</loc></url></urlset>',
         Problem.HARMFUL, 0),
        (b'<!DOCTYPE urlset SYSTEM "file:///etc/passwd"><urlset></urlset>', Problem.HARMFUL, 0),
        (b"<urlset></urlset>", Problem.NO_ENTRIES, 0),
        (b"<sitemapindex/>", Problem.NO_ENTRIES, 0),
        (b"<urlset><url><loc>https://a.example/1</loc></wrong></urlset>", Problem.PARSE, 0),
        (b"<urlset><url><loc>https://a.example/1</loc></url><url><loc>https://a.ex", None, 1),
        (b"\x1f\x8bnot gzip at all", Problem.PARSE, 0),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_sitemap_has_its_word(body: bytes, problem: Problem | None, entries: int) -> None:
    feed = parse_feed(body, url=URL)

    assert (feed.failure and feed.failure.problem, len(feed.entries)) == (problem, entries)
    assert feed.is_cut is (entries == 1)


def test_a_bomb_of_gzip_is_refused_for_its_size() -> None:
    feed = parse_feed(gzip.compress(b"<urlset>" + b" " * 30_000_000), url=URL)

    assert str(feed.failure) == "parse: packed as gzip, and over 20 MB when unpacked"


def test_of_a_long_sitemap_the_newest_thousand_stay() -> None:
    dated = urlset(
        *(f"<loc>https://a.example/{n}</loc><lastmod>{2000 + n // 400}-01-01</lastmod>" for n in range(4_000))
    )
    undated = urlset(*(f"<loc>https://a.example/{n}</loc>" for n in range(4_000)))

    newest = [entry.url for entry in parse_feed(dated, url=URL).entries]
    ends = [entry.url for entry in parse_feed(undated, url=URL).entries]
    assert len(newest) == len(ends) == 1_000
    assert "https://a.example/3999" in newest
    assert "https://a.example/0" not in newest
    assert {"https://a.example/0", "https://a.example/3999"} <= set(ends)
