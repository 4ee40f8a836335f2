from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storage.ids import IdMaker

seconds = st.integers(min_value=0, max_value=2**40)
nodes = st.integers(min_value=0, max_value=1023)


@given(node=nodes, floor=st.integers(min_value=0, max_value=2**62), clock=st.lists(seconds, max_size=50))
def test_ids_only_grow_whatever_the_clock_does(node: int, floor: int, clock: list[int]) -> None:
    maker = IdMaker(node, floor)
    made = [floor, *(maker.make(at) for at in clock)]
    assert all(earlier < later < 2**63 for earlier, later in pairwise(made))


@given(node=nodes, clock=st.lists(seconds, min_size=1, max_size=50))
def test_an_id_tells_its_time_and_node(node: int, clock: list[int]) -> None:
    maker = IdMaker(node)
    made = [maker.make(at) for at in clock]
    assert {id_ >> 12 & 1023 for id_ in made} == {node}
    assert [id_ >> 22 for id_ in made] == [max(clock[: n + 1]) or 1 for n in range(len(clock))]


@given(one=nodes, two=nodes, clock=st.lists(seconds, max_size=50))
def test_two_nodes_never_make_one_id(one: int, two: int, clock: list[int]) -> None:
    made = [{maker.make(at) for at in clock} for maker in (IdMaker(one), IdMaker(two))]
    assert one == two or made[0].isdisjoint(made[1])


def test_a_burst_runs_ahead_of_the_clock_rather_than_into_the_node_number() -> None:
    maker = IdMaker(1023)
    made = [maker.make(100) for _ in range(10_000)]
    assert len(set(made)) == 10_000
    assert {id_ >> 12 & 1023 for id_ in made} == {1023}
    assert made[-1] >> 22 == 102
