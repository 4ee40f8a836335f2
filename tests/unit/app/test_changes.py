"""What changed between two watchlists."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.app.changes import Changes, compare
from monitor.match import Watchlist, compile_watchlist
from monitor.settings import read_topics

BEFORE = "define: {metals: [tin, zinc]}\ntopics:\n  - {id: a, match: $metals AND ore}\n  - {id: b, match: tariff}\n"


def read(text: str) -> Watchlist:
    watchlist, errors = compile_watchlist(read_topics(Path(), {"watchlist.yaml": text}))
    assert not errors
    return watchlist


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        (BEFORE, Changes()),
        (
            "# moved\n\n" + BEFORE.replace("{id: b, match: tariff}", "{id: b, match: tariff, name: B, note: Call}"),
            Changes(),
        ),
        (BEFORE.replace("[tin, zinc]", "[tin, lead]"), Changes(changed=("a",))),
        (BEFORE.replace("match: tariff", "match: tariff, not: [steel]"), Changes(changed=("b",))),
        (BEFORE.replace("match: tariff", "match: tariff, not_anywhere: [steel]"), Changes(changed=("b",))),
        (BEFORE.replace("match: tariff", "match: tariff, where: {lang: de}"), Changes(changed=("b",))),
        (BEFORE.replace("id: b", "id: c"), Changes(added=("c",), removed=("b",))),
        (BEFORE.replace("id: b", "id: c, was: b"), Changes()),
        (BEFORE.replace("id: b, match: tariff", "id: c, was: b, match: tariff OR duty"), Changes(changed=("c",))),
    ],
)
def test_a_topic_changes_by_what_it_asks_for(after: str, changes: Changes) -> None:
    assert compare(read(BEFORE), read(after)) == changes


def test_a_renaming_that_is_taken_back_changes_nothing() -> None:
    renamed = BEFORE.replace("id: b", "id: c, was: b")

    assert compare(read(renamed), read(BEFORE)) == Changes()
