"""Brings the seeds into the store, and reports what the watchlist finds in them.

Seeds go the way of every article; only their time is declared. They are history: reported, never alerted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor import resources, settings
from monitor.alert.evidence import pick_sentences
from monitor.app.archive import read_time
from monitor.app.compose import App, now
from monitor.clean import Brought, document, merge
from monitor.match import Watchlist
from monitor.model import Article, ArticleDraft, Document, Match, Origin, SeedFile, Sentence, TimeSource
from monitor.pipeline import study
from monitor.text import sentences

_LEASE_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedReport:
    """The table seeds × topics. `cells` maps (seed reference, topic id) to the match and its best sentence."""

    seeds: tuple[Article, ...]
    topics: tuple[tuple[str, str], ...]
    cells: dict[tuple[str, str], tuple[Match, Sentence | None]]


def seed_folders(state: Path) -> list[Path]:
    """Return the folders that hold seeds: the packaged one, and the user's own in the state folder, if there is one."""
    own = state / "seeds"
    return [resources.folder("seeds"), *([own] if own.is_dir() else [])]


def load_seeds(state: Path) -> list[SeedFile]:
    """Read all seeds. Of two with one name the first stays, the packaged one: their texts would change places forever.

    Raises:
        ConfigError: an index is wrong or names a file that is not there.
    """
    found: dict[str, SeedFile] = {}
    for folder in seed_folders(state):
        for seed in settings.load_seeds(folder):
            found.setdefault(seed.name, seed)
    return list(found.values())


def seed_articles(seeds: Sequence[SeedFile], at: datetime) -> list[Article]:
    """Return the seeds as cleaned articles without a store, for commands that need none."""
    articles = []
    for number, (seed, draft) in enumerate(zip(seeds, map(draft_of, seeds), strict=True)):
        raw = Article(
            id=number,
            origin=Origin.SEED,
            key=draft.key,
            external_id=f"seed:{seed.name}",
            text=draft.text,
            published=draft.published,
            published_text=draft.published_text,
            published_from=draft.published_from,
            note=draft.note,
            first_seen=at,
        )
        articles.append(merge(raw, Brought(), at)[0])
    return articles


def documents_of(seeds: Sequence[Article]) -> dict[str, Document]:
    """Return each seed's file name and its document, as the examples of topics name them."""
    return {article.key: document(article) for article in seeds}


def draft_of(seed: SeedFile) -> ArticleDraft:
    """Return the draft of a seed; its declared time is marked as such."""
    published, published_text = read_time(seed.published_text)
    return ArticleDraft(
        key=seed.name,
        text=seed.text,
        published=published,
        published_text=published_text,
        published_from=TimeSource.DECLARED if published_text else TimeSource.UNKNOWN,
        note=seed.note,
        is_silent=True,
    )


async def bring_seeds(app: App) -> int:
    """Store and study what is new among the seeds; returns how many were. Doing it again changes nothing."""
    drafts = [draft_of(seed) for seed in load_seeds(app.place.state)]
    await asyncio.to_thread(app.store.add_articles, Origin.SEED, drafts, now())
    studied = 0
    while articles := await asyncio.to_thread(
        app.store.claim_new_articles, now(), limit=50, lease_s=_LEASE_S, origin=Origin.SEED
    ):
        studied += (await study(app.context, articles)).studied
    return studied


def seed_report(articles: Sequence[Article], watchlist: Watchlist) -> SeedReport:
    """Match each seed against each topic."""
    cells: dict[tuple[str, str], tuple[Match, Sentence | None]] = {}
    for article in articles:
        for match in watchlist.match(document(article)):
            found = pick_sentences(article, match, sentences(article.text))
            cells[article.ref, match.topic] = (match, found[0] if found else None)
    return SeedReport(
        seeds=tuple(articles),
        topics=tuple((topic.spec.id, topic.spec.name) for topic in watchlist.topics),
        cells=cells,
    )
