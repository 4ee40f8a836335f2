"""A round of polls says whom it waits for; `status` says when the disk is nearly full."""

from __future__ import annotations

import asyncio
from collections import namedtuple

import pytest

from monitor.app import Loaded, deliver_due, health, poll_due, selfwatch, study_waiting
from monitor.fetch.faults import explain_status
from monitor.model import WHAT_TO_DO, FetchRequest, FetchResult, Problem
from tests.fakes import NOON, FakeFetcher
from tests.servers import Item, rss
from tests.unit.app.home import Home, surround

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024  # as shutil has it


def test_a_round_says_which_feeds_it_still_waits_for(home: Home) -> None:
    lines: list[str] = []
    is_told = asyncio.Event()

    class Slow(FakeFetcher):
        async def fetch(self, request: FetchRequest) -> FetchResult:
            await is_told.wait()
            return await super().fetch(request)

    def tell(line: str) -> None:
        lines.append(line)
        is_told.set()

    home.write("feeds.yaml", "feeds: [" + ", ".join(f"https://a.example/{n}" for n in range(5)) + "]\n")
    with home.open() as app:
        surround(app)
        app.context.fetcher = Slow()
        asyncio.run(poll_due(app, everything=True, progress=lambda _steps: None, tell=tell, patience_s=0))

    assert lines == ["still waiting for https://a.example/0, https://a.example/1, https://a.example/2 and 2 more"]


def test_a_round_looks_at_teasers_first_and_then_reads_the_pages(home: Home) -> None:
    home.write("watchlist.yaml", "topics:\n  - {id: tariffs, match: tariff, alert: {priority: urgent, to: [desk]}}\n")
    home.write("feeds.yaml", "feeds: [{url: 'https://a.example/feed', backfill: alert}]\n")
    sentence = "The tariff of 25% starts on Monday, and nobody in the industry was surprised by that in the least."
    page = f"<html><title>Tin</title><article><h1>Tin</h1><p>{sentence}</p></article></html>"
    with home.open() as app:
        sender = surround(app)
        web = app.context.fetcher = FakeFetcher()
        feed = rss([Item("1", "Tin", "https://a.example/1", "A tariff on tin.")]).encode()
        web.pages = {"https://a.example/feed": feed, "https://a.example/1": page.encode()}
        asyncio.run(poll_due(app, everything=True, progress=lambda _steps: None))
        done = asyncio.run(study_waiting(app, progress=lambda _steps: None))
        asyncio.run(deliver_due(app))

    assert (done["studied"], done["alerts"]) == (1, 2)
    (message,) = [message for message in sender.sent if message.topics]
    assert "Update: confirmed by the full text" in message.text
    assert "Teaser only" not in message.text


@pytest.mark.parametrize(("free", "needs"), [(499_000_000, 1), (600_000_000, 0)])
def test_a_disk_that_is_nearly_full_needs_a_person(
    home: Home, monkeypatch: pytest.MonkeyPatch, free: int, needs: int
) -> None:
    monkeypatch.setattr(selfwatch, "disk_usage", lambda _folder: Usage(1, 1, free))
    with home.open() as app:
        loaded = Loaded(config=app.config, watchlist=app.context.watch.watchlist)
        found = health(app.store, loaded, home.place.state, NOON)["needs"]

    assert sum("MB are free" in line for line in found) == needs


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_has_its_advice(problem: Problem) -> None:
    assert WHAT_TO_DO[problem]


@pytest.mark.parametrize("status", range(400, 600))
def test_every_status_has_its_word(status: int) -> None:
    own = {401: "401", 403: "403", 404: "404", 410: "410", 429: "429"}

    assert explain_status(status, is_challenge=False).problem == own.get(status, "4xx" if status < 500 else "5xx")
    assert explain_status(status, is_challenge=True).problem is Problem.CHALLENGE
