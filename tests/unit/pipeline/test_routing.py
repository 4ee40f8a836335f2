"""Quiet hours, floods and fallbacks, from the feed to the message."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import time, timedelta

from monitor.model import AlertRule, Delivery, OutboxState, Quiet, TopicSpec, Urgency
from monitor.pipeline import deliver
from monitor.pipeline.delivering import pacing
from tests.unit.pipeline.conftest import World, rss, topic

FEED = "https://news.example/feed"


def routed(topic_id: str, query: str, **rule: object) -> TopicSpec:
    return replace(topic(topic_id, query), alert=AlertRule(to=("desk",), **rule))  # type: ignore[arg-type]


def begin(world: World, *topics: TopicSpec) -> None:
    world.watch(*topics)
    world.web.pages = {FEED: rss(("x", "Weather", "Rain."))}
    world.subscribe(FEED)
    asyncio.run(world.round())


def bring(world: World, *entries: tuple[str, str, str]) -> None:
    world.web.pages[FEED] = rss(*entries)
    asyncio.run(world.round())


def send(world: World) -> None:
    groups = world.store.claim_messages(
        world.clock(), limit=100, lease_s=60, pace=pacing(world.context.watch, world.clock())
    )
    asyncio.run(deliver(world.context, groups))


def test_a_quiet_night_ends_with_one_summary_and_what_is_urgent_does_not_wait(world: World) -> None:
    now = world.clock()
    quiet = Quiet(start=time(now.hour), end=time((now.hour + 8) % 24))
    begin(
        world, routed("tariffs", "tariff*", quiet=quiet), routed("ports", "port*", quiet=quiet, urgency=Urgency.URGENT)
    )

    bring(world, ("a", "Tariffs", "They rise."), ("b", "A strike in all ports", "At noon."))
    bring(world, ("c", "Cars and the tariff", "Makers complain at length."))

    assert world.alerts == ["Ports: A strike in all ports"]
    assert {row.hold for row in world.store.outbox(state=OutboxState.PENDING)} == {"quiet hours"}
    world.clock.advance(hours=8)
    asyncio.run(world.round())
    assert world.alerts[1:] == ["While it was quiet: 2 articles: Tariffs"]
    assert world.store.outbox(state=OutboxState.PENDING) == []


def test_what_goes_beyond_the_limit_comes_as_one_message_at_the_full_hour(world: World) -> None:
    begin(world, routed("tariffs", "tariff*", per_hour=1))
    world.clock.advance(hours=1)
    words = ("cars", "steel and iron", "toys from abroad", "soybeans and corn")
    world.web.pages[FEED] = rss(*((word, f"Tariffs on {word}", f"All about {word}.") for word in words))
    asyncio.run(world.poll_and_study())

    send(world)
    assert len(world.alerts) == 1
    assert {row.hold for row in world.store.outbox(state=OutboxState.PENDING)} == {"the limit of 1 an hour"}
    now = world.clock()
    world.clock.advance(seconds=(now.replace(minute=0, second=0) + timedelta(hours=1) - now).total_seconds())
    send(world)
    assert world.alerts[1:] == ["Beyond the limit: 3 articles: Tariffs"]


def test_a_channel_that_refuses_for_good_falls_back_and_the_operator_is_told_once_a_day(world: World) -> None:
    begin(world, topic("tariffs", "tariff*"))
    settings = world.context.watch.settings
    desk = replace(settings.channels[0], fallback="boss")
    world.context.watch = replace(
        world.context.watch, settings=replace(settings, channels=(desk, settings.channels[1]), operator=("boss",))
    )
    world.sender.answers = {"desk": Delivery(error="550 no such user", is_permanent=True)}

    bring(world, ("a", "Tariffs", "They rise."))
    bring(world, ("b", "Steel and the tariff", "Mills complain at length."))
    asyncio.run(world.round())

    dead = world.store.outbox(state=OutboxState.DEAD)
    assert {row.error for row in dead} == {"550 no such user; sent to boss instead"}
    told = [message for message in world.sender.sent if message.recipient == "boss"]
    alerts = [message for message in told if not message.is_operator]
    assert len(alerts) == len(dead) > 0
    assert all("For desk, which could not be reached." in message.text for message in alerts)
    assert [message.subject for message in told if message.is_operator] == [
        "Monitor: Alerts to desk go to its fallback"
    ]


def test_what_was_folded_under_a_story_is_named_in_the_next_digest(world: World) -> None:
    begin(world, topic("tariffs", "tariff*"))
    text = "The tariff on imports of steel rises to fifty per cent in the coming month, the ministry said on Friday."
    bring(world, ("a", "Tariffs on steel rise", text))
    bring(world, ("b", "Tariffs on steel rise", text), ("a", "Tariffs on steel rise", text))

    assert world.alerts == ["Tariffs: Tariffs on steel rise"]
    (held,) = world.store.outbox(state=OutboxState.PENDING)
    assert (held.is_held, held.hold) == (True, "the digest")
    world.clock.advance(days=1)
    send(world)

    digest = world.sender.sent[-1]
    assert digest.subject == "Digest: 1 article: Tariffs"
    assert "Also on “Tariffs on steel rise”:\n  - " in digest.text
    assert "https://news.example/b" in digest.text
