"""The strict YAML: what it refuses, with the place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigError
from monitor.settings.tree import Items, Pairs, Scalar, decode, read_tree


@pytest.mark.parametrize(
    "word", ["no", "on", "~", "null", "012", "1.10", "22:00", "12:30:00", "2025-11-01", "1e3", "0x1f"]
)
def test_every_scalar_is_text(word: str) -> None:
    tree = read_tree(f"a: {word}\n", "m.yaml")

    assert isinstance(tree, Pairs)
    assert isinstance(value := tree.pairs[0][1], Scalar)
    assert value.text == word


def test_every_key_and_value_has_its_place() -> None:
    tree = read_tree('# top\nfeeds:\n  - a\n  - {url: "b", name: c}\n', "f.yaml")

    assert isinstance(tree, Pairs)
    key, feeds = tree.pairs[0]
    assert key.where == "f.yaml:2:1"
    assert isinstance(feeds, Items)
    first, second = feeds.nodes
    assert (first.where, second.where) == ("f.yaml:3:5", "f.yaml:4:5")
    assert isinstance(second, Pairs)
    assert [(pair[0].column, pair[1].column) for pair in second.pairs] == [(6, 12), (16, 22)]


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a: &x 1\n", "m.yaml:1:4", "anchors (&x) are not read"),
        ("a: 1\nb: *a\n", "m.yaml:2:4", "aliases (*a) are not read"),
        ("a: !!python/name:os.system x\n", "m.yaml:1:4", "tags (tag:yaml.org,2002:python/name:os.system) are not read"),
        ("a: !x {b: c}\n", "m.yaml:1:4", "tags (!x) are not read"),
        ("a: 1\nb: 2\na: 3\n", "m.yaml:3:1", "'a' is already in line 1"),
        ("<<: {a: 1}\n", "m.yaml:1:1", "merge keys (<<) are not read"),
        ("a:\n\tb: 1\n", "m.yaml:2:1", "a tab in the indentation"),
        ("a:\n  \tb: 1\n", "m.yaml:2:3", "a tab in the indentation"),
        ("a: 1\x07\n", "m.yaml:1:5", "the character U+0007 is not allowed"),
        ("a: 1\n---\nb: 2\n", "m.yaml:2:1", "a second document"),
        ("? [a]\n: b\n", "m.yaml:1:3", "a list or mapping cannot be a key"),
        ("# nothing\n", "m.yaml", "holds nothing but comments"),
        ("a: 'b\nc: d\n", "m.yaml:1:4", "a quote or bracket is opened and never closed"),
        ("a: [b, c\nd: e\n", "m.yaml:1:4", "text after a value inside [ ] or { }, or a bracket that is not closed"),
        ("a: b: c\n", "m.yaml:1:5", "a second ': ' in one line, or a line that is indented too far"),
        ("a: @b\n", "m.yaml:1:4", "this character cannot start a value"),
        ("a: %b\n", "m.yaml:1:4", "this character cannot start a value"),
        ("a: 1\n b: 2\n", "m.yaml:2:3", "a second ': ' in one line, or a line that is indented too far"),
        ("a: \"\\d\"\n", "m.yaml:1:5", "an unknown \\ escape in double quotes"),
        ("- a\nb: c\n", "m.yaml:2:1", "a line of a list that does not start with '- '"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_an_error_with_its_place(text: str, where: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_tree(text, "m.yaml")

    assert (caught.value.where, caught.value.what) == (where, what)
    assert caught.value.hint


def test_an_alias_bomb_stops_at_its_first_anchor() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))

    with pytest.raises(ConfigError, match="anchors") as caught:
        read_tree(bomb, "m.yaml")

    assert caught.value.where == "m.yaml:1:5"


@pytest.mark.parametrize("deep", ["[" * 100_000, "{" * 100_000, "- " * 100_000, "? " * 100_000, "[{a: " * 50_000])
def test_deep_nesting_is_refused_before_it_can_hurt(deep: str) -> None:
    with pytest.raises(ConfigError, match=r"nested too deeply|cannot be a key"):
        read_tree(deep, "m.yaml")


@pytest.mark.parametrize(
    ("raw", "where", "what"),
    [
        (b"", "m.yaml", "the file is empty"),
        (b" \n\n", "m.yaml", "the file is empty"),
        (b"a: x\nb: caf\xe9\n", "m.yaml:2:7", "byte 11 (0xe9) is not UTF-8"),
        ("a: x".encode("utf-16"), "m.yaml:1:1", "byte 0 (0xff) is not UTF-8"),
        (b"a" * 101, "m.yaml", "101 bytes are too many"),
    ],
)
def test_a_file_that_is_no_text_is_refused(raw: bytes, where: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        decode(raw, "m.yaml", max_bytes=100)

    assert (caught.value.where, caught.value.what) == (where, what)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbfa: 1\n", "m.yaml", max_bytes=100) == "a: 1\n"


@given(st.text(st.sampled_from("ab:-'\"[]{}#&*!|>%@`, \n\t?\\x07"), max_size=40), st.booleans())
def test_any_text_is_read_or_refused_with_a_place(text: str, is_watchlist: bool) -> None:
    try:
        where = read_tree(text, "m.yaml", is_watchlist=is_watchlist).where
    except ConfigError as error:
        where = error.where

    assert where.startswith("m.yaml")
