"""Matches what was stored lately against topics that are new or changed, after the watchlist was exchanged.

The store remembers the version up to which this was done, so that a crash, or an edit made while the program was down,
loses nothing. What was alerted is not alerted again: its outbox keys are there.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from monitor import alert
from monitor.app.changes import compare, nothing
from monitor.app.compose import App, now
from monitor.app.kept import live_under
from monitor.clean import document
from monitor.log import Log
from monitor.match import Watchlist, compile_watchlist
from monitor.model import Article, Fingerprint, Hold, Origin, OutboxDraft, Placement, Stage, WatchlistSpec
from monitor.pipeline import Watch
from monitor.ports import Studied

_log = Log(__name__)

_NOTE = "rematched"
_CHUNK = 100
_ALONE = 10  # alerts a topic; more of them come together
_TOGETHER = 200  # articles in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Rematched:
    """What matching stored articles again came to."""

    topics: int = 0
    articles: int = 0
    matches: int = 0
    queued: int = 0


async def rematch(app: App) -> Rematched:
    """Match what was stored lately against the topics that changed since this was last done; nothing if none did."""
    watch, spec = app.context.watch, app.config.watchlist
    if app.rematched == spec.version:
        return Rematched()
    topics = await asyncio.to_thread(_changed, app, watch, spec)
    done = await _rematch(app, watch, spec, topics) if topics else Rematched()
    await asyncio.to_thread(app.store.note, _NOTE, spec.version)
    app.rematched = spec.version
    if topics:
        _log.info(
            "stored articles matched again",
            topics=done.topics,
            articles=done.articles,
            matches=done.matches,
            alerts=done.queued,
        )
    return done


def _changed(app: App, watch: Watch, spec: WatchlistSpec) -> frozenset[str]:
    """Return the topics that are not what they were in the watchlist up to which all was matched."""
    versions = app.store.watchlists()
    # Before this was ever done: the first watchlist, which all articles were matched against as they came.
    last = app.store.note(_NOTE) or (versions[-1].version if versions else "")
    if not last or last == spec.version or not spec.rematch_s:
        return frozenset()
    kept = next((kept for kept in versions if kept.version == last), None)
    before = nothing() if kept is None else live_under(app.store, app.place, kept).watchlist
    changes = compare(before, watch.watchlist)
    today = now().astimezone(watch.settings.timezone).date()
    return frozenset(name for name in (*changes.added, *changes.changed) if not watch.rules[name].is_expired(today))


async def _rematch(app: App, watch: Watch, spec: WatchlistSpec, topics: frozenset[str]) -> Rematched:
    some = replace(spec, topics=tuple(topic for topic in spec.topics if topic.id in topics))
    watchlist = await asyncio.to_thread(lambda: compile_watchlist(some)[0])
    articles = _stored_since(app, now() - timedelta(seconds=spec.rematch_s))
    found: list[tuple[Studied, tuple[OutboxDraft, ...]]] = []
    seen = 0
    while chunk := await asyncio.to_thread(lambda: list(islice(articles, _CHUNK))):
        seen += len(chunk)
        found += await asyncio.to_thread(_judge, chunk, watchlist, watch, now())
    found.reverse()  # oldest first, as they would have come
    queued = await asyncio.to_thread(_store, app, found, now())
    matches = sum(len(studied.matches) for studied, _ in found)
    return Rematched(topics=len(topics), articles=seen, matches=matches, queued=queued)


def _stored_since(app: App, since: datetime) -> Iterator[Article]:
    """Yield the studied articles that were first seen since then, newest first, and the seeds."""
    for article in app.store.articles(bodies=True):
        if article.first_seen < since:
            break
        if article.stage is Stage.DONE and article.origin is not Origin.SEED:
            yield article
    for article in app.store.articles(origin=Origin.SEED, bodies=True):
        if article.stage is Stage.DONE:
            yield article


def _judge(
    articles: Sequence[Article], watchlist: Watchlist, watch: Watch, moment: datetime
) -> list[tuple[Studied, tuple[OutboxDraft, ...]]]:
    """Return the articles that match, without their texts, and the alerts they would make."""
    judged = []
    for article in articles:
        matches = tuple(watchlist.match(document(article)))
        if not matches or article.story_id is None:
            continue
        studied = Studied(
            article=article,
            fingerprint=Fingerprint(url_key=article.url_key, text_hash=article.text_hash),
            matches=matches,
            topics=tuple((match.topic, watch.numbers[match.topic]) for match in matches),
            watchlist_version=watch.watchlist.version,
        )
        placement = Placement(duplicate_of=article.duplicate_of, story_id=article.story_id)
        place = alert.InStory(placement=placement, story_id=article.story_id)
        drafts = alert.draft_alerts(studied, place, rules=watch.rules, settings=watch.settings, now=moment)
        late = tuple(replace(draft, item=replace(draft.item, is_late=True)) for draft in drafts)
        judged.append((replace(studied, article=replace(article, text="", html="", teaser="")), late))
    return judged


def _store(app: App, found: Sequence[tuple[Studied, tuple[OutboxDraft, ...]]], moment: datetime) -> int:
    drafts = [draft for _, late in found for draft in late]
    known = app.store.outbox_keys([draft.key for draft in drafts])
    bundled = _bundle([draft for draft in drafts if draft.key not in known])
    by_article: dict[int, list[OutboxDraft]] = defaultdict(list)
    for draft in bundled:
        by_article[draft.article_id].append(draft)
    queued = 0
    for start in range(0, len(found), _CHUNK):
        chunk = [studied for studied, _ in found[start : start + _CHUNK]]
        new = [draft for studied in chunk for draft in by_article[studied.article.id]]
        queued += app.store.save_rematch(chunk, new, moment)
    return queued


def _bundle(drafts: Sequence[OutboxDraft]) -> Iterator[OutboxDraft]:
    """Yield the rows, those of a topic with more than ten alerts joined into one message of many articles."""
    first: dict[str, OutboxDraft] = {}
    for draft in drafts:  # a story's copies share their keys
        first.setdefault(draft.key, draft)
    by_topic: dict[tuple[int, str], list[OutboxDraft]] = defaultdict(list)
    for draft in first.values():
        by_topic[draft.topic_no, draft.recipient].append(draft)
    for rows in by_topic.values():
        for start in range(0, len(rows), _TOGETHER):
            part = rows[start : start + _TOGETHER]
            yield from part if len(rows) <= _ALONE else map(partial(_joined, f"late:{part[0].article_id}"), part)


def _joined(bundle: str, draft: OutboxDraft) -> OutboxDraft:
    """Return a row that comes with the others of a bundle, unless it waits for a message of many already."""
    if draft.hold is not None or draft.due_at is None:
        return draft
    return replace(draft, hold=Hold(until=draft.due_at, bundle=bundle, reason=""))
