"""The store's contract: judgements of alerts, mutes, and looking through the outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import (
    AlertItem,
    Hold,
    Judgement,
    Mute,
    MuteKind,
    OutboxDraft,
    OutboxKind,
    OutboxRow,
    OutboxState,
)
from monitor.ports import Wanted
from tests.stores import World, draft, ingested

DAY = timedelta(days=1)
TOPIC = (MuteKind.TOPIC, "1")


def told(topic: int, story: int, article: int, *, source: str = "reuters.com", recipient: str = "desk") -> OutboxDraft:
    """A first alert on an article, with what names it in a digest if its story was told of."""
    item = AlertItem(topic=f"t{topic}", title=f"Article {article}", article_id=article, source=source)
    key = f"{topic}:{story}"
    own = replace(
        draft(f"first:{key}:{recipient}", recipient=recipient, story_id=story, topic_no=topic),
        item=item,
        article_id=article,
    )
    return replace(
        own, folded=replace(own, key=f"also:{key}:{article}:{recipient}", kind=OutboxKind.ALSO, story_id=story)
    )


def mute(world: World, kind: MuteKind, target: str = "", *, days: float = 1) -> Mute:
    asked = Mute(kind=kind, target=target, name=f"n{target}", since=world.now, until=world.now + days * DAY)
    return world.store.mute(asked, world.now).mute


def states(world: World) -> dict[str, OutboxState]:
    return {row.key: row.state for row in world.store.outbox()}


def claimed(world: World) -> list[str]:
    return [row.key for rows in world.store.claim_messages(world.now, limit=10, lease_s=60) for row in rows]


# Mutes


def test_what_a_mute_covers_is_stored_and_not_sent_and_its_key_stays_free(world: World) -> None:
    asked = mute(world, *TOPIC)
    assert world.put(told(1, 7, 70), told(2, 7, 70)) == 1
    [row] = world.store.find_outbox(Wanted(states=(OutboxState.MUTED,)))
    assert (row.key, row.kind) == (f"muted:{asked.id}:70:first:1:7:desk", OutboxKind.MUTED)
    assert row.hold == "muted until 2025-10-25 12:00 UTC by monitor mute topic:n1"
    world.clock.advance(days=1)
    assert world.put(told(1, 7, 71)) == 1
    assert claimed(world) == ["first:2:7:desk", "first:1:7:desk"]


def test_an_article_is_muted_once_and_not_if_it_was_told_before(world: World) -> None:
    world.put(told(1, 7, 70))
    assert claimed(world) == ["first:1:7:desk"]
    mute(world, *TOPIC)
    assert world.put(told(1, 7, 70), told(1, 7, 71), told(1, 7, 71)) == 0
    assert sorted(row.article_id for row in world.store.outbox()) == [70, 71]


@pytest.mark.parametrize(
    ("kind", "target", "muted"),
    [
        (MuteKind.STORY, "7", {70}),
        (MuteKind.TOPIC, "2", {80}),
        (MuteKind.SOURCE, "reuters.com", {70, 90}),
        (MuteKind.ALL, "", {70, 80, 90}),
    ],
)
def test_a_mute_covers_its_target_and_never_a_notice(
    world: World, kind: MuteKind, target: str, muted: set[int]
) -> None:
    mute(world, kind, target)
    world.put(
        told(1, 7, 70),
        told(2, 8, 80, source="notreuters.com"),
        told(1, 9, 90, source="uk.Reuters.com"),
        draft("operator:a:desk"),
    )
    assert {row.article_id for row in world.store.find_outbox(Wanted(states=(OutboxState.MUTED,)))} == muted
    assert "operator:a:desk" in claimed(world)


def test_a_mute_of_a_source_goes_by_the_address_of_the_article_too(world: World) -> None:
    mute(world, MuteKind.SOURCE, "reuters.com")
    one = told(1, 7, 70, source="Reuters, by way of an aggregator")
    world.put(replace(one, item=replace(one.item, url="https://www.reuters.com/a")))
    assert claimed(world) == []


def test_a_muted_source_does_not_stop_another_outlets_report(world: World) -> None:
    mute(world, MuteKind.SOURCE, "reuters.com")
    world.put(told(1, 7, 70), told(1, 7, 71, source="ft.com"))
    assert claimed(world) == ["first:1:7:desk"]


def test_a_new_mute_takes_unsent_rows_with_it_but_those_being_sent_or_held_beyond_its_end(world: World) -> None:
    world.put(told(1, 7, 70))
    assert claimed(world) == ["first:1:7:desk"]
    held = [Hold(until=world.now + hours * DAY, bundle="digest:x", reason="the digest") for hours in (0.5, 2)]
    world.put(told(1, 8, 80), *(replace(told(1, n, n), hold=hold) for n, hold in enumerate(held)), told(2, 9, 90))
    asked = Mute(kind=MuteKind.TOPIC, target="1", since=world.now, until=world.now + DAY)
    saved = world.store.mute(asked, world.now)
    assert (saved.muted, saved.being_sent) == (2, 1)
    found = {key.split(":")[2]: state for key, state in states(world).items() if state is OutboxState.MUTED}
    assert sorted(found) == ["0", "80"]
    assert world.store.muted_counts([saved.mute]) == {saved.mute.id: (2, 2)}


def test_a_mute_made_again_takes_the_place_of_the_live_one(world: World) -> None:
    first = mute(world, *TOPIC, days=1)
    world.clock.advance(hours=1)
    again = mute(world, *TOPIC, days=3)
    assert [one.id for one in world.store.mutes(world.now)] == [first.id] == [again.id]
    [live] = world.store.mutes(world.now)
    assert (live.since, live.until) == (first.since, world.now + 3 * DAY)


def test_mutes_end_by_time_or_by_hand_and_are_told_of_once(world: World) -> None:
    early, late = mute(world, *TOPIC, days=1), mute(world, MuteKind.SOURCE, "a.example", days=2)
    assert world.store.ended_mutes(world.now) == []
    assert world.store.unmute(MuteKind.TOPIC, "9", world.now) is None
    world.clock.advance(hours=1)
    ended = world.store.unmute(*TOPIC, world.now)
    assert ended == replace(early, until=world.now)
    assert world.store.ended_mutes(world.now) == [ended]
    assert world.store.mutes(world.now) == [late]
    world.store.tell_mutes_ended([ended], [draft("operator:mute-ended:desk")], world.now)
    assert claimed(world) == ["operator:mute-ended:desk"]
    assert world.store.ended_mutes(world.now) == []
    world.clock.advance(days=2)
    assert [one.target for one in world.store.ended_mutes(world.now)] == ["a.example"]


def test_muted_rows_can_be_sent_after_all_as_one_message(world: World) -> None:
    asked = mute(world, *TOPIC, days=30)
    world.put(told(1, 7, 70), told(1, 8, 80))
    rows = world.store.find_outbox(Wanted(mute_id=asked.id))
    world.clock.advance(hours=1)
    assert world.store.change_outbox([row.id for row in rows], OutboxState.PENDING, world.now) == 2
    [group] = world.store.claim_messages(world.now, limit=10, lease_s=60)
    assert sorted(row.article_id for row in group) == [70, 80]
    assert {(row.is_held, row.waits_since) for row in group} == {(False, world.now)}


# Judgements


def test_a_judgement_is_kept_replaced_and_withdrawn(world: World) -> None:
    first = Judgement(article_id=70, topic_no=1, is_relevant=False, because="an advert", at=world.now)
    other = Judgement(article_id=71, topic_no=1, is_relevant=True, at=world.now)
    world.store.judge([first, other])
    assert world.store.judgements() == [first, other]
    again = replace(first, is_relevant=True, because="")
    world.store.judge([again])
    assert world.store.judgements(article_ids=[70]) == [again]
    assert world.store.withdraw([(70, 1), (70, 2)]) == 1
    assert world.store.judgements() == [other]


# Looking through the outbox


def sent(world: World, *drafts: OutboxDraft) -> None:
    world.put(*drafts)
    for rows in world.store.claim_messages(world.now, limit=10, lease_s=60):
        world.store.mark_sent(rows, f"alert-{rows[0].id}", world.now)


def articles(rows: list[OutboxRow]) -> list[int]:
    return [row.article_id for row in rows]


def test_the_outbox_is_looked_through_by_state_channel_topic_and_time(world: World) -> None:
    sent(world, told(1, 7, 70), told(2, 8, 80, recipient="mail/a@x.example"), told(1, 6, 60, recipient="mail_2"))
    world.clock.advance(days=1)
    sent(world, told(1, 9, 90, recipient="mail"))
    world.put(told(1, 10, 100))
    find = world.store.find_outbox
    assert articles(find(Wanted())) == [100, 90, 60, 80, 70]
    assert articles(find(Wanted(), limit=2)) == [100, 90]
    assert articles(find(Wanted(channel="mail"))) == [90, 80]
    assert articles(find(Wanted(channel="mail/a@x.example"))) == [80]
    assert articles(find(Wanted(topic_no=1, states=(OutboxState.SENT,)))) == [90, 60, 70]
    assert articles(find(Wanted(until=world.now))) == [60, 80, 70]
    assert articles(find(Wanted(since=world.now))) == [100, 90]
    [one] = find(Wanted(channel="mail", until=world.now))
    assert articles(find(Wanted(message_id=one.message_id))) == [80]


def test_thousands_of_rows_are_changed_at_once(world: World) -> None:
    world.put(draft("first:1:7:desk", story_id=7))
    [row] = world.store.outbox()
    many = [row.id, *range(1, 70_000)]
    assert world.store.change_outbox(many, OutboxState.DROPPED, world.now) == 1


def test_a_retried_row_is_tried_as_long_as_a_new_one(world: World) -> None:
    world.put(draft("first:1:7:desk", story_id=7))
    [rows] = world.store.claim_messages(world.now, limit=10, lease_s=60)
    world.store.mark_failed(rows, "refused", world.now, next_at=None)
    world.clock.advance(days=9)
    world.store.change_outbox([rows[0].id], OutboxState.PENDING, world.now)
    [row] = world.store.outbox()
    assert (row.waits_since, row.is_held, row.created_at) == (world.now, False, world.now - 9 * DAY)


def test_a_study_writes_what_a_mute_covers_in_its_own_transaction(world: World) -> None:
    world.store.sync_topics([("tariffs", "")], world.now)
    mute(world, *TOPIC)
    world.add(ingested("a"))
    [saved] = world.study_all("tariffs")
    assert saved.queued == 0
    assert [(row.state, row.topic_no) for row in world.store.outbox()] == [(OutboxState.MUTED, 1)]


# What came of topics


def test_what_came_of_topics_is_counted_by_article_and_time(world: World) -> None:
    world.add(ingested("a"), ingested("b"))
    world.study_all("tariffs")
    for rows in world.store.claim_messages(world.now, limit=10, lease_s=60):
        world.store.mark_sent(rows, "alert-1", world.now)
    before = world.now
    world.clock.advance(days=2)
    [tally] = world.store.tally_topics(before)
    assert (tally.topic, tally.articles, tally.stories, tally.last_hit) == ("tariffs", 2, 2, before)
    assert (tally.alerts, tally.updates, tally.muted) == (2, 0, 0)
    [later] = world.store.tally_topics(world.now)
    assert (later.articles, later.alerts, later.last_hit) == (0, 0, before)
    newest, oldest = world.store.told_articles(tally.topic_no, before)
    assert newest > oldest
    assert world.store.told_articles(tally.topic_no, world.now) == []


def test_what_several_recipients_had_counts_once_and_an_update_is_an_alert(world: World) -> None:
    world.store.sync_topics([("tariffs", "")], world.now)
    update = replace(draft("update:1:7:a:desk", story_id=7, topic_no=1), article_id=71)
    sent(world, told(1, 7, 70), told(1, 7, 70, recipient="mail"), update)
    mute(world, *TOPIC)
    world.put(told(1, 8, 80))
    [tally] = world.store.tally_topics(world.now)
    assert (tally.alerts, tally.updates, tally.muted) == (2, 1, 1)
    assert world.store.topic_numbers() == {"tariffs": 1}
    world.store.sync_topics([("duties", "tariffs")], world.now)
    assert world.store.topic_numbers() == {"tariffs": 1, "duties": 1}
