"""Which address an article is known by: a page's word counts only where it cannot make copies of strangers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.clean import Brought, clean_page, host, merge
from monitor.clean.address import is_elsewhere, page_address
from monitor.dedupe import fingerprint, place
from monitor.model import Article, Candidate, Completeness, Fingerprint, Origin, PageText

NOW = datetime(2025, 10, 24, 12, tzinfo=UTC)
HEADLINES = (
    "China tightens rare earth export controls",
    "Malaysia hosts a third round of tariff talks",
    "Copper falls after the smelters' announcement",
)
CONSENT = "We and our partners store information on a device, such as cookies, to show advertising that suits you. " * 8


def article(number: int, url: str, *, title: str | None = None, teaser: str = "") -> Article:
    headline = HEADLINES[number % 3] if title is None else title
    return Article(
        id=number, origin=Origin.FEED, feed_id=1, url=url, title=headline, teaser=teaser, language="en", first_seen=NOW
    )


def html(title: str, text: str, canonical: str = "") -> str:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return f"<html><head><title>{title}</title>{link}</head><body><article><h1>{title}</h1><p>{text}</p></article>"


def studied(entry: Article, body: str, final_url: str = "", teaser: str = "") -> tuple[Article, Fingerprint]:
    page = clean_page(body, final_url or entry.url)
    found, address = merge(entry, Brought(page=page, final_url=final_url or entry.url, teaser=teaser), NOW)
    return found, fingerprint(url=entry.url, canonical=address, title=found.title, text=found.text)


def copies(*prints: Fingerprint) -> int:
    stored: list[Candidate] = []
    for number, one in enumerate(prints, 1):
        at = place(one, stored).duplicate_of
        stored.append(
            Candidate(
                id=number,
                original_id=at or number,
                story_id=number,
                url_key=one.url_key,
                text_hash=one.text_hash,
                first_seen=NOW,
                origin=Origin.FEED,
            )
        )
    return sum(one.original_id != one.id for one in stored)


def body(number: int) -> str:
    return f"{HEADLINES[number]}, the ministry said on Friday in its note number {number}. " * 6


@pytest.mark.parametrize(
    "teasers", [("", "", ""), ("Seven metals are listed now.", "Both sides meet.", "Prices fell.")]
)
def test_links_that_end_at_one_consent_page_are_no_copies(teasers: tuple[str, ...]) -> None:
    found = [
        studied(
            article(number, f"https://news.example/2025/story-{number}", teaser=teasers[number]),
            html("Before you continue", CONSENT),
            "https://news.example/consent",
            teasers[number],
        )
        for number in range(3)
    ]

    assert copies(*(one for _, one in found)) == 0
    assert [one.text for one, _ in found] == list(teasers)
    assert {one.completeness for one, _ in found} == {Completeness.BLOCKED}
    assert all("https://news.example/consent" in str(one.failure) for one, _ in found)


def test_a_consent_page_at_each_articles_own_address_makes_no_copies_and_takes_no_words_away() -> None:
    found = [
        studied(article(number, f"https://news.example/2025/story-{number}"), html("Before you continue", CONSENT))
        for number in range(3)
    ]

    assert copies(*(one for _, one in found)) == 0
    assert all(one.title in one.text for one, _ in found)


def test_pages_that_all_name_the_section_as_their_canonical_link_are_no_copies() -> None:
    found = [
        studied(
            article(number, f"https://news.example/2025/10/story-of-day-{number}"),
            html(HEADLINES[number], body(number), canonical="/news"),
        )
        for number in range(3)
    ]

    assert copies(*(one for _, one in found)) == 0


def test_a_tracking_link_and_a_direct_link_to_one_article_are_copies_though_it_was_edited_between() -> None:
    direct = article(0, "https://news.example/2025/10/rare-earth-controls")
    tracked = article(0, "https://clicks.example/r/12345")
    once, edited = html(HEADLINES[0], body(0)), html(HEADLINES[0], f"{body(0)} An edit followed.")

    assert copies(studied(direct, once)[1], studied(tracked, once, direct.url)[1]) == 1
    assert copies(studied(direct, once)[1], studied(tracked, edited, direct.url)[1]) == 1
    assert copies(studied(tracked, once, direct.url)[1], studied(direct, edited)[1]) == 1


def test_addresses_of_one_page_that_differ_in_their_query_are_copies() -> None:
    canonical = "https://news.example/2025/10/rare-earth-controls"
    found = [
        studied(article(0, f"{canonical}?edition={edition}"), html(HEADLINES[0], body(0) + edition, canonical))
        for edition in ("asia", "europe")
    ]

    assert copies(*(one for _, one in found)) == 1


PAGE = PageText(title=HEADLINES[0], text=body(0))


@pytest.mark.parametrize(
    ("url", "final_url", "canonical", "expected"),
    [
        ("https://ex.org/x/12345?a=1", "", "https://ex.org/y/12345", "https://ex.org/y/12345"),
        ("https://m.ex.co.uk/one-two-three", "", "https://ex.co.uk/one-two-three", "https://ex.co.uk/one-two-three"),
        ("https://one.co.uk/12345", "", "https://two.co.uk/12345", ""),
        ("https://ex.org/12345", "", "https://wire.example/12345", ""),
        ("https://ex.org/article.php?id=5", "", "https://ex.org/article.php", ""),
        ("https://ex.org/?p=12345", "", "https://ex.org/news", ""),
        ("https://ex.org/a", "", "https://ex.org/", ""),
        ("https://ex.org/a", "https://ex.org/a/", "", ""),
        ("http://ex.org/a", "https://www.ex.org/a?from=rss", "", ""),
        ("https://t.example/r", "https://ex.org/12345?x", "https://ex.org/12345", "https://ex.org/12345"),
        ("https://t.example/r", "https://ex.org/a", "https://ex.org/news", "https://ex.org/a"),
        ("", "", "https://ex.org/a", "https://ex.org/a"),
    ],
)
def test_a_pages_address_counts_where_it_can_only_mean_this_article(
    url: str, final_url: str, canonical: str, expected: str
) -> None:
    assert page_address(url, final_url, replace(PAGE, canonical=canonical), title=HEADLINES[0]) == expected


def test_where_a_redirect_ended_counts_only_under_the_entrys_title() -> None:
    ends = ("https://t.example/r", "https://ex.org/12345")

    assert page_address(*ends, PAGE, title=HEADLINES[0]) == ends[1]
    assert page_address(*ends, PAGE, title=HEADLINES[1]) == ""
    assert page_address(*ends, PAGE, title="") == ""


@pytest.mark.parametrize(
    ("url", "final_url", "expected"),
    [
        ("https://ex.org/a", "https://www.ex.org/a/?x=1", False),
        ("https://ex.org/a", "https://ex.org/b", True),
        ("https://ex.org/a", "https://other.org/a", True),
        ("https://ex.org/a", "", False),
        ("http://[::1", "http://ex.org/", True),
    ],
)
def test_a_redirect_leads_elsewhere_when_host_or_path_changed(url: str, final_url: str, *, expected: bool) -> None:
    assert is_elsewhere(url, final_url) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [("https://WWW.News.example:8080/a", "news.example"), ("", ""), ("http://[::1", ""), ("mailto:a@b", "")],
)
def test_host_is_the_bare_name(url: str, expected: str) -> None:
    assert host(url) == expected
