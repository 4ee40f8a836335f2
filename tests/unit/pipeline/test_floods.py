"""Floods become a summary with its count, and hold up nobody: each way in which a feed can bring very much at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model import AlertRule, Message, OutboxState, TopicSpec, Urgency
from monitor.pipeline import deliver
from monitor.pipeline.delivering import pacing
from tests.e2e.world import prose
from tests.servers import Item, rss
from tests.stores import draft
from tests.unit.pipeline.conftest import World, topic

FEED = "https://news.example/feed"
MANY = 45  # more than thirty, which are taken for a flood


def items(count: int, *, published: datetime | None = None, name: str = "Token", guid: str = "") -> list[Item]:
    """Return entries on tariffs, each with news of its own, dated an hour apart from `published` backwards."""
    entries = []
    for number in range(count):
        token = f"{name}{number:04}X"
        date = published - timedelta(hours=number) if published else None
        entries.append(
            Item(
                guid + token,
                f"Report {token}",
                f"https://news.example/{token}{guid}",
                f"{prose(token)} It is about the tariff.",
                f"{date:%a, %d %b %Y %H:%M:%S} GMT" if date else "",
            )
        )
    return entries


def begin(world: World, *topics: TopicSpec, known: Sequence[Item] = ()) -> None:
    """Subscribe to a feed and read it for the first time, in silence; an hour passes."""
    world.watch(*topics or (topic("tariffs", "tariff*"),), full_text=False)
    show(world, known or items(1, name="Old", published=world.clock() - timedelta(days=1)))
    world.subscribe(FEED)
    asyncio.run(world.round())
    assert world.sender.sent == []
    world.clock.advance(hours=1)


def show(world: World, entries: Sequence[Item]) -> None:
    world.web.pages[FEED] = rss(entries).encode()


def live(world: World, minutes: int) -> None:
    """Poll, and let minutes pass with all that is done in them."""
    asyncio.run(world.poll_and_study())
    for _ in range(minutes):
        send(world)
        world.clock.advance(minutes=1)


def send(world: World) -> None:
    """Send all that is due, as the daemon does."""
    while groups := world.store.claim_messages(
        world.clock(), limit=32, lease_s=60, per_channel=4, pace=pacing(world.context.watch, world.clock())
    ):
        asyncio.run(deliver(world.context, groups))


def named(message: Message, entries: Sequence[Item]) -> set[str]:
    tokens = {item.title.split()[-1] for item in entries}
    return {token for token in tokens if token in message.subject + message.text}


def assert_one_summary(world: World, entries: Sequence[Item], title: str) -> None:
    """All is in one message, that says how many they are, names each and says where it can be read."""
    (message,) = world.sender.sent
    assert message.subject.startswith(f"{title}: {len(entries)} articles: Tariffs"), message.subject
    assert len(named(message, entries)) == len(entries)
    assert all(item.link in message.text for item in entries)
    assert world.store.outbox(state=OutboxState.PENDING) == []


def test_a_guid_scheme_that_changes_is_no_news(world: World) -> None:
    before = items(MANY, published=world.clock())
    begin(world, known=before)
    show(world, [replace(item, key=f"new-{item.key}") for item in before])
    live(world, 10)
    assert world.sender.sent == []


def test_guids_and_addresses_that_change_together_are_no_news(world: World) -> None:
    before = items(MANY, published=world.clock())
    begin(world, known=before)
    show(world, items(MANY, published=world.clock() - timedelta(hours=1), guid="-v2"))
    live(world, 10)
    assert world.sender.sent == []


@pytest.mark.parametrize("urgency", [Urgency.NORMAL, Urgency.URGENT])
def test_an_archive_that_comes_back_is_one_summary(world: World, urgency: Urgency) -> None:
    begin(world, replace(topic("tariffs", "tariff*"), alert=AlertRule(to=("desk",), urgency=urgency)))
    archive = items(MANY, published=world.clock() - timedelta(days=400))
    show(world, archive)
    live(world, 10)
    assert_one_summary(world, archive, "Very many at once, so they come together")


def test_very_many_new_articles_at_once_are_one_summary(world: World) -> None:
    begin(world)
    entries = items(MANY, published=world.clock())[:24] + items(MANY - 24, name="Other", published=world.clock())
    show(world, entries)
    live(world, 3)
    assert_one_summary(world, entries, "Very many at once, so they come together")


def test_a_topic_gone_wild_with_twenty_thousand_matches_holds_up_no_other_and_loses_none(world: World) -> None:
    """The quiet topic's alert is written last, and among the first to be sent."""
    begin(world, topic("wild", "tariff*"), topic("quiet", "copper"))
    numbers = world.context.watch.numbers
    wild = [draft(f"first:{numbers['wild']}:{n}:desk", topic_no=numbers["wild"], story_id=n) for n in range(1, 20_001)]
    world.store.put_outbox([replace(one, article_id=one.story_id) for one in wild], world.clock())
    quiet = draft(f"first:{numbers['quiet']}:99999:desk", topic_no=numbers["quiet"], story_id=99_999)
    world.store.put_outbox([replace(quiet, item=replace(quiet.item, topic="quiet"))], world.clock())
    start = world.clock()
    while world.store.outbox(state=OutboxState.PENDING, limit=1):
        groups = world.store.claim_messages(
            world.clock(), limit=32, lease_s=60, per_channel=4, pace=pacing(world.context.watch, world.clock())
        )
        asyncio.run(deliver(world.context, groups))
        world.clock.advance(seconds=1)

    place = next(place for place, message in enumerate(world.sender.sent) if message.topics == ("quiet",))
    (sent,) = [row for row in world.store.outbox(state=OutboxState.SENT, limit=None) if row.story_id == 99_999]
    assert place < 20
    assert sent.sent_at is not None
    assert sent.sent_at - start <= timedelta(seconds=10)
    told = [row_id for message in world.sender.sent for row_id in message.row_ids]
    assert (len(told), len(set(told))) == (20_001, 20_001)
    assert len(world.sender.sent) <= 20_000 / 500 + 20
