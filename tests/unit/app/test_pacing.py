"""The pace is tuned to what feeds publish, once an hour, and outlives the program."""

from __future__ import annotations

import asyncio

from monitor.app import poll_due, tune_if_due
from monitor.cadence import START_PACE
from tests.fakes import FakeClock
from tests.servers import Item, rss
from tests.unit.app.home import Home, surround

FEED = "http://a.example/feed"


def test_a_round_of_polls_tunes_the_pace_and_the_next_start_knows_it(home: Home) -> None:
    home.write("feeds.yaml", f"feeds: [{FEED}]\n")
    with home.open() as app:
        assert app.context.pace == START_PACE
        surround(app)
        items = [Item(key, "T", published="Mon, 20 Oct 2025 10:00:00 GMT") for key in "123"]
        app.context.fetcher.pages[FEED] = rss(items).encode()
        asyncio.run(poll_due(app, everything=True, progress=lambda _steps: None))
        tuned = app.context.pace
        assert tuned != START_PACE

    with home.open() as app:
        assert abs(app.context.pace - tuned) < 0.1


def test_the_pace_is_tuned_once_an_hour(home: Home) -> None:
    home.write("feeds.yaml", f"feeds: [{FEED}]\n")
    with home.open() as app:
        clock = app.context.clock = FakeClock()
        tune_if_due(app.context)
        first = app.context.store.note("pace")
        clock.advance(minutes=50)
        tune_if_due(app.context)
        assert app.context.store.note("pace") == first
        clock.advance(minutes=10)
        tune_if_due(app.context)
        assert app.context.store.note("pace").endswith(clock.moment.isoformat())
