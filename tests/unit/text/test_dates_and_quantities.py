"""Days, percentages and amounts of money in a text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from monitor.text import Words, find_amounts, find_dates, find_percentages


def _dates(text: str, language: str = "en", **options) -> list[tuple[str, int | None, int, int]]:
    found = find_dates(Words(text), language, **options)
    return [(text[date.start : date.end], date.year, date.month, date.day) for date in found]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "from October 31-November 1.", [("October 31", None, 10, 31), ("November 1", None, 11, 1)]),
        ("en", "October 30-November 1", [("October 30", None, 10, 30), ("November 1", None, 11, 1)]),
        ("en", "Nov. 1, 2025, and more", [("Nov. 1, 2025", 2025, 11, 1)]),
        ("en", "November the 1st", [("November the 1st", None, 11, 1)]),
        ("en", "November first", [("November first", None, 11, 1)]),
        ("en", "1-5 November 2025", [("1-5 November 2025", 2025, 11, 1), ("5 November 2025", 2025, 11, 5)]),
        ("en", "November 1 and 10 percent", [("November 1", None, 11, 1)]),
        ("en", "November 1 to 5", [("November 1", None, 11, 1), ("November 1 to 5", None, 11, 5)]),
        ("en", "01-Nov-2025", [("01-Nov-2025", 2025, 11, 1)]),
        ("en", "2025-11-01T10:00", [("2025-11-01", 2025, 11, 1)]),
        ("en", "you may 1 day, May 1", [("May 1", None, 5, 1)]),
        ("en", "February 30, April 31", []),
        ("en", "24/7, 1/2/3/4, 11/1%", []),
        ("en", "9/11", [("9/11", None, 9, 11)]),
        ("es", "el 1 de noviembre de 2025", [("1 de noviembre de 2025", 2025, 11, 1)]),
        ("hu", "2025. november 1.", [("november 1", 2025, 11, 1)]),
        ("zh", "2025年11月1日", [("2025年11月1日", 2025, 11, 1)]),
        ("zh", "二〇二五年十一月二十一日", [("二〇二五年十一月二十一日", 2025, 11, 21)]),
        ("th", "1พฤศจิกายน 2568 และ 1 พ.ย.", [("1พฤศจิกายน 2568", 2025, 11, 1), ("1 พ.ย.", None, 11, 1)]),
        ("he", "ב-1 בנובמבר", [("1 בנובמבר", None, 11, 1)]),
    ],
)
def test_days_are_found_however_they_are_written(language, text, expected):
    assert _dates(text, language) == expected


def test_the_order_of_a_slashed_day_is_given():
    assert _dates("11/1") == [("11/1", None, 11, 1)]
    assert _dates("11/1", is_month_first=False) == [("11/1", None, 1, 11)]
    assert _dates("31/10", is_month_first=True) == [("31/10", None, 10, 31)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "100%, 1,100% and 0.100%", [("100%", "100"), ("1,100%", "1100"), ("0.100%", "0.1")]),
        (
            "en",
            "50-100% or 10 to 20 percent",
            [("50-100%", "50"), ("100%", "100"), ("10 to 20 percent", "10"), ("20 percent", "20")],
        ),
        ("en", "fifty-five percent", [("fifty-five percent", "55")]),
        ("en", "one hundred and five per cent", [("one hundred and five per cent", "105")]),
        ("en", "percent of them", []),
        ("de", "1.100 % und 0,5 Prozent", [("1.100 %", "1100"), ("0,5 Prozent", "0.5")]),
        ("en", "1.100 percent", [("1.100 percent", "1.1")]),
        ("fr", "1 100 % ou 5\u202f%", [("1 100 %", "1100"), ("5\u202f%", "5")]),
        ("zh", "百分之二十五、百分之12.5、百分百", [("百分之二十五", "25"), ("百分之12.5", "12.5"), ("百分百", "100")]),
        ("tr", "yüzde 25 ve %50", [("yüzde 25", "25"), ("%50", "50")]),
        ("ar", "١٠٠٪", [("١٠٠٪", "100")]),
        ("ja", "25パーセント", [("25パーセント", "25")]),
    ],
)
def test_percentages_are_found_as_values(language, text, expected):
    found = find_percentages(Words(text), language)
    assert [(text[number.start : number.end], number.value) for number in found] == [
        (words, Decimal(value)) for words, value in expected
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "$8.5bn", [("$8.5bn", "8500000000", "USD")]),
        ("en", "US$8,500 million", [("US$8,500 million", "8500000000", "USD")]),
        ("en", "8.5 billion U.S. dollars", [("8.5 billion U.S. dollars", "8500000000", "USD")]),
        ("en", "USD 8.5bn", [("USD 8.5bn", "8500000000", "USD")]),
        ("en", "HK$20, £5 and 100 men", [("HK$20", "20", "HKD"), ("£5", "5", "GBP")]),
        (
            "de",
            "8,5 Milliarden Euro; 3 Mio. €",
            [("8,5 Milliarden Euro", "8500000000", "EUR"), ("3 Mio. €", "3000000", "EUR")],
        ),
        ("de", "2 Billionen Dollar", [("2 Billionen Dollar", "2000000000000", "USD")]),
        ("fr", "8,5 milliards d'euros", [("8,5 milliards d'euros", "8500000000", "EUR")]),
        ("es", "8.500 millones de dólares", [("8.500 millones de dólares", "8500000000", "USD")]),
        ("zh", "85亿美元", [("85亿美元", "8500000000", "USD")]),
        ("zh", "3万元", [("3万元", "30000", "CNY")]),
    ],
)
def test_amounts_are_found_as_values(language, text, expected):
    found = find_amounts(Words(text), language)
    assert [(text[number.start : number.end], number.value, number.currency) for number in found] == [
        (words, Decimal(value), currency) for words, value, currency in expected
    ]
