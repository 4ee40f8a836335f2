"""Every feed of the corpus against its twin: what the twin names must be so, in this order and number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from monitor.parse import parse_feed
from tests.unit.parse.corpus import CASES, URL, Case


def _shown(value: object, name: str) -> Any:
    found = getattr(value, name)
    if isinstance(found, datetime):
        return found.isoformat()
    return list(found) if isinstance(found, tuple) else found


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_feed_reads_as_its_twin_says(case: Case) -> None:
    feed = parse_feed(case.body, url=URL, content_type=case.content_type)
    expected = dict(case.feed)
    assert (feed.failure.problem if feed.failure else None) == expected.pop("failure", None)
    assert {name: _shown(feed, name) for name in expected} == expected
    assert [
        {name: _shown(entry, name) for name in twin} for entry, twin in zip(feed.entries, case.entries, strict=True)
    ] == case.entries


def test_the_corpus_holds_every_format() -> None:
    assert len(CASES) >= 150
