"""Words and their places."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.text import Words, normalised_words, pieces, spellings, word_ranges, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rare-earth curbs, now!", ["Rare", "earth", "curbs", "now"]),
        ("US–China, US—China, US‑China", ["US", "China"] * 3),
        ("the U.S.-China talks", ["the", "U.S.", "China", "talks"]),
        ("in the U.S. and U.S.’s", ["in", "the", "U.S.", "and", "U.S.’s"]),
        ("J.K.Rowling at 9 a.m.", ["J.K.", "Rowling", "at", "9", "a.m."]),
        ("China’s l’accord O'Neill", ["China’s", "l’accord", "O'Neill"]),
        ("‘quoted’ 'words'", ["quoted", "words"]),
        ("1,100 1.100,50 1'100 1\u202f100 12,34,567", ["1,100", "1.100,50", "1'100", "1\u202f100", "12,34,567"]),
        ("in 2025,2026 and 1,2025", ["in", "2025", "2026", "and", "1", "2025"]),
        ("8.5bn 100pc 90-day 1st", ["8.5bn", "100pc", "90", "day", "1st"]),
        ("1.11.2025 2025-11-01 24/7", ["1", "11", "2025", "2025", "11", "01", "24", "7"]),
        ("C++ and C# and F# sharp", ["C++", "and", "C#", "and", "F#", "sharp"]),
        ("ra\u00adre e\u200barth", ["ra\u00adre", "e\u200barth"]),
        ("cafe\u0301", ["cafe\u0301"]),
        ("snake_case", ["snake", "case"]),
        ("稀土，11月", ["稀", "土", "，", "11", "月"]),
        ("ｶﾞｽ ガス", ["ｶﾞ", "ｽ", "ガ", "ス"]),
        ("한국 수출", ["한", "국", "수", "출"]),
        ("ภาษี", ["ภ", "า", "ษี"]),
        ("नवंबर १", ["नवंबर", "१"]),
        ("مـحـمـد", ["مـحـمـد"]),
        ("", []),
        ("… — !", []),
    ],
)
def test_words_are_cut_where_a_reader_would(text, expected):
    assert words(text) == expected


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=80))
def test_places_quote_the_text_as_given(text):
    assert [text[start:end] for start, end in word_ranges(text)] == words(text)
    assert all(fold for fold in normalised_words(text))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(["alpha", "U.S.", "稀", "1,100", "…", " "]), max_size=20).map(" ".join))
def test_any_range_of_a_text_leads_to_the_words_in_it(text):
    found = Words(text)
    for index, (start, end) in enumerate(found.ranges):
        assert found.indexes(start, end) == (index, index)
        assert found.indexes(start, len(text)) == (index, len(found.words) - 1)


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("U.S.", "", ("US",)),
        ("U.S.’s", "", ("US",)),
        ("China’s", "", ("China",)),
        ("l’accord", "fr", ("accord", "laccord")),
        ("D'Angelo", "it", ("DAngelo", "Angelo")),
        ("O’Neill", "", ("ONeill",)),
        ("1,100", "", ("1100",)),
        ("1\u202f100,50", "", ("1100.5",)),
        ("100.0", "", ("100",)),
        ("0.100", "", ("0.1",)),
        ("8.50bn", "", ("8.5bn",)),
        ("١٠٠", "", ("100",)),
        ("Çin'in", "tr", ("Çin", "Çinin")),
        ("ｶﾞ", "", ("ガ",)),
    ],
)
def test_a_word_is_compared_by_its_spellings(word, language, expected):
    assert spellings(word, language) == expected


def test_equal_texts_have_equal_normalised_words():
    one = normalised_words("The U.S.’s “Café”, 1,100 關稅。")
    other = normalised_words("the US CAFE\u0301 — 1100 关\u200b税")
    assert one == other == ["the", "us", "cafe", "1100", "关", "税"]


_ODD = "aB1. ,'’-–+#·\u00ad\u200b\u00a0\u202f\u2009\u0301éЖ稀レｶﾞ한ภ٣٬$€%\n"


@settings(deadline=None, max_examples=500)
@given(st.one_of(st.text(max_size=40), st.text(alphabet=_ODD, max_size=40)))
def test_the_words_of_the_pieces_are_the_words_of_the_text(text):
    assert [word for piece in pieces(text) for word in words(piece)] == words(text)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=_ODD, max_size=40))
def test_pieces_stand_in_the_text_one_after_the_other(text):
    end = 0
    for piece in pieces(text):
        end = text.index(piece, end) + len(piece)
        assert piece
