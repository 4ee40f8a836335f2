"""Dates whose month is a number: ISO, slashes, dots, Chinese, Japanese, Korean, Vietnamese; and Thai, set solid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from monitor.text.flat import flatten
from monitor.text.months import month_names

# start, end, year, month, day
_Found = tuple[int, int, int | None, int, int]
_DIGITS_JOINED = re.compile(r"\d[-/.‑]\s?\d")
_ISO = re.compile(r"(?<![\d/.,-])(\d{4})([-/]|\.\s?)(\d{1,2})\2(\d{1,2})(?!\d|[-/]\d)")
_THREE = re.compile(r"(?<![\d/.,-])(\d{1,2})([-/]|\.\s?)(\d{1,2})\2(\d{4}|\d\d)(?![\d/-])")
_SLASH = re.compile(r"(?<![\d/.,$€£-])(\d{1,2})/(\d{1,2})(?![\d/%]|[.,]\d|\s*%)")
_DOTTED = re.compile(r"(?<![\d/.,-])(?<!\d\.\s)(\d{1,2})\.\s?(\d{1,2})\.(?!\d|\s?\d{4})")
_HAN = "〇零一二三四五六七八九十"
_HAN_NUMBER = rf"\d{{1,2}}|[{_HAN}]{{1,3}}"
_HAN_DATE = re.compile(
    rf"(?:(\d{{4}}|[{_HAN}]{{4}})\s*年\s*)?(?<!\d)({_HAN_NUMBER})\s*月\s*({_HAN_NUMBER})\s*(?:[日号]|(?=[-~至、]\s*\d{{1,2}}[日号]))"
)
_KOREAN = re.compile(r"(?:(\d{4})\s*년\s*)?(?<!\d)(\d{1,2})\s*월\s*(\d{1,2})\s*(?:일|(?=[-~,]\s*\d{1,2}일))")
_NEXT_DAY = re.compile(rf"\s*(?:[-~至到、和及與与]|から|에서|부터|,|と)\s*({_HAN_NUMBER})\s*[日号일](?!本|경)")
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})\s+thang\s+(\d{1,2})(?!\d)(?:[\s,]+nam\s+(\d{4}))?")
_DOTTED_LANGUAGES_TEXT = """
de da fi nb nn no cs sk pl ru uk bg sl hr sr et lv lt hu ro tr is
"""
_DOTTED_LANGUAGES = frozenset(_DOTTED_LANGUAGES_TEXT.split())
_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}


def numeric_dates(text: str, language: str, *, is_month_first: bool) -> Iterator[_Found]:
    """Yield (start, end, year, month, day) of what may be a date; the day is not checked against its month."""
    if _DIGITS_JOINED.search(text):
        yield from _joined(text, language, is_month_first=is_month_first)
    if "thang" in text:
        for match in _VIETNAMESE.finditer(text):
            yield *match.span(), int(match[3]) if match[3] else None, int(match[2]), int(match[1])
    if not text.isascii():
        yield from _lettered(text)


def _joined(text: str, language: str, *, is_month_first: bool) -> Iterator[_Found]:
    for match in _ISO.finditer(text):
        yield *match.span(), int(match[1]), int(match[3]), int(match[4])
    for match in _THREE.finditer(text):
        # Between dots the day comes first everywhere.
        yield *match.span(), int(match[4]), *_ordered(match[1], match[3], is_month_first and match[2][0] != ".")
    for match in _SLASH.finditer(text):
        if match[0] != "24/7":
            yield *match.span(), None, *_ordered(match[1], match[2], is_month_first)
    if language in _DOTTED_LANGUAGES:
        for match in _DOTTED.finditer(text):
            yield *match.span(), None, int(match[2]), int(match[1])


def _ordered(first: str, second: str, is_month_first: bool) -> tuple[int, int]:  # noqa: FBT001 - private
    """Return month and day; numbers that make no date in the given order are tried in the other."""
    month, day = (int(first), int(second)) if is_month_first else (int(second), int(first))
    return (day, month) if month > 12 >= day else (month, day)


def _lettered(text: str) -> Iterator[_Found]:
    if "月" in text:
        for match in _HAN_DATE.finditer(text):
            yield from _with_next(text, match.span(), _han_year(match[1]), _han_number(match[2]), _han_number(match[3]))
    if "월" in text:
        for match in _KOREAN.finditer(text):
            yield from _with_next(text, match.span(), _han_year(match[1]), int(match[2]), int(match[3]))
    pattern, numbers = _thai()
    if pattern.search(text):
        for match in pattern.finditer(text):
            yield *match.span(), int(match[3]) if match[3] else None, numbers[match[2]], int(match[1])


def _with_next(text: str, span: tuple[int, int], year: int | None, month: int, day: int) -> Iterator[_Found]:
    """Yield a day, and those joined to it without a month: 5日 of 11月1日-5日. A lower one is of the next month."""
    yield *span, year, month, day
    end = span[1]
    while match := _NEXT_DAY.match(text, end):
        following = _han_number(match[1])
        if following <= day:
            month, year = month % 12 + 1, year + 1 if year and month == 12 else year
        day, end = following, match.end()
        yield span[0], end, year, month, day


def _han_number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(str(_HAN_DIGITS[char]) for char in text))
    if "十" in ones:
        return 0
    return 10 * (_HAN_DIGITS[tens] if len(tens) == 1 else 1) + (_HAN_DIGITS[ones] if len(ones) == 1 else 0)


def _han_year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if text.isdecimal() else int("".join(str(_HAN_DIGITS.get(char, 0)) for char in text))


@lru_cache(maxsize=1)
def _thai() -> tuple[re.Pattern[str], dict[str, int]]:
    """Return the pattern of a Thai date, and the month of each name it may hold."""
    numbers = {}
    for name, number in month_names("th").items():
        numbers[name if " " not in name else f"{name.replace(' ', '.')}."] = number
    names = "|".join(re.escape(flatten(name)) for name in sorted(numbers, key=len, reverse=True))
    return re.compile(rf"(?<!\d)(\d{{1,2}})\s*({names})(?:\s*(?:พ\.ศ\.|ค\.ศ\.)?\s*(\d{{4}}))?"), numbers
