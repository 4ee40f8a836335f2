from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clean import clean_text
from monitor.dedupe import fingerprint, is_return, place
from monitor.model import Article, Candidate, CopyKind, Fingerprint, Forgotten, Origin, Placement
from monitor.resources import folder

_TEXT = "The ministry licensed shipments of dysprosium and terbium in the last week of the quarter. " * 8
_SHORT = "The ministry licensed shipments of dysprosium and terbium last week."
_NOW = datetime(2025, 10, 23, tzinfo=UTC)


def _print(url: str = "", canonical: str = "", title: str = "Magnets", text: str = _TEXT) -> Fingerprint:
    return fingerprint(url=url, canonical=canonical, title=title, text=text)


def _stored(
    number: int, fingerprint: Fingerprint, original: int | None = None, origin: Origin = Origin.FEED
) -> Candidate:
    return Candidate(
        id=number,
        original_id=number if original is None else original,
        story_id=100 + (number if original is None else original),
        url_key=fingerprint.url_key,
        text_hash=fingerprint.text_hash,
        first_seen=_NOW + timedelta(minutes=number),
        origin=origin,
    )


def _under(original: int, kind: CopyKind = CopyKind.SAME) -> Placement:
    return Placement(duplicate_of=original, story_id=100 + original, kind=kind)


@pytest.mark.parametrize(
    ("has_address", "has_words", "age_days", "is_back"),
    [
        (True, True, None, True),
        (True, True, -5, True),
        (True, False, 40, True),
        (False, True, 40, True),
        (True, False, 20, False),
        (False, True, -1, False),
        (True, False, None, False),
        (False, True, None, False),
    ],
)
def test_what_was_forgotten_is_known_again_unless_it_may_be_new(
    has_address: bool, has_words: bool, age_days: int | None, is_back: bool
) -> None:
    published = None if age_days is None else _NOW - timedelta(days=age_days)
    article = Article(id=1, origin=Origin.FEED, first_seen=_NOW, published=published)
    assert is_return(article, Forgotten(at=_NOW, has_address=has_address, has_words=has_words)) is is_back
    assert not is_return(article, None)


@pytest.mark.parametrize(
    "other",
    [
        _TEXT.upper(),
        _TEXT.replace(" ", "\n"),
        _TEXT.replace(".", " !"),
        _TEXT.replace("dysprosium", "dys\u00adprosium").replace(" and ", "\u00a0and\u202f"),
        _TEXT.replace("shipments", "ship\uff4dents"),
        "“" + _TEXT + "”",
    ],
)
def test_the_same_words_have_the_same_hash(other: str) -> None:
    assert _print(text=other).text_hash == _print().text_hash


def test_other_words_have_another_hash() -> None:
    assert _print(text=_TEXT + "More.").text_hash != _print().text_hash


def test_entities_are_words_too() -> None:
    assert _print(text="Fish &amp; chips. " + _TEXT).text_hash == _print(text="Fish & chips. " + _TEXT).text_hash


@pytest.mark.parametrize("text", ["", "Read more", "Five words are too few", "稀土出口"])
def test_a_text_under_eight_words_has_no_hash(text: str) -> None:
    assert _print(text=text).text_hash == b""


def test_characters_count_as_words_where_there_are_no_spaces() -> None:
    assert len(_print(text="中国对稀土实施出口管制").text_hash) == 16


def test_the_title_tells_short_texts_apart_but_not_long_ones() -> None:
    assert _print(title="One", text=_SHORT).text_hash != _print(title="Two", text=_SHORT).text_hash
    assert _print(title="One").text_hash == _print(title="Two").text_hash


@pytest.mark.parametrize(
    ("url", "canonical", "key"),
    [
        ("https://ex.org/a?x=1", "https://ex.org/a", "ex.org/a"),
        ("https://clicks.example/1", "https://ex.org/a", "ex.org/a"),
        ("https://ex.org/1", "https://ex.org/", "ex.org/1"),
        ("https://ex.org/1", "", "ex.org/1"),
        ("https://ex.org/1", "javascript:void(0)", "ex.org/1"),
        ("", "https://ex.org/a", "ex.org/a"),
        ("https://ex.org/", "", ""),
    ],
)
def test_the_pages_own_address_counts_before_that_of_the_entry(url: str, canonical: str, key: str) -> None:
    assert _print(url=url, canonical=canonical).url_key == key


def test_the_first_of_its_kind_stands_alone() -> None:
    assert place(_print(url="https://ex.org/a"), []) == Placement()


def test_an_article_at_a_known_address_is_a_copy() -> None:
    stored = _stored(1, _print(url="https://www.ex.org/a/", text=_TEXT))
    assert place(_print(url="https://ex.org/a", text=_TEXT + "Edited."), [stored]) == _under(1, CopyKind.UPDATE)


def test_the_same_words_elsewhere_are_a_copy() -> None:
    stored = _stored(1, _print(url="https://ex.org/a"))
    assert place(_print(url="https://other.example/b"), [stored]) == _under(1)


def test_a_copy_of_a_copy_is_listed_under_the_original() -> None:
    copy = _stored(5, _print(url="https://ex.org/b"), original=2)
    assert place(_print(url="https://ex.org/b", text="Other words."), [copy]) == _under(2, CopyKind.UPDATE)


def test_of_several_originals_the_one_that_came_first_wins() -> None:
    young, old = _stored(7, _print(url="https://ex.org/a", text="Else.")), _stored(3, _print(url="https://ex.org/b"))
    for candidates in ([young, old], [old, young]):
        assert place(_print(url="https://ex.org/a"), candidates) == _under(3)


def test_an_article_that_came_first_but_is_studied_second_is_the_copy() -> None:
    stored = _stored(9, _print(url="https://ex.org/a"))
    assert place(_print(url="https://wire.example/a"), [stored]) == _under(9)


def test_front_pages_and_wordless_texts_equal_nothing() -> None:
    bare = _print(url="https://ex.org/", text="Read more")
    assert place(bare, [_stored(1, bare)]) == Placement()


def test_a_candidate_that_shares_nothing_is_passed_over() -> None:
    assert (
        place(_print(url="https://ex.org/a"), [_stored(1, _print(url="https://ex.org/b", text="Else."))]) == Placement()
    )


@pytest.mark.parametrize("path", sorted(folder("seeds").glob("*.txt")), ids=lambda path: path.stem[:3])
def test_a_fetched_copy_of_a_seed_is_listed_under_it(path) -> None:
    seed = clean_text(path.read_text("utf-8"))
    stored = _stored(1, fingerprint(url="", canonical="", title=seed.title, text=seed.text), origin=Origin.SEED)
    live = fingerprint(url="https://ex.org/a", canonical="", title="Another headline", text=seed.text.replace("’", "'"))
    assert place(live, [stored]) == _under(1)


def test_no_two_seeds_are_copies() -> None:
    pages = [clean_text(path.read_text("utf-8")) for path in folder("seeds").glob("*.txt")]
    prints = {fingerprint(url="", canonical="", title=page.title, text=page.text).text_hash for page in pages}
    assert len(prints) == 5


@given(st.permutations([1, 2, 3, 4]))
def test_arrival_order_of_equal_texts_makes_no_groups(order: list[int]) -> None:
    stored: list[Candidate] = []
    for number, site in enumerate(order, start=1):
        new = _print(url=f"https://site{site}.example/a")
        placed = place(new, stored)
        stored.append(_stored(number, new, original=placed.duplicate_of))
    assert {candidate.original_id for candidate in stored} == {1}
    assert {candidate.story_id for candidate in stored} == {101}
    assert place(replace(new, url_key=""), stored) == _under(1)
