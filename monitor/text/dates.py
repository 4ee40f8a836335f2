"""Days of the year named in a text: `Nov. 1`, `1st of November`, `1er novembre`, `2025-11-01`, `11月1日`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from monitor.text.flat import Flat, flatten
from monitor.text.months import Months, months
from monitor.text.numeric_dates import numeric_dates
from monitor.text.tokens import Words

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
EVERY_MONTH = frozenset(range(1, 13))
_ORDINALS_TEXT = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth
"""
_FIRSTS_TEXT = """
premier primero primeiro primo ersten erste erster eersten eerste första förste første primer pierwszego pierwszy
первого первое першого перше први првог prvog prvi prvního první prvého първи الأول أول الاول اول primul întâi pirmā
"""
_ORDINALS = {word: day for day, word in enumerate(_ORDINALS_TEXT.split(), 1)} | dict.fromkeys(
    map(flatten, _FIRSTS_TEXT.split()), 1
)
_ENDING = (
    r"(?:st|nd|rd|th|\s?er|ro|re|ere|eme|ste|de|os|as|o|a|e|η|ην|ης|ος|ого|го|е|ое|ой|ему|му|:a|:e|:s|\.[oa](?![^\W\d])|°"
    r"|-?(?:го|е|ое|ого|те|во|ви|ви|ми)|\s?-?й|-?(?:jen|en|ei|an|i|tol|ig|je))?"
)
_NUMBER = rf"(?<![\d])(?<!\d[.,:/])(?<![$€£¥][\s])(?<![$€£¥])(0?[1-9]|[12]\d|3[01])(?!\d){_ENDING}(?![^\W\d_])"
_WORD = rf"(?<![^\W\d_])({'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?![^\W\d_])"
_DAY = rf"(?:{_NUMBER}|{_WORD})"
_JOIN_WORDS_TEXT = """
to through until till thru and or bis und oder au et ou al y o a e ed до по и и́ на i do oraz tot en til till och og ve
ila ile إلى و حتى až a sampai hingga dan và đến
"""
_JOIN_WORDS = "|".join(sorted({flatten(word) for word in _JOIN_WORDS_TEXT.split()}, key=len, reverse=True))
_JOIN = rf"(?:\.?\s?[-~/]\s?|\.?,\s?|,?\.?\s(?:{_JOIN_WORDS})\s(?:the\s)?)"
_OF = r"(?:(?:day\s)?(?:of|de|del|di|d'|den|من|the|month|da|do)\s?)*"
# What stands before a month's name: days, then at most a connector.
_BEFORE = re.compile(rf"(?P<days>{_DAY}(?:{_JOIN}{_DAY})*)(?:[.,]?[ \u00a0]?\n?[ \u00a0]?{_OF}|[-/.])(?:the\s)?$")
_AFTER = re.compile(
    rf"(?P<dot>\.?)[ \u00a0]?\n?[ \u00a0]?(?:the\s|le\s|den\s|ngày\s)?(?P<day>{_DAY})(?!\d|[.,:/]\d|[-]\d{{3}})"
)
_MORE = re.compile(rf"{_JOIN}(?P<day>{_DAY})(?!\d|[.,:/]\d|[-]\d\d\d)")
_YEAR = r"(?P<year>(?:1[89]|20|21|24|25)\d\d)(?!\d|[.,]\d|\s?%)"
_YEAR_AFTER = re.compile(rf"[.,]?[ \u00a0]?\n?(?:de[l]?\s|of\s|-|/)?{_YEAR}|,?\s'(?P<short>\d\d)(?!\d)")
_YEAR_BEFORE = re.compile(r"(?<!\d)(?P<year>(?:1[89]|20|21|24|25)\d\d)(?:\.|eko| m\.|\s?-|/)?\s?$")
# The year of 01-NOV-25.
_SHORT_YEAR = re.compile(r"([-/])(\d\d)(?!\d|[-/.,]\d)")
# After these a number is of something else: `in November 1 percent`.
_QUANTITY_TEXT = """
percent percentage per\\scent pct pc thousand million billion trillion mn bn m people persons? workers? cases? deaths?
killed years? months? weeks? days? hours? times tons? tonnes dollars? euros? points? basis half quarter place
"""
_QUANTITY = re.compile(
    rf"\s?%|[\s-](?:{'|'.join(_QUANTITY_TEXT.split())})(?![^\W\d_])|\sout\sof\s|-(?:in|for|to|on)-|\.\s?\d"
)
_SHARE = re.compile(r"\s(?:in|of)\s(?:every\s)?(?:\d|two|three|four|five|six|seven|eight|nine|ten)")
_ON = re.compile(r"(?:on|from|by|until|till|since|before|after|effective|starting|beginning|the|of)\s$")
# After the last of several days: what may follow in small letters.
_FOLLOWING_TEXT = """
in at for to and or with when after before while as is are was were will would on by from but if unless that which who
during through until since because where
"""
_FOLLOWING = frozenset(_FOLLOWING_TEXT.split())
_NEXT_WORD = re.compile(r"\s([^\W\d_]+)")
_VERBS = frozenset({"may", "march", "mar"})
_LONGEST_ABBREVIATION = 5
_LOOK_BACK = 44
_MOST_PLACES = 1_000
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


def find_dates(
    words: Words, language: str, *, is_month_first: bool = True, wanted: Collection[int] = EVERY_MONTH
) -> list[FoundDate]:
    """Return the days named in a text, in order; of a range both ends.

    Gives up after 1,000 names of months and 2,000 days in numbers.
    `is_month_first` decides what `11/1` is; a named month needs no such help. `wanted`: the months to look for.
    """
    flat = words.flat
    found: dict[tuple[int, int], FoundDate] = {}
    for start, end, year, month, day in _days(flat, language, frozenset(wanted), is_month_first=is_month_first):
        if month in wanted and is_day(month, day):
            bounds = flat.given_range(start, end)
            found.setdefault(
                bounds, FoundDate(start=bounds[0], end=bounds[1], year=plain_year(year), month=month, day=day)
            )
    return sorted(found.values(), key=lambda date: (date.start, date.end))


def _days(
    flat: Flat, language: str, wanted: frozenset[int], *, is_month_first: bool
) -> Iterator[tuple[int, int, int | None, int, int]]:
    table = months(language, wanted)
    if any(beginning in flat.text for beginning in table.beginnings):
        for match in islice(table.pattern.finditer(flat.text), _MOST_PLACES):
            yield from _MonthPlace(flat, table, match, language).dates()
    yield from islice(numeric_dates(flat.text, language, is_month_first=is_month_first), 2 * _MOST_PLACES)


def plain_year(year: int | None) -> int | None:
    """Return a year of our calendar: a Buddhist one (2568) is counted back, one of two digits is of this century."""
    if year is None:
        return None
    if year < 100:
        return 2000 + year if year < 70 else 1900 + year
    return year - _BUDDHIST_YEARS if year > 2400 else year


# start, end, year, month, day
_Day = tuple[int, int, int | None, int, int]


class _MonthPlace:
    """A month's name in a plain text, and what stands around it."""

    def __init__(self, flat: Flat, table: Months, match: re.Match[str], language: str) -> None:
        self._flat = flat
        self._text = flat.text
        self._start, self._end = match.span()
        self._name = match[1]
        self._month = table.number(match[1])
        self._table = table
        self._language = language

    def dates(self) -> list[_Day]:
        """Return the days of this month named here."""
        if self._is_verb():
            return []
        return self._days_first() or self._month_first()

    def _is_verb(self) -> bool:
        """Return whether this is `may` or `march`, which are months only with a capital in English."""
        if self._name not in _VERBS or self._language not in {"en", ""}:
            return False
        at = self._flat.given_range(self._start, self._end)[0]
        return self._flat.given[at].islower()

    def _days_first(self) -> list[_Day]:
        text, low = self._text, max(0, self._start - _LOOK_BACK)
        if not text[low : self._start].strip():
            return []
        match = _BEFORE.search(text, low, self._start)
        if not match or self._is_of_other_month(match.start()):
            return []
        year, end = self._year_after(self._end)
        sign = text[match.end() - 1]
        if sign in "-/" and match.end("days") == match.end() - 1 and not year:
            short = _SHORT_YEAR.match(text, self._end)
            if not short or short[1] != sign:
                return []
            year, end = int(short[2]), short.end()
        found = []
        for day in re.finditer(_DAY, match["days"]):
            number = _number(day)
            if is_day(self._month, number):
                found.append((match.start() + day.start(), end, year, self._month, number))
        return found

    def _is_of_other_month(self, at: int) -> bool:
        """Return whether the day before the name belongs to a month's name before it: `October 1 November 5`."""
        before = self._text[max(0, at - 14) : at]
        if not before[-1:].isspace() and before[-1:] != ".":
            return False
        name = before.rstrip(" .\u00a0")
        names = months(self._language, EVERY_MONTH).pattern.finditer(name)
        start = next((at - len(before) + match.start() for match in names if match.end() == len(name)), None)
        # A month that has its day before it needs none behind it: `20 November 1 December`.
        return start is not None and not _BEFORE.search(self._text, max(0, start - _LOOK_BACK), start)

    def _month_first(self) -> list[_Day]:
        text = self._text
        match = _AFTER.match(text, self._end)
        if not match or (match["dot"] and len(self._name) > _LONGEST_ABBREVIATION) or match.start("day") == self._end:
            return []
        if _QUANTITY.match(text, match.end()) or self._is_share(match.end()):
            return []
        days = [(match.end(), _number(re.match(_DAY, match["day"])))]
        days += self._more_days(match.end())
        year, end = self._year_after(days[-1][0])
        start = self._start
        if year is None:
            before = _YEAR_BEFORE.search(text, max(0, start - 9), start)
            year = int(before["year"]) if before else None
        last = len(days) - 1
        return [(start, end if number == last else at, year, self._month, day) for number, (at, day) in enumerate(days)]

    def _is_share(self, at: int) -> bool:
        """Return whether a number is part of a share: `in November 1 in 5 firms`."""
        return bool(_SHARE.match(self._text, at)) and not _ON.search(self._text, max(0, self._start - 10), self._start)

    def _more_days(self, at: int) -> list[tuple[int, int]]:
        """Return where the other days of `November 1, 2 and 3` and `November 1-5` end, and which they are."""
        found: list[tuple[int, int]] = []
        text = self._text
        while (match := _MORE.match(text, at)) and not _QUANTITY.match(text, match.end()):
            is_range = text[at:].lstrip(" .")[:1] in {"-", "~"}
            following = _NEXT_WORD.match(text, match.end())
            if following and not is_range and self._is_counted(following):
                break
            at = match.end()
            found.append((at, _number(re.match(_DAY, match["day"]))))
        return found

    def _is_counted(self, following: re.Match[str]) -> bool:
        """Return whether the word after a number is a month or what it counts: `November 1 and 10 ships`."""
        word = following[1]
        given = self._flat.given_range(*following.span(1))[0]
        is_word = self._flat.given[given].islower() and word not in _FOLLOWING
        return is_word or bool(months(self._language, EVERY_MONTH).pattern.fullmatch(word))

    def _year_after(self, end: int) -> tuple[int | None, int]:
        """Return the year that follows an offset, and where the date ends."""
        match = _YEAR_AFTER.match(self._text, end)
        if not match:
            return None, end
        return int(match["year"] or match["short"]), match.end()


def _number(match: re.Match[str] | None) -> int:
    assert match is not None
    return int(match[1]) if match[1] else _ORDINALS[match[2]]
