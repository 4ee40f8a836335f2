"""The packaged watchlist on the seed articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.match import check_examples, compile_watchlist
from monitor.match.parser import parse
from monitor.model import AlertRule, Document, Where
from monitor.settings import load_config
from tests.unit.match.building import on, watchlist

_DAYS = {"000": 23, "001": 23, "002": 24, "003": 23, "004": 25}
SEEDS = {
    path.name: Document(text=path.read_text(encoding="utf-8"), language="en", time=on(2025, 10, _DAYS[path.name[:3]]))
    for path in sorted(Path("seeds").glob("*.txt"))
}


@pytest.fixture(scope="module")
def packaged():
    spec = load_config(Path("config"), {}).watchlist
    topics, errors = compile_watchlist(spec)
    assert not errors
    return topics


def _hits(topics, topic_id: str) -> set[str]:
    return {
        name[:3] for name, document in SEEDS.items() if any(match.topic == topic_id for match in topics.match(document))
    }


def test_rare_earth_controls_are_in_all_seeds(packaged):
    assert _hits(packaged, "rare-earth-controls") == {"000", "001", "002", "003", "004"}


def test_the_november_1_tariff_is_in_three_seeds_and_not_in_the_end_of_a_forum(packaged):
    assert _hits(packaged, "november-1-tariff") == {"002", "003", "004"}


def test_plain_words_find_the_same_in_the_seeds():
    topics = watchlist("rare-earth controls", "the November 1 tariff")
    assert _hits(topics, "topic-0") == {"000", "001", "002", "003", "004"}
    assert _hits(topics, "topic-1") == {"002", "003", "004"}


def test_every_match_in_the_seeds_quotes_its_words(packaged):
    for document in SEEDS.values():
        for match in packaged.match(document):
            assert match.spans
            for span in match.spans:
                assert document.text[span.start : span.end] == span.text


def test_every_topic_finds_something_in_the_seeds(packaged):
    assert all(_hits(packaged, item.id) for item in packaged.topics)


def test_every_example_holds(packaged):
    assert [error.message for error in check_examples(packaged, SEEDS)] == []
    assert all(item.spec.examples for item in packaged.topics)


def test_every_topic_has_examples_in_chinese_that_it_must_match(packaged):
    for item in packaged.topics:
        assert any(
            example.must_match and "\u4e00" <= example.text.text[0] <= "\u9fff" for example in item.spec.examples
        ), item.id


def test_nothing_is_held_back(packaged):
    assert {item.spec.alert for item in packaged.topics} == {AlertRule(to=("desk",))}
    assert {item.spec.where for item in packaged.topics} == {Where()}


def test_what_each_topic_became_parses_to_itself(packaged):
    definitions = {node.name: node.item for item in packaged.topics for node in _named(item.query)}
    for item in packaged.topics:
        assert parse(item.query_text, definitions.__getitem__) == item.query


def _named(node):
    from monitor.match.logic import Named
    from monitor.match.nodes import walk

    return [part for part in walk(node) if isinstance(part, Named)]
