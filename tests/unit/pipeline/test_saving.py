"""Polls that end together are saved together, and none suffers for another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from monitor.errors import StoreError
from monitor.model import PollSaved
from monitor.pipeline.saving import PollSaver
from monitor.ports import Poll, Store


class Notebook:
    """A store that takes numbers for polls, keeps them in groups, and refuses the unlucky ones."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    def save_polls(self, polls: Sequence[int]) -> list[PollSaved]:
        if 13 in polls:
            raise StoreError("thirteen")
        self.groups.append(list(polls))
        return [PollSaved(new_articles=number) for number in polls]


async def save(saver: PollSaver, notebook: Notebook, number: int) -> PollSaved:
    saver.expect()
    try:
        return await saver.save(cast("Store", notebook), cast("Poll", number))
    finally:
        saver.forget()


async def save_all(notebook: Notebook, numbers: Sequence[int]) -> list[PollSaved | BaseException]:
    saver = PollSaver()
    return await asyncio.gather(*(save(saver, notebook, number) for number in numbers), return_exceptions=True)


def test_polls_that_end_together_share_a_commit_and_have_each_its_answer() -> None:
    notebook = Notebook()
    answers = asyncio.run(save_all(notebook, range(10)))
    assert notebook.groups == [list(range(10))]
    assert [answer.new_articles for answer in answers if isinstance(answer, PollSaved)] == list(range(10))


def test_a_group_is_bounded() -> None:
    notebook = Notebook()
    asyncio.run(save_all(notebook, range(14, 164)))
    assert [len(group) for group in notebook.groups] == [64, 64, 22]


def test_a_poll_that_cannot_be_saved_fails_alone() -> None:
    notebook = Notebook()
    answers = asyncio.run(save_all(notebook, [12, 13, 14]))
    assert notebook.groups == [[12], [14]]
    assert [isinstance(answer, StoreError) for answer in answers] == [False, True, False]


def test_a_lone_poll_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_: float) -> None:
        raise AssertionError("it waited")

    monkeypatch.setattr("monitor.pipeline.saving.asyncio.sleep", refuse)
    notebook = Notebook()
    asyncio.run(save(PollSaver(), notebook, 7))
    assert notebook.groups == [[7]]
