"""One alert per event: wire copies and reports of one's own come together, and a like event stays apart."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import ArticleDraft, CopyKind, Origin
from monitor.pipeline import deliver, study
from tests.unit.dedupe.written import events
from tests.unit.pipeline.conftest import World, topic

TEXTS = events("events")
OWN = ("the same quake elsewhere", "the same quake, a third report", "the same quake, a fourth report")


def draft(world: World, name: str, outlet: str, *, ending: str = "", is_silent: bool = False) -> ArticleDraft:
    title, _, text = TEXTS[name]
    return ArticleDraft(
        key=outlet,
        url=f"https://{outlet}/quake",
        source=outlet,
        title=title,
        text=f"{text}\n{ending}",
        language="en",
        published=world.clock(),
        is_silent=is_silent,
    )


def bring(world: World, *drafts: ArticleDraft, origin: Origin = Origin.INGEST) -> None:
    world.store.add_articles(origin, drafts, world.clock())
    articles = world.store.claim_new_articles(world.clock(), limit=100, lease_s=60)
    asyncio.run(study(world.context, articles))
    asyncio.run(deliver(world.context, world.store.claim_messages(world.clock(), limit=100, lease_s=60)))


@pytest.fixture
def quakes(world: World) -> World:
    world.watch(topic("quakes", "earthquake"))
    return world


def wire(world: World) -> list[ArticleDraft]:
    return [draft(world, "quake", f"outlet{n}.example", ending=f"Photographs by our own {n}.") for n in range(20)]


def test_one_event_is_one_alert_and_a_like_one_has_its_own(quakes: World) -> None:
    bring(quakes, *wire(quakes), *(draft(quakes, name, f"own{n}.example") for n, name in enumerate(OWN)))
    assert len(quakes.alerts) == 1
    (story,) = quakes.store.stories()
    assert (len(story.articles), story.outlets, story.texts) == (23, 23, 4)

    bring(quakes, draft(quakes, "another quake", "outlet1.example.org"))
    assert len(quakes.alerts) == 2
    assert len(list(quakes.store.stories())) == 2


def test_copies_that_come_one_by_one_alert_once_too_and_reports_of_ones_own_as_updates(quakes: World) -> None:
    for each in wire(quakes):
        bring(quakes, each)
        quakes.clock.advance(minutes=18)
    assert len(quakes.alerts) == 1
    for number, name in enumerate(OWN):
        bring(quakes, draft(quakes, name, f"own{number}.example"))
    (first, *updates) = quakes.alerts
    assert not first.startswith("Update")
    assert all(update.startswith("Update (") for update in updates)
    assert len(updates) <= len(OWN)


def test_copies_are_told_apart_from_reports_of_ones_own(quakes: World) -> None:
    bring(quakes, draft(quakes, "quake", "wire.example"), draft(quakes, OWN[0], "own.example"), wire(quakes)[0])
    kinds = {article.source: article.copy_kind for article in quakes.store.articles()}
    assert kinds == {
        "wire.example": CopyKind.NONE,
        "own.example": CopyKind.NONE,
        "outlet0.example": CopyKind.SAME,
    }


@pytest.mark.parametrize("origin", [Origin.SEED, Origin.INGEST])
def test_history_takes_news_into_its_story_and_silences_none_of_it(quakes: World, origin: Origin) -> None:
    bring(quakes, draft(quakes, "quake", "old.example", is_silent=True), origin=origin)
    assert quakes.alerts == []
    quakes.clock.advance(hours=2)
    bring(quakes, draft(quakes, OWN[0], "own.example"))
    assert len(quakes.alerts) == 1
    assert len(list(quakes.store.stories())) == 1


def test_the_same_event_a_month_later_is_another_story(quakes: World) -> None:
    bring(quakes, draft(quakes, "quake", "a.example"))
    quakes.clock.advance(days=30)
    bring(quakes, draft(quakes, OWN[0], "b.example"))
    assert len(quakes.alerts) == 2


def test_an_edit_stays_in_its_story_and_is_no_news(quakes: World) -> None:
    first = draft(quakes, "quake", "a.example")
    bring(quakes, first, draft(quakes, OWN[0], "b.example"))
    before, told = quakes.store.find_article("a.example").story_id, len(quakes.alerts)
    quakes.clock.advance(hours=3)
    bring(quakes, draft(quakes, "quake", "a.example", ending="Updated at 17:40."))
    assert quakes.store.find_article("a.example").story_id == before
    assert len(quakes.alerts) == told


def test_a_correction_is_an_update(quakes: World) -> None:
    bring(quakes, draft(quakes, "quake", "a.example"))
    quakes.clock.advance(hours=3)
    bring(
        quakes, draft(quakes, "quake", "a.example", ending="An earlier version misstated the depth of the earthquake.")
    )
    assert [alert.partition(":")[0] for alert in quakes.alerts] == ["Quakes", "Update (a correction)"]


def forgotten(world: World) -> ArticleDraft:
    """Return what was stored, matched nothing, and was deleted a year later; since then there is a topic for it."""
    old = draft(world, "quake", "old.example")
    bring(world, old)
    world.clock.advance(days=400)
    days = [world.clock() - timedelta(days=number) for number in (365, 14)]
    assert world.store.forget(world.clock(), articles_before=days[0], log_before=days[1]) == 1
    world.watch(topic("quakes", "earthquake"))
    return old


def test_what_was_forgotten_does_not_come_back_as_news_by_another_way(world: World) -> None:
    old = forgotten(world)
    elsewhere = replace(old, key="again", url="https://elsewhere.example/archive", guid="new")
    edited = replace(old, key="edited", text=f"{old.text} An appeal for help follows.", url=f"{old.url}?utm_source=x")
    restamped = replace(old, key="restamped", published=world.clock())
    bring(world, elsewhere, edited, restamped)

    articles = list(world.store.articles())
    assert [(one.copy_kind, one.is_silent) for one in articles] == [(CopyKind.RETURN, True)] * 3
    assert len(list(world.store.matches())) == 3
    assert world.alerts == []


def test_what_only_resembles_the_forgotten_is_news(world: World) -> None:
    old = forgotten(world)
    same_words_today = replace(old, key="bulletin", url="https://elsewhere.example/today", published=world.clock())
    bring(world, same_words_today)
    assert [one.copy_kind for one in world.store.articles()] == [CopyKind.NONE]
    assert len(world.alerts) == 1


def test_an_update_shows_a_sentence_that_matched_also_where_what_is_new_stands_beside_it(quakes: World) -> None:
    bring(quakes, draft(quakes, "quake", "a.example"))
    bring(quakes, draft(quakes, "quake", "a.example", ending="Correction: An earlier version misstated its depth."))
    (update,) = (message for message in quakes.sender.sent if message.subject.startswith("Update"))
    assert "Correction: An earlier version misstated its depth." in update.text
    assert "*earthquake*" in update.text.casefold()
