"""The site of a feed that seems abandoned is asked for another one, once a day."""

from __future__ import annotations

import asyncio

from monitor import pipeline
from monitor.model import Failure, Problem
from tests.unit.pipeline.conftest import FEED, World, rss

SITE, NEW = "https://news.example/", "https://news.example/new.xml"


def site(*hrefs: str) -> bytes:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{href}">' for href in hrefs)
    return f"<html><head>{links}</head><body><p>News</p></body></html>".encode()


def poll(world: World, *, hours: float) -> str:
    """Poll the feed some hours later; returns the feed that its site names."""
    world.subscribe(FEED)
    world.clock.advance(hours=hours)
    asyncio.run(pipeline.poll(world.context, world.due()))
    return world.store.feeds()[0].memory.advertised


def asked(world: World) -> int:
    return sum(request.url == SITE for request in world.web.requests)


def test_the_site_of_a_feed_that_is_gone_is_asked_once_a_day(world: World) -> None:
    world.web.pages |= {FEED: Failure(problem=Problem.GONE), SITE: site("/new.xml", "/comments/feed")}

    assert poll(world, hours=0) == NEW
    assert [poll(world, hours=25) for _ in range(2)] == [NEW, NEW]
    assert asked(world) == 3

    world.web.pages[FEED] = rss(("1", "Title", "Words"))
    assert poll(world, hours=25) == ""
    assert asked(world) == 3


def test_a_site_that_names_the_same_feed_names_no_other(world: World) -> None:
    world.web.pages |= {FEED: Failure(problem=Problem.NOT_FOUND), SITE: site("/new.xml", "/feed.xml")}

    assert (poll(world, hours=0), asked(world)) == ("", 1)


def test_a_fault_is_given_a_day_to_pass(world: World) -> None:
    world.web.pages |= {FEED: Failure(problem=Problem.SERVER_ERROR), SITE: site("/new.xml")}

    assert (poll(world, hours=0), asked(world)) == ("", 0)
    assert (poll(world, hours=25), asked(world)) == (NEW, 1)
    assert (poll(world, hours=4), asked(world)) == (NEW, 1)


def test_a_site_that_does_not_answer_changes_nothing(world: World) -> None:
    world.web.pages |= {FEED: Failure(problem=Problem.GONE)}

    assert (poll(world, hours=0), asked(world)) == ("", 1)
