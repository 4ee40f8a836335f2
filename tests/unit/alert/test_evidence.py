"""Which sentences an alert shows, and where their marks are."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from monitor.alert.evidence import MAX_CHARACTERS, MAX_SENTENCES, pick_sentences, safe_sentence
from monitor.model import Match, Sentence, Span, Zone
from monitor.text import sentences
from tests.unit.alert.samples import TEXT, TITLE, article, span


def shown(*spans: Span, title: str = TITLE, text: str = TEXT) -> list[str]:
    """Return the sentences with each mark in brackets."""
    picked = pick_sentences(
        article(title=title, text=text), Match(topic="t", spans=tuple(sorted(spans))), sentences(text)
    )
    return [bracket(safe_sentence(sentence)) for sentence in picked]


def bracket(sentence: Sentence) -> str:
    text = sentence.text
    for start, end in reversed(sentence.marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def test_the_sentence_with_most_clauses_comes_first() -> None:
    text = "A tariff came. The tariff of May hit rare earths. Rare things stay."
    assert shown(span(text, "tariff"), span(text, "tariff of", "tariff"), span(text, "rare earths"), text=text) == [
        "The [tariff of] May hit [rare earths].",
        "A [tariff] came.",
    ]


def test_the_title_is_a_sentence_and_first_among_equals() -> None:
    assert shown(span(TEXT, "controls"), span(TITLE, "controls", zone=Zone.TITLE))[0] == (
        "China tightens rare-earth export [controls]"
    )


def test_sentences_are_chosen_to_show_every_clause() -> None:
    text = "One ash, birch. Two ash, birch. Three ash, birch. Four cedar."
    spans = [
        Span(zone=Zone.BODY, start=word.start(), end=word.end(), text=word[0], clause=word[0])
        for word in re.finditer("ash|birch|cedar", text)
    ]
    assert shown(*spans, text=text) == ["One [ash], [birch].", "Four [cedar].", "Two [ash], [birch]."]


def test_overlapping_and_touching_spans_are_one_mark() -> None:
    assert shown(span(TEXT, "rare earths"), span(TEXT, "earths"), span(TEXT, "rare")) == [
        "The ministry widened its controls on [rare earths] and on magnets."
    ]


def test_a_long_sentence_is_cut_around_its_marks() -> None:
    text = "word " * 300 + "the tariff of November 1 " + "word " * 300
    (line,) = shown(span(text, "tariff"), span(text, "November 1"), text=text)
    assert "the [tariff] of [November 1] word" in line
    assert line.startswith("…word")
    assert line.endswith("word…")
    assert len(line) - 4 <= MAX_CHARACTERS


def test_a_cut_shows_the_place_with_most_marks() -> None:
    text = "tariff " + "x" * 900 + " tariff tariff tariff " + "x" * 900
    starts = [0, *(text.index(" tariff tariff") + 1 + 7 * n for n in range(3))]
    spans = [Span(zone=Zone.BODY, start=start, end=start + 6, text="tariff", clause="t") for start in starts]
    (line,) = shown(*spans, text=text)
    assert "[tariff] [tariff] [tariff]" in line


def test_marks_stay_on_their_words_when_a_sentence_is_cleaned() -> None:
    text = "\u202eSoft\u00adware \t tar\u200biff\x00on \ud800 rare\n"
    assert shown(span(text, "tar\u200biff"), span(text, "rare"), text=text) == ["Software [tariff] on [rare]"]


@given(
    text=st.text(alphabet=st.sampled_from("ab .\n\u202e\x00\ud800稀"), max_size=900),
    cuts=st.lists(st.tuples(st.integers(0, 900), st.integers(1, 450), st.sampled_from("xyz")), max_size=8),
)
def test_any_spans_give_short_sentences_with_sound_marks(text: str, cuts: list[tuple[int, int, str]]) -> None:
    spans = [
        Span(zone=Zone.BODY, start=start, end=min(start + size, len(text)), text="", clause=clause)
        for start, size, clause in cuts
        if start < len(text)
    ]
    picked = pick_sentences(article(text=text), Match(topic="t", spans=tuple(sorted(spans))), sentences(text))
    assert len(picked) <= MAX_SENTENCES
    assert bool(picked) == bool(spans)
    for sentence in map(safe_sentence, picked):
        assert safe_sentence(sentence) == sentence
        assert len(sentence.text) <= MAX_CHARACTERS
        ends = [0, *(end for mark in sentence.marks for end in mark), len(sentence.text)]
        assert ends == sorted(ends)
        assert all(start < end for start, end in sentence.marks)
