"""What is told of troubles, and in which words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alert import turn, words_of, words_of_end
from monitor.alert.troubles import episode_of, span
from monitor.model import Episode, Failure, Feed, FeedMemory, Problem, Trouble, TroubleKind
from tests.fakes import NOON

T0 = NOON.timestamp()
FEED = Feed(
    id=1,
    url="https://www.mining.com/feed/",
    name="Mining.com",
    added_at=NOON,
    next_at=NOON,
    succeeded_at=NOON,
    failure=Failure(problem=Problem.NOT_FOUND, detail="no such page"),
    memory=FeedMemory(readings="f" * 20 + "t" * 9, short_problem="paywall", short_page="https://www.mining.com/1"),
)
KEYS = st.sets(
    st.tuples(st.sampled_from([TroubleKind.BROKEN, TroubleKind.SILENT, TroubleKind.DISK]), st.sampled_from("ab"))
)
UTC = NOON.tzinfo
assert UTC is not None


def trouble(kind: TroubleKind, subject: str = "1", *, ago_h: float = 31) -> Trouble:
    feed = FEED if kind.is_of_feed else None
    return Trouble(kind=kind, subject=subject, since=T0 - ago_h * 3600, feed=feed, usual_s=4 * 3600, count=5_000)


@given(st.lists(st.tuples(KEYS, KEYS, st.floats(0, 7200)), max_size=30))
def test_each_trouble_is_told_once_before_it_is_told_to_be_over(
    looks: list[tuple[set[tuple[TroubleKind, str]], set[tuple[TroubleKind, str]], float]],
) -> None:
    told: tuple[Episode, ...] = ()
    begun, ended = Counter[tuple[TroubleKind, str]](), Counter[tuple[TroubleKind, str]]()
    moment = T0
    for wrong, well, pause_s in looks:
        moment += pause_s
        over = [one for one in told if one.key in well - wrong]
        change = turn(told, [trouble(*key) for key in sorted(wrong)], over, moment)
        begun.update(one.key for one in change.new)
        ended.update(one.key for one in change.ended)
        told = change.told
        assert wrong <= {one.key for one in told}, "what is wrong is told by then"
        assert all(begun[key] - ended[key] == sum(one.key == key for one in told) for key in begun)


def test_a_feed_is_back_when_it_was_well_for_an_hour_and_a_disk_at_once() -> None:
    told = turn((), [trouble(TroubleKind.BROKEN), trouble(TroubleKind.DISK)], (), T0).told
    first = turn(told, (), told, T0 + 600)
    assert [one.kind for one in first.ended] == [TroubleKind.DISK]
    fails_again = turn(first.told, [trouble(TroubleKind.BROKEN)], (), T0 + 1200).told
    late = turn(fails_again, (), fails_again, T0 + 4300)
    assert late.ended == ()
    assert [one.well_at for one in turn(late.told, (), late.told, T0 + 7900).ended] == [T0 + 4300]


@pytest.mark.parametrize("kind", [one for one in TroubleKind if one not in {TroubleKind.RECIPIENT, TroubleKind.STORE}])
def test_a_notice_says_in_short_what_is_wrong_and_what_to_do(kind: TroubleKind) -> None:
    (words,) = words_of([trouble(kind)], T0, UTC)
    assert len(words.title) < 120
    assert "What to do: " in words.body
    assert not kind.is_of_feed or words.title.startswith("Mining.com")


@pytest.mark.parametrize("kind", TroubleKind)
def test_a_notice_that_it_is_over_says_for_how_long_it_was(kind: TroubleKind) -> None:
    ended = replace(episode_of(trouble(kind)), well_at=T0)
    found = words_of_end([ended], UTC, feeds=212)
    if kind in {TroubleKind.OVERFLOW, TroubleKind.HIDING, TroubleKind.CLOCK}:
        assert found == [], "nothing comes back"
    else:
        (words,) = found
        assert "31 h" in words.title + words.body or "from 2025-10-23 05:00 UTC" in words.title


def test_a_feed_with_two_troubles_counts_once() -> None:
    (words,) = words_of([trouble(TroubleKind.SILENT), trouble(TroubleKind.PAGES)], T0, UTC)
    assert words.title == "1 feed needs a look: Mining.com"


@pytest.mark.parametrize(
    ("hours", "words"), [(0, "1 min"), (0.99, "59 min"), (1, "1 h"), (31.9, "31 h"), (95.9, "95 h"), (96, "4 days")]
)
def test_a_span_is_told_no_longer_than_it_is(hours: float, words: str) -> None:
    assert span(hours * 3_600) == words
