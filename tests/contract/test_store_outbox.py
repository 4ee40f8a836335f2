"""The store's contract: the outbox, its keys, groups, leases and dead letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model import Hold, OutboxDraft, OutboxKind, OutboxRow, OutboxState, Urgency
from monitor.ports import FailingRecipient, Recent, Surplus, Waiting
from tests.stores import World, draft

HOUR = timedelta(hours=1)


def claim(world: World, limit: int = 10) -> list[list[OutboxRow]]:
    return world.store.claim_messages(world.now, limit=limit, lease_s=60)


def keys(groups: list[list[OutboxRow]]) -> list[list[str]]:
    return [[row.key for row in rows] for rows in groups]


def test_two_rows_of_one_key_are_one(world: World) -> None:
    assert world.put(draft("first:1:7:desk"), draft("first:1:7:desk"), draft("first:2:7:desk")) == 2
    assert world.put(draft("first:1:7:desk")) == 0
    assert [row.key for row in world.store.outbox()] == ["first:2:7:desk", "first:1:7:desk"]


def test_a_row_comes_back_as_it_was_written(world: World) -> None:
    one = draft("first:1:7:mail/a@x.example", recipient="mail/a@x.example", story_id=7, topic_no=1)
    world.put(one)
    [row] = world.store.outbox()
    assert (row.key, row.kind, row.recipient, row.item) == (one.key, one.kind, one.recipient, one.item)
    assert (row.story_id, row.topic_no, row.state, row.attempts) == (7, 1, OutboxState.PENDING, 0)
    assert (row.created_at, row.next_at, row.sent_at) == (world.now, world.now, None)
    assert world.store.outbox_row(row.id) == row
    assert world.store.outbox_row(row.id + 1) is None


def test_due_rows_of_one_story_and_recipient_are_claimed_together_oldest_first(world: World) -> None:
    world.put(
        draft("first:1:8:desk", story_id=8),
        draft("first:1:7:desk", story_id=7),
        draft("first:1:8:mail", story_id=8, recipient="mail"),
        draft("operator:b:desk"),
        draft("first:2:8:desk", story_id=8),
        draft("operator:a:desk"),
        draft("first:3:8:desk", story_id=8, due_at=world.now + timedelta(seconds=1)),
    )
    assert keys(claim(world, limit=2)) == [["first:1:8:desk", "first:2:8:desk"], ["first:1:7:desk"]]
    assert keys(claim(world)) == [["first:1:8:mail"], ["operator:b:desk", "operator:a:desk"]]
    assert claim(world) == []
    world.clock.advance(seconds=1)
    assert keys(claim(world)) == [["first:3:8:desk"]]


def test_sent_rows_are_sent_for_good(world: World) -> None:
    world.put(draft("first:1:7:desk"))
    [rows] = claim(world)
    assert world.store.mark_sent(rows, "alert-1", world.now)
    [row] = world.store.outbox(state=OutboxState.SENT)
    assert (row.sent_at, row.message_id, row.attempts, row.error) == (world.now, "alert-1", 1, "")
    world.clock.advance(days=1)
    assert claim(world) == []
    assert not world.store.mark_sent(rows, "alert-2", world.now)
    assert world.store.change_outbox([row.id], OutboxState.PENDING, world.now) == 0


def test_a_failed_try_is_counted_and_tried_again_at_its_time(world: World) -> None:
    world.put(draft("first:1:7:desk"))
    [rows] = claim(world)
    assert world.store.mark_failed(rows, "refused", world.now, next_at=world.now + timedelta(seconds=30))
    assert claim(world) == []
    world.clock.advance(seconds=30)
    [[row]] = claim(world)
    assert (row.attempts, row.error, row.state) == (1, "refused", OutboxState.PENDING)


def test_a_row_given_up_is_a_dead_letter_until_a_person_retries_it(world: World) -> None:
    world.put(draft("first:1:7:desk"))
    [rows] = claim(world)
    assert world.store.mark_failed(rows, "refused", world.now, next_at=None)
    [dead] = world.store.outbox(state=OutboxState.DEAD)
    assert (dead.attempts, dead.error) == (1, "refused")
    world.clock.advance(days=9)
    assert claim(world) == []
    assert world.store.change_outbox([dead.id], OutboxState.PENDING, world.now) == 1
    [[row]] = claim(world)
    assert (row.attempts, row.next_at) == (0, world.now)


def test_a_row_that_is_being_sent_stays_as_it_is(world: World) -> None:
    world.put(draft("first:1:7:desk"), draft("first:1:8:desk", story_id=8))
    [rows, others] = claim(world)
    world.store.mark_failed(others, "refused", world.now, next_at=None)
    both = [rows[0].id, others[0].id]
    assert world.store.change_outbox(both, OutboxState.PENDING, world.now) == 1
    assert world.store.change_outbox(both[:1], OutboxState.DROPPED, world.now) == 0
    assert keys(claim(world)) == [["first:1:8:desk"]]
    assert world.store.mark_sent(rows, "alert-1", world.now)


def test_a_dropped_row_is_not_sent(world: World) -> None:
    world.put(draft("first:1:7:desk"))
    [rows] = claim(world)
    world.clock.advance(seconds=60)
    assert world.store.change_outbox([row.id for row in rows], OutboxState.DROPPED, world.now) == 1
    assert not world.store.mark_sent(rows, "alert-1", world.now)
    assert [row.state for row in world.store.outbox()] == [OutboxState.DROPPED]


def test_rows_can_only_be_made_pending_or_dropped(world: World) -> None:
    with pytest.raises(ValueError, match="sent"):
        world.store.change_outbox([1], OutboxState.SENT, world.now)


def test_a_group_is_marked_as_a_whole_or_not_at_all(world: World) -> None:
    world.put(draft("first:1:7:desk", story_id=7), draft("first:2:7:desk", story_id=7))
    [slow] = claim(world)
    world.clock.advance(seconds=60)
    world.store.change_outbox([slow[0].id], OutboxState.DROPPED, world.now)
    assert not world.store.mark_sent(slow, "alert-1", world.now)
    assert not world.store.mark_failed(slow, "refused", world.now, next_at=None)
    assert {row.state for row in world.store.outbox()} == {OutboxState.DROPPED, OutboxState.PENDING}


def test_an_old_lease_writes_nothing_once_another_took_over(world: World) -> None:
    world.put(draft("first:1:7:desk"))
    [slow] = claim(world)
    world.clock.advance(seconds=60)
    [quick] = claim(world)
    assert not world.store.mark_failed(slow, "refused", world.now, next_at=None)
    assert world.store.mark_sent(quick, "alert-1", world.now)


def test_a_flood_is_claimed_in_parts(world: World) -> None:
    world.put(*(draft(f"first:1:{n}:desk", story_id=n) for n in range(450)))
    sizes = [len(claim(world, limit=10_000)) for _ in range(4)]
    assert (sum(sizes), sizes[-1]) == (450, 0)


def test_a_channel_takes_no_more_than_its_share(world: World) -> None:
    def take() -> list[str]:
        groups = world.store.claim_messages(world.now, limit=16, lease_s=60, per_channel=4)
        return [rows[0].recipient for rows in groups]

    world.put(*(draft(f"first:1:{n}:mail/{n % 3}", recipient=f"mail/{n % 3}", story_id=n) for n in range(100)))
    world.clock.advance(seconds=30)
    world.put(draft("first:1:7:desk", story_id=7), draft("first:1:7:mailbox", recipient="mailbox", story_id=7))
    assert take() == ["mail/0", "mail/1", "mail/2", "mail/0", "desk", "mailbox"]
    world.put(draft("first:1:8:desk", story_id=8))
    assert take() == ["desk"], "as long as its four are being sent"
    world.clock.advance(seconds=60)
    assert take() == ["mail/0", "mail/1", "mail/2", "mail/0", "desk", "mailbox", "desk"]


def test_who_waits_longest_for_a_try_is_claimed_first(world: World) -> None:
    world.put(*(draft(f"first:1:{n}:desk", story_id=n) for n in range(3)))
    for rows in claim(world, limit=2):
        world.store.mark_failed(rows, "refused", world.now, next_at=world.now + timedelta(seconds=30))
    world.clock.advance(seconds=30)
    assert keys(claim(world, limit=1)) == [["first:1:2:desk"]]
    assert keys(claim(world)) == [["first:1:0:desk"], ["first:1:1:desk"]]


def test_rows_are_listed_newest_first(world: World) -> None:
    world.put(*(draft(f"operator:{n}:desk") for n in range(150)))
    assert len(world.store.outbox()) == 100
    assert [row.key for row in world.store.outbox(limit=2)] == ["operator:149:desk", "operator:148:desk"]
    assert len(world.store.outbox(limit=None)) == 150


def test_totals_tell_how_the_outbox_stands(world: World) -> None:
    later = world.now + timedelta(hours=1)
    world.put(
        *(draft(f"operator:{n}:to{n}", recipient=f"to{n}") for n in range(4)), draft("operator:x:y", due_at=later)
    )
    groups = claim(world)
    world.store.mark_sent(groups[0], "alert-1", world.now)
    world.store.mark_failed(groups[1], "refused", world.now, next_at=None)
    counts = world.store.counts(world.now)
    assert (counts.pending, counts.sent, counts.dead) == (3, 1, 1)
    assert (counts.oldest_due, counts.last_sent) == (world.now, world.now)


def test_an_alert_tried_in_vain_counts_as_late_from_when_it_was_written(world: World) -> None:
    since = world.now
    world.put(draft("first:1:7:desk", story_id=7), draft("first:1:8:desk", story_id=8, due_at=world.now + HOUR * 9))
    world.clock.advance(hours=2)
    [rows] = claim(world)
    world.store.mark_failed(rows, "refused", world.now, next_at=world.now + HOUR)
    assert world.store.counts(world.now).oldest_due == since
    world.store.change_outbox([row.id for row in rows], OutboxState.DROPPED, world.now)
    assert world.store.counts(world.now).oldest_due is None


def test_failing_recipients_are_told_with_their_last_error(world: World) -> None:
    world.put(draft("first:1:7:desk", story_id=7), draft("first:1:8:desk", story_id=8))
    world.put(draft("first:1:7:mail", recipient="mail"), draft("first:1:9:good", recipient="good"))
    assert world.store.failing() == []
    first, *others = claim(world)
    world.store.mark_failed(first, "timed out", world.now, next_at=world.now + HOUR)
    world.store.mark_sent(others.pop(), "alert-1", world.now)
    for error, rows in zip(("refused", "full"), others, strict=True):
        world.store.mark_failed(rows, error, world.now, next_at=world.now + HOUR * 2)
    assert [(one.recipient, one.waiting, one.since, one.error) for one in world.store.failing()] == [
        ("desk", 2, world.now, "refused"),
        ("mail", 1, world.now, "full"),
    ]
    world.store.mark_failed(first, "none of ours", world.now, next_at=None)
    assert len(world.store.failing()) == 2


def test_what_is_to_be_told_of_a_failure_is_stored_with_it_or_not_at_all(world: World) -> None:
    world.put(draft("first:1:7:desk"))
    [rows] = claim(world)
    stale = [replace(rows[0], lease_token=1)]
    notice = [draft("operator:dead:mail")]
    assert not world.store.mark_failed(stale, "refused", world.now, next_at=None, drafts=notice)
    assert [row.key for row in world.store.outbox()] == ["first:1:7:desk"]
    assert world.store.mark_failed(rows, "refused", world.now, next_at=None, drafts=notice)
    assert [row.key for row in world.store.outbox()] == ["operator:dead:mail", "first:1:7:desk"]


def test_a_failing_recipient_is_warned_of_once_until_it_works_again(world: World) -> None:
    def warn(found: FailingRecipient) -> list[OutboxDraft]:
        return [draft(f"operator:failing-{found.recipient}-{found.first_id}:boss", recipient="boss")]

    def fail_all() -> None:
        # The youngest fails first, as when several are being sent at once.
        for rows in reversed([group for group in claim(world) if group[0].recipient == "desk"]):
            assert world.store.mark_failed(rows, "refused", world.now, next_at=world.now + HOUR, warn=warn)

    def warnings() -> int:
        return sum(row.recipient == "boss" for row in world.store.outbox())

    world.put(*(draft(f"first:1:{n}:desk", story_id=n) for n in range(4)))
    for _ in range(3):
        fail_all()
        assert warnings() == 1
        world.clock.advance(hours=2)
    for rows in claim(world):
        world.store.mark_sent(rows, "alert-1", world.now)
    world.clock.advance(seconds=1)
    world.put(draft("first:1:9:desk", story_id=9))
    fail_all()
    assert warnings() == 2


def test_the_rows_of_one_story_are_found(world: World) -> None:
    world.put(draft("first:1:7:desk", story_id=7), draft("first:1:8:desk", story_id=8), draft("operator:a:desk"))
    assert [row.key for row in world.store.outbox(story_id=7)] == ["first:1:7:desk"]
    assert world.store.outbox(story_id=9) == []


def held(key: str, until: datetime, bundle: str, **changes: int | str) -> OutboxDraft:
    return replace(draft(key), hold=Hold(until=until, bundle=bundle, reason="quiet hours"), **changes)  # type: ignore[arg-type]


def test_what_is_held_comes_as_one_group_of_its_bundle_when_its_time_has_come(world: World) -> None:
    end = world.now + 8 * HOUR
    world.put(
        held("first:1:7:desk", end, "quiet:a", story_id=7),
        held("first:1:8:desk", end, "quiet:a", story_id=8),
        held("first:1:9:desk", end, "quiet:b", story_id=9),
        held("first:1:7:mail", end, "quiet:a", story_id=7, recipient="mail"),
        draft("first:2:7:desk", story_id=7),
    )
    [rows] = claim(world)
    assert [row.key for row in rows] == ["first:2:7:desk"]
    row = world.store.outbox()[-1]
    assert (row.is_held, row.hold, row.held_until, row.waits_since) == (True, "quiet hours", end, end)
    assert world.store.counts(world.now).oldest_due == world.now  # that of the one under way
    world.store.mark_sent(rows, "alert-1", world.now)
    world.clock.advance(hours=8)
    assert keys(claim(world)) == [["first:1:7:desk", "first:1:8:desk"], ["first:1:9:desk"], ["first:1:7:mail"]]


def test_a_bundle_is_sent_five_hundred_rows_at_a_time(world: World) -> None:
    world.put(*(held(f"first:1:{no}:desk", world.now, "quiet:a", story_id=no) for no in range(1, 503)))
    [first] = claim(world)
    assert claim(world) == [], "one part at a time"
    world.store.mark_sent(first, "alert-1", world.now)
    assert (len(first), [len(rows) for rows in claim(world)]) == (500, [2])
    assert claim(world) == []


def test_a_single_alert_goes_before_what_was_held_together(world: World) -> None:
    early = world.now - HOUR
    world.put(*(held(f"first:1:{no}:desk", early, "flood:1", story_id=no) for no in range(1, 3)))
    world.put(draft("first:2:9:desk", story_id=9))
    assert keys(claim(world, limit=1)) == [["first:2:9:desk"]]


def test_urgent_rows_are_claimed_before_all_others_and_low_ones_last(world: World) -> None:
    early = world.now - HOUR
    world.put(
        replace(draft("first:1:7:desk", story_id=7, due_at=early), urgency=Urgency.LOW),
        draft("first:1:8:desk", story_id=8, due_at=early),
        replace(draft("first:1:9:desk", story_id=9), urgency=Urgency.URGENT),
    )
    assert [keys(claim(world, limit=1))[0][0] for _ in range(3)] == [
        "first:1:9:desk",
        "first:1:8:desk",
        "first:1:7:desk",
    ]


def test_a_clock_that_was_wrong_frees_no_held_row(world: World) -> None:
    world.put(held("first:1:7:desk", world.now + timedelta(days=7), "digest:a"))
    world.store.reap(world.now)
    [row] = world.store.outbox()
    assert row.is_held


def test_rows_are_found_by_the_message_they_were_sent_as(world: World) -> None:
    world.put(draft("first:1:7:desk", story_id=7), draft("first:1:8:desk", story_id=8))
    first, _second = claim(world)
    world.store.mark_sent(first, "alert-1", world.now)
    assert [row.key for row in world.store.outbox(message_id="alert-1")] == ["first:1:7:desk"]


def test_what_is_too_much_is_held_before_it_is_claimed(world: World) -> None:
    seen: list[tuple[list[int], list[bool]]] = []

    def pace(waiting: Sequence[Waiting], recent: Sequence[Recent]) -> list[Surplus]:
        seen.append(([one.story_id for one in waiting], sorted(one.is_flood for one in recent)))
        hold = Hold(until=world.now, bundle="flood:1:x", reason="very many at once")
        return [Surplus(hold=hold, row_ids=tuple(one.id for one in waiting if one.topic_no == 1))]

    def paced() -> list[list[OutboxRow]]:
        return world.store.claim_messages(world.now, limit=10, lease_s=60, pace=pace)

    world.put(*(draft(f"first:1:{no}:desk", story_id=no, topic_no=1) for no in (7, 8, 9)))
    world.put(draft("first:2:7:desk", story_id=7, topic_no=2), draft("operator:a:desk"))
    groups = paced()
    assert sorted(map(len, groups)) == [1, 1, 3]
    for rows in groups:
        world.store.mark_sent(rows, f"alert-{rows[0].id}", world.now)
    world.put(draft("first:2:8:desk", story_id=8, topic_no=2))
    assert len(paced()) == 1
    world.put(draft("first:2:9:desk", story_id=9, topic_no=2))
    paced()
    assert seen == [([7, 8, 9, 7], []), ([8], [False, True]), ([9], [False, False, True])]
    world.clock.advance(hours=2)
    world.put(draft("first:2:10:desk", story_id=10, topic_no=2))
    paced()
    assert seen[-1][1] == []


def test_what_was_tried_in_vain_keeps_its_message(world: World) -> None:
    world.put(draft("first:1:7:desk", story_id=7, topic_no=1))
    [rows] = claim(world)
    world.store.mark_failed(rows, "refused", world.now, next_at=world.now)
    asked: list[object] = []

    def pace(waiting: Sequence[Waiting], _recent: Sequence[Recent]) -> list[Surplus]:
        asked.extend(waiting)
        return []

    assert len(world.store.claim_messages(world.now, limit=9, lease_s=60, pace=pace)) == 1
    assert asked == []


def test_what_was_being_sent_when_the_program_died_keeps_its_message(world: World) -> None:
    world.put(draft("first:1:7:desk", story_id=7, topic_no=1))
    [[row]] = claim(world)
    world.clock.advance(minutes=5)
    asked: list[object] = []

    def pace(waiting: Sequence[Waiting], _recent: Sequence[Recent]) -> list[Surplus]:
        asked.extend(waiting)
        return []

    [[again]] = world.store.claim_messages(world.now, limit=9, lease_s=60, pace=pace)
    assert again.id == row.id
    assert asked == [], "it may have arrived: with others it would be told again as news"


def test_another_article_of_a_story_that_was_told_of_is_named_later_on(world: World) -> None:
    at = world.now + 8 * HOUR

    def first(article_id: int) -> OutboxDraft:
        hold = Hold(until=at, bundle="digest:x", reason="the digest")
        one = replace(draft("first:1:7:desk", story_id=7, topic_no=1), article_id=article_id)
        return replace(one, folded=replace(one, key=f"also:1:7:{article_id}:desk", kind=OutboxKind.ALSO, hold=hold))

    assert [world.put(first(article_id)) for article_id in (3, 4, 3, 4, 5)] == [1, 0, 0, 0, 0]
    assert [row.key for row in reversed(world.store.outbox())] == [
        "first:1:7:desk",
        "also:1:7:4:desk",
        "also:1:7:5:desk",
    ]
    counts = world.store.counts(world.now)
    assert (counts.pending, counts.held) == (1, 2)
    claim(world)
    world.clock.advance(hours=8)
    assert ["also:1:7:4:desk", "also:1:7:5:desk"] in keys(claim(world))
