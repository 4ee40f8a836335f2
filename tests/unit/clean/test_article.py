"""An article put together from its page, its feed's words, or the text as given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.clean import Brought, document, merge
from monitor.model import Article, Completeness, Failure, Origin, PageText, Problem, TimeSource

NOW = datetime(2025, 10, 24, 12, tzinfo=UTC)
WORDS = "The minister said on Friday that the talks would go on in the autumn."
ENTRY = Article(
    id=1,
    origin=Origin.FEED,
    feed_id=7,
    url="https://www.news.example/a",
    title="Talks",
    published=NOW,
    published_text="2025-10-24T12:00:00Z",
    published_from=TimeSource.FEED,
    first_seen=NOW,
)
PAGE = PageText(text=f"{WORDS}\n{WORDS}", title="Talks go on", language="en", site="News", authors=("Ann",))


def test_the_page_wins_over_a_shorter_teaser() -> None:
    article, _ = merge(ENTRY, Brought(page=PAGE, final_url=ENTRY.url, teaser="The minister said."), NOW)

    assert (article.text, article.completeness) == (PAGE.text, Completeness.FULL)
    assert (article.title, article.authors, article.site) == ("Talks", ("Ann",), "News")


def test_a_feeds_text_that_the_page_holds_too_is_whole() -> None:
    article, _ = merge(ENTRY, Brought(page=PAGE, teaser=f"{PAGE.text}\n{PAGE.text}"), NOW)

    assert article.text == f"{PAGE.text}\n{PAGE.text}"
    assert (article.completeness, article.failure) == (Completeness.FULL, None)


@pytest.mark.parametrize(("teaser", "text"), [(WORDS, PAGE.text), ("Talks are off.", f"Talks are off.\n{PAGE.text}")])
def test_a_page_that_cannot_be_had_again_takes_no_text_away(teaser: str, text: str) -> None:
    read, _ = merge(ENTRY, Brought(page=PAGE, final_url=ENTRY.url, teaser="The minister said."), NOW)
    refused = Brought(teaser=teaser, failure=Failure(problem=Problem.FORBIDDEN))

    article, _ = merge(replace(read, revision=1), refused, NOW)

    assert (article.text, article.completeness, article.failure) == (text, Completeness.FULL, refused.failure)


def test_a_teaser_that_was_all_there_was_gives_way_to_its_new_words() -> None:
    refused = Brought(teaser=WORDS, failure=Failure(problem=Problem.FORBIDDEN))
    read, _ = merge(ENTRY, refused, NOW)

    article, _ = merge(replace(read, revision=1), replace(refused, teaser="Talks are off."), NOW)

    assert (article.text, article.completeness) == ("Talks are off.", Completeness.BLOCKED)


@pytest.mark.parametrize(
    ("teaser", "page", "expected"),
    [
        (WORDS, "Subscribe to read on.", Completeness.TEASER),
        (WORDS, "", Completeness.TEASER),
        ("中国商务部周四宣布对稀土实施出口管制。", "订阅后继续阅读。", Completeness.TEASER),
        ("中国商务部周四宣布对稀土实施出口管制。", "中国商务部周四宣布稀土出口管制。", Completeness.FULL),
        (f"{WORDS} " * 20, "Subscribe to read on.", Completeness.FULL),
        (f"{WORDS} " * 20 + "[…]", "Subscribe to read on.", Completeness.TEASER),
        ("中国商务部周四宣布对稀土实施出口管制。" * 25, "", Completeness.FULL),
    ],
)
def test_the_feeds_words_are_whole_only_if_long_or_held_by_the_page(
    teaser: str, page: str, expected: Completeness
) -> None:
    article, _ = merge(ENTRY, Brought(page=PageText(text=page), teaser=teaser), NOW)

    assert (article.text, article.completeness) == (teaser, expected)


def test_a_page_about_something_else_at_the_articles_address_leaves_the_feeds_words_in_place() -> None:
    other = PageText(title="Before you continue", text="We store cookies to show you advertising that suits. " * 9)
    entry = replace(ENTRY, title="Malaysia hosts tariff talks")

    article, _ = merge(entry, Brought(page=other, final_url=entry.url, teaser=WORDS), NOW)

    assert article.text == f"{WORDS}\n{other.text}"


def test_a_chinese_page_without_spaces_wins_over_its_teaser() -> None:
    page = PageText(text="中国商务部周四宣布对稀土相关技术实施新的出口管制措施。" * 5, language="zh")

    article, _ = merge(ENTRY, Brought(page=page, teaser="中国商务部周四宣布对稀土实施出口管制。"), NOW)

    assert article.text == page.text


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (Problem.FORBIDDEN, Completeness.BLOCKED),
        (Problem.CHALLENGE, Completeness.BLOCKED),
        (Problem.TIMEOUT, Completeness.TEASER),
        (Problem.NO_TEXT, Completeness.TEASER),
    ],
)
def test_without_a_page_the_feeds_words_stand_and_the_reason_is_kept(problem: Problem, expected: Completeness) -> None:
    failure = Failure(problem=problem)

    by_fetch, _ = merge(ENTRY, Brought(teaser=WORDS, failure=failure), NOW)
    by_page, _ = merge(ENTRY, Brought(page=PageText(problem=failure), teaser=WORDS), NOW)

    for article in (by_fetch, by_page):
        assert (article.text, article.completeness, article.failure) == (WORDS, expected, failure)


def test_a_bot_check_never_becomes_the_text() -> None:
    page = PageText(text="", title="Just a moment...", problem=Failure(problem=Problem.CHALLENGE))

    article, _ = merge(replace(ENTRY, title=""), Brought(page=page, teaser=WORDS), NOW)

    assert (article.title, article.text) == ("", WORDS)


def test_the_page_time_is_taken_unless_it_is_far_from_the_feeds() -> None:
    near = NOW - timedelta(hours=3)
    far = NOW - timedelta(days=400)

    taken, _ = merge(ENTRY, Brought(page=replace(PAGE, published=near, published_text="near")), NOW)
    refused, _ = merge(ENTRY, Brought(page=replace(PAGE, published=far, published_text="far")), NOW)

    assert (taken.published, taken.published_from) == (near, TimeSource.PAGE)
    assert (refused.published, refused.published_from) == (NOW, TimeSource.FEED)


@pytest.mark.parametrize(
    "absurd",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1761, 10, 24, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1989, 12, 31, 23, 59, 59, tzinfo=UTC),
        NOW + timedelta(hours=1, seconds=1),
        NOW + timedelta(days=2),
        datetime(9999, 12, 31, tzinfo=UTC),
    ],
)
def test_an_absurd_time_is_unknown_and_first_seen_counts(absurd: datetime) -> None:
    entry = replace(ENTRY, published=absurd, published_text="as the feed said")

    article, _ = merge(entry, Brought(teaser=WORDS), NOW)

    assert (article.published, article.published_text, article.time) == (None, "", NOW)
    assert article.published_from is TimeSource.UNKNOWN


@pytest.mark.parametrize("good", [datetime(1990, 1, 1, tzinfo=UTC), NOW + timedelta(hours=1)])
def test_a_time_from_1990_to_an_hour_ahead_is_believed(good: datetime) -> None:
    article, _ = merge(replace(ENTRY, published=good), Brought(teaser=WORDS), NOW)

    assert article.published == good


def test_the_page_time_stands_where_the_feeds_is_absurd() -> None:
    entry = replace(ENTRY, published=datetime(1970, 1, 1, tzinfo=UTC))
    near = NOW - timedelta(hours=3)

    article, _ = merge(entry, Brought(page=replace(PAGE, published=near, published_text="near")), NOW)

    assert (article.published, article.published_from) == (near, TimeSource.PAGE)


def test_the_feeds_time_stands_where_the_pages_is_ahead_of_the_clock() -> None:
    ahead = replace(PAGE, published=NOW + timedelta(days=2), published_text="ahead")

    article, _ = merge(ENTRY, Brought(page=ahead), NOW)

    assert (article.published, article.published_from) == (NOW, TimeSource.FEED)


def test_the_source_is_the_host_the_page_came_from() -> None:
    article, canonical = merge(ENTRY, Brought(page=PAGE, final_url="https://www.other.example/x"), NOW)

    assert (article.source, canonical) == ("other.example", "")
    assert document(article).source == "other.example"


def test_an_archives_text_is_taken_as_it_is() -> None:
    given = Article(
        id=1, origin=Origin.INGEST, url="https://a.example/1", title=" T ", text="Share this\n\nBody", first_seen=NOW
    )

    article, _ = merge(given, Brought(), NOW)

    assert (article.title, article.text, article.source) == (" T ", "Share this\n\nBody", "a.example")
    assert article.time is None
