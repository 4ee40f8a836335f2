"""What is too much: beyond a topic's limit an hour, and of a topic gone wild."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alert import surplus
from monitor.ports import Recent, Surplus, Waiting

NOW = datetime(2025, 10, 24, 12, 20, 30, tzinfo=UTC)


def waiting(count: int, *, topic_no: int = 1, rank: int = 1, first: int = 1) -> list[Waiting]:
    return [
        Waiting(id=no, recipient="desk", topic_no=topic_no, story_id=no, rank=rank)
        for no in range(first, first + count)
    ]


def sent(count: int, ago: timedelta = timedelta(minutes=5), *, is_flood: bool = False) -> list[Recent]:
    return [Recent(recipient="desk", topic_no=1, at=NOW - ago, is_flood=is_flood)] * count


def judge(rows: list[Waiting], recent: list[Recent], *, limit: int = 0, flood: int = 0) -> list[Surplus]:
    return list(surplus(rows, recent, limits={1: limit} if limit else {}, flood=flood, now=NOW))


def ids(held: list[Surplus]) -> list[int]:
    return [row_id for one in held for row_id in one.row_ids]


def test_what_is_beyond_the_limit_waits_for_the_full_hour() -> None:
    (held,) = judge(waiting(5), sent(1), limit=3)
    assert held.row_ids == (3, 4, 5)
    assert held.hold.until == datetime(2025, 10, 24, 13, tzinfo=UTC)
    assert (held.hold.bundle, held.hold.reason) == ("limit:1:2025-10-24T13:00:00", "the limit of 3 an hour")


def test_messages_of_the_hour_before_do_not_count() -> None:
    assert judge(waiting(3), sent(9, timedelta(minutes=21)), limit=3) == []


def test_rows_of_one_story_are_one_message() -> None:
    rows = [Waiting(id=no, recipient="desk", topic_no=1, story_id=7, rank=1) for no in range(9)]
    assert judge(rows, [], limit=1, flood=1) == []


def test_urgent_rows_have_no_limit_but_a_flood_of_them_is_joined() -> None:
    assert judge(waiting(5, rank=0), [], limit=1) == []
    assert ids(judge(waiting(5, rank=0), [], limit=1, flood=4)) == [1, 2, 3, 4, 5]


def test_a_topic_gone_wild_holds_up_no_other() -> None:
    rows = waiting(40) + waiting(1, topic_no=2, first=100)
    (held,) = judge(rows, [], flood=30)
    assert len(held.row_ids) == 40
    assert 100 not in held.row_ids
    assert held.hold.until == NOW  # joined at once


def test_what_goes_on_coming_is_joined_by_the_minute() -> None:
    next_minute = NOW.replace(minute=21, second=0)
    (more,) = judge(waiting(3), sent(1, timedelta(seconds=10), is_flood=True), flood=30)
    assert (more.row_ids, more.hold.until) == ((1, 2, 3), next_minute)
    (rest,) = judge(waiting(3), sent(29, timedelta(seconds=10)), flood=30)
    assert (rest.row_ids, rest.hold.until) == ((2, 3), next_minute)
    assert judge(waiting(3), sent(40, timedelta(seconds=31)), flood=30) == []


@given(st.integers(0, 60), st.integers(0, 40), st.integers(0, 20), st.integers(0, 40))
def test_every_row_is_held_at_most_once_and_no_more_than_allowed_go_out(
    count: int, before: int, limit: int, flood: int
) -> None:
    held = ids(judge(waiting(count), sent(before, timedelta(seconds=5)), limit=limit, flood=flood))
    assert len(held) == len(set(held))
    let_through = count - len(held)
    assert not limit or let_through <= max(limit - before, 0)
    assert not flood or let_through <= max(flood - before, 0)
    assert limit or flood or not held
