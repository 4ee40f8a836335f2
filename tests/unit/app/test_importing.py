"""Lists of keywords and Google Alerts become topics, and what is lost is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.app import read_list
from monitor.match import compile_watchlist
from monitor.model import QueryText, TopicSpec, WatchlistSpec


@pytest.mark.parametrize(
    ("line", "query", "vetoes"),
    [
        ("rare earth magnets", "rare earth magnets", ()),
        ("the November 1 tariff", "the November 1 tariff", ()),
        ("neodymium, dysprosium; rare earth", 'neodymium OR dysprosium OR "rare earth"', ()),
        ('"rare earth" -gardening', '"rare earth"', ("gardening",)),
        ("“rare earth” –gardening", '"rare earth"', ("gardening",)),
        ('tariff (China OR US) -"penny stock"', "tariff AND (China OR =US)", ("penny stock",)),
        ("tariff China OR India steel", "tariff AND (China OR India) AND steel", ()),
        ("tariff | duty", "tariff OR duty", ()),
        ("tin AND zinc AND NOT lead", "tin AND zinc AND NOT lead", ()),
        ("ore -(tin OR zinc)", "ore AND NOT (tin OR zinc)", ()),
        ("(tin zinc) OR lead", "(tin AND zinc) OR lead", ()),
        ("Trump AROUND(5) Xi", "Trump NEAR/5 Xi", ()),
        ("(Trump OR Bessent) AROUND(9) Xi", "(Trump OR Bessent) NEAR/9 Xi", ()),
        ('"rare earth" site:reuters.com OR site:ft.com', '"rare earth" AND (source:reuters.com OR source:ft.com)', ()),
        ("tariff -site:spam.example", "tariff AND NOT source:spam.example", ()),
        ("site:gov tariff", "source:*.gov AND tariff", ()),
        ("intitle:tariff intext:steel", "title:tariff AND body:steel", ()),
        ("allintitle:rare earth", "title:(rare AND earth)", ()),
        ("allintitle: rare earth site: x.com", "title:(rare AND earth) AND source:x.com", ()),
        ("intitle: tariff steel", "title:tariff AND steel", ()),
        ('intitle:"rare earth" tin', 'title:"rare earth" AND tin', ()),
        ('+tin "U.S." OR C++', 'tin AND ("U.S." OR "C++")', ()),
        ('稀土 OR "出口管制"', '稀土 OR 出口管制', ()),
        ('"OR" tin', '"OR" AND tin', ()),
    ],
)  # fmt: skip
def test_a_line_becomes_a_query(line: str, query: str, vetoes: tuple[str, ...]) -> None:
    found = read_list([line])
    assert found.losses == []
    assert [(topic.query, topic.vetoes, topic.written) for topic in found.topics] == [(query, vetoes, line)]


@pytest.mark.parametrize(
    ("line", "query", "piece", "why"),
    [
        ("tin 2020..2025", "tin", "2020..2025", "there are no ranges of numbers"),
        ("tin inurl:news", "tin", "inurl:news", "there is nothing like it here"),
        ("tin before:2025-01-01", "tin", "before:2025-01-01", "there is nothing like it here"),
        ("tin site:reuters.com/markets", "tin AND source:reuters.com", "site:reuters.com/markets", "a part of a site"),
        ('"rare * magnet"', "rare PRE/3 magnet", '"rare * magnet"', "at most 3 words in place of each *"),
        ("tin ~zinc", "tin AND zinc", "~zinc", "words of like meaning are not"),
        ('"tin" 100..200', "tin", "100..200", "pct(10..25)"),
        ("tin zinc OR", "tin AND zinc", "OR", "no word on each side"),
        ("OR tin", "tin", "OR", "no word on each side"),
        ("tin OR filetype: pdf", "tin", "filetype:pdf", "there is nothing like it here"),
        ("rare * earth", "rare AND earth", "*", "outside quotes"),
        ('"tin" -', "tin", "-", "no word in it"),
        ("tin AROUND(3)", "tin", "AROUND(3)", "no word on each side"),
        ("AROUND(3) tin", "tin", "AROUND(3)", "no word on each side"),
        ('"rare earth', None, '"rare earth', "a quote is not closed; the line was left out"),
        ("(tin OR zinc", None, "(tin OR zinc", "a ( is not closed; the line was left out"),
        ("tin) zinc", None, "tin) zinc", "a ) has no (; the line was left out"),
        ("-only -negatives", None, "-only -negatives", "nothing is left to search for"),
        ("AND OR NOT", None, "AND OR NOT", "nothing is left to search for"),
        ("the", None, "the", "the line was left out"),
        ("###", None, "###", "the line was left out"),
    ],
)
def test_what_cannot_be_carried_over_is_told_with_its_line(line: str, query: str | None, piece: str, why: str) -> None:
    found = read_list(["", "# a comment", line])
    assert [topic.query for topic in found.topics] == ([query] if query else [])
    (loss,) = found.losses
    assert (loss.line, loss.piece) == (3, piece)
    assert why in loss.why


def test_lines_that_repeat_are_told_and_ids_never_do() -> None:
    found = read_list(["tin!", "tin?", "TIN!", "zinc"], taken=["zinc"])
    assert [(topic.id, topic.line) for topic in found.topics] == [("tin", 1), ("tin-2", 2), ("zinc-2", 4)]
    assert [(loss.line, loss.why) for loss in found.losses] == [(3, "the same as line 1; the line was left out")]


PIECES = [*'ab"()-| ', "OR", "AND", "NOT", " site:x.com ", "AROUND(3)", "in title:", " *", "稀土", " -", "+", "~"]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
@settings(max_examples=300, deadline=None)
def test_every_line_becomes_a_query_that_compiles_or_is_told(pieces: list[str]) -> None:
    line = "".join(pieces)
    found = read_list([line])
    assert found.topics or found.losses or not line.strip()
    for topic in found.topics:
        spec = TopicSpec(id="t", name="t", match=QueryText(text=topic.query))
        assert compile_watchlist(WatchlistSpec(topics=(spec,)))[1] == ()
