"""Urgent topics: told by title and teaser before the page is read, then followed by what the full text says."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from monitor.model import (
    AlertGroup,
    Completeness,
    Failure,
    OutboxKind,
    Phase,
    Problem,
    Quiet,
    Stage,
    TopicMode,
    TopicSpec,
    Urgency,
)
from monitor.pipeline import deliver, poll, study, tease
from tests.unit.pipeline.conftest import FEED, World, page, rss, topic

LINK = "https://news.example/a"
TEASER = "A tariff on steel is to start soon."
MORE = "The tariff of 25% starts on Monday."
FILLER = "The ministry said that it would look at the matter again before the end of the month, as it had planned."
OTHER = "https://other.example/feed.xml"


def urgent(topic_id: str, query: str, **changes: object) -> TopicSpec:
    spec = topic(topic_id, query)
    return replace(spec, alert=replace(spec.alert, urgency=Urgency.URGENT, **changes))  # type: ignore[arg-type]


def news(world: World, *items: tuple[str, str, str], body: bytes | Failure | None = None) -> None:
    """Bring news of a feed that is known, with the page of the first, if there is one."""
    world.web.pages = {FEED: rss(("x", "Weather", "Rain."))}
    world.subscribe(FEED)
    asyncio.run(world.round())
    world.web.pages[FEED] = rss(*items)
    if body is not None:
        world.web.pages[LINK] = body
    asyncio.run(_poll(world))


async def _poll(world: World) -> None:
    await poll(world.context, world.due())


def look(world: World) -> None:
    articles = world.store.claim_new_articles(world.clock(), limit=100, lease_s=60, phase=Phase.TEASER)
    asyncio.run(tease(world.context, articles))


def read(world: World) -> None:
    articles = world.store.claim_new_articles(world.clock(), limit=100, lease_s=60, phase=Phase.FULL)
    asyncio.run(study(world.context, articles))


def send(world: World) -> list[str]:
    """Send what is due; returns the texts of the messages."""
    before = len(world.sender.sent)
    asyncio.run(deliver(world.context, world.store.claim_messages(world.clock(), limit=100, lease_s=60)))
    return [message.text for message in world.sender.sent[before:]]


def stages(world: World) -> list[Stage]:
    return [article.stage for article in world.store.articles() if article.title != "Weather"]


def test_an_urgent_topic_alerts_before_the_page_is_asked_for_and_the_full_text_adds(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    news(world, ("a", "Steel", TEASER), body=page("Steel", FILLER, MORE, FILLER))
    look(world)
    first = send(world)
    asked = [request.url for request in world.web.requests]
    read(world)
    second = send(world)

    assert LINK not in asked
    assert len(first) == len(second) == 1
    assert "! Teaser only so far: the full text follows if its page can be had." in first[0]
    assert "*tariff* on steel" in first[0]
    assert "Update: confirmed by the full text" in second[0]
    assert "*tariff* of 25%" in second[0]
    assert "Teaser only" not in second[0]
    ids = {message.story_id for message in world.sender.sent}
    assert len(ids) == 1
    assert stages(world) == [Stage.DONE]
    assert [match.phase for match in world.store.matches()] == [Phase.FULL]
    assert world.store.check() == []


def test_nothing_is_said_twice_however_often_both_are_done_again(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    news(world, ("a", "Steel", TEASER), body=page("Steel", FILLER, MORE, FILLER))
    look(world)
    look(world)
    read(world)
    send(world)
    world.web.pages[FEED] = rss(("a", "Steel", f"{TEASER} Updated."))
    asyncio.run(_poll(world))
    look(world)
    read(world)

    assert send(world) == []
    assert len(world.store.outbox()) == 2


def test_what_goes_out_together_is_said_once(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    news(world, ("a", "Steel", TEASER), body=page("Steel", TEASER, FILLER, MORE, FILLER))
    look(world)
    read(world)
    (text,) = send(world)

    assert text.count("Tariffs\n") == 1
    assert "Teaser only" not in text
    assert text.count("*tariff* on steel") == text.count("*tariff* of 25%") == 1


def test_a_word_that_only_the_full_text_has_is_alerted_by_that(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    news(world, ("a", "Steel", "Talks go on."), body=page("Steel", FILLER, MORE, FILLER))
    look(world)

    assert send(world) == []
    assert stages(world) == [Stage.TEASED]
    read(world)
    (text,) = send(world)
    assert "*tariff* of 25%" in text
    assert "onfirmed" not in text


def test_a_topic_that_the_full_text_adds_is_alerted_beside_the_confirmation(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"), topic("monday", "Monday"))
    news(world, ("a", "Steel", TEASER), body=page("Steel", FILLER, MORE, FILLER))
    look(world)
    send(world)
    read(world)
    (text,) = send(world)

    assert world.sender.sent[-1].topics == ("tariffs", "monday")
    assert text.count("Update: confirmed by the full text") == 1
    kinds = [row.kind for row in world.store.outbox()]
    assert sorted(kinds) == [OutboxKind.FIRST, OutboxKind.FIRST, OutboxKind.UPDATE]


def test_other_topics_wait_for_the_full_text(world: World) -> None:
    world.watch(
        topic("tariffs", "tariff*"), urgent("soy", "soy"), replace(urgent("dark", "steel"), mode=TopicMode.SHADOW)
    )
    news(world, ("a", "Steel", TEASER), body=page("Steel", FILLER, MORE, FILLER))
    look(world)
    assert send(world) == []
    assert list(world.store.matches()) == []
    read(world)
    assert len(send(world)) == 1


def test_a_full_text_that_says_no_more_confirms_and_may_wait_for_the_morning(world: World) -> None:
    always = Quiet(days=(0, 1, 2, 3, 4))
    world.watch(urgent("tariffs", "tariff*", quiet=always))
    news(world, ("a", "Steel", TEASER), body=page("Steel", TEASER, *[FILLER] * 3))
    look(world)
    assert len(send(world)) == 1
    read(world)
    assert send(world) == []
    world.clock.advance(days=3)
    (text,) = send(world)
    assert "confirmed by the full text" in world.store.outbox()[0].item.reasons[0]
    assert "While it was quiet" in text


def test_a_full_text_that_does_not_match_is_told_with_the_reason(world: World) -> None:
    world.watch(replace(urgent("tariffs", "tariff*"), vetoes=(topic("v", "lottery").match,)))  # type: ignore[arg-type]
    news(world, ("a", "Steel", TEASER), body=page("Steel", f"{TEASER} The lottery was drawn too.", FILLER, FILLER))
    look(world)
    send(world)
    read(world)
    (text,) = send(world)

    assert "Update: the full text does not match: " in text
    assert "lottery" in text
    assert "*tariff* on steel" in text
    assert list(world.store.matches()) == []


@pytest.mark.parametrize("problem", [Problem.FORBIDDEN, Problem.TIMEOUT, Problem.ROBOTS])
def test_a_page_that_cannot_be_had_adds_nothing(world: World, problem: Problem) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    news(world, ("a", "Steel", TEASER), body=Failure(problem=problem))
    look(world)
    (text,) = send(world)
    read(world)

    assert "Teaser only so far" in text
    assert send(world) == []
    (article,) = [one for one in world.store.articles() if one.title == "Steel"]
    assert (article.stage, article.completeness is Completeness.FULL) == (Stage.DONE, False)


def test_a_page_that_is_had_after_an_edit_still_confirms(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    news(world, ("a", "Steel", TEASER), body=Failure(problem=Problem.TIMEOUT))
    look(world)
    read(world)
    send(world)
    world.web.pages |= {FEED: rss(("a", "Steel", f"{TEASER} Updated.")), LINK: page("Steel", FILLER, MORE, FILLER)}
    asyncio.run(_poll(world))
    look(world)
    read(world)

    (text,) = send(world)
    assert "Update: confirmed by the full text" in text


def test_where_no_page_is_wanted_the_article_is_studied_at_once(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"), topic("steel", "steel"), full_text=False)
    news(world, ("a", "Steel", TEASER))
    look(world)
    (text,) = send(world)

    assert stages(world) == [Stage.DONE]
    assert "Only the feed's teaser was matched, not the whole article." in text
    assert world.sender.sent[-1].topics == ("tariffs", "steel")


def test_first_imports_are_not_looked_at(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    world.web.pages = {FEED: rss(("a", "Steel", TEASER))}
    world.subscribe(FEED)
    asyncio.run(_poll(world))
    look(world)
    assert [article.stage for article in world.store.articles()] == [Stage.NEW]
    read(world)
    assert send(world) == []


def test_the_write_ups_of_one_event_are_one_alert_by_their_teasers(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    words = (
        "The European Commission in Brussels announced a tariff on steel imports from Turkey and India after months of "
        "lobbying by producers in Duisburg, Taranto and Dunkirk, the trade commissioner told reporters on Friday."
    )
    news(
        world, ("a", "EU announces steel tariff", words), ("b", "Brussels announces tariff on steel", f"{words} More.")
    )
    look(world)
    read(world)

    assert len(send(world)) == 1
    assert len({article.story_id for article in world.store.articles() if article.title != "Weather"}) == 1
    assert world.store.check() == []


def test_an_article_stays_in_the_story_it_was_told_of(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    whole = [f"{FILLER} Part {number} of the whole story tells of number {number}." for number in range(9)]
    news(world, ("b", "First report", "Nothing much."), ("c", "Weather two", "Sun."))
    world.web.pages["https://news.example/b"] = page("First report", *whole)
    look(world)
    read(world)
    world.web.pages |= {FEED: rss(("a", "Steel", TEASER)), LINK: page("Steel", *whole, MORE)}
    asyncio.run(_poll(world))
    look(world)
    told = world.store.outbox()[0].story_id
    read(world)

    (article,) = [one for one in world.store.articles() if one.title == "Steel"]
    assert (article.story_id, article.duplicate_of) == (told, None)
    assert len({row.story_id for row in world.store.outbox()}) == 1


def test_each_article_by_itself_is_confirmed_too(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*", group=AlertGroup.ARTICLE))
    news(world, ("a", "Steel", TEASER), body=page("Steel", FILLER, MORE, FILLER))
    look(world)
    read(world)
    assert len(send(world)) == 1
    assert len(world.store.outbox()) == 2


def test_a_teaser_over_which_a_worker_dies_is_left_to_the_study(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    world.sandbox.poison = lambda body: body == "poison"
    news(world, ("a", "Steel", "poison"), body=page("Steel", FILLER, MORE, FILLER))
    look(world)
    assert stages(world) == [Stage.TEASED]
    read(world)
    assert len(send(world)) == 1


def test_what_is_new_of_a_story_that_was_told_is_told_on_the_teaser_and_followed_once(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    words = (
        "The European Commission in Brussels announced a tariff of 25% on steel imports from Turkey and India after "
        "months of lobbying by producers in Duisburg, Taranto and Dunkirk, the trade commissioner told reporters."
    )
    news(world, ("b", "EU announces steel tariff", words))
    look(world)
    read(world)
    assert len(send(world)) == 1
    body = page("EU steel tariff is put at 40%", words.replace("25%", "40%"), FILLER, "The tariff starts on Monday.")
    world.web.pages |= {FEED: rss(("a", "EU steel tariff is put at 40%", words.replace("25%", "40%"))), LINK: body}
    asyncio.run(_poll(world))
    look(world)
    (at_once,) = send(world)
    read(world)
    (after,) = send(world)

    assert "Update: " in at_once
    assert "40%" in at_once
    assert "Teaser only so far" in at_once
    assert "Update: confirmed by the full text" in after
    assert "*tariff* starts on Monday" in after
    assert len({message.story_id for message in world.sender.sent}) == 1


def test_a_topic_that_is_gone_meanwhile_is_followed_by_nothing(world: World) -> None:
    world.watch(urgent("tariffs", "tariff*"))
    news(world, ("a", "Steel", TEASER), body=page("Steel", FILLER, MORE, FILLER))
    look(world)
    send(world)
    world.watch(topic("soy", "soy"))
    read(world)
    assert send(world) == []
