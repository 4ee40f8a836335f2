"""A pipeline on a real store, with fakes for the outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import storage
from monitor.match import compile_watchlist
from monitor.model import (
    AlertRule,
    ChannelSettings,
    Feed,
    FeedSpec,
    PollSettings,
    QueryText,
    Settings,
    SiteRule,
    TopicSpec,
    WatchlistSpec,
)
from monitor.pipeline import Context, Watch, deliver, poll, study
from monitor.ports import Store
from tests.fakes import FakeClock, FakeFetcher, FakeSandbox, FakeSender

FEED = "https://news.example/feed.xml"


def topic(topic_id: str, query: str) -> TopicSpec:
    return TopicSpec(id=topic_id, name=topic_id.title(), match=QueryText(text=query), alert=AlertRule(to=("desk",)))


def rss(*items: tuple[str, str, str]) -> bytes:
    """A feed of (guid, title, description)."""
    entries = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><link>https://news.example/{guid}</link>"
        f"<description>{description}</description></item>"
        for guid, title, description in items
    )
    return f"<rss version='2.0'><channel><title>News</title>{entries}</channel></rss>".encode()


def page(title: str, *paragraphs: str) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    body = f"<article><h1>{title}</h1>{text}</article>"
    return f"<html lang='en'><head><title>{title}</title></head><body>{body}</body></html>".encode()


@dataclass
class World:
    """The pipeline and what surrounds it."""

    context: Context
    store: Store
    clock: FakeClock
    web: FakeFetcher
    sandbox: FakeSandbox
    sender: FakeSender

    def watch(
        self,
        *topics: TopicSpec,
        full_text: bool = True,
        operator: tuple[str, ...] = ("desk",),
        sites: tuple[SiteRule, ...] = (),
    ) -> None:
        spec = WatchlistSpec(topics=topics, version="v1")
        watchlist, errors = compile_watchlist(spec)
        assert not errors
        self.context.watch = Watch(
            settings=Settings(
                channels=tuple(
                    ChannelSettings(name=name, url="console:", recipients=(name,)) for name in ("desk", "boss")
                ),
                operator=operator,
                poll=PollSettings(full_text=full_text),
                sites=sites,
            ),
            watchlist=watchlist,
            numbers=self.store.sync_topics([(one.id, one.was) for one in topics], self.clock()),
            rules={one.id: one for one in topics},
        )

    def subscribe(self, *urls: str) -> None:
        self.store.sync_feeds([FeedSpec(url=url) for url in urls], self.clock())

    def due(self) -> list[Feed]:
        return self.store.claim_due_feeds(self.clock(), limit=100, lease_s=60, everything=True)

    async def poll_and_study(self) -> None:
        """Poll everything, study everything."""
        await poll(self.context, self.due())
        while articles := self.store.claim_new_articles(self.clock(), limit=100, lease_s=60):
            await study(self.context, articles)

    async def round(self) -> None:
        """Poll everything, study everything, deliver everything once."""
        await self.poll_and_study()
        await deliver(self.context, self.store.claim_messages(self.clock(), limit=100, lease_s=60))

    @property
    def alerts(self) -> list[str]:
        return [message.subject for message in self.sender.sent]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock, web, sandbox, sender = FakeClock(), FakeFetcher(), FakeSandbox(), FakeSender()
    store = storage.open_store("sqlite:///monitor.db", state=tmp_path, clock=clock)
    empty, _ = compile_watchlist(WatchlistSpec())
    context = Context(
        store=store,
        fetcher=web,
        sandbox=sandbox,
        sender=sender,
        clock=clock,
        jitter=lambda: 0.0,
        watch=Watch(settings=Settings(), watchlist=empty, numbers={}, rules={}),
    )
    found = World(context, store, clock, web, sandbox, sender)
    found.watch(topic("tariffs", "tariff*"))
    yield found
    store.close()
