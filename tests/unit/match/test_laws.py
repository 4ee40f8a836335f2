"""Laws of matching: what is printed parses to itself, presearch changes nothing, no text is too odd."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.match import compile_watchlist
from monitor.match.gate import new_gate
from monitor.match.parser import parse
from monitor.match.presearch import Frequencies
from monitor.match.reading import Reading
from monitor.model import Document, QueryText, TopicSpec, WatchlistSpec
from monitor.settings import load_config
from tests.unit.match import queries
from tests.unit.match.building import article, compile_with_errors, on, topic
from tests.unit.match.slow import SlowMatcher

_documents = st.builds(
    lambda title, text, source: article(text, title=title, source=source, time=on(2025, 10, 24)),
    queries.texts,
    queries.texts,
    st.sampled_from(["", "news.example.org", "other.org"]),
)


def _no_definitions(name: str):
    raise AssertionError(name)


@pytest.fixture(scope="module")
def packaged():
    watchlist, errors = compile_watchlist(load_config(Path("config"), {}).watchlist)
    assert not errors
    return watchlist


@settings(deadline=None, max_examples=200)
@given(queries.queries)
def test_every_query_prints_to_text_that_parses_to_itself(text):
    node = parse(text, _no_definitions)
    assert parse(node.text(), _no_definitions) == node
    assert node.english()


@settings(deadline=None, max_examples=200)
@given(st.lists(queries.queries, min_size=1, max_size=8), _documents)
def test_presearch_and_windows_find_what_trying_everything_finds(texts, document):
    watchlist, _ = compile_with_errors(*texts)
    reading = Reading(document, watchlist._index.lexicon, watchlist._index.values)
    slow = SlowMatcher(reading)
    expected = [topic.id for topic in watchlist.topics if slow.holds(topic.query)]
    assert [match.topic for match in watchlist.match(document)] == expected
    for item in watchlist.topics:
        assert (watchlist.match_one(item.id, document) is not None) == (item.id in expected)
        assert watchlist.explain(item.id, document).holds == (item.id in expected)


@settings(deadline=None, max_examples=200)
@given(queries.places, _documents)
def test_places_are_those_that_trying_everything_finds(text, document):
    watchlist, _ = compile_with_errors(text)
    reading = Reading(document, watchlist._index.lexicon, watchlist._index.values)
    for item in watchlist.topics:
        assert item.query.hits(reading) == sorted(SlowMatcher(reading).hits(item.query))


@settings(deadline=None, max_examples=150)
@given(st.lists(queries.queries, min_size=1, max_size=4), _documents)
def test_spans_are_sorted_and_quote_their_zone(texts, document):
    watchlist, _ = compile_with_errors(*texts)
    for match in watchlist.match(document):
        assert list(match.spans) == sorted(match.spans, key=lambda span: (span.zone == "body", span.start, span.end))
        assert len(set(match.spans)) == len(match.spans)
        for span in match.spans:
            assert (document.title if span.zone == "title" else document.text)[span.start : span.end] == span.text


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60), st.booleans())
def test_any_text_is_a_topic_or_an_error(text, is_phrase):
    spec = TopicSpec(id="t", name="t", match=QueryText(text=text, file="w.yaml", line=3, column=7, is_phrase=is_phrase))
    watchlist, errors = compile_watchlist(WatchlistSpec(topics=(spec,)))
    assert len(watchlist.topics) + len(errors) == 1
    for error in errors:
        assert error.where.startswith("w.yaml:")
    for item in watchlist.topics:
        assert parse(item.query_text, _no_definitions) == item.query


@settings(deadline=None, max_examples=200)
@given(text=st.text(alphabet="aAb1é稀ก \"'=*?()$^,:/.-|&~\n", max_size=30))
def test_any_punctuation_is_a_topic_or_an_error(text):
    watchlist, errors = compile_with_errors(topic(text))
    assert len(watchlist.topics) + len(errors) == 1
    for item in watchlist.topics:
        assert parse(item.query_text, _no_definitions) == item.query


@settings(deadline=None, max_examples=200)
@given(
    title=st.text(max_size=40),
    text=st.text(max_size=200),
    language=st.sampled_from(["en", "de", "zh", "ar", "tr", "xx", ""]),
)
def test_any_document_can_be_matched_and_explained(packaged, title, text, language):
    document = Document(title=title, text=text, language=language)
    matches = packaged.match(document)
    assert [match.topic for match in matches] == [
        item.id for item in packaged.topics if packaged.explain(item.id, document).holds
    ]


@settings(deadline=None, max_examples=150)
@given(st.lists(queries.queries, min_size=1, max_size=8), _documents)
def test_the_gate_of_a_small_watchlist_shuts_out_no_match(texts, document):
    watchlist, _ = compile_with_errors(*texts)
    gate = new_gate((item.query for item in watchlist.topics), Frequencies(), watchlist._index.lexicon)
    if gate is not None and gate.is_shut(document):
        assert watchlist.match(document) == []


@settings(deadline=None, max_examples=150)
@given(st.lists(queries.queries, min_size=1, max_size=8), _documents, st.randoms(use_true_random=False))
def test_what_is_found_does_not_depend_on_how_often_words_are(texts, document, random):
    specs = WatchlistSpec(topics=tuple(topic(text, topic_id=f"t{number}") for number, text in enumerate(texts)))
    words = {word.casefold() for word in f"{document.title} {document.text}".split()}
    shares = Frequencies({word: random.uniform(0.001, 1) for word in sorted(words)})
    usual, rare = compile_watchlist(specs)[0], compile_watchlist(specs, costs=shares)[0]
    assert usual.match(document) == rare.match(document)
