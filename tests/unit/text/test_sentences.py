"""Sentences and paragraphs."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.text import paragraphs, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One came. Two left.", ["One came.", "Two left."]),
        ("The U.S. government said so. It did.", ["The U.S. government said so.", "It did."]),
        ("He left the U.S. The talks go on.", ["He left the U.S.", "The talks go on."]),
        ("Mr. Greer met Dr. He. They spoke.", ["Mr. Greer met Dr. He.", "They spoke."]),
        ("It starts on Nov. 1. Then more.", ["It starts on Nov. 1.", "Then more."]),
        ("J. Smith ran. No. 5 won.", ["J. Smith ran.", "No. 5 won."]),
        ("Acme Inc. shares fell. Acme Inc. The rest rose.", ["Acme Inc. shares fell.", "Acme Inc.", "The rest rose."]),
        ("Ab dem 1. November gilt es. Ende.", ["Ab dem 1. November gilt es.", "Ende."]),
        ("“It works.” She left.", ["“It works.”", "She left."]),
        ("Really? Yes! Good…", ["Really?", "Yes!", "Good…"]),
        ("It rose 8.5 percent. e.g. this.", ["It rose 8.5 percent. e.g. this."]),
        ("A headline\nA text. More", ["A headline", "A text.", "More"]),
        ("商务部公布。稀土！真的？", ["商务部公布。", "稀土！", "真的？"]),
        ("  padded.  \r\n\r\n  next  ", ["padded.", "next"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_sentences(text, expected):
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_paragraphs_are_the_lines_that_are_not_blank():
    text = "One.\n\n  Two. Three.  \r\n \nFour\u2028Five"
    assert [text[start:end] for start, end in paragraphs(text)] == ["One.", "Two. Three.", "Four", "Five"]


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="aA. \n!?1。’U.S", max_size=60))
def test_sentences_hold_all_but_space_in_order(text):
    found = sentences(text)
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())
    assert found == sorted(found)
    assert all(first[1] <= second[0] for first, second in pairwise(found))
