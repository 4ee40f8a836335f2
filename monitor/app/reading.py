"""Reads single pages and texts for the commands that need no store: `clean`, `match`, `check`, `feeds test`."""

from __future__ import annotations

from contextlib import suppress

from monitor import settings
from monitor.alert.evidence import pick_sentences
from monitor.app.archive import read_line
from monitor.app.compose import Loaded, Place, has_store, load_live, load_or_last_good, new_fetcher, now, open_store
from monitor.clean import host
from monitor.errors import ConfigErrors, NotFound, StoreError
from monitor.model import (
    PAGE_ACCEPT,
    WHAT_TO_DO_ABOUT_A_PAGE,
    Article,
    Completeness,
    Document,
    FetchRequest,
    FetchResult,
    Match,
    Origin,
    PageText,
    Problem,
    Sentence,
    SiteRule,
)
from monitor.text import detect_language, sentences


def load_to_read(place: Place) -> Loaded:
    """Read the configuration, or the last good one; the last good version of a bad topic too, if there is a store.

    Raises:
        ConfigErrors: it is wrong and there is no last good one.
    """
    loaded = load_or_last_good(place)
    if loaded.refusals is None:
        return loaded
    with suppress(StoreError, ConfigErrors):  # without the store, or without any good topic, it is as written
        if has_store(loaded.config, place):
            with open_store(loaded.config, place) as store:
                return load_live(store, place, loaded)
    return loaded


def require_topic(loaded: Loaded, topic: str) -> None:
    """Make sure that a topic is live.

    Raises:
        NotFound: there is none by that id, or it is refused, and why.
    """
    reason = loaded.refusals.reason(topic) if loaded.refusals and topic in loaded.refusals.left_out else None
    if reason is not None:
        raise NotFound(f"the topic {topic!r} is refused: {reason.message}", hint=reason.hint)
    loaded.watchlist.topic(topic)


async def fetch_page(place: Place, url: str, *, accept: str = PAGE_ACCEPT, rule: SiteRule | None = None) -> FetchResult:
    """Fetch one address as the daemon would."""
    fetcher = new_fetcher(settings.load_config(place.config, place.environ).settings)
    headers = rule.headers if rule else ()
    try:
        return await fetcher.fetch(FetchRequest(url=url, accept=accept, headers=headers))
    finally:
        await fetcher.close()


def site_rule(place: Place, url: str, typed: str) -> SiteRule | None:
    """Return the rule for an address: the one typed on the command line, else the configuration's, if there is one.

    Raises:
        ConfigErrors: what was typed is no rule, or the configuration is broken.
    """
    if typed:
        return settings.read_typed_rule(typed, host(url) or "the site", place.config, place.environ)
    return settings.load_config(place.config, place.environ).settings.site(host(url))


def what_to_do(problem: Problem) -> str:
    """Return the next action where a page could not be had, by its problem word."""
    return WHAT_TO_DO_ABOUT_A_PAGE[problem]


def language_of(page: PageText) -> str:
    """Return the language of a page by its words, as an ISO 639 code; empty if it cannot be told."""
    return detect_language(f"{page.title}\n{page.text[:2000]}")


def archived_article(line: str) -> Article:
    """Read one line of an archive as the article it would become.

    Raises:
        ValueError: the line is broken.
    """
    draft = read_line(line, is_silent=True)
    return Article(
        id=0,
        origin=Origin.INGEST,
        key=draft.key,
        external_id=draft.key,
        url=draft.url,
        title=draft.title,
        text=draft.text,
        language=draft.language or detect_language(f"{draft.title}\n{draft.text[:2000]}"),
        source=draft.source,
        published=draft.published,
        published_text=draft.published_text,
        first_seen=now(),
    )


def evidence(document: Document, match: Match) -> tuple[Sentence, ...]:
    """Return the sentences that a match found, best first, as an alert would show them."""
    article = Article(
        id=0, origin=Origin.INGEST, title=document.title, text=document.text, url=document.url, first_seen=now()
    )
    return pick_sentences(article, match, sentences(document.text))


def completeness_of(article: Article) -> str:
    """Return in words that less than the whole article was read, with the problem word; empty for a whole one."""
    if article.completeness is Completeness.FULL:
        return f"of its page: {article.failure}" if article.failure else ""
    why = f" ({article.failure})" if article.failure else ""
    if article.completeness is Completeness.BLOCKED:
        return f"the page was refused{why}: only the feed's own words were matched"
    if article.failure is not None and article.failure.problem is Problem.PAYWALL:
        return f"only the start of the article was matched{why}"
    return f"only the feed's teaser was matched{why}"
