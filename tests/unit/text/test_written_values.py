"""The table of written percentages, amounts and days."""

from __future__ import annotations

from decimal import Decimal

import pytest

from monitor.text import Words, base_language, find_amounts, find_dates, find_percentages
from tests.unit.text import written_values as written

_DAY_FIRST = {"en-GB", "fr", "vi"}


@pytest.mark.parametrize(("language", "text", "expected"), written.PERCENTAGES)
def test_a_percentage_is_read_for_what_it_is(language, text, expected):
    found = find_percentages(Words(text), language)
    assert {number.value for number in found} == {Decimal(value) for value in expected.split()}


@pytest.mark.parametrize(("language", "text", "expected"), written.AMOUNTS)
def test_an_amount_is_read_for_what_it_is(language, text, expected):
    found = find_amounts(Words(text), language)
    assert {(number.value, number.currency) for number in found} == {
        (Decimal(item[:-3]), item[-3:]) for item in expected.split()
    }


@pytest.mark.parametrize(("language", "text", "expected"), written.DAYS)
def test_a_day_is_read_for_what_it_is(language, text, expected):
    found = find_dates(Words(text), base_language(language), is_month_first=language not in _DAY_FIRST)
    days = {"-".join(str(part) for part in (day.year, day.month, day.day) if part is not None) for day in found}
    assert days == set(expected.split())


@pytest.mark.parametrize(("language", "text", "expected"), written.PERCENTAGES + written.AMOUNTS + written.DAYS)
def test_what_is_found_is_a_part_of_the_text_that_ends_where_a_word_or_sign_does(language, text, expected):
    words = Words(text)
    code = base_language(language)
    for value in [*find_percentages(words, code), *find_amounts(words, code), *find_dates(words, code)]:
        quoted = text[value.start : value.end]
        assert quoted
        assert quoted == quoted.strip()
        assert words.indexes(value.start, value.end)[0] <= words.indexes(value.start, value.end)[1], expected


@pytest.mark.parametrize("text", ["Nov. 1-", "5% ", "5 percent ", "$5 ", "5 dollars ", "11月1日", "百分之五"])
def test_of_a_hostile_text_no_more_is_read_than_a_few_thousand_values(text):
    words = Words(text * 10_000)
    found = [*find_percentages(words, "en"), *find_amounts(words, "en"), *find_dates(words, "en")]
    assert 1_000 <= len(found) <= 4_000
