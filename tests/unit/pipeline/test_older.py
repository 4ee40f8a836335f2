"""Older pages of a feed are followed back to the last known entry, and no further than is decent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from monitor.model import Failure, Problem
from monitor.pipeline import poll
from tests.unit.pipeline.conftest import FEED, World

HOST = "https://news.example/"


def feed(*numbers: int, older: str = "", rel: str = "next", day: int = 25) -> bytes:
    """An Atom feed with entries of these numbers, dated after the feed was added unless `day` says otherwise."""
    link = f'<link rel="{rel}" href="{older}"/>' if older else ""
    entries = "".join(
        f"<entry><id>urn:{n}</id><title>Tariffs {n}</title><link href='{HOST}{n}'/><summary>Words {n}.</summary>"
        f"<updated>2025-10-{day:02}T10:00:00Z</updated></entry>"
        for n in numbers
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{link}{entries}</feed>'.encode()


def json_feed(*numbers: int, older: str) -> bytes:
    items = ",".join(
        f'{{"id":"urn:{n}","title":"Tariffs {n}","content_text":"{n}","date_published":"2025-10-25T10:00:00Z"}}'
        for n in numbers
    )
    return f'{{"version":"https://jsonfeed.org/version/1.1","next_url":"{older}","items":[{items}]}}'.encode()


@pytest.fixture
def known(world: World) -> World:
    """A world that has read a feed with the entries 3, 2 and 1."""
    world.subscribe(FEED)
    world.web.pages[FEED] = feed(3, 2, 1, day=20)
    asyncio.run(world.round())
    world.clock.advance(days=2)
    world.web.requests.clear()
    return world


def asked(world: World, *, of: Sequence[str] = ("page", "feed")) -> list[str]:
    return [request.url for request in world.web.requests if any(word in request.url for word in of)]


def stored(world: World) -> list[int]:
    return sorted(int(article.title.split()[-1]) for article in world.store.articles())


@pytest.mark.parametrize("rel", ["next", "prev-archive"])
def test_a_feed_is_followed_back_to_the_last_known_entry(known: World, rel: str) -> None:
    known.web.pages |= {
        FEED: feed(12, 11, older=HOST + "page2", rel=rel),
        HOST + "page2": feed(10, 9, older=HOST + "page3", rel=rel),
        HOST + "page3": feed(8, 3, 2, older=HOST + "page4", rel=rel),
    }
    asyncio.run(known.round())
    assert asked(known) == [FEED, HOST + "page2", HOST + "page3"]
    assert stored(known) == [1, 2, 3, 8, 9, 10, 11, 12]
    assert known.store.feeds()[0].memory.overflow_count == 0
    assert len(known.alerts) == 5


def test_a_json_feed_is_followed_too(known: World) -> None:
    known.web.pages |= {FEED: json_feed(12, 11, older="/page2"), HOST + "page2": json_feed(10, 3, older="")}
    asyncio.run(known.round())
    assert stored(known) == [1, 2, 3, 10, 11, 12]


def test_a_feed_with_a_known_entry_is_not_followed(known: World) -> None:
    known.web.pages[FEED] = feed(4, 3, older=HOST + "page2")
    asyncio.run(known.round())
    assert asked(known) == [FEED]


def test_the_first_fetch_is_not_followed(world: World) -> None:
    world.subscribe(FEED)
    world.web.pages[FEED] = feed(4, 3, older=HOST + "page2")
    asyncio.run(world.round())
    assert asked(world) == [FEED]


def test_pages_in_a_circle_are_read_once(known: World) -> None:
    known.web.pages |= {FEED: feed(12, 11, older=HOST + "page2"), HOST + "page2": feed(10, older=FEED)}
    asyncio.run(known.round())
    assert asked(known) == [FEED, HOST + "page2"]
    assert stored(known) == [1, 2, 3, 10, 11, 12]
    assert known.store.feeds()[0].memory.overflow_count == 1


def test_no_page_of_another_host_is_asked_for(known: World) -> None:
    known.web.pages[FEED] = feed(12, 11, older="https://elsewhere.example/page2")
    asyncio.run(known.round())
    assert asked(known) == [FEED]


def test_pages_without_end_are_left_after_ten_and_said_to_overflow(known: World) -> None:
    known.web.pages[FEED] = feed(1000, 999, older=f"{HOST}page1")
    known.web.pages |= {
        f"{HOST}page{n}": feed(1000 - 2 * n, 999 - 2 * n, older=f"{HOST}page{n + 1}") for n in range(1, 30)
    }
    asyncio.run(known.round())
    assert len(asked(known)) == 11
    assert known.store.feeds()[0].memory.overflow_count == 1


def test_no_more_than_a_thousand_entries_are_taken(known: World) -> None:
    known.web.pages |= {
        FEED: feed(*range(5000, 4600, -1), older=HOST + "page2"),
        HOST + "page2": feed(*range(4600, 4200, -1), older=HOST + "page3"),
        HOST + "page3": feed(*range(4200, 3800, -1), older=HOST + "page4"),
    }
    asyncio.run(poll(known.context, known.due()))
    assert asked(known) == [FEED, HOST + "page2", HOST + "page3"]
    assert known.store.counts(known.clock()).articles == 1003


def test_entries_as_old_as_the_first_import_are_stored_in_silence(known: World) -> None:
    known.web.pages |= {FEED: feed(12, 11, older=HOST + "page2"), HOST + "page2": feed(10, 9, day=19)}
    asyncio.run(known.round())
    assert stored(known) == [1, 2, 3, 9, 10, 11, 12]
    assert len(known.alerts) == 2


def test_a_page_that_cannot_be_read_costs_nothing_else(known: World) -> None:
    known.web.pages |= {FEED: feed(12, 11, older=HOST + "page2"), HOST + "page2": Failure(problem=Problem.TIMEOUT)}
    asyncio.run(known.round())
    assert stored(known) == [1, 2, 3, 11, 12]
    assert known.store.feeds()[0].failure is None
