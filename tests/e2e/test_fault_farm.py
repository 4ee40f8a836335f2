"""Hundreds of broken, slow, lying and hostile feeds beside fifty good ones, polled by the program's own way.

Each gets its word, all good ones are read, memory stays, and nobody comes to the address where nobody may come.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import app as program
from monitor.app import App
from monitor.fetch import HttpFetcher
from monitor.fetch.resolver import HostResolver
from monitor.model import Article, Feed, Problem
from monitor.pipeline import poll, study
from monitor.sandbox import ProcessSandbox
from tests.faultfarm import CANARY_HOST, GOOD_ENTRIES, GOOD_FEEDS, KINDS, LINKING, LINKS, Farm
from tests.nameserver import NameServer

MONITOR = """
timezone: UTC
poll: {host_gap_s: 0, timeout_s: 4, full_text: false}
allow_networks: [127.101.0.0/16]
allow_ports: [PORT]
"""
WATCHLIST = "topics:\n  - {id: tariffs, match: tariff}\n"
MAX_GROWTH_MB = 100


@dataclass(frozen=True)
class Seen:
    """What a round left: each feed by its address, by how much memory grew at most, and what is stored."""

    feeds: dict[str, Feed]
    growth_mb: float
    articles: list[Article]


@dataclass(frozen=True)
class Rounds:
    """What came of all: the first and third round, the words of the pages linked to, whether the canary was visited."""

    farm: Farm
    first: Seen
    third: Seen
    pages: dict[str, str]
    was_visited: bool


def memory_mb(field: str, *, is_reset: bool = False) -> float:
    """Return a field of the process's status; `is_reset` lets the high-water mark start anew."""
    if is_reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+)", status)[1]) / 1024


async def surround(app: App, names: NameServer) -> None:
    """Give the program the farm's names, and workers that do not wait long."""
    settings = app.config.settings
    app.context.fetcher = HttpFetcher(
        settings.poll,
        allow_networks=settings.allow_networks,
        allow_ports=settings.allow_ports,
        user_agent="monitor (test)",
        resolver=HostResolver([names.address]),
    )
    app.context.sandbox = ProcessSandbox(workers=2, timeout_s=3, memory_bytes=768 << 20)


async def run_round(app: App, only: Sequence[Problem] = ()) -> Seen:
    """Poll all feeds once; with `only`, those that failed so and those that were read."""
    before = memory_mb("VmRSS", is_reset=True)
    feeds = app.store.claim_due_feeds(program.now(), limit=10_000, lease_s=1, everything=True)
    await poll(app.context, [feed for feed in feeds if not only or not feed.failure or feed.failure.problem in only])
    return Seen(
        feeds={feed.url: feed for feed in app.store.feeds()},
        growth_mb=memory_mb("VmHWM") - before,
        articles=list(app.store.articles(bodies=True)),
    )


def is_visited(canary: socket.socket) -> bool:
    try:
        canary.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    """Poll the farm three times, as `monitor once` does."""
    folder = tmp_path_factory.mktemp("farm")
    canary = socket.create_server((CANARY_HOST, 0))
    canary.setblocking(False)
    port = canary.getsockname()[1]
    with canary, pytest.MonkeyPatch.context() as patch, Farm(port, folder) as farm:
        patch.setenv("SSL_CERT_FILE", str(farm.trust))
        patch.setenv("STATE_DIRECTORY", str(folder / "state"))
        (folder / "state").mkdir()
        urls = [farm.url(number) for number in range(len(KINDS))] + [farm.good_url(at) for at in range(GOOD_FEEDS)]
        (folder / "monitor.yaml").write_text(MONITOR.replace("PORT", str(port)))
        (folder / "watchlist.yaml").write_text(WATCHLIST)
        linking = farm.url(next(number for number, kind in enumerate(KINDS) if kind.title == LINKING))
        lines = [f'  - {{url: "{url}", full_text: {str(url == linking).lower()}}}\n' for url in urls]
        (folder / "feeds.yaml").write_text("feeds:\n" + "".join(lines))
        with NameServer(farm.names()) as names, program.open_app(program.find_place(folder)) as app:
            yield asyncio.run(run_rounds(app, farm, canary, names))


async def run_rounds(app: App, farm: Farm, canary: socket.socket, names: NameServer) -> Rounds:
    await surround(app, names)
    first = await run_round(app)
    await run_round(app, [Problem.HARMFUL])
    third = await run_round(app, [Problem.HARMFUL])
    pages = await study_links(app, farm)
    await program.close(app)
    return Rounds(farm, first, third, pages, is_visited(canary))


async def study_links(app: App, farm: Farm) -> dict[str, str]:
    """Study the entries that link to where nobody may come. Returns the word of each by its link."""
    links = {link.format(PORT=farm.port) for link in LINKS}
    articles = app.store.claim_new_articles(program.now(), limit=10_000, lease_s=60)
    await study(app.context, [article for article in articles if article.url in links])
    return {one.url: str(one.failure.problem) for one in app.store.articles() if one.url in links and one.failure}


def test_there_are_many_kinds_and_no_two_are_one() -> None:
    assert len({kind.title for kind in KINDS}) == len(KINDS) > 200


@pytest.mark.parametrize("number", range(len(KINDS)), ids=[kind.title for kind in KINDS])
def test_each_kind_has_its_word(rounds: Rounds, number: int) -> None:
    feed = rounds.first.feeds[rounds.farm.url(number)]

    assert (str(feed.failure.problem) if feed.failure else "", str(feed.failure)) == (
        KINDS[number].word,
        str(feed.failure),
    )
    assert program.now() < feed.next_at < program.now() + timedelta(days=1.1)


def test_all_good_feeds_are_read_beside_them(rounds: Rounds) -> None:
    for seen in (rounds.first, rounds.third):
        good = [seen.feeds[rounds.farm.good_url(at)] for at in range(GOOD_FEEDS)]

        assert [(feed.failure, feed.entry_count) for feed in good] == [(None, GOOD_ENTRIES)] * GOOD_FEEDS


def test_memory_stays_within_bounds(rounds: Rounds) -> None:
    assert rounds.first.growth_mb < MAX_GROWTH_MB
    assert rounds.third.growth_mb < MAX_GROWTH_MB


def test_the_forbidden_address_sees_nobody(rounds: Rounds) -> None:
    assert not rounds.was_visited


def test_links_to_forbidden_addresses_are_not_followed(rounds: Rounds) -> None:
    assert rounds.pages == {link.format(PORT=rounds.farm.port): word for link, word in LINKS.items()}


def test_no_file_of_this_machine_and_no_bomb_comes_in_with_an_entity(rounds: Rounds) -> None:
    texts = [article.title + article.teaser for article in rounds.third.articles]

    assert len(texts) > GOOD_FEEDS * GOOD_ENTRIES
    assert not [text for text in texts if "root:" in text or len(text) > 500_000]


def test_a_feed_that_harms_three_times_rests_for_a_day(rounds: Rounds) -> None:
    harmful = [rounds.farm.url(number) for number, kind in enumerate(KINDS) if kind.word == Problem.HARMFUL]

    assert harmful
    for url in harmful:
        first, third = rounds.first.feeds[url], rounds.third.feeds[url]
        assert (first.kill_streak, third.kill_streak) == (1, 3)
        assert first.next_at - first.polled_at < timedelta(hours=6)
        assert third.next_at - third.polled_at >= timedelta(days=1)
