"""The live code finds what the slow reference does."""

from __future__ import annotations

from tests.unit.match.differential import differences


def test_made_up_topics_are_found_as_by_the_slow_reference():
    found, matches = differences(60, 400, seed=7)
    assert found == []
    assert matches > 1_000
