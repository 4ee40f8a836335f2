from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.fetch.politeness import HeldBack, HostTurns

Visit = tuple[float, str, float]


class StillTime(asyncio.SelectorEventLoop):
    """A loop whose clock stands still while there is work and jumps to the next timer when there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        live = [timer.when() for timer in self._scheduled if not timer.cancelled()]
        if not self._ready and live:
            self._now = max(self._now, min(live))
        super()._run_once()


def run(work: Coroutine[Any, Any, Any]) -> Any:  # what the work returns
    with asyncio.Runner(loop_factory=StillTime) as runner:
        return runner.run(work)


def visit(turns: HostTurns, host: str, stay_s: float, seen: list[Visit], name: str = "") -> Awaitable[None]:
    async def go() -> None:
        async with turns.turn(host):
            start = asyncio.get_running_loop().time()
            await asyncio.sleep(stay_s)
            seen.append((start, name or host, asyncio.get_running_loop().time()))

    return go()


def visits(make: Callable[[HostTurns, list[Visit]], list[Awaitable[None]]], **options: Any) -> list[Visit]:
    async def work() -> list[Visit]:
        seen: list[Visit] = []
        turns = HostTurns(**({"host_connections": 2, "host_gap_s": 1.0, "slow_after_s": 1_000} | options))
        await asyncio.gather(*make(turns, seen))
        return sorted(seen)

    return run(work())


def test_starts_at_one_host_keep_the_gap_and_their_order() -> None:
    seen = visits(lambda turns, seen: [visit(turns, "a", 0.1, seen, name) for name in "1234"])

    assert [(start, name) for start, name, _ in seen] == [(0, "1"), (1, "2"), (2, "3"), (3, "4")]


def test_slow_visits_fill_the_places_of_a_host_and_no_more() -> None:
    seen = visits(lambda turns, seen: [visit(turns, "a", 10, seen, name) for name in "1234"])

    assert [(start, name) for start, name, _ in seen] == [(0, "1"), (1, "2"), (10, "3"), (11, "4")]


def test_other_hosts_do_not_wait() -> None:
    seen = visits(lambda turns, seen: [visit(turns, host, 5, seen) for host in "abcde"])

    assert [start for start, _, _ in seen] == [0] * 5


def test_a_crowd_before_one_host_takes_no_place_from_the_others() -> None:
    seen = visits(
        lambda turns, seen: [*(visit(turns, "slow", 100, seen) for _ in range(50)), visit(turns, "good", 1, seen)],
        total=3,
    )

    assert (0, "good", 1) in seen


def test_all_hosts_together_have_a_limit() -> None:
    seen = visits(lambda turns, seen: [visit(turns, str(number), 10, seen) for number in range(9)], total=4)

    assert [start for start, _, _ in seen] == [0] * 4 + [10] * 4 + [20]


def test_hosts_are_forgotten_when_their_gap_is_over() -> None:
    async def work() -> tuple[int, int]:
        turns = HostTurns(host_connections=1, host_gap_s=5)
        await asyncio.gather(*(visit(turns, str(number), 1, []) for number in range(200)))
        during = turns.known_hosts
        await asyncio.sleep(20)
        return during, turns.known_hosts

    assert run(work()) == (200, 0)


def test_the_gap_is_kept_after_a_visit_that_ended_before_it() -> None:
    async def work() -> float:
        turns = HostTurns(host_connections=1, host_gap_s=5)
        await visit(turns, "a", 0, [])
        await asyncio.sleep(3)
        await visit(turns, "a", 0, [])
        return asyncio.get_running_loop().time()

    assert run(work()) == 5


@pytest.mark.parametrize("name", ["a place", "the gap", "a place among all"])
def test_who_gives_up_waiting_leaves_the_line_to_the_next(name: str) -> None:
    async def work() -> float:
        options = {
            "a place": {"host_connections": 1, "host_gap_s": 0},
            "the gap": {"host_connections": 3, "host_gap_s": 10},
            "a place among all": {"host_connections": 3, "host_gap_s": 0, "total": 1},
        }[name]
        turns, seen = HostTurns(**options, slow_after_s=1_000), []
        first = asyncio.ensure_future(visit(turns, "a", 10, seen))
        await asyncio.sleep(1)
        quitters = [asyncio.ensure_future(visit(turns, "a", 10, [])) for _ in range(3)]
        last = asyncio.ensure_future(visit(turns, "a", 0, seen))
        await asyncio.sleep(1)
        for quitter in quitters:
            quitter.cancel()
        await asyncio.wait([first, last])
        await asyncio.sleep(20)
        assert turns.known_hosts == 0
        return max(start for start, _, _ in seen)

    assert run(work()) == 10


@settings(max_examples=50)
@given(
    crowd=st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 5)), max_size=20),
    connections=st.integers(1, 3),
    gap_s=st.floats(0, 3),
    total=st.integers(1, 4),
)
def test_no_host_ever_sees_more_at_once_or_closer_starts(
    crowd: list[tuple[str, float]], connections: int, gap_s: float, total: int
) -> None:
    seen = visits(
        lambda turns, seen: [visit(turns, host, stay_s, seen) for host, stay_s in crowd],
        host_connections=connections,
        host_gap_s=gap_s,
        total=total,
    )

    assert len(seen) == len(crowd)
    for host in "abc":
        stays = [(start, end) for start, name, end in seen if name == host]
        starts = [start for start, _ in stays]
        assert all(later - start >= gap_s - 1e-9 for start, later in pairwise(starts))
        assert all(sum(begin <= start < end for begin, end in stays) <= connections for start in starts)


def test_hosts_of_one_domain_and_of_one_address_share_its_line() -> None:
    async def work() -> list[tuple[float, str]]:
        turns, seen = HostTurns(host_connections=2, host_gap_s=1), []

        async def go(name: str, *keys: str) -> None:
            async with turns.turn(*keys):
                seen.append((asyncio.get_running_loop().time(), name))

        await asyncio.gather(
            go("feeds.a", "a", "1"),
            go("www.a", "a", "2"),
            go("b", "b", "1"),
            go("c", "c", "3"),
            go("b again", "b", "4"),
        )
        return sorted(seen)

    assert run(work()) == [(0, "c"), (0, "feeds.a"), (0.1, "b"), (1, "www.a"), (1.1, "b again")]


def test_many_domains_at_one_address_wait_little_and_not_for_a_busy_one_among_them() -> None:
    async def work() -> tuple[dict[str, float], int]:
        turns, seen, at_once, most = HostTurns(host_connections=2, host_gap_s=1), {}, 0, 0

        async def go(name: str, domain: str) -> None:
            nonlocal at_once, most
            async with turns.turn(domain, "1"):
                seen[name] = round(asyncio.get_running_loop().time(), 1)
                at_once += 1
                most = max(most, at_once)
                await asyncio.sleep(0.1)
                at_once -= 1

        busy = [go(f"busy {number}", "busy") for number in range(20)]
        await asyncio.gather(*busy, *(go(f"quiet {number}", f"quiet {number}") for number in range(100)))
        return seen, most

    seen, most = run(work())
    assert max(at for name, at in seen.items() if name.startswith("quiet")) < 12
    assert all(round(after - before, 1) >= 1 for before, after in pairwise(seen[f"busy {n}"] for n in range(20)))
    assert most <= 2


def test_slow_visits_give_their_place_to_others_up_to_a_limit() -> None:
    seen = visits(
        lambda turns, seen: [
            *(visit(turns, f"slow{number}", 100, seen) for number in range(3)),
            *(visit(turns, f"good{number}", 1, seen) for number in range(4)),
        ],
        total=2,
        slow=2,
        slow_after_s=5,
    )
    starts = {name: start for start, name, _ in seen}

    assert [starts[f"slow{number}"] for number in range(3)] == [0, 0, 5]
    assert [starts[f"good{number}"] for number in range(4)] == [5, 6, 7, 8]
    assert max(end for _, _, end in seen) == 105


def test_who_asks_to_be_left_alone_is_and_nobody_else() -> None:
    async def work() -> tuple[float, float, float, float]:
        turns, loop = HostTurns(host_connections=2, host_gap_s=0), asyncio.get_running_loop()
        turns.hold_back("a", 600)
        await visit(turns, "b", 0, [])
        others = loop.time()
        with pytest.raises(HeldBack) as refused:
            async with turns.turn("x", "a"):
                pass
        async with turns.turn("a", patience_s=600):
            waited = loop.time()
        turns.release("a")
        turns.hold_back("a", None)
        with pytest.raises(HeldBack) as again:
            async with turns.turn("a"):
                pass
        return others, refused.value.seconds, waited, again.value.seconds

    assert run(work()) == (0, 600, 600, 30)


def test_who_asks_again_and_again_is_left_alone_for_longer_up_to_an_hour() -> None:
    async def work() -> list[float]:
        turns, holds = HostTurns(host_connections=1, host_gap_s=0), []
        for _ in range(9):
            turns.hold_back("a", 5)
            started = asyncio.get_running_loop().time()
            async with turns.turn("a", patience_s=10_000):
                holds.append(asyncio.get_running_loop().time() - started)
        return holds

    assert run(work()) == [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]


def test_who_stood_in_line_when_the_host_asked_for_a_pause_leaves_it() -> None:
    async def work() -> int:
        turns = HostTurns(host_connections=1, host_gap_s=1)

        async def told_to_wait() -> None:
            async with turns.turn("a"):
                await asyncio.sleep(1)
                turns.hold_back("a", 60)

        outcomes = await asyncio.gather(
            told_to_wait(), *(visit(turns, "a", 0, []) for _ in range(20)), return_exceptions=True
        )
        assert asyncio.get_running_loop().time() < 5
        return sum(isinstance(outcome, HeldBack) for outcome in outcomes)

    assert run(work()) == 20
