"""Studies articles: bring the page, read it, match it, place it, and store it with its alerts in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from monitor import alert, cadence, dedupe
from monitor.clean import Brought, document, host, merge
from monitor.errors import MonitorError
from monitor.log import Log
from monitor.model import (
    PAGE_ACCEPT,
    Article,
    Completeness,
    CopyKind,
    Failure,
    Feed,
    FeedAccess,
    FetchRequest,
    Match,
    OpenStory,
    Origin,
    OutboxDraft,
    PageText,
    Phase,
    Placement,
    Problem,
    RobotsPolicy,
    Settings,
    SiteRule,
    Stage,
)
from monitor.pipeline.context import Context, Watch
from monitor.pipeline.sources import is_same_site
from monitor.ports import Decide, Decision, Studied, StudySaved, StudyView

_log = Log(__name__)

_NOTED = 40  # readings of a feed's pages, until its next poll
_PATIENCE_S = 30.0  # what a page may wait for a host that wants to be left alone


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyTally:
    """What studying some articles came to."""

    studied: int = 0
    copies: int = 0
    matches: int = 0
    queued: int = 0
    set_aside: int = 0

    def __add__(self, other: StudyTally) -> StudyTally:
        return StudyTally(
            studied=self.studied + other.studied,
            copies=self.copies + other.copies,
            matches=self.matches + other.matches,
            queued=self.queued + other.queued,
            set_aside=self.set_aside + other.set_aside,
        )


async def study(context: Context, articles: Sequence[Article]) -> StudyTally:
    """Study these leased articles side by side, a transaction an article."""
    return sum(await asyncio.gather(*(study_article(context, article) for article in articles)), StudyTally())


async def study_article(context: Context, article: Article) -> StudyTally:
    """Study one leased article: read it, match it, place it, and store it with its alerts."""
    try:
        brought = await _bring(context, article)
        context.reach("after-page")
        _note_harm(context, article, brought)
        watch = context.watch
        whole, canonical = merge(article, brought, context.clock())
        studied = judged(watch, whole, find_topics(watch, whole, context.clock()), canonical=canonical)
        saved = await asyncio.to_thread(
            context.store.save_study, studied, decision(watch, context.clock()), context.clock()
        )
        context.reach("after-study")
        if not saved.is_stale:
            _note_reading(context, studied.article, brought)
    except (MonitorError, asyncio.CancelledError):
        raise
    except Exception as error:  # noqa: BLE001  # one poison article never stops its neighbours
        _log.exception("article set aside", article=article.id, url=article.url)
        failure = Failure(problem=Problem.INTERNAL, detail=f"{type(error).__name__}: {error}"[:500])
        drafts = _set_aside_notice(context.watch.settings, article, failure)
        await asyncio.to_thread(context.store.set_aside, article, failure, context.clock(), drafts)
        return StudyTally(set_aside=1)
    return _tally(studied, saved)


async def _bring(context: Context, article: Article) -> Brought:
    """Bring what there is of an article: its page if that is wanted and can be had, and the feed's own words."""
    if article.origin is Origin.SEED:
        return Brought()
    if article.origin is Origin.INGEST:
        is_text = bool(article.text) or not article.html
        return Brought() if is_text else Brought(page=await context.sandbox.clean_page(article.html, article.url))
    words = await read_words(context, article)
    lost = _lost(words)
    request = await page_request(context, article)
    if request is None:
        return Brought(teaser=words.text, failure=lost)
    result = await context.fetcher.fetch(request)
    if result.error is not None:
        error = replace(result.error, detail=f"{result.error.detail}; {lost.detail}") if lost else result.error
        return Brought(teaser=words.text, failure=error)
    rule = context.watch.settings.site(host(result.final_url)) or SiteRule(host="")
    page = await context.sandbox.clean_page(result.body, result.final_url, result.content_type, rule=rule)
    return Brought(page=page, final_url=result.final_url, teaser=words.text, failure=lost)


def _note_harm(context: Context, article: Article, brought: Brought) -> None:
    """Have the feed tell of a page, or of its own words, that cost a worker."""
    failures = (brought.page.problem if brought.page else None, brought.failure)
    if article.feed_id and any(one is not None and one.problem is Problem.HARMFUL for one in failures):
        context.harmful_pages.setdefault(article.feed_id, []).append(article.url[:500])


def _note_reading(context: Context, article: Article, brought: Brought) -> None:
    """Have the feed tell whether its pages give full text; where no page was wanted there is nothing to tell."""
    if article.feed_id and (brought.page is not None or brought.failure is not None):
        is_full = article.completeness is Completeness.FULL
        noted = context.readings.setdefault(article.feed_id, [])
        noted.append(cadence.reading_of(is_full=is_full, failure=article.failure, url=article.url))
        del noted[:-_NOTED]


def _lost(words: PageText) -> Failure | None:
    """Return why there are no words of the feed, told apart from why there is no page."""
    problem = words.problem
    return replace(problem, detail=f"the feed's own words: {problem.detail}") if problem else None


async def _feed_of(context: Context, article: Article) -> Feed | None:
    if article.feed_id not in context.feeds:
        context.feeds.update({feed.id: feed for feed in await asyncio.to_thread(context.store.feeds)})
    return context.feeds.get(article.feed_id)


async def read_words(context: Context, article: Article) -> PageText:
    """Return the feed's own words as plain text."""
    return await context.sandbox.clean_fragment(article.teaser) if article.teaser else PageText()


async def page_request(context: Context, article: Article) -> FetchRequest | None:
    """Return what to ask for an article's page; None if the feed's own words are all that is wanted."""
    settings, feed = context.watch.settings, await _feed_of(context, article)
    full_text = feed.full_text if feed and feed.full_text is not None else settings.poll.full_text
    rule = settings.site(host(article.url)) or SiteRule(host="")
    if rule.is_feed_enough or not (full_text and article.url):
        return None
    access = feed.access if feed else FeedAccess()
    # A login for the feed's host is nobody else's business.
    headers = access.headers if feed and is_same_site(feed.url, article.url) else ()
    return FetchRequest(
        url=article.url,
        headers=(*headers, *rule.headers),
        user_agent=access.user_agent,
        proxy=access.proxy,
        accept=PAGE_ACCEPT,
        max_raw_bytes=2_000_000,
        max_decoded_bytes=5_000_000,
        timeout_s=settings.poll.timeout_s,
        patience_s=_PATIENCE_S,
        obeys_robots=settings.poll.robots is RobotsPolicy.OBEY,
    )


def find_topics(watch: Watch, article: Article, now: datetime, phase: Phase = Phase.FULL) -> tuple[Match, ...]:
    """Return the topics found in an article, but those that are over."""
    today = now.astimezone(watch.settings.timezone).date()
    found = watch.watchlist.match(document(article), phase=phase)
    return tuple(one for one in found if not watch.rules[one.topic].is_expired(today))


def judged(
    watch: Watch, article: Article, matches: Sequence[Match], *, canonical: str = "", phase: Phase = Phase.FULL
) -> Studied:
    """Return an article with its matches and its fingerprint. `canonical` is its address, as its page tells it."""
    return Studied(
        article=article,
        fingerprint=dedupe.fingerprint(url=article.url, canonical=canonical, title=article.title, text=article.text),
        profile=dedupe.profile(article.title, article.text, article.language),
        matches=tuple(matches),
        topics=tuple((match.topic, watch.numbers[match.topic]) for match in matches),
        watchlist_version=watch.watchlist.version,
        phase=phase,
    )


def decision(watch: Watch, now: datetime) -> Decide:
    """Return what decides, inside the store's transaction, where an article belongs and what is told of it."""
    return partial(_decide, watch, now)


def _decide(watch: Watch, now: datetime, studied: Studied, view: StudyView) -> Decision:
    placement, story = _place(studied, view)
    story_id = placement.story_id or view.new_story()
    placement = replace(placement, story_id=story_id)
    news = _news(studied, view, placement)
    place = _in_story(news, placement, story_id, view)
    drafts = alert.draft_alerts(news, place, rules=watch.rules, settings=watch.settings, now=now)
    article = studied.article
    if article.story_id is not None and studied.phase is Phase.FULL and (told := view.own_alerts()):
        drafts = alert.follow_teaser(
            drafts,
            told,
            article,
            why_not=lambda topic: watch.watchlist.explain(topic, document(article)).note,
            rules=watch.rules,
            settings=watch.settings,
            now=now,
        )
    if drafts and placement.duplicate_of is None:
        drafts = _with_surges(drafts, news, place, view, watch=watch, now=now)
    return Decision(placement=placement, drafts=drafts, story=story)


def _with_surges(  # noqa: PLR0913 - what the article makes, and all that it is decided by
    drafts: tuple[OutboxDraft, ...],
    studied: Studied,
    place: alert.InStory,
    view: StudyView,
    *,
    watch: Watch,
    now: datetime,
) -> tuple[OutboxDraft, ...]:
    for topic, number in studied.topics:
        if (rule := watch.rules[topic]).alert.surge is not None:
            told = [row for row in place.told if row.topic_no == number]
            others = view.articles_on(place.story_id, number)
            drafts = alert.add_surge(drafts, studied.article, others, told, rule=rule, settings=watch.settings, now=now)
    return drafts


def _in_story(studied: Studied, placement: Placement, story_id: int, view: StudyView) -> alert.InStory:
    """Return where an article stands, and what was told of its story if that may matter."""
    if studied.article.is_silent or not studied.matches:
        return alert.InStory(placement=placement, story_id=story_id)
    numbers = dict(studied.topics)
    topics = sorted({numbers[match.topic] for match in studied.matches})
    return alert.InStory(
        placement=placement,
        story_id=story_id,
        told=view.told_of_story(story_id, topics),
        sources=view.sources(story_id),
    )


def _place(studied: Studied, view: StudyView) -> tuple[Placement, OpenStory | None]:
    """Return whose copy an article is, and the story it joins.

    A copy is in its original's story, and a revision stays where it was. What was placed by its teaser stays there,
    too: its alert is out.
    """
    article = studied.article
    if studied.phase is Phase.TEASER and article.story_id is not None:
        return Placement(duplicate_of=article.duplicate_of, story_id=article.story_id, kind=article.copy_kind), None
    placement = dedupe.place(studied.fingerprint, view.candidates(studied.fingerprint), time=article.time)
    if article.stage is Stage.TEASED and article.story_id is not None:
        return _stay(studied, placement, article.story_id, view)
    if article.story_id is None and dedupe.is_return(article, view.forgotten(studied.fingerprint)):
        placement = replace(placement, kind=CopyKind.RETURN)
    if placement.story_id is not None or article.story_id is not None:
        return placement, None
    story = dedupe.join_story(article, studied.profile, view)
    return replace(placement, story_id=story.id if story else None), story


def _stay(studied: Studied, placement: Placement, story_id: int, view: StudyView) -> tuple[Placement, OpenStory | None]:
    """Leave an article in its story, as a copy only of what is in there."""
    article = studied.article
    if placement.story_id != story_id:
        placement = Placement(story_id=story_id)
    if article.copy_kind is CopyKind.RETURN:
        placement = replace(placement, kind=article.copy_kind)
    is_first_text = not article.revision and article.duplicate_of is None and placement.duplicate_of is None
    return placement, dedupe.rejoin_story(article, studied.profile, view, story_id) if is_first_text else None


def _news(studied: Studied, view: StudyView, placement: Placement) -> Studied:
    """Return what may be alerted: what came in silence stays so, but an edit of a feed's entry may add to it."""
    article = studied.article
    if placement.kind is CopyKind.RETURN:
        return replace(studied, article=replace(article, is_silent=True))
    if not (article.is_silent and article.revision and article.origin is Origin.FEED):
        return studied
    before, numbers = view.matched(), dict(studied.topics)
    added = tuple(match for match in studied.matches if numbers[match.topic] not in before)
    return replace(studied, article=replace(article, is_silent=False), matches=added)


def _set_aside_notice(settings: Settings, article: Article, failure: Failure) -> Sequence[OutboxDraft]:
    return alert.notice(
        f"set-aside-{article.id}",
        "An article could not be studied: a fault of the program",
        f"{article.title or '(no title)'}\n{article.url or article.ref}\n{failure}\n"
        "It is kept, and studied again by the next version of the program. Please report this. "
        "All such articles: monitor articles --stage failed",
        settings.recipients(settings.operator),
    )


def _tally(studied: Studied, saved: StudySaved) -> StudyTally:
    return StudyTally(
        studied=int(not saved.is_stale),
        copies=int(saved.duplicate_of is not None),
        matches=len(studied.matches),
        queued=saved.queued,
    )
