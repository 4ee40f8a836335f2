"""Every feed in tests/data/feeds against its twin: what the twin names must be so, in this order and number."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.parse import parse_feed

_FEEDS = Path(__file__).parents[2] / "data" / "feeds"
_BODIES = sorted(path for path in _FEEDS.iterdir() if not path.name.endswith(".expected.json"))
_URL = "https://feeds.example/f.xml"


def _shown(value: object, name: str) -> Any:
    found = getattr(value, name)
    if isinstance(found, datetime):
        return found.isoformat()
    return list(found) if isinstance(found, tuple) else found


@pytest.mark.parametrize("path", _BODIES, ids=lambda path: path.name)
def test_feed_reads_as_its_twin_says(path: Path) -> None:
    expected = json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))
    feed = parse_feed(path.read_bytes(), url=_URL)
    entries = expected.pop("entries")
    assert (feed.failure.problem if feed.failure else None) == expected.pop("failure", None)
    assert {name: _shown(feed, name) for name in expected} == expected
    assert [
        {name: _shown(entry, name) for name in twin} for entry, twin in zip(feed.entries, entries, strict=True)
    ] == entries
