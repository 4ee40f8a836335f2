"""A store with a clock, and what tests do with it: short words for polls, studies and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import (
    AlertItem,
    Article,
    ArticleDraft,
    Backfill,
    Entry,
    Failure,
    Feed,
    FeedSpec,
    FetchResult,
    Fingerprint,
    Match,
    Origin,
    OutboxDraft,
    OutboxKind,
    ParsedFeed,
    Phase,
    Placement,
    PollOutcome,
    PollSaved,
    Sentence,
    Span,
    Zone,
)
from monitor.ports import Decision, Store, Studied, StudySaved, StudyView
from tests.fakes import FakeClock

FEED_URL = "https://news.example/feed.xml"
SPAN = Span(zone=Zone.BODY, start=0, end=6, text="tariff", clause="tariff")


@dataclass
class World:
    """A store and its clock."""

    store: Store
    clock: FakeClock

    @property
    def now(self) -> datetime:
        return self.clock()

    def add_feed(self, url: str = FEED_URL, *, backfill: Backfill = Backfill.SUMMARY) -> Feed:
        """Add a feed to the list, and return it leased."""
        known = [FeedSpec(url=feed.url, backfill=feed.backfill) for feed in self.store.feeds(enabled_only=True)]
        self.store.sync_feeds([*known, FeedSpec(url=url, backfill=backfill)], self.now)
        return self.claim_feed(url)

    def claim_feed(self, url: str = FEED_URL) -> Feed:
        feeds = self.store.claim_due_feeds(self.now, limit=100, lease_s=60, everything=True)
        return next(feed for feed in feeds if feed.url == url)

    def poll(self, feed: Feed, *entries: Entry, failure: Failure | None = None) -> PollSaved:
        """Save a poll of a leased feed that brought these entries."""
        parsed = None if failure else ParsedFeed(title="News", entries=entries)
        return self.store.save_poll(self.outcome(feed, parsed, failure))

    def outcome(self, feed: Feed, parsed: ParsedFeed | None, failure: Failure | None = None) -> PollOutcome:
        fetch = FetchResult(url=feed.url, final_url=feed.url, status=200, etag='"1"', raw_bytes=900, elapsed_s=0.2)
        next_at = self.now + timedelta(minutes=30)
        return PollOutcome(
            feed=feed, at=self.now, next_at=next_at, fetch=fetch, parsed=parsed, body_hash=b"h", failure=failure
        )

    def poll_again(self, *entries: Entry, url: str = FEED_URL) -> PollSaved:
        self.clock.advance(minutes=30)
        return self.poll(self.claim_feed(url), *entries)

    def add(self, *drafts: ArticleDraft, origin: Origin = Origin.INGEST) -> None:
        self.store.add_articles(origin, drafts, self.now)

    def claim(self, limit: int = 100) -> list[Article]:
        return self.store.claim_new_articles(self.now, limit=limit, lease_s=60)

    def study(self, article: Article, *topics: str, text_hash: bytes = b"", phase: Phase = Phase.FULL) -> StudySaved:
        """Save a study that found these topics; texts with one hash are copies of each other."""
        numbers = self.store.sync_topics([(topic, "") for topic in topics], self.now)
        studied = Studied(
            article=article,
            fingerprint=Fingerprint(url_key=article.url, text_hash=text_hash),
            matches=tuple(Match(topic=topic, spans=(SPAN,), phase=phase) for topic in topics),
            topics=tuple(numbers.items()),
            watchlist_version="v1",
            phase=phase,
        )
        return self.store.save_study(studied, decide, self.now)

    def study_all(self, *topics: str) -> list[StudySaved]:
        return [self.study(article, *topics) for article in self.claim()]

    def put(self, *drafts: OutboxDraft) -> int:
        return self.store.put_outbox(drafts, self.now)


def decide(studied: Studied, view: StudyView) -> Decision:
    """Place a copy under its original; alert each topic once a story."""
    found = view.candidates(studied.fingerprint)
    story_id = found[0].story_id if found else view.new_story()
    placement = Placement(duplicate_of=found[0].original_id if found else None, story_id=story_id)
    if studied.article.is_silent:
        return Decision(placement=placement)
    numbers = dict(studied.topics)
    drafts = [
        draft(f"first:{numbers[match.topic]}:{story_id}:desk", topic_no=numbers[match.topic], story_id=story_id)
        for match in studied.matches
    ]
    return Decision(placement=placement, drafts=tuple(replace(d, article_id=studied.article.id) for d in drafts))


def draft(
    key: str, *, recipient: str = "desk", story_id: int = 0, topic_no: int = 0, due_at: datetime | None = None
) -> OutboxDraft:
    kind = OutboxKind(key.partition(":")[0])
    item = AlertItem(topic="t", title="A title", sentences=(Sentence(text="A tariff.", marks=((2, 8),)),))
    return OutboxDraft(
        key=key, kind=kind, recipient=recipient, item=item, story_id=story_id, topic_no=topic_no, due_at=due_at
    )


def entry(key: str, title: str = "A title", *, published: datetime | None = None, content: str = "") -> Entry:
    return Entry(key=key, url=f"https://www.news.example/{key}", title=title, content=content, published=published)


def ingested(key: str, text: str = "A text.", **fields: str) -> ArticleDraft:
    return ArticleDraft(key=key, text=text, **fields)  # type: ignore[arg-type]


def titles(articles: Sequence[Article]) -> list[str]:
    return [article.title for article in articles]
