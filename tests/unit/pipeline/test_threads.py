"""Messages of one story to one recipient: the later ones answer the first, and say what is new."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import time

import pytest

from monitor.model import AlertRule, ArticleDraft, Delivery, Message, Origin, Quiet
from monitor.pipeline import deliver, study
from tests.unit.pipeline.conftest import World, topic

REST = """
Importers in Houston and Long Beach expect that mills in Ohio and Indiana will ask more for girders, plates and coils;
a carmaker in Detroit spoke of a burden for its suppliers, and dockers wonder how many ships will call this winter.
"""
FIRST = f"The tariff on steel from China is 25% and starts on November 1, the trade ministry said in Washington.{REST}"
DELAY = (
    f"The tariff on steel from China is delayed to November 10, the trade ministry said in Washington on Friday.{REST}"
)
OTHER = f"Copper from China is to be spared, the ministry said in Washington.{REST}"


@pytest.fixture
def steel(world: World) -> World:
    world.watch(topic("steel", "steel"), topic("copper", "copper"))
    world.sender.answers["desk"] = Delivery(thread="17.1")
    return world


def bring(world: World, text: str, outlet: str, title: str = "A tariff on steel from China") -> list[Message]:
    """Bring a report and send what is due; returns the messages."""
    before = len(world.sender.sent)
    article = ArticleDraft(
        key=outlet, url=f"https://{outlet}/x", source=outlet, title=title, text=text, published=world.clock()
    )
    world.store.add_articles(Origin.INGEST, [replace(article, language="en")], world.clock())
    asyncio.run(study(world.context, world.store.claim_new_articles(world.clock(), limit=10, lease_s=60)))
    asyncio.run(deliver(world.context, world.store.claim_messages(world.clock(), limit=10, lease_s=60)))
    return world.sender.sent[before:]


def test_an_update_answers_the_first_message_and_shows_what_is_new(steel: World) -> None:
    (first,) = bring(steel, FIRST, "a.example")
    assert (first.in_reply_to, first.thread) == ("", "")
    steel.clock.advance(hours=3)
    (update,) = bring(steel, DELAY, "b.example", "Tariff on steel from China delayed")
    assert (update.in_reply_to, update.thread) == (first.id, "17.1")
    news = "now: delayed; new date: November 10"
    assert update.subject == f"Update ({news}): Steel: Tariff on steel from China delayed"
    assert f"Earlier on this story: 2025-10-24 12:00 UTC, “{first.subject}”" in update.text
    assert "Update: now: delayed · new date: November 10 (told before: November 1)" in update.text
    assert "Earlier on this story" in update.html
    assert "Update: now: delayed" not in first.text
    assert any("Earlier on this story" in str(block) for block in update.blocks)


def test_a_topic_that_joins_later_answers_the_first_message_too_and_is_no_update(steel: World) -> None:
    (first,) = bring(steel, FIRST, "a.example")
    (later,) = bring(steel, OTHER, "b.example")
    assert later.in_reply_to == first.id
    assert later.subject.startswith("Copper: ")
    assert "Copper" in later.text


def test_another_story_begins_its_own_thread(steel: World) -> None:
    bring(steel, FIRST, "a.example")
    steel.clock.advance(days=30)
    (other,) = bring(steel, "Thieves took a statue of steel from a park in Lyon.", "b.example", "A theft")
    assert (other.in_reply_to, other.thread) == ("", "")


def test_what_came_in_a_bundle_is_named_and_not_answered(world: World) -> None:
    now = world.clock()
    quiet = Quiet(start=time(now.hour), end=time((now.hour + 8) % 24))
    rule = AlertRule(to=("desk",), quiet=quiet)
    world.watch(replace(topic("steel", "steel"), alert=rule))
    assert bring(world, FIRST, "a.example") == []
    assert bring(world, DELAY, "c.example", "Tariff on steel from China delayed") == []
    world.clock.advance(hours=8)
    (summary, update) = bring(world, DELAY.replace("delayed to", "called off until"), "b.example", "Tariff called off")
    assert summary.subject.startswith("While it was quiet: 2 articles")
    assert "(update: now: delayed, new date: November 10 (told before: November 1))" in summary.text
    assert update.subject.startswith("Update (now: off the table): ")
    assert update.in_reply_to == ""
