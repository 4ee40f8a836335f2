"""Puts an article together from what was brought: its page, the feed's own words, or the text as it was given.

A shorter text never replaces a longer one: the feed's content wins over a page that says less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.clean.address import host, is_about, is_elsewhere, page_address
from monitor.clean.likeness import count_words, share_held
from monitor.clean.plain import clean_text
from monitor.model import Article, Completeness, Document, Failure, Origin, PageText, Problem, TimeSource
from monitor.text import detect_language

_REFUSALS = {
    Problem.UNAUTHORIZED,
    Problem.FORBIDDEN,
    Problem.TOO_MANY,
    Problem.CLIENT_ERROR,
    Problem.CHALLENGE,
    Problem.CONSENT,
    Problem.LOGIN,
    Problem.BLOCKED_ADDRESS,
}
# A page must say this much more than the feed does to be the better text.
_PAGE_FACTOR = 1.2
# A feed's text is the whole article if it is this long, or if the page holds this share of its words.
_WHOLE_WORDS = 250
_SAME_TEXT = 0.6
_CUT_MARKS = ("…", "...", "…]", "...]")
# No feed is older than the web: what is earlier is a default or a slip. Clocks differ, but not by more than an hour.
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(hours=1)
# A page's own date this far from the feed's is the date of something else on the page.
_APART = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What was brought for an article. `teaser` is the feed's words as plain text; `failure` why there is no page."""

    page: PageText | None = None
    final_url: str = ""
    teaser: str = ""
    failure: Failure | None = None


def merge(article: Article, brought: Brought, now: datetime) -> tuple[Article, str]:
    """Return the article with its text and metadata, and the address its page shows to be its own (empty: none)."""
    if article.origin is Origin.SEED:
        return _with_language(_from_plain_text(article)), ""
    if article.origin is Origin.INGEST:
        return _with_language(_from_archive(article, brought)), _address(article, brought)
    if _is_of_another(article, brought):
        failure = Failure(problem=Problem.NO_TEXT, detail=f"another page came, from {brought.final_url}"[:300])
        brought = replace(brought, page=None, final_url="", failure=failure)
    # First the feed's time: an absurd one must not make the page's look wrong.
    trusted = _trust_time(article, now)
    merged = _unless_worse(trusted, _from_feed(trusted, brought), brought)
    if not _is_credible(merged, now):
        merged = _with_time_of(trusted, merged)
    return _with_language(merged), _address(article, brought)


def merge_teaser(article: Article, teaser: str, now: datetime) -> Article:
    """Return a feed's article as the feed alone tells it, before its page is read; what the feed gave stays in it.

    `teaser` is the feed's words as plain text.
    """
    told = _with_language(_from_feed(_trust_time(article, now), Brought(teaser=teaser)))
    return replace(told, html=article.html, teaser=article.teaser)


def document(article: Article) -> Document:
    """Return the article as the matcher sees it."""
    return Document(
        title=article.title,
        text=article.text,
        language=article.language,
        source=article.source,
        url=article.url,
        time=article.time,
    )


def _is_of_another(article: Article, brought: Brought) -> bool:
    """Tell whether a redirect ended at a page that is not the article: consent, login, a list in its place."""
    page = brought.page
    if page is None or not page.text or not is_elsewhere(article.url, brought.final_url):
        return False
    return not is_about(page, article, brought.teaser)


def _address(article: Article, brought: Brought) -> str:
    page = brought.page
    if page is None or not page.text:
        return ""
    return page_address(article.url, brought.final_url, page, title=article.title)


def _from_plain_text(article: Article) -> Article:
    page = clean_text(article.text)
    changes: dict[str, Any] = {
        "title": page.title or article.title,
        "text": page.text,
        "authors": page.authors or article.authors,
        "source": page.site or article.source,
        "site": page.site,
        "dateline": page.dateline,
        "agency": page.agency,
    }
    if page.published_text:
        changes |= {"published": _day(page), "published_text": page.published_text, "published_from": TimeSource.TEXT}
    return replace(article, **changes)


def _from_archive(article: Article, brought: Brought) -> Article:
    page = brought.page
    source = article.source or host(article.url)
    if article.text or page is None:
        return replace(article, source=source)
    return replace(
        article,
        title=article.title or page.title,
        text=page.text,
        authors=article.authors or page.authors,
        language=article.language or page.language,
        source=source,
        site=page.site,
        image=page.image,
        failure=page.problem,
        **({} if article.published else _page_time(page)),
    )


def _from_feed(article: Article, brought: Brought) -> Article:
    page = brought.page
    source = host(brought.final_url or article.url) or article.source
    if page is None or not _is_better(page.text, brought.teaser):
        failure = brought.failure or (page.problem if page else None)
        return replace(
            article,
            text=brought.teaser,
            source=source,
            completeness=_completeness(brought.teaser, page, failure),
            failure=failure,
            html="",
            teaser="",
        )
    # A page about something else, at the article's own address, must not take its words away.
    own = "" if is_about(page, article, brought.teaser) else brought.teaser or article.title
    return replace(
        article,
        title=article.title or page.title,
        text=f"{own}\n{page.text}" if own else page.text,
        authors=page.authors or article.authors,
        language=page.language or article.language,
        source=source,
        site=page.site,
        image=page.image,
        completeness=Completeness.TEASER if _is_stub(page) else Completeness.FULL,
        failure=page.problem,
        html="",
        teaser="",
        **_reconciled(article, page),
    )


def _unless_worse(before: Article, now: Article, brought: Brought) -> Article:
    """Return the article with the whole text it had, below its new words, if its page cannot be had this time."""
    is_whole = bool(before.revision and before.text) and before.completeness is Completeness.FULL
    if not is_whole or now.completeness is Completeness.FULL:
        return now
    is_held = (share_held(brought.teaser, before.text) or 0.0) >= _SAME_TEXT
    text = before.text if is_held or not now.text else f"{now.text}\n{before.text}"
    return replace(now, text=text, completeness=Completeness.FULL)


def _completeness(teaser: str, page: PageText | None, failure: Failure | None) -> Completeness:
    """Return how much of the article the feed's own words are, where no page says more."""
    is_long = count_words(teaser) >= _WHOLE_WORDS and not teaser.rstrip().endswith(_CUT_MARKS)
    is_same = page is not None and (share_held(teaser, page.text) or 0.0) >= _SAME_TEXT
    if is_long or is_same:
        return Completeness.FULL
    return Completeness.BLOCKED if failure is not None and failure.problem in _REFUSALS else Completeness.TEASER


def _is_stub(page: PageText) -> bool:
    return page.problem is not None and page.problem.problem is Problem.PAYWALL


def _is_better(page: str, teaser: str) -> bool:
    return bool(page) and len(page.split()) + len(page) >= _PAGE_FACTOR * (len(teaser.split()) + len(teaser))


def _reconciled(article: Article, page: PageText) -> dict[str, Any]:
    """The page's time, unless the feed's is so far from it that the page's must be of something else."""
    if page.published is None or (article.published and abs(article.published - page.published) > _APART):
        return {}
    return _page_time(page)


def _page_time(page: PageText) -> dict[str, Any]:
    if page.published is None:
        return {}
    return {"published": page.published, "published_text": page.published_text, "published_from": TimeSource.PAGE}


def _day(page: PageText) -> datetime | None:
    if page.published is not None:
        return page.published
    return datetime.fromisoformat(f"{page.published_text}T00:00:00+00:00") if len(page.published_text) == 10 else None


def _trust_time(article: Article, now: datetime) -> Article:
    if _is_credible(article, now):
        return article
    return replace(article, published=None, published_text="", published_from=TimeSource.UNKNOWN)


def _is_credible(article: Article, now: datetime) -> bool:
    return article.published is None or _EARLIEST <= article.published <= now + _AHEAD


def _with_time_of(other: Article, article: Article) -> Article:
    return replace(
        article,
        published=other.published,
        published_text=other.published_text,
        published_from=other.published_from,
    )


def _with_language(article: Article) -> Article:
    if article.language:
        return article
    return replace(article, language=detect_language(f"{article.title}\n{article.text[:2000]}"))
