"""What polls and studies learn of a feed that goes wrong though it answers."""

from __future__ import annotations

import asyncio
from datetime import datetime
from email.utils import format_datetime

from monitor.cadence import is_distrusted
from monitor.model import FeedMemory
from monitor.pipeline import poll
from tests.unit.pipeline.conftest import FEED, World, page, rss

LONG = "They rise again in the autumn, said the ministry on Monday, and nobody knew by how much they would. " * 5


def dated(times: list[datetime]) -> bytes:
    """A feed of an entry for each time."""
    items = "".join(
        f"<item><guid>{at:%d%H}</guid><title>News of {at}</title><pubDate>{format_datetime(at)}</pubDate></item>"
        for at in times
    )
    return f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>".encode()


def memory(world: World) -> FeedMemory:
    (feed,) = world.store.feeds()
    return feed.memory


def test_a_server_that_says_304_for_ever_is_found_after_a_day_and_asked_for_all_from_then_on(world: World) -> None:
    world.subscribe(FEED)
    world.web.etags[FEED] = '"never changes"'
    times: list[datetime] = []
    counts = []
    for _hour in range(36):
        times.append(world.clock())
        world.web.pages[FEED] = dated(times)
        asyncio.run(poll(world.context, world.due()))
        counts.append(len(list(world.store.articles())))
        world.clock.advance(hours=1)

    assert counts[:24] == [1] * 24
    assert counts[24:] == list(range(25, 37)), "from then on each poll brings what is new"
    assert is_distrusted(memory(world), world.clock())
    assert world.web.requests[-1].etag == ""


def test_a_server_whose_304s_are_true_is_believed(world: World) -> None:
    world.subscribe(FEED)
    times: list[datetime] = []
    for hour in range(60):
        if hour % 7 == 0:
            times.append(world.clock())
            world.web.etags[FEED] = f'"{hour}"'
        world.web.pages[FEED] = dated(times)
        asyncio.run(poll(world.context, world.due()))
        world.clock.advance(hours=1)

    assert (memory(world).hidden_count, memory(world).hiding_at) == (0, 0)


def test_a_feed_learns_how_its_pages_were_read(world: World) -> None:
    world.subscribe(FEED)
    consent = page("Before you continue", "We value your privacy.", "Accept all cookies to go on. Manage options.")
    world.web.pages = {
        FEED: rss(("a", "Tariffs", "They rise."), ("b", "Tariffs fall", "So they say."), ("c", "Gone", "Short.")),
        "https://news.example/a": page("Tariffs", LONG, LONG),
        "https://news.example/b": consent,
    }
    asyncio.run(world.round())
    world.clock.advance(hours=1)
    asyncio.run(world.round())

    assert sorted(memory(world).readings) == ["f", "t", "w"]
    assert memory(world).short_page in {"https://news.example/b", "https://news.example/c"}


def test_a_feed_whose_pages_are_not_wanted_learns_nothing_of_them(world: World) -> None:
    world.watch(full_text=False)
    world.subscribe(FEED)
    world.web.pages = {FEED: rss(("a", "Tariffs", "They rise."))}
    for _ in range(2):
        asyncio.run(world.round())
        world.clock.advance(hours=1)

    assert memory(world).readings == ""
