"""What is allowed in a topic, and told to its writer all the same."""

from __future__ import annotations

import pytest

from tests.unit.match.building import query, topic, watchlist


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("alpha AND beta OR gamma", 16, "AND and OR are mixed"),
        ("alpha OR beta AND gamma", 15, "AND and OR are mixed"),
        ("alpha AND (beta AND x OR gamma)", 23, "AND and OR are mixed"),
        ("alpha | beta & gamma", 14, "AND and OR are mixed"),
        ("tariffs not on China", 9, "'not' is left out"),
        ("tariffs or quotas", 9, "'or' is left out"),
        ("Not a tariff", 1, "'Not' is left out"),
        ("source:reuters.com", 1, "runs on every article"),
        ("source:reuters.com OR tariff", 1, "runs on every article"),
        ("lang:de AND NOT tariff", 1, "runs on every article"),
    ],
)
def test_a_warning_has_its_place_and_a_hint(text, column, message):
    (warning,) = watchlist(topic(text)).warnings
    assert warning.where == f"watchlist.yaml:1:{column}"
    assert message in warning.what
    assert warning.hint


@pytest.mark.parametrize(
    "text",
    [
        "(alpha AND beta) OR gamma",
        "alpha AND (beta OR gamma)",
        "alpha OR beta OR gamma",
        "2 OF (alpha AND beta, gamma OR delta)",
        "rare-earth controls",
        "source:reuters.com AND tariff",
        "tariff AND NOT (alpha OR beta)",
    ],
)
def test_what_is_meant_as_written_is_not_warned_of(text):
    assert watchlist(topic(text)).warnings == ()


def test_vetoes_and_phrases_are_looked_at_too():
    vetoes = (query("alpha AND beta OR gamma", line=3, is_phrase=True), query("trial and error", is_phrase=True))
    (warning,) = watchlist(topic("tariff", not_anywhere=vetoes)).warnings
    assert warning.where == "watchlist.yaml:3:16"
