"""The talks in Kuala Lumpur by the packaged topics: the seeds, a first day, and what came of it."""

from __future__ import annotations

import asyncio
import json

from monitor import app as program
from monitor import resources
from monitor.app import App
from monitor.model import OutboxKind, OutboxRow
from tests.unit.app.home import Home, surround
from tests.unit.dedupe.written import events

TEXTS = events("talks")
WATCHED = ("rare-earth-controls", "november-1-tariff")


def bring(app: App, name: str, outlet: str) -> list[OutboxRow]:
    """Bring a report and return what is to be told of it."""
    title, day, text = TEXTS[name]
    record = {"id": name, "title": title, "text": text, "url": f"https://{outlet}/x", "source": outlet}
    line = json.dumps(record | {"language": "en", "published": f"{day}T12:00:00Z"})
    before = {row.id for row in app.store.outbox(limit=None)}
    program.add_lines(app.store, [line], is_silent=False)
    asyncio.run(program.study_archive(app))
    return [row for row in app.store.outbox(limit=None) if row.id not in before]


def test_the_delay_is_an_update_on_both_topics_after_the_seeds_and_a_first_day(home: Home) -> None:
    home.write("watchlist.yaml", (resources.folder("config") / "watchlist.yaml").read_text(encoding="utf-8"))
    with home.open() as app:
        surround(app)
        asyncio.run(program.bring_seeds(app))
        assert [row for row in app.store.outbox(limit=None) if row.kind is OutboxKind.FIRST] == []

        first = {row.item.topic: row for row in bring(app, "first day", "one.example")}
        assert {first[topic].kind for topic in WATCHED} == {OutboxKind.FIRST}

        delay = {row.item.topic: row for row in bring(app, "delay", "two.example")}
        assert {delay[topic].kind for topic in WATCHED} == {OutboxKind.UPDATE}
        for topic in WATCHED:
            assert delay[topic].item.reasons[:2] == ("now: delayed", "now: off the table")
            assert delay[topic].key == f"update:{delay[topic].topic_no}:{first[topic].story_id}:status-delayed:desk"
            assert delay[topic].item.sentences[0].text == TEXTS["delay"][0]

        again = bring(app, "delay in other words", "three.example")
        assert {row.kind for row in again} == {OutboxKind.ALSO}

        article = app.store.find_article("delay")
        assert article is not None
        live = program.Live(app.context.watch.watchlist)
        (told,) = program.explain_stored(app.store, live, article, ["november-1-tariff"])
        assert "an update (now: delayed, now: off the table" in told.why
        article = app.store.find_article("delay in other words")
        assert article is not None
        (told,) = program.explain_stored(app.store, live, article, ["november-1-tariff"])
        assert told.why.endswith("nothing new in it against what was told")
