"""Reads the terms of a query: words, wildcards and phrases, dates, percentages and amounts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from monitor.match.lexer import Wrong
from monitor.match.terms import Form, Phrase, Wild, Word
from monitor.match.values import YEN_OR_YUAN, Amount, Bounds, DateIn, Day, Percentage
from monitor.text import CURRENCIES, clean_word, is_day, month_names, plain_digits, scale_of, spellings, word_ranges

# A day of the calendar as people write it in English.
_NAMED_DAY = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>[A-Za-z]+)\.?"
    r"|(?P<first>[A-Za-z]+)\.?\s+(?P<behind>\d{1,2})(?:st|nd|rd|th)?)(?:,?\s+(?P<year>\d{4}))?"
)
_WILD_RUN = re.compile(r"[*?]+")
_ALONE = re.compile(r"(?<![^\s\-])[*?]+(?![^\s\-])")
_DAY = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})")
_NUMBER = re.compile(r"(\d[\d.,]*)\s*([A-Za-z]*)")
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "US$": "USD"}
_COMPARED = re.compile(r"(>=|<=|>|<|=|≥|≤)?\s*(.*)", re.DOTALL)
_CURRENCY = re.compile(r"([A-Za-z]{3}\b|US\$|[$€£¥])?\s*(.*)", re.DOTALL)
_SIGNS_IN_WORD = re.compile(r"[+#]")
_MOST_WILDS = 3
_FEWEST_LETTERS = 2
_MOST_WORDS = 200


def read_term(text: str, form: Form, offset: int, language: str = "") -> Word | Wild | Phrase:
    """Return the word or phrase that a text, which starts at `offset` of the query, stands for.

    Raises:
        Wrong: it has no word, or a wildcard that would match too much.
    """
    try:
        return _read_term(text, form, language)
    except Wrong as error:
        raise Wrong(error.message, offset + error.offset, error.hint) from None


@lru_cache(maxsize=20_000)
def _read_term(text: str, form: Form, language: str) -> Word | Wild | Phrase:
    """Read a term whose place is left to the caller: watchlists have the same terms again and again."""
    lone = _ALONE.search(text)
    if lone:
        raise Wrong(
            f"{lone[0]!r} stands for part of a word, not for a word",
            lone.start(),
            "use NEAR/n or PRE/n to leave words open",
        )
    reading = _Reading(form=form, language=language)
    pieces = _pieces(text)
    if len(pieces) > _MOST_WORDS:
        raise Wrong(
            f"{len(pieces):,} words in a row, the most is {_MOST_WORDS}", 0, "join shorter phrases by AND or NEAR/n"
        )
    items = tuple(reading.item(text, start, end) for start, end in pieces)
    if not items:
        raise Wrong(f"{text!r} has no word in it", 0, "write a word to search for")
    if len(items) == 1 and (items[0].form is form or form is Form.INFLECTED):
        return items[0]
    return Phrase(written=" ".join(text.split()), items=items, form=form, language=language)


def _pieces(text: str) -> list[tuple[int, int]]:
    """Return where the words stand, each with the wildcards that touch it."""
    pieces: list[tuple[int, int]] = []
    for start, end in word_ranges(text):
        if pieces and _WILD_RUN.fullmatch(text, pieces[-1][1], start):
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return [(_before_wilds(text, start), _after_wilds(text, end)) for start, end in pieces]


def _before_wilds(text: str, start: int) -> int:
    return len(text[:start].rstrip("*?"))


def _after_wilds(text: str, end: int) -> int:
    match = _WILD_RUN.match(text, end)
    return match.end() if match else end


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """How the words of a term are to be read."""

    form: Form
    language: str

    def item(self, text: str, start: int, end: int) -> Word | Wild:
        """Return the word or wildcard in a range of the text."""
        piece = text[start:end]
        is_cased = text[start - 1 : start] == "=" or (self.form is Form.INFLECTED and _is_dotted_acronym(piece))
        form = Form.CASED if is_cased else self.form
        letters = _WILD_RUN.sub("", piece)
        if letters == piece or _stands_alone(letters):
            return Word(written=letters, form=form, language="" if is_cased else self.language)
        if _SIGNS_IN_WORD.search(letters):
            raise Wrong(f"{piece!r} has a wildcard beside a sign", start, "leave out one of the two")
        if len(letters) < _FEWEST_LETTERS:
            hint = f"give at least {_FEWEST_LETTERS} letters beside the wildcard"
            raise Wrong(f"{piece!r} would match too much", start, hint)
        if len(_WILD_RUN.findall(piece)) > _MOST_WILDS:
            raise Wrong(f"{piece!r} has too many wildcards", start, f"use at most {_MOST_WILDS} in a word")
        return Wild(written=piece, form=form)


def _stands_alone(letters: str) -> bool:
    """Return whether a character is a word by itself, as in Chinese: a wildcard beside it changes nothing."""
    return len(letters) == 1 and len(word_ranges(letters + letters)) == 2


def _is_dotted_acronym(word: str) -> bool:
    """Return whether a word is typed like `U.S.`: whoever does so never means `us`."""
    return "." in word[1:] and not word[:1].isdecimal() and spellings(word)[0].isupper()


def read_value(name: str, argument: str, offset: int) -> DateIn | Percentage | Amount:
    """Return the date, percentage or amount that `name(argument)` asks for.

    Raises:
        Wrong: the argument is none, or makes no sense.
    """
    if name == "date":
        return _read_dates(argument, offset)
    if name == "pct":
        return Percentage(
            bounds=_read_bounds(
                argument.replace("%", "").replace("％", ""), offset, "write pct(100), pct(>=50) or pct(10..25)"
            )
        )
    return _read_amount(argument, offset)


def _read_dates(argument: str, offset: int) -> DateIn:
    first_text, _, last_text = argument.partition("..")
    first = _read_day(first_text, offset)
    last = _read_day(last_text, offset) if last_text else first
    if (first.year is None) != (last.year is None):
        raise Wrong(f"date({argument}) has a year at one end only", offset, "give both ends a year, or none")
    if first.year is not None and (first.year, first.month, first.day) > (last.year or 0, last.month, last.day):
        raise Wrong(f"date({argument}) ends before it starts", offset, "write the earlier day first")
    return DateIn(first=first, last=last)


def _read_day(text: str, offset: int) -> Day:
    numbers = _numbers_of(text.strip())
    if numbers is None:
        raise Wrong(
            f"{text.strip()!r} is no date",
            offset,
            "write date(11-01), date(2025-11-01) or date(2025-11-01..2025-11-05)",
        )
    year, month, day = numbers
    is_real = is_day(month, day) and not (year is not None and (month, day) == (2, 29) and not _is_leap(year))
    if not is_real or year == 0:
        raise Wrong(
            f"{text.strip()} is no day of the calendar", offset, "dates are written month-day or year-month-day"
        )
    return Day(year=year, month=month, day=day)


def _numbers_of(text: str) -> tuple[int | None, int, int] | None:
    """Return the year, month and day written as 2025-11-01, 11-01, 1 November or Nov. 1, 2025; unchecked."""
    if match := _DAY.fullmatch(text):
        return int(match[1]) if match[1] else None, int(match[2]), int(match[3])
    match = _NAMED_DAY.fullmatch(text)
    month = month_names("en").get((match["month"] or match["first"]).casefold()) if match else None
    if match is None or month is None:
        return None
    return int(match["year"]) if match["year"] else None, month, int(match["day"] or match["behind"])


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _read_amount(argument: str, offset: int) -> Amount:
    hint = "write amount(USD 8.5bn), amount(USD >=1bn) or amount(EUR 1m..5m)"
    sign, rest = _compared(argument)
    match = _CURRENCY.fullmatch(rest)
    assert match is not None
    code = _SIGNS.get(match[1] or "", (match[1] or "").upper())
    if code and code not in CURRENCIES and code != YEN_OR_YUAN:
        raise Wrong(f"{code!r} is no currency known here", offset, hint)
    return Amount(bounds=_read_bounds(sign + match[2], offset, hint), currency=code)


def _compared(text: str) -> tuple[str, str]:
    match = _COMPARED.fullmatch(text.strip())
    assert match is not None
    return (match[1] or "").replace("≥", ">=").replace("≤", "<="), match[2]


def _read_bounds(text: str, offset: int, hint: str) -> Bounds:
    sign, rest = _compared(text)
    low_text, dots, high_text = rest.partition("..")
    low = _read_number(low_text, offset, hint)
    if dots:
        high = _read_number(high_text, offset, hint)
        if sign or high < low:
            raise Wrong(f"{text.strip()!r} is no range", offset, hint)
        return Bounds(low=low, high=high)
    if sign in {">", ">="}:
        return Bounds(low=low, is_low_open=sign == ">")
    if sign in {"<", "<="}:
        return Bounds(high=low, is_high_open=sign == "<")
    return Bounds(low=low, high=low)


def _read_number(text: str, offset: int, hint: str) -> Decimal:
    match = _NUMBER.fullmatch(clean_word(text.strip()))
    scale = scale_of(match[2], "en") if match and match[2] else 1
    if match is None or scale is None:
        raise Wrong(f"{text.strip()!r} is no number", offset, hint)
    digits = plain_digits(match[1].rstrip(".,"), decimal=".")
    return Decimal(digits) * scale
