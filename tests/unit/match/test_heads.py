"""What the words of all terms begin with."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.match import cases, queries
from tests.unit.match.building import article, compile_with_errors, on, topic
from tests.unit.match.test_laws import _documents


def test_heads_lose_no_case():
    for language, query, text, expected in cases.ALL:
        topics, _ = compile_with_errors(query)
        topics._index.lexicon.learn_heads()
        assert bool(topics.match(article(text, language=language, time=on(2025, 10, 24)))) is expected, query


@settings(deadline=None, max_examples=150)
@given(st.lists(queries.queries, min_size=1, max_size=8), _documents)
def test_heads_change_no_result(texts, document):
    plain, _ = compile_with_errors(*texts)
    headed, _ = compile_with_errors(*texts)
    headed._index.lexicon.learn_heads()
    assert headed.match(document) == plain.match(document)


def test_a_topic_more_has_its_heads():
    topics, _ = compile_with_errors("tariff")
    topics._index.lexicon.learn_heads()
    assert not topics.match(article("quotas"))
    assert topics.with_topic(topic("quota", "q")).match(article("quotas"))
