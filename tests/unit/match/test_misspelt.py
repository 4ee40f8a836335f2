"""A word that no article has, where one spelled nearly the same is in many, is probably misspelt."""

from __future__ import annotations

import pytest

from monitor.match import compile_watchlist, misspelt_words
from monitor.model import QueryText, TopicSpec, WatchlistSpec

COUNTS = {
    "neodymium": 40, "daily": 90, "tariff": 60, "announce": 50, "nickel": 30, "magnet": 2, "factor": 30,
    "tonne": 30, "санкции": 20,
}  # fmt: skip


def misspelt(query: str) -> list[tuple[str, str]]:
    text = QueryText(text=query, file="w.yaml", line=2, column=10)
    watchlist, errors = compile_watchlist(WatchlistSpec(topics=(TopicSpec(id="t", name="t", match=text),)))
    assert not errors
    return [(error.where, error.hint) for error in misspelt_words(watchlist.topics, {}, COUNTS, 1000)]


@pytest.mark.parametrize(
    ("query", "where", "meant"),
    [
        ("neodymum", "w.yaml:2:10", "neodymium"),
        ("steel AND neodymuim", "w.yaml:2:20", "neodymium"),
        ('"the neodynium price"', "w.yaml:2:15", "neodymium"),
        ("steel NEAR/5 tarif", "w.yaml:2:23", "tariff"),
        ("tarrifs", "w.yaml:2:10", "tariff"),
        ("tarrif", "w.yaml:2:10", "tariff"),
        ("Tarriffs", "w.yaml:2:10", "tariff"),
        ("steel AND nikcel", "w.yaml:2:20", "nickel"),
        ("санкци", "w.yaml:2:10", "санкции"),
    ],
)
def test_a_misspelt_word_is_named_with_its_place_and_what_is_meant(query: str, where: str, meant: str) -> None:
    assert misspelt(query) == [(where, f"did you mean {meant}?")]


@pytest.mark.parametrize(
    "query",
    [
        "neodymium", "tariffs", "dairy", "factory", "toned", "announced", "magnt", "neod*", "tarf", "2025 OR 20251",
        "yttrium", "稀土出口管制", "de:tariffs",
    ],
)  # fmt: skip
def test_words_that_are_right_rare_or_short_are_left_alone(query: str) -> None:
    assert misspelt(query) == []


def test_a_word_in_many_topics_is_told_once() -> None:
    texts = [QueryText(text="neodymum", file="w.yaml", line=line, column=1) for line in (2, 3)]
    topics = tuple(TopicSpec(id=f"t{text.line}", name="t", match=text) for text in texts)
    watchlist, _ = compile_watchlist(WatchlistSpec(topics=topics))

    (found,) = misspelt_words(watchlist.topics, {}, COUNTS, 1000)

    assert found.message == "w.yaml:2:1: topic t2: neodymum is in no stored article, neodymium is in 40"
