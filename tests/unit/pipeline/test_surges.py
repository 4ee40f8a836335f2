"""Surges: many outlets that report one event within a short time are told of once, copies are not."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

import storage
from monitor.model import ArticleDraft, DigestTimes, Origin, OutboxKind, Quiet, Surge, TopicSpec, Updates, Urgency
from monitor.pipeline import deliver, study
from tests.unit.pipeline.conftest import World, topic

WORDS = """
earthquake epicentre magnitude tremor aftershock Izmir seismologist rubble evacuate collapsed apartment rescuers
tsunami coastguard hospital injured Aegean governor schoolchildren bridges gasworks landslide
"""
RULE = Surge(outlets=8, within=timedelta(hours=1))


def quakes(**changes: object) -> TopicSpec:
    spec = topic("quakes", "earthquake")
    rule = replace(spec.alert, **{"surge": RULE, "updates": Updates.NONE} | changes)  # type: ignore[arg-type]
    return replace(spec, alert=rule)


def report(world: World, number: int, minute: float, *, is_silent: bool = False) -> ArticleDraft:
    """An outlet's own words on the one event."""
    words = sorted(WORDS.split(), key=lambda word: hashlib.sha256(f"{number}{word}".encode()).digest())
    return ArticleDraft(
        key=f"report {number} at {minute}",
        url=f"https://news.outlet{number}.example/quake",
        source=f"news.outlet{number}.example",
        title=f"Report {number}",
        text=f"{' '.join(words)}.",
        language="en",
        published=world.clock() + timedelta(minutes=minute),
        is_silent=is_silent,
    )


def bring(world: World, drafts: Sequence[ArticleDraft]) -> list[str]:
    """Have these studied one by one, and what is due sent after each; returns the texts of the messages."""
    before = len(world.sender.sent)
    for one in drafts:
        world.store.add_articles(Origin.INGEST, [one], world.clock())
        asyncio.run(study(world.context, world.store.claim_new_articles(world.clock(), limit=9, lease_s=60)))
        send(world)
    return [message.text for message in world.sender.sent[before:]]


def send(world: World) -> None:
    asyncio.run(deliver(world.context, world.store.claim_messages(world.clock(), limit=9, lease_s=60)))


def restart(world: World, state: Path) -> None:
    world.store.close()
    world.store = world.context.store = storage.open_store("sqlite:///monitor.db", state=state, clock=world.clock)


def test_a_surge_is_told_once_in_the_thread_of_the_first_alert_also_over_a_restart(
    world: World, tmp_path: Path
) -> None:
    world.watch(quakes())
    first, *others = bring(world, [report(world, number, number * 5) for number in range(7)])
    assert others == []
    restart(world, tmp_path)
    (text,) = bring(world, [report(world, 7, 47)])

    assert "surge" not in first
    assert "Update: surge: 8 outlets within 47 minutes" in text
    assert world.sender.sent[-1].in_reply_to == world.sender.sent[0].id
    restart(world, tmp_path)
    assert bring(world, [report(world, number, 50) for number in range(8, 12)]) == []
    assert len({article.story_id for article in world.store.articles()}) == 1
    also = [row.article_id for row in world.store.outbox() if row.kind is OutboxKind.ALSO]
    assert len(also) == 6 + 4  # the article of the surge was named in its message


def test_a_later_surge_of_the_story_is_told_again(world: World) -> None:
    world.watch(quakes())
    bring(world, [report(world, number, number) for number in range(8)])
    (text,) = bring(world, [report(world, number, 200 + number) for number in range(20, 28)])
    assert "surge: 8 outlets within 7 minutes" in text


@pytest.mark.parametrize("step", [17.5, 10])
def test_eight_outlets_over_more_than_the_time_are_none(world: World, step: float) -> None:
    world.watch(quakes())
    assert len(bring(world, [report(world, number, number * step) for number in range(8)])) == 1


def test_fifteen_copies_are_no_surge(world: World) -> None:
    world.watch(quakes())
    wire = report(world, 1, 0)
    copies = [
        replace(wire, key=f"copy {number}", url=f"https://copy{number}.example/", source=f"copy{number}.example")
        for number in range(15)
    ]
    assert len(bring(world, copies)) == 1
    (story,) = world.store.stories()
    assert (story.outlets, story.texts) == (15, 1)


def test_one_outlet_with_eight_reports_is_no_surge(world: World) -> None:
    world.watch(quakes())
    drafts = [replace(report(world, number, number), source=f"s{number}.one.co.uk") for number in range(8)]
    assert len(bring(world, drafts)) == 1


def test_other_stories_and_what_the_topic_does_not_match_do_not_count(world: World) -> None:
    world.watch(quakes())
    drafts = [report(world, number, number) for number in range(8)]
    drafts[3] = replace(drafts[3], text=drafts[3].text.replace("earthquake", "quaking"))
    drafts[4] = replace(drafts[4], text="An earthquake of words: the opera opened in Vienna to applause.")
    assert not any("surge" in text for text in bring(world, drafts))


def test_what_came_in_silence_counts_and_tells_nobody(world: World) -> None:
    world.watch(quakes())
    assert bring(world, [report(world, number, number, is_silent=True) for number in range(8)]) == []
    (text,) = bring(world, [report(world, 8, 10)])
    assert text.count("Quakes\n") == 1
    assert "surge: 9 outlets within 10 minutes" in text


def test_a_surge_passes_the_digest_and_goes_where_it_is_told_to(world: World) -> None:
    world.watch(quakes(digest=DigestTimes(times=(time(7),)), surge=replace(RULE, to=("boss",))))
    (text,) = bring(world, [report(world, number, number) for number in range(8)])
    assert "surge: 8 outlets" in text
    assert world.sender.sent[-1].recipient == "boss"


@pytest.mark.parametrize(("urgency", "count"), [(Urgency.URGENT, 2), (Urgency.NORMAL, 0)])
def test_a_surge_passes_quiet_hours_only_if_its_topic_is_urgent(world: World, urgency: Urgency, count: int) -> None:
    world.watch(quakes(quiet=Quiet(days=(0, 1, 2, 3, 4)), urgency=urgency))
    assert len(bring(world, [report(world, number, number) for number in range(8)])) == count
    assert len([row for row in world.store.outbox() if ":surge-" in row.key]) == 1


def test_what_is_new_and_a_surge_at_once_is_one_message_that_says_both(world: World) -> None:
    world.watch(quakes(updates=Updates.ALL))
    texts = bring(world, [report(world, number, number) for number in range(8)])
    assert len(texts) == 8
    assert texts[-1].count("Quakes\n") == 1
    assert "surge: 8 outlets within 7 minutes" in texts[-1]
    assert texts[-1].count("Update: ") == 1
