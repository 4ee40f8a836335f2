"""Datelines: `Kuala Lumpur, 23 October 2025 —` at the start of a text.

A date counts only with its year: a month and a day alone, or a weekday, are never completed by guessing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<{}>(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{{0,6}})\.?"
_DATE = re.compile(
    rf"(?P<day1>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH.format('month1')},? (?P<year1>\d{{4}})"
    rf"|{_MONTH.format('month2')} (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}})"
    r"|(?P<year3>\d{4})-(?P<month3>\d{2})-(?P<day3>\d{2})",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_a-z][\w.'’-]*"
_PLACE = rf"(?P<place>{_WORD}(?: (?:(?:de|da|do|el|la|al|of) )?{_WORD}){{0,3}}(?:, {_WORD}(?: {_WORD})?)??)"
_LINE = re.compile(
    rf"{_PLACE}(?:,? (?P<date>[\w., -]{{4,24}}?))?(?: ?\((?P<agency>[A-Z][\w ]{{1,20}})\))? ?(?P<end>—|–|--|-|:) "
)
_NO_PLACE = re.compile(
    r"(?:alert|analysis|breaking|column|comment|correction|editorial|exclusive|explainer|fact|factbox|graphic|interview|live"
    r"|note|opinion|photos?|poll|review|summary|update|video|watch)\b",
    re.IGNORECASE,
)
_LONG_LINE_WORDS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """Where and when a text says it was written. `day` is RFC 3339, only if the year is given too."""

    place: str = ""
    day: str = ""
    agency: str = ""


def read_dateline(line: str) -> Dateline:
    """Read the dateline that `line`, the first of a body, starts with; empty fields if there is none."""
    found = _LINE.match(line[:120])
    if not found or _NO_PLACE.match(found["place"]):
        return Dateline()
    place, when = found["place"].rstrip(",. "), found["date"] or ""
    if when and not re.search(r"\d", when):
        return Dateline()
    # Capitals, a date or an agency make a dateline; `Some Words: …` is one only before a long paragraph.
    is_sure = place.isupper() or bool(when) or bool(found["agency"])
    is_likely = found["end"] == ":" and " " in place and len(line.split()) >= _LONG_LINE_WORDS
    if not is_sure and not is_likely:
        return Dateline()
    return Dateline(place=place, day=_day(when), agency=found["agency"] or "")


def _day(text: str) -> str:
    found = _DATE.search(text)
    if not found:
        return ""
    parts = {name: value for name, value in found.groupdict().items() if value}
    year, month, day = (
        next(value for name, value in parts.items() if name.startswith(part)) for part in ("year", "month", "day")
    )
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return ""
