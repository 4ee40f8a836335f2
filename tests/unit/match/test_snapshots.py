"""One topic more or less: a new watchlist, and the old one as it was."""

from __future__ import annotations

import pytest

from monitor.errors import NotFound, QueryError
from monitor.match import Watchlist
from monitor.match.lexicon import MOST_PIECES
from tests.unit.match.building import article, query, topic, watchlist

_TEXT = article("tariffs, quotas and levies in Beijing", title="Strafzölle")


def _found(topics: Watchlist, document=_TEXT) -> list[str]:
    return [match.topic for match in topics.match(document)]


def test_a_topic_more_is_found_by_the_new_watchlist_only():
    old = watchlist("tariff", "banana")
    assert _found(old) == ["topic-0"]
    new = old.with_topic(topic("quota AND *zölle", "quotas"))
    assert _found(new) == ["topic-0", "quotas"]
    assert _found(old) == ["topic-0"]
    assert [item.id for item in new.topics] == ["topic-0", "topic-1", "quotas"]
    assert [item.id for item in old.topics] == ["topic-0", "topic-1"]


def test_a_topic_less_is_missed_by_the_new_watchlist_only():
    old = watchlist("tariff", "quota")
    new = old.without_topic("topic-0")
    assert _found(new) == ["topic-1"]
    assert _found(old) == ["topic-0", "topic-1"]
    assert [item.id for item in new.topics] == ["topic-1"]
    with pytest.raises(NotFound):
        new.topic("topic-0")
    assert old.topic("topic-0").query_text == "tariff"


def test_a_topic_is_replaced_by_another_of_its_id():
    old = watchlist(topic("banana", "one"), topic("quota", "two"))
    new = old.with_topic(topic("levy", "one"))
    assert _found(new) == ["two", "one"]
    assert _found(old) == ["two"]
    assert new.topic("one").query_text == "levy"
    assert old.topic("one").query_text == "banana"


def test_two_watchlists_made_of_one_do_not_see_each_other():
    old = watchlist("tariff")
    first, second = old.with_topic(topic("quota", "a")), old.with_topic(topic("levy", "b"))
    third = first.with_topic(topic("Beijing", "c")).without_topic("a")
    assert _found(first) == ["topic-0", "a"]
    assert _found(second) == ["topic-0", "b"]
    assert _found(third) == ["topic-0", "c"]
    assert _found(second.with_topic(topic("de:Strafzoll", "d"))) == ["topic-0", "b", "d"]


def test_a_topic_more_knows_the_definitions_and_is_refused_like_any():
    old = watchlist("tariff", duties=["levy", "quota"])
    assert _found(old.with_topic(topic("$duties", "d"))) == ["topic-0", "d"]
    with pytest.raises(QueryError, match="is not defined"):
        old.with_topic(topic("$dutees", "d"))
    assert _found(old) == ["topic-0"]


def test_topics_come_and_go_a_thousand_times():
    topics = watchlist("tariff")
    for _ in range(2_500):
        topics = topics.with_topic(topic("quota", "q")).without_topic("q")
    assert _found(topics) == ["topic-0"]
    assert _found(topics.with_topic(topic("quota", "q"))) == ["topic-0", "q"]


def test_what_is_known_of_texts_is_bounded():
    topics = watchlist("word7 OR tariff")
    for start in range(0, 3 * MOST_PIECES, 20_000):
        words = " ".join(f"word{number}" for number in range(start, start + 20_000))
        assert bool(topics.match(article(words))) is (start == 0)
    assert len(topics._index.lexicon.table(("en",))) <= MOST_PIECES + 20_000


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (article("controls on rare earths"), True),
        (article("controls on rare earths\n" + "x\n" * 100 + "a game of golf"), False),
        (article("controls on rare earths", title="Golf"), False),
    ],
)
def test_not_anywhere_looks_at_the_whole_article(document, expected):
    topics = watchlist(topic('"rare earth"', not_anywhere=(query("golf", is_phrase=True),)))
    assert bool(topics.match(document)) is expected
    explanation = topics.explain("topic", document)
    assert explanation.holds is expected
    assert ("not_anywhere: golf" in str(explanation)) is True
