"""Those whom a topic tells hear of its dates a week and a day before, and afterwards."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from monitor import app as program
from monitor.app.reminders import reminders
from monitor.model import TopicSpec
from tests.unit.app.home import Home, told

DAY = date(2025, 11, 1)
TOPIC = TopicSpec(id="t", name="Tariffs", note="Call", deadline=DAY, where_written="watchlist.yaml:3")


def said(topic: TopicSpec, left: int) -> list[str]:
    return [draft.item.title for draft in reminders(topic, 7, ("desk",), DAY - timedelta(days=left))]


@pytest.mark.parametrize(
    ("left", "title", "occasion"),
    [
        (7, "Tariffs: 7 days left", "week"),
        (3, "Tariffs: 3 days left", "week"),
        (1, "Tariffs: tomorrow, 1 day left", "day"),
        (0, "Tariffs: today", "day"),
        (-1, "Tariffs: the deadline passed: keep, move or retire?", "passed"),
        (-400, "Tariffs: the deadline passed: keep, move or retire?", "passed"),
    ],
)
def test_a_deadline_is_told_on_each_occasion(left: int, title: str, occasion: str) -> None:
    (draft,) = reminders(TOPIC, 7, ("desk",), DAY - timedelta(days=left))
    assert draft.item.title == title
    assert draft.key == f"operator:deadline-7-2025-11-01-{occasion}:desk"
    assert "Note: Call" in draft.item.body


def test_a_date_that_is_far_is_not_told() -> None:
    assert said(TOPIC, 8) == []
    assert said(TopicSpec(id="t", name="T"), 0) == []


@pytest.mark.parametrize(
    ("left", "title"),
    [(7, "T expires: 7 days left"), (0, "T expires: today"), (-1, "T has expired: keep, move or retire?")],
)
def test_the_end_of_a_topic_is_told_too(left: int, title: str) -> None:
    topic = TopicSpec(id="t", name="T", expires=DAY, where_written="watchlist.yaml:3")
    assert said(topic, left) == [title]
    (draft,) = reminders(topic, 7, ("desk",), DAY)
    assert "watchlist.yaml:3" in draft.item.body


def test_each_reminder_goes_once_to_each_of_the_topics_recipients(home: Home) -> None:
    soon = program.now().date() + timedelta(days=5)
    home.write(
        "watchlist.yaml",
        f"topics:\n  - {{id: a, match: tin, deadline: {soon}, alert: {{to: [desk, boss]}}}}\n"
        f"  - {{id: b, match: tin, expires: {soon}, mode: shadow}}\n"
        f"  - {{id: c, match: tin, expires: {soon}, alert: {{to: []}}}}\n",
    )
    with home.open() as app:
        assert asyncio.run(program.remind(app)) == 3
        assert asyncio.run(program.remind(app)) == 0
        rows = {(row.recipient, row.item.title.split(":")[0]) for row in app.store.outbox()}
        assert rows == {
            ("desk", "a"),
            ("boss", "a"),
            ("desk", "c expires"),
        }
    with home.open() as app:
        assert asyncio.run(program.remind(app)) == 0
        assert len(told(app.store)) == 3
