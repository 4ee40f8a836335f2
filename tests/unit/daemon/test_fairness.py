"""One feed that brings very much holds up no other's news."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from monitor.model import FetchRequest, FetchResult
from tests.fakes import FakeFetcher
from tests.servers import Item, rss
from tests.unit.daemon.test_jobs import Workshop, in_a_workshop

WILD, QUIET = "https://wild.example/feed", "https://quiet.example/feed"
FEEDS = f"[{{url: '{WILD}', backfill: alert}}, {{url: '{QUIET}', backfill: alert}}]"


@dataclass
class SlowHost(FakeFetcher):
    """A web in which the pages of one host do not come before the gate is opened."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0

    async def fetch(self, request: FetchRequest) -> FetchResult:
        if request.url.startswith("https://wild.example/page"):
            self.waiting += 1
            await self.gate.wait()
        return await super().fetch(request)


def page(title: str) -> bytes:
    return f"<html lang='en'><title>{title}</title><article><p>{title} was announced.</p></article></html>".encode()


def test_the_pages_of_a_feed_gone_wild_hold_up_no_other_article(tmp_path: Path) -> None:
    wild = [Item(f"w{n}", f"A tariff, number {n}", f"https://wild.example/page{n}") for n in range(60)]
    quiet = Item("q", "A tariff on copper", "https://quiet.example/page")
    pages = {item.link: page(item.title) for item in (*wild, quiet)}

    async def trial(workshop: Workshop) -> None:
        daemon = workshop.daemon
        web = SlowHost({WILD: rss(wild).encode(), **pages})
        workshop.app.context.fetcher = web
        await daemon.tick()
        await asyncio.wait(daemon.polls.tasks)
        await daemon.study()
        while not web.waiting:
            await asyncio.wait([*daemon.kicks.values(), *daemon.studies.tasks], timeout=0.01)
        web.pages[QUIET] = rss([quiet]).encode()
        for feed in workshop.app.store.feeds():
            workshop.app.store.put_off(feed, feed.added_at)
        await daemon.tick()
        async with asyncio.timeout(20):
            while not workshop.sender.sent:
                await asyncio.wait([asyncio.create_task(daemon.study())])
                await asyncio.wait([*daemon.studies.tasks, *daemon.messages.tasks], timeout=0.01)
        assert "A tariff on copper" in workshop.sender.sent[0].subject
        assert web.waiting < daemon.studies.limit
        web.gate.set()

    in_a_workshop(tmp_path, trial, FEEDS)
