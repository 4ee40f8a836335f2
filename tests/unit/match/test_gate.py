"""The gate of a small watchlist."""

from __future__ import annotations

import pytest

from monitor.match.gate import new_gate
from monitor.match.presearch import Frequencies
from tests.unit.match import cases
from tests.unit.match.building import article, compile_with_errors, on, watchlist


def _gate(*texts):
    return _gate_of(watchlist(*texts))


def _gate_of(topics):
    return new_gate((item.query for item in topics.topics), Frequencies(), topics._index.lexicon)


@pytest.mark.parametrize(("language", "query", "text", "expected"), cases.ALL)
def test_no_case_that_matches_is_shut_out(language, query, text, expected):
    topics, _ = compile_with_errors(query)
    gate = _gate_of(topics)
    if expected and gate is not None:
        assert not gate.is_shut(article(text, language=language, time=on(2025, 10, 24)))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("tariff", "The end.Tariffs come."),
        ("tariff", '"Tariffs," he said'),
        ("tariff", "no_tariffs"),
        ("Oreal", "L'Oreal said"),
        ("oneill", "Mr O'Neill's plan"),
        ("=USA", "the U.S.A. said"),
        ("=USA", "U.S.A"),
        ("mouse", "Mice"),
        ("labor", "Labour’s plan — “new”"),
        ("*riff", "a new tariff"),
        ("cafe", "a new café"),
    ],
)
def test_words_are_found_however_they_are_written(query, text):
    gate = _gate(query)
    assert gate is None or not gate.is_shut(article(text))
    assert watchlist(query).match(article(text))


def test_texts_without_what_all_topics_need_are_shut_out():
    gate = _gate("tariff AND control", '"rare earth"', "alpha NEAR/5 beta", "banana OR cucumber", "licen* AND 'export'")
    assert gate.is_shut(article("A restricted unrest; export of licor and pineapples, alphabet, tariffs"))
    assert not gate.is_shut(article("a cucumber"))
    assert not gate.is_shut(article("controls", title="Tariffs"))
    assert not gate.is_shut(article("nothing", language="de"))
    assert not gate.is_shut(article("Nothing é"))


def test_a_topic_without_letters_to_look_for_opens_the_gate():
    assert _gate("tariff", "date(11-01)") is None
    assert _gate("tariff", "de:Zoll") is None
    assert _gate("go") is None


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("=US", "the U. S. said"),
        ("us*", "the U.\nS. said"),
        ("'eu'", "in the E.\u00a0U."),
        ("tariff", f"{'x' * 90}-tariffs-{'y' * 30}"),
        ("art", f"{'party ' * 60} art"),
        ("=USA", "u.s.a. and U.S.A."),
    ],
)
def test_what_is_about_dots_and_spaces_opens_the_gate(query, text):
    assert not _gate(query).is_shut(article(text))
    assert watchlist(query).match(article(text))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("art", "a party"),
        ("franc", "France and San Francisco"),
        ("'tariff'", "tariffs"),
        ("=Tariff", "a tariff"),
        ("tariff", "tarification of Tarik"),
        ("hill AND France", "hills of francium"),
    ],
)
def test_other_words_with_the_same_letters_do_not_open_it(query, text):
    assert _gate(query).is_shut(article(text))
    assert not watchlist(query).match(article(text))
