"""The table of cases, each as a topic of its own on an article of 24 October 2025."""

from __future__ import annotations

import pytest

from tests.unit.match import cases
from tests.unit.match.building import article, is_match, on


@pytest.mark.parametrize(("language", "query", "text", "expected"), cases.ALL)
def test_a_query_finds_what_it_means(language, query, text, expected):
    assert is_match(query, article(text, language=language, time=on(2025, 10, 24))) is expected


@pytest.mark.parametrize(("language", "query", "text", "expected"), cases.ALL)
def test_a_query_finds_the_same_when_written_as_it_is_printed(language, query, text, expected):
    from tests.unit.match.building import watchlist

    printed = watchlist(query).topics[0].query_text
    assert is_match(printed, article(text, language=language, time=on(2025, 10, 24))) is expected


def test_the_table_covers_many_languages_and_cases():
    assert len({language for language, *_ in cases.ALL}) >= 18
    assert len(cases.ALL) >= 250
