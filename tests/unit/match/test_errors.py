"""What is said to a query that is wrong: where, what, and what to write instead."""

from __future__ import annotations

import pytest

from monitor.match import compile_watchlist
from monitor.model import QueryText, ScoreSpec, TopicSpec, WatchlistSpec
from tests.unit.match.building import compile_with_errors, query, topic

# query, column of the error, words of the message, words of the hint
WRONG = [
    ("tariff NEXT/5 China", 8, "NEXT/5 is no operator", ""),
    ("tariff NAER/5 China", 8, "NAER/5 is no operator", "NEAR/5"),
    ("tariff near/5 China", 8, "near/5 is no operator", "NEAR/5"),
    ("tariff W/5 China", 8, "W/5 is no operator", "NEAR/n"),
    ("tariff NEAR China OR x", 8, "NEAR needs a distance", "NEAR/10"),
    ("tariff NEAR/0 China", 8, "the distance is 1 to 200", "phrase"),
    ("tariff NEAR/201 China", 8, "the distance is 1 to 200", "PARA"),
    ("tariff EXCEPT/500 China", 8, "the distance is 0 to 200", "AND NOT"),
    ("tariff NEAR/5 China PRE/5 x", 21, "NEAR/5 and PRE/5 stand in one chain", "parentheses"),
    ("(alpha AND beta) NEAR/5 gamma", 18, "AND stands inside NEAR", "NEAR/5"),
    ("alpha NEAR/5 (NOT beta)", 7, "NOT stands inside NEAR", "EXCEPT"),
    ("alpha NEAR/5 source:x.org", 7, "has no place in the text", "AND"),
    ("alpha SENT (beta AND gamma)", 7, "AND stands inside SENT", "SENT"),
    ('"rare earth" control', 14, "stand side by side", "AND, OR or NEAR/10"),
    ("(alpha OR beta) gamma", 17, "stand side by side", "AND, OR or NEAR/10"),
    ('"rare earth" and control', 14, "stand side by side", "capitals: AND"),
    ('alpha AND "rare earth', 11, "is not closed", "closing"),
    ("alpha AND 'rare earth", 11, "is not closed", "closing"),
    ("alpha AND “rare earth", 11, "is not closed", "closing"),
    ("(alpha OR beta", 1, "a ( is not closed", "add a )"),
    ("alpha OR beta)", 14, "a ) has no (", "take it away"),
    ("alpha AND ()", 11, "nothing between ( and )", "brackets"),
    ("alpha AND", 7, "AND needs a term on its right", "quote"),
    ("OR alpha", 1, "OR needs a term on its left", "quote"),
    ("alpha AND SENT", 7, "AND needs a term on its right", '"AND"'),
    ("alpha SENT", 7, "SENT needs a term on its right", '"SENT"'),
    ("alpha NEAR/5", 7, "NEAR/5 needs a term on its right", '"NEAR"'),
    ("alpha AND (", 11, "there is no term behind (", "and a )"),
    ("alpha AND ((", 12, "there is no term behind (", "and a )"),
    ("alpha AND (OR beta)", 12, "OR needs a term on its left", '"OR"'),
    ("alpha AND title:", 11, "title: needs a term on its right", "title:word"),
    ("2 OF (alpha, ", 12, "there is no term on the right of a comma", "take the comma away"),
    ("SCORE 5 OF", 1, "SCORE 5 OF needs a list", "(word^15, other^5)"),
    ("alpha AND OR beta", 7, "AND needs a term on its right", "quote"),
    ("(alpha), beta", 8, "a comma", "OR"),
    ("alpha AND u*", 11, "'u*' would match too much", "2 letters"),
    ("alpha AND *", 11, "stands for part of a word", "NEAR"),
    ('"rare * earth"', 7, "stands for part of a word", "NEAR"),
    ("alpha AND a*b*c*d*e", 11, "too many wildcards", "3"),
    ("alpha AND *C++", 11, "'*C++' has a character", "search"),
    ("?A#", 1, "a wildcard beside a sign", "leave out"),
    ("alpha AND $contrls", 11, "$contrls is not defined", "$controls"),
    ("alpha AND $zzz", 11, "$zzz is not defined", "define:"),
    ("date(02-31)", 6, "02-31 is no day of the calendar", "month-day"),
    ("date(2025-02-29)", 6, "no day of the calendar", "year-month-day"),
    ("date(13-01)", 6, "no day of the calendar", ""),
    ("date(31 February)", 6, "31 February is no day of the calendar", "month-day"),
    ("date(Feb. 29, 2025)", 6, "no day of the calendar", "year-month-day"),
    ("date(Smarch 1)", 6, "is no date", "date(11-01)"),
    ("alpha AND ‘rare earth", 11, "is not closed", "closing"),
    ("alpha AND „rare earth", 11, "is not closed", "closing"),
    ("lang:(en de) AND tariff", 1, "lang: needs a value", "lang:en OR lang:de"),
    (f'"{"word " * 201}"', 2, "201 words in a row", "shorter phrases"),
    ("word " * 401, 1, "too many plain words", "AND, OR and NEAR"),
    (f"alpha AND {'a*' * 900}", 11, "…' has too many wildcards", "3"),
    ("date(2025-11-05..2025-11-01)", 6, "ends before it starts", "earlier"),
    ("date(2025-11-05..11-06)", 6, "a year at one end only", "both"),
    ("date(11-01", 1, "date( is not closed", "add a )"),
    ("dates(11-01)", 1, "there is no dates(…)", "date("),
    ("foo(bar)", 1, "there is no foo(…)", "operator"),
    ("pct(many)", 5, "'many' is no number", "pct(100)"),
    ("pct(25..10)", 5, "is no range", ""),
    ("amount(XXX 3)", 8, "'XXX' is no currency", "USD"),
    ("amount(USD)", 8, "is no number", "USD 8.5bn"),
    ("titel:tariff", 1, "there is no field titel:", "title:"),
    ("http:x AND y", 1, "there is no field http:", "quote"),
    ("source: AND tariff", 1, "source: needs a value", "source:reuters.com"),
    ("lang:klingon AND tariff", 1, "'klingon' is no language", "lang:en"),
    ("de:'Zölle'", 4, "no inflection", "away"),
    ("de:(Zoll)", 1, "needs a word or phrase", "de:word"),
    ("3 OF (alpha, beta)", 1, "the count is 1 to 2", "2 OF"),
    ("0 OF (alpha, beta)", 1, "the count is 1 to 2", "2 OF"),
    ("OF (alpha, beta)", 1, "OF needs a number", "2 OF"),
    ("alpha AND beta^5", 15, "stands only in SCORE", "SCORE 20 OF"),
    ("SCORE OF (alpha^5)", 1, "SCORE without a threshold", "SCORE 20 OF"),
    ("SCORE 0 OF (alpha^5)", 1, "the threshold is 0", "above 0"),
    ("SCORE 50 OF (alpha^5, beta^6)", 1, "the weights sum up to 11", "raise"),
    ("SCORE 5 CAP 0 OF (alpha^5)", 1, "CAP needs a number", "CAP 2"),
    ("SCORE 5 OF (alpha, beta^6)", 13, "needs a weight", "alpha^5"),
    ("alpha AND -beta", 11, "a minus does not exclude", "NOT beta"),
    ("alpha AND /be.a/", 11, "no regular expressions", "*"),
    ("alpha AND be~ta", 11, "no meaning in a query", '"be~ta"'),
    ("alpha AND [beta]", 11, "no meaning in a query", "quote"),
    ("alpha AND $8.5bn", 11, "no meaning in a query", "amount(USD 8.5bn)"),
    ('"..." AND alpha', 2, "has no word in it", "write a word"),
    ("NOT horoscope", 1, "none of its words", "AND NOT"),
    ("alpha OR NOT beta", 1, "none of its words", "AND NOT"),
    ("NOT (alpha AND beta)", 1, "none of its words", "AND NOT"),
    ("", 1, "no word to search for", ""),
    ("the of and", 1, "no word to search for", "stop words"),
]


@pytest.mark.parametrize(("text", "column", "message", "hint"), WRONG)
def test_a_wrong_query_is_refused_with_its_place_and_a_hint(text, column, message, hint):
    watchlist, errors = compile_with_errors(topic(text), controls=["curb"])
    assert not watchlist.topics
    (error,) = errors
    assert error.where == f"watchlist.yaml:1:{column}"
    assert error.what.startswith("topic topic: ")
    assert message in error.what
    assert hint in error.hint
    assert error.hint


def test_the_place_counts_from_the_place_of_the_query():
    spec = TopicSpec(id="t", name="t", match=query("alpha AND\n  beta NEXT/5 gamma", line=7, column=12))
    _, (error,) = compile_watchlist(WatchlistSpec(topics=(spec,)))
    assert error.where == "watchlist.yaml:8:8"


def test_one_wrong_topic_stops_no_other():
    watchlist, errors = compile_with_errors("tariff", "tariff AND", "quota")
    assert [item.id for item in watchlist.topics] == ["topic-0", "topic-2"]
    assert len(errors) == 1


def test_a_wrong_veto_leaves_its_topic_out():
    spec = topic("tariff", vetoes=(query("alpha NEXT/5 beta", line=9, column=5),))
    watchlist, (error,) = compile_with_errors(spec)
    assert not watchlist.topics
    assert error.where == "watchlist.yaml:9:11"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("alpha OR " * 3000 + "alpha", "27,005 characters"),
        (" OR ".join(["ab"] * 2500), "more than 2,000 parts"),
        ("(" * 60 + "alpha" + ")" * 60, "nested more than 50 deep"),
        ("NOT " * 60 + "alpha", "nested more than 50 deep"),
        ("title:" * 60 + "alpha", "nested more than 50 deep"),
    ],
)
def test_what_is_too_large_is_refused(text, message):
    _, (error,) = compile_with_errors(topic(text))
    assert message in error.what


def test_what_is_just_small_enough_is_taken():
    watchlist, errors = compile_with_errors(" OR ".join(["ab"] * 2000), "(" * 50 + "alpha" + ")" * 50)
    assert not errors
    assert len(watchlist.topics) == 2


def test_a_definition_by_itself_is_refused():
    _, errors = compile_with_errors("$one AND alpha", one=["$two", "beta"], two=["$one"])
    assert any("defined by itself: $one → $two → $one" in error.what for error in errors)


def test_a_wrong_definition_is_told_once_with_its_own_place():
    watchlist, errors = compile_with_errors("$one AND alpha", "$one OR beta", "gamma", one=["delta NEXT/5 x"])
    assert [item.id for item in watchlist.topics] == ["topic-2"]
    assert errors[0].where == "watchlist.yaml:50:7"
    assert errors[0].what.startswith("define one: ")
    assert [error.what for error in errors[1:]] == [
        f"topic topic-{number}: $one is wrong, see watchlist.yaml:50:7" for number in (0, 1)
    ]


def test_definitions_that_double_each_other_are_bounded():
    lists = {f"n{number}": [f"$n{number + 1}", f"$n{number + 1}"] for number in range(20)}
    _, errors = compile_with_errors("$n0", **lists, n20=["alpha", "beta"])
    assert any("more than 20,000 parts" in error.what for error in errors)


def test_two_topics_with_one_id_are_told_apart():
    watchlist, (error,) = compile_with_errors(topic("alpha"), topic("beta"))
    assert [item.query_text for item in watchlist.topics] == ["alpha"]
    assert "its id is taken" in error.what


def test_a_weighted_list_that_cannot_be_reached_is_refused():
    score = ScoreSpec(threshold=20, terms=((query("alpha", is_phrase=True), 5.0),))
    spec = TopicSpec(id="t", name="t", score=score, where_written="watchlist.yaml:3")
    _, (error,) = compile_watchlist(WatchlistSpec(topics=(spec,)))
    assert error.where == "watchlist.yaml:3"
    assert "the weights sum up to 5" in error.what


def test_a_query_without_a_file_has_no_place():
    spec = TopicSpec(id="t", name="t", match=QueryText(text="alpha AND"))
    _, (error,) = compile_watchlist(WatchlistSpec(topics=(spec,)))
    assert error.where == ""
