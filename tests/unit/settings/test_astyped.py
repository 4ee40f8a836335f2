"""What people type in a watchlist is what the program reads, whatever YAML would make of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigError
from monitor.settings.schema import Keys
from monitor.settings.tree import Items, Node, Pairs, Scalar, read_tree

# As typed -> as read; None: the same.
SPELLINGS = [
    ("rare-earth controls", None),
    ('"phase one" OR "section 301"', None),
    ("'tariffs' AND China", None),
    ("'tariffs' AND 'China'", None),
    ("*zoll* AND x", None),
    ("*zoll*", None),
    ("* AND x", None),
    ('"a b" NEAR/5 c', None),
    ('a NEAR/5 "b c"', None),
    ("$x AND y: z", None),
    ("$rare_earths NEAR/12 (control OR curb)", None),
    ("%", None),
    ("%TAG AND x", None),
    ("100% tariff", None),
    ("@mofcom OR x", None),
    ("`code` OR x", None),
    ("title:(tariff AND China)", None),
    ("title: tariff", None),
    ("a: b", None),
    ("Tariffs: the next round", None),
    ("tariffs:", None),
    ("& more", None),
    ("&anchor AND x", None),
    ("!important OR x", None),
    ("!!str x", None),
    ("=US AND tariff", None),
    ("=", None),
    ("no", None),
    ("Yes", None),
    ("null", None),
    ("~", None),
    ("012", None),
    ("22:00", None),
    ("2025-11-01", None),
    ("1.10", None),
    ("2 OF (a, b, c)", None),
    ("(a OR b) AND c", None),
    ("date(11-01) NEAR/15 tariff", None),
    ("amount(USD 8.5bn) OR pct(>=50)", None),
    (", a", None),
    ("?a OR a?b", None),
    ("? a", None),
    ("-a", None),
    ("-- a", None),
    ("a, b", None),
    ("a] OR b}", None),
    ("#MeToo AND x", None),
    ("Company #1 tariffs", None),
    ("C# AND x", None),
    ("tariff AND x # the desk's own", "tariff AND x"),
    ("tariff AND x  #old", "tariff AND x"),
    ("tariff # one # two", "tariff"),
    ('"a # b" OR c', None),
    ("'a # b' OR c", None),
    ("China's tariffs # note", "China's tariffs"),
    ("China's tariffs and Japan's", None),
    ("it's 'a' AND b", None),
    ('"a" "b"', None),
    ('say "a" and "b"', None),
    ("C:\\new AND \\x", None),
    ("稀土 OR レアアース", None),
    ("“rare earth” AND x", None),
    ("a AND b   ", "a AND b"),
    ("'unclosed", None),
    ('"unclosed', None),
    ("> a", None),
    ("| a", None),
    ("<<", None),
    ("--- a", None),
    ("a | b", None),
    ("a > b", None),
    ("a: | b", None),
    ("...", None),
]

# Quoted as a whole: what the quotes say, and their sign.
QUOTED = [
    ('"rare earth"', "rare earth", '"'),
    ('"a # b"', "a # b", '"'),
    ('"a \\" b"', 'a " b', '"'),
    ('"rare earth"  # note', "rare earth", '"'),
    ("'tariffs AND China'", "tariffs AND China", "'"),
    ("'it''s'", "it's", "'"),
    ("'\"phase one\" OR x'", '"phase one" OR x', "'"),
]


@pytest.mark.parametrize(("typed", "expected"), SPELLINGS)
def test_a_query_is_read_as_typed(typed: str, expected: str | None) -> None:
    query = match_of(f"topics:\n  - id: x\n    match: {typed}\n    owner: me\n")

    assert (query.text, query.style) == (expected or typed, "")
    assert (query.line, query.column) == (3, 12)


@pytest.mark.parametrize(("typed", "expected"), [pair for pair in SPELLINGS if pair[0] not in {"tariffs:", "<<"}])
def test_a_topic_line_is_read_as_typed(typed: str, expected: str | None) -> None:
    topic = topics_of(f"topics:\n  - {typed}\n  - next\n")[0]

    assert isinstance(topic, Scalar)
    assert (topic.text, topic.style) == (expected or typed, "")
    assert (topic.line, topic.column) == (2, 5)


@pytest.mark.parametrize(("typed", "expected", "style"), QUOTED)
def test_quotes_around_the_whole_are_kept_apart(typed: str, expected: str, style: str) -> None:
    topic, query = topics_of(f"topics:\n  - {typed}\n  - match: {typed}\n")

    assert isinstance(topic, Scalar)
    assert (topic.text, topic.style, topic.column) == (expected, style, 6)
    match = match_of(f"topics:\n  - match: {typed}\n")
    assert (match.text, match.style, match.line, match.column) == (expected, style, 2, 13)
    assert isinstance(query, Pairs)


@pytest.mark.parametrize(
    ("lines", "expected", "place"),
    [
        ('match: "phase one" OR\n      "section 301"', '"phase one" OR "section 301"', (2, 12)),
        ('match: "phase one" OR  # first\n      "section 301" # second', '"phase one" OR "section 301"', (2, 12)),
        ('match:\n      "phase one" OR\n      "section 301"', '"phase one" OR "section 301"', (3, 7)),
        ("match:\n\n      # the long one\n      *zoll* AND x", "*zoll* AND x", (5, 7)),
        ("match: >\n      a: b OR\n      *c*", "a: b OR *c*", (3, 7)),
        ("match: |\n      - a\n      match: b", "- a\nmatch: b", (3, 7)),
        ("match: 'a OR\n      b'", "a OR b", (2, 13)),
        ("match : *zoll* AND x", "*zoll* AND x", (2, 13)),
    ],
)
def test_a_query_may_run_over_lines(lines: str, expected: str, place: tuple[int, int]) -> None:
    query = match_of(f"topics:\n  - {lines}\n    owner: me\n  - next\n")

    assert query.text.rstrip("\n") == expected
    assert (query.line, query.column) == place


@pytest.mark.parametrize(
    "topic",
    [
        "{id: x, match: 'a: b', name: y}",
        "{id: x,\n     match: 'a: b',\n     name: y}",
        "id: x\n    match: {score: {threshold: 20,\n      terms: {'\"rare earth\"': 15, magnet: 10}}}",
        'id: x\n    match:\n      score:\n        threshold: 20\n        terms:\n          "a b": 15\n          c: 10',
        'name: China\'s tariffs\n    not: [penny stock, "Earth Day"]  # vetoes\n    match: x',
        "match: x\n    not:\n    - penny stock\n    - *zoll*",
        'match: x\n    examples:\n      match:\n        - "Truce" holds: talks resume\n      reject: [a, b]',
    ],
)
def test_lists_and_mappings_are_left_to_yaml(topic: str) -> None:
    read, following = topics_of(f"topics:\n  - {topic}\n  - next\n")

    assert isinstance(read, Pairs)
    assert isinstance(following, Scalar)
    assert following.line == topic.count("\n") + 3


def test_lists_of_terms_are_read_as_typed_too() -> None:
    tree = read_tree('define:\n  duties:\n    - *zoll*\n    - a: b\n    - "a" b\n', "w.yaml", is_watchlist=True)

    terms = Keys(Keys(tree, "w").need("define", lambda node: node), "define").need("duties", lambda node: node)
    assert isinstance(terms, Items)
    assert [node.text for node in terms.nodes if isinstance(node, Scalar)] == ["*zoll*", "a: b", '"a" b']


@pytest.mark.parametrize("line", ["nmae: x", "watch: tariffs", "id: x", "Id: x\n    match: y", "a: b\n    match: y"])
def test_a_misspelt_key_is_not_taken_for_a_topic(line: str) -> None:
    assert isinstance(topics_of(f"topics:\n  - {line}\n")[0], Pairs)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("topics:\n  - the tariff\n    - the talks\n", "w.yaml:3:5"),
        ("topics:\n  - id: x\n    match: tariff\n      not: [a]\n", "w.yaml:4:7"),
    ],
)
def test_a_line_indented_into_a_text_is_an_error(text: str, where: str) -> None:
    with pytest.raises(ConfigError, match="indented into the text above") as caught:
        read_tree(text, "w.yaml", is_watchlist=True)

    assert caught.value.where == where


def test_windows_line_ends_change_nothing() -> None:
    assert match_of('topics:\r\n  - match: "a" OR b\r\n    owner: me\r\n').text == '"a" OR b'


@given(st.text(st.sampled_from("ab \"'#:*&!|>%@`,[]{}$=-?()\\稀"), min_size=1, max_size=24))
def test_any_text_in_single_quotes_is_that_text(text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"

    assert match_of(f"topics:\n  - match: {quoted}\n").text == text


@given(st.text(st.sampled_from("ab \"'#:*&!%@`,$=-?()\\稀"), min_size=1, max_size=24).map(str.strip).filter(bool))
def test_typing_never_moves_the_neighbours(text: str) -> None:
    tree = topics_of(f"topics:\n  - id: x\n    match: q {text}\n    owner: me\n  - next\n")

    assert [node.line for node in tree] == [2, 5]


def topics_of(text: str) -> tuple[Node, ...]:
    topics = Keys(read_tree(text, "w.yaml", is_watchlist=True), "watchlist").need("topics", lambda node: node)
    assert isinstance(topics, Items)
    return topics.nodes


def match_of(text: str) -> Scalar:
    match = Keys(topics_of(text)[0], "topic").need("match", lambda node: node)
    assert isinstance(match, Scalar)
    return match
