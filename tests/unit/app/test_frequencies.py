"""The words of the articles are counted once a day, and decide what topics are filed under."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import timedelta

import pytest

from monitor import app as program
from monitor.app import App
from monitor.model import Document
from tests.unit.app.home import Home, surround

TOPIC = "topics:\n  - {id: t, match: tariff AND quotas}\n"
QUOTAS = Document(title="Quotas", text="Of quotas.")


def bring(app: App, count: int) -> None:
    surround(app)
    lines = [
        json.dumps({"id": f"a-{number}", "title": f"Quotas of town {number}", "text": f"The quotas of {number} rose."})
        for number in range(count)
    ]
    program.add_lines(app.store, lines, is_silent=True)
    asyncio.run(program.study_archive(app))


def learn(app: App) -> int:
    return asyncio.run(program.learn_words_if_due(app))


def touched(home: Home) -> list[str]:
    """Return the topics that a text on quotas alone is tried for."""
    return [topic.id for topic in program.load(home.place).watchlist.candidates(QUOTAS)]


def test_a_topic_is_filed_under_what_is_rare_in_the_articles(home: Home) -> None:
    home.write("watchlist.yaml", TOPIC)
    with home.open() as app:
        bring(app, 210)
        assert touched(home) == ["t"]

        assert learn(app) == 210

        assert touched(home) == []
        both = Document(title="Quotas", text="A tariff, and quotas.")
        assert [match.topic for match in program.load(home.place).watchlist.match(both)] == ["t"]


def test_words_are_counted_once_a_day(home: Home) -> None:
    with home.open() as app:
        bring(app, 201)
        assert learn(app) == 201
        assert learn(app) == 0

        yesterday = (program.now() - timedelta(days=1)).timestamp()
        os.utime(home.place.state / "word-shares.json", (yesterday, yesterday))

        assert learn(app) == 201


def test_a_few_articles_tell_nothing(home: Home) -> None:
    with home.open() as app:
        bring(app, 20)

        assert learn(app) == 0
        assert not (home.place.state / "word-shares.json").exists()


@pytest.mark.parametrize("damage", ["", "[]", '{"quotas": "many"}', '{"quotas": 7.5}', '{"quotas": '])
def test_a_damaged_count_is_as_none(home: Home, damage: str) -> None:
    home.write("watchlist.yaml", TOPIC)
    home.place.state.mkdir()
    (home.place.state / "word-shares.json").write_text(damage)

    assert touched(home) == ["t"]
