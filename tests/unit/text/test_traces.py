"""No inflection of an English word is overlooked."""

from __future__ import annotations

import pytest
from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY

from monitor.text import beginnings_of_stem, english_traces, stems


def _overlooked(words):
    found = {}
    for word in words:
        for stem in stems(word, "en"):
            if stem.isascii() and not any(word.startswith(start) for start in beginnings_of_stem(stem)):
                found[word] = stem
    return found


def test_words_of_the_word_list_have_a_beginning_of_each_of_their_stems():
    words = {word.lower() for word in DEFAULT_DICTIONARY_FACTORY.get_dictionary("en")}
    plain = sorted(word for word in words if word.isascii() and word.isalpha())
    assert _overlooked(plain[::7]) == {}


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("tariff", "tariffs"),
        ("labor", "labour"),
        ("aluminum", "aluminium"),
        ("realize", "realised"),
        ("mouse", "mice"),
        ("sell", "sold"),
        ("control", "controlling"),
        ("policy", "policies"),
        ("happy", "happily"),
        ("curb", "kerbs"),
        ("understand", "understood"),
        ("relational", "relate"),
        ("die", "dying"),
        ("win", "won"),
        ("go", "went"),
    ],
)
def test_an_inflection_has_a_trace_or_is_not_looked_for(word, text):
    traces = english_traces(word)
    assert traces is None or any(text.startswith(trace) for trace in traces)


def test_what_is_no_english_word_is_not_looked_for():
    assert english_traces("稀土") is None
    assert english_traces("1100") is None
    assert english_traces("C++") is None
    assert english_traces("tariff") == ("tarif",)
