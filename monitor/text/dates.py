"""Days of the year named in a text: `Nov. 1`, `1st of November`, `1er novembre`, `2025-11-01`, `11月1日`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from monitor.text.forms import clean_word, fold
from monitor.text.months import MonthTable, month_table
from monitor.text.numeric_dates import numeric_dates
from monitor.text.tokens import Words

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY = re.compile(r"\u0648?(\d{1,2})(?:st|nd|rd|th|er|re|º|ª|o|a|e|η|ην)?(?:'s)?", re.IGNORECASE)
_YEAR = re.compile(r"(1[89]|20|21|24|25)\d\d")
_FIRSTS_TEXT = """
first premier primero primeiro primo ersten erste eersten primer pierwszego первого
"""
_FIRSTS = frozenset(_FIRSTS_TEXT.split())
_CONNECTORS = frozenset({"of", "de", "del", "di", "d", "the", "den"})
_SPACE = re.compile(r"[ \t\n\r\u00a0\u202f\u2009]*")
_AFTER_DAY = re.compile(r"[.°]?[ \t\n\r\u00a0\u202f\u2009]*")
_AFTER_NAME = re.compile(r"[ \t\n\r\u00a0\u202f\u2009]*|\.[ \t\n\r\u00a0\u202f\u2009]*")
_BEFORE_YEAR = re.compile(r"[.,]?[ \t\n\r\u00a0\u202f\u2009]*")
_DASH = re.compile(r"[.]?\s*[-‐‑‒–—−/]\s*")
_RANGE_WORDS_TEXT = """
to through until till and or bis und au et al y a e
"""
_QUANTITIES = {"percent", "pct", "thousand", "million", "billion", "trillion"}
_RANGE_WORDS = frozenset(_RANGE_WORDS_TEXT.split())
_LONGEST_ABBREVIATION = 5
_BUDDHIST_YEARS = 543


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A day named in a text, at half-open code point offsets; `year` is None where the text gives none."""

    start: int
    end: int
    month: int
    day: int
    year: int | None = None


def is_day(month: int, day: int) -> bool:
    """Return whether a month has such a day in some year."""
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def find_dates(words: Words, language: str, *, is_month_first: bool = True) -> list[FoundDate]:
    """Return the days named in a text, in order; of a range both ends.

    `is_month_first` decides what `11/1` is; a named month needs no such help.
    """
    found = {(date.start, date.end): date for date in _named_dates(words, month_table(language))}
    for start, end, year, month, day in numeric_dates(words.text, language, is_month_first=is_month_first):
        if is_day(month, day):
            found.setdefault((start, end), FoundDate(start=start, end=end, year=plain_year(year), month=month, day=day))
    return sorted(found.values(), key=lambda date: (date.start, date.end))


def plain_year(year: int | None) -> int | None:
    """Return a year of our calendar: a Buddhist one (2568) is counted back, one of two digits is of this century."""
    if year is None:
        return None
    if year < 100:
        return 2000 + year if year < 70 else 1900 + year
    return year - _BUDDHIST_YEARS if year > 2400 else year


def _named_dates(words: Words, table: MonthTable) -> Iterator[FoundDate]:
    tokens = words.words
    for index in [index for index, token in enumerate(tokens) if table[token]]:
        yield from _MonthPlace(words, table, index, index, table[tokens[index]]).dates()
    if table.has_long_names:
        for index, (first, second) in enumerate(pairwise(tokens)):
            month = table.long_name(first, second)
            if month:
                yield from _MonthPlace(words, table, index, index + 1, month).dates()


class _MonthPlace:
    """A month's name in a text, word `first` to word `last`, and what stands around it."""

    def __init__(self, words: Words, table: MonthTable, first: int, last: int, month: int) -> None:
        self._words = words
        self._table = table
        self._first = first
        self._last = last
        self._month = month

    def dates(self) -> list[FoundDate]:
        """Return the days of this month named here."""
        return self._day_first() or self._month_first()

    def _token(self, index: int) -> str:
        return self._words.words[index] if 0 <= index < len(self._words.words) else ""

    def _day_at(self, index: int) -> int:
        """Return the day that a word names, 0 for none."""
        token = self._token(index)
        match = _DAY.fullmatch(clean_word(token))
        day = int(match[1]) if match else int(fold(token) in _FIRSTS)
        return day if is_day(self._month, day) else 0

    def _year_at(self, index: int) -> int | None:
        token = clean_word(self._token(index))
        return plain_year(int(token)) if _YEAR.fullmatch(token) else None

    def _day_first(self) -> list[FoundDate]:
        index = self._first - 1
        pattern = _AFTER_DAY
        while fold(self._token(index)) in _CONNECTORS and pattern.fullmatch(self._words.between(index)):
            index -= 1
        day = self._day_at(index)
        year, end = self._year_after(self._last)
        if not day or self._is_month(index - 1):
            return []
        gap = self._words.between(index)
        if not pattern.fullmatch(gap) and not (year and gap in {"-", "/", "‑"}):
            return []
        dates = [self._date(index, end, day, year)]
        other = self._other_day(index - 1)
        return [self._date(other, end, self._day_at(other), year), *dates] if other >= 0 else dates

    def _is_month(self, index: int) -> bool:
        return index >= 0 and bool(self._table[self._token(index)])

    def _month_first(self) -> list[FoundDate]:
        index = self._last + 1
        if self._token(index).casefold() == "the" and self._day_at(index + 1):
            index += 1
        day = self._day_at(index)
        gap = self._words.between(index - 1)
        if not day or not _AFTER_NAME.fullmatch(gap) or (gap.startswith(".") and not self._is_short()):
            return []
        if self._is_quantity(index):
            return []
        second = self._second_day(index)
        year, end = self._year_after(max(index, second))
        if (
            year is None
            and self._year_at(self._first - 1)
            and _AFTER_DAY.fullmatch(self._words.between(self._first - 1))
        ):
            year = self._year_at(self._first - 1)
        dates = [self._date(self._first, end if second < 0 else index, day, year)]
        return [*dates, self._date(self._first, end, self._day_at(second), year)] if second >= 0 else dates

    def _is_short(self) -> bool:
        return len(self._token(self._last)) <= _LONGEST_ABBREVIATION

    def _other_day(self, index: int) -> int:
        """Return the word that names the 1st in `1-5 November`, where the 5th is word `index + 1`; -1 for none."""
        if _DASH.fullmatch(self._words.between(index)) and self._day_at(index):
            return index
        is_word = self._token(index).casefold() in _RANGE_WORDS and _SPACE.fullmatch(self._words.between(index))
        return (
            index - 1
            if is_word and self._day_at(index - 1) and _AFTER_DAY.fullmatch(self._words.between(index - 1))
            else -1
        )

    def _second_day(self, index: int) -> int:
        """Return the word that names the second day of `November 1-5`, whose first day is word `index`; -1 for none."""
        after = index + 1
        if not _DASH.fullmatch(self._words.between(index)):
            if (
                self._token(after).casefold() not in {"to", "through", "and"}
                or not self._words.between(index).isspace()
            ):
                return -1
            after += 1
        following = self._words.between(after).lstrip()[:1] if self._token(after) else "%"
        return after if self._day_at(after) and following not in {"%", "％"} and not self._is_counted(after) else -1

    def _is_quantity(self, index: int) -> bool:
        """Return whether a number is of something else: `in November 1 percent`, `November 1%`."""
        gap, word = self._words.between(index), self._token(index + 1).casefold()
        is_split = word == "per" and self._token(index + 2).casefold() == "cent"
        return gap.lstrip()[:1] in {"%", "％"} or (gap.isspace() and (word in _QUANTITIES or is_split))

    def _is_counted(self, index: int) -> bool:
        """Return whether a number goes on to a month or a unit of its own: `November 1 and 10 percent`."""
        word = self._token(index + 1)
        return bool(word) and self._words.between(index).isspace() and (self._is_month(index + 1) or word.islower())

    def _year_after(self, index: int) -> tuple[int | None, int]:
        """Return the year that follows word `index`, and the last word of the date."""
        after = index + 1
        if self._token(after).casefold() in {"de", "del"}:
            after += 1
        gap = self._words.between(after - 1)
        year = self._year_at(after) if _BEFORE_YEAR.fullmatch(gap) or gap in {"-", "/", "‑"} else None
        return (year, after) if year else (None, index)

    def _date(self, first: int, last: int, day: int, year: int | None) -> FoundDate:
        start = min(self._words.ranges[first][0], self._words.ranges[self._first][0])
        end = max(self._words.ranges[last][1], self._words.ranges[self._last][1])
        return FoundDate(start=start, end=end, month=self._month, day=day, year=year)
