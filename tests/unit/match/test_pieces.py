"""What a table knows of a piece of a text is what its words have, however it came to know it."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.match.lexicon import Lexicon
from monitor.text import words
from tests.unit.match.building import article, topic, watchlist

_TOPICS = [
    "tariff",
    "=US",
    "'Tariffs'",
    "=Oreal",
    "café",
    "=It",
    "1100",
    "tarif*",
    "=*ET",
    "de:Zoll",
    "mouse",
    "ankara",
]
_PARTS = [
    *[
        "tariff",
        "Tariffs",
        "TARIFF",
        "US",
        "us",
        "U.S.",
        "l'Oreal",
        "Oreal",
        "café",
        "CAFÉ",
        "it",
        "IT",
        "1100",
        "1,100",
    ],
    *[
        "8bn",
        "MEET",
        "meet",
        "Zölle",
        "Mice",
        "mice",
        "Ankara",
        "'s",
        "’s",
        "'S",
        "s",
        "'",
        "’",
        "“",
        "”",
        "‘",
        "-",
        "–",
    ],
    *["—", "…", "•", ".", ",", "(", ")", "%", "$", "#", "+", "@", "_", "*", "`", "|", "&", "/", "a", "C", "0", "EUR3m"],
]
_pieces = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=5).map("".join)


@cache
def _lexicon(*, has_heads):
    lexicon = Lexicon(item.query for item in watchlist(*_TOPICS).topics)
    if has_heads:
        lexicon.learn_heads()
    return lexicon


def _keys(table, piece):
    return [set(table.keys_of[code]) for code in table[piece]]


@settings(deadline=None, max_examples=400)
@given(st.lists(_pieces, min_size=1, max_size=6), st.sampled_from(["en", "de", "fr", "tr"]), st.booleans())
def test_a_piece_has_the_keys_of_its_words(pieces, language, has_heads):
    table = _lexicon(has_heads=has_heads).table((language,)).renewed()
    for piece in pieces:
        assert _keys(table, piece) == [set(table._keys(word)) for word in words(piece)], piece


@pytest.mark.parametrize("language", ["en", "de"])
def test_pairs_are_found_among_many(language):
    rows = [f"w{number} v{number % 7}" for number in range(400)]
    # The first word of most pairs is in the text, so that there are many to try.
    topics = watchlist(*(f"'{row}'" for row in rows), *(f"'the u{number}'" for number in range(400)))
    text = f"the u3, w5 v5; w6 v5 and the w7. V0 the u399 {' '.join(rows[100:110])}"
    expected = [f"topic-{number}" for number in (5, 7, *range(100, 110), 403, 799)]
    found = [match.topic for match in topics.match(article(text, language=language))]
    assert sorted(found) == sorted(expected)
    more = topics.with_topic(topic("'and the'", "more"))
    assert "more" in [match.topic for match in more.match(article(text, language=language))]
    assert "more" not in [match.topic for match in topics.match(article(text, language=language))]
