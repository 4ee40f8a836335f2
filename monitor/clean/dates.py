"""The dates that pages state, in the forms they state them, and no others: nothing is guessed or completed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPACED_ZONE = re.compile(r"(?<=\d) (?=(?:[+-]\d{2}:?\d{2}|Z)$)")
_ZONE_NAME = re.compile(r"(?<=[\dZ])(?:\[[\w/+-]+\]| (?:UTC|GMT))$")
_BAD_FRACTION = re.compile(r"(\d{2}:\d{2}:\d{2})[.,:]\d+")
_JS_DATE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) (?:GMT|UTC)([+-]\d{4})?.*")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A time as a page states it. `instant` is aware UTC, None if no zone is given; `text` RFC 3339 as far as known."""

    instant: datetime | None
    text: str

    @property
    def day(self) -> str:
        """The day, in the page's own zone."""
        return self.text[:10]


def read_date(text: str) -> Stated | None:
    """Read a date: RFC 3339 and its variants, RFC 822, JavaScript's form, seconds since 1970; None if it is none."""
    text = " ".join(text.split())[:80]
    if _DAY.fullmatch(text):
        return _stated_day(text)
    when = _iso(text) or _rfc822(text) or _javascript(text) or _epoch(text)
    if when is None or not 1990 <= when.year <= 2100:
        return None
    try:
        instant = None if when.tzinfo is None else when.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return Stated(instant=instant, text=when.isoformat(timespec="seconds").replace("+00:00", "Z"))


def best_date(found: list[Stated]) -> Stated | None:
    """Return the first of `found`, the most trusted first, or a later one of about the same day that knows its zone."""
    if not found:
        return None
    first = found[0]
    for other in found:
        if other.instant and (first.instant is not None or _days_apart(first.day, other.day) <= 1):
            return other
    return first


def _stated_day(text: str) -> Stated | None:
    try:
        year = datetime.fromisoformat(text).year
    except ValueError:
        return None
    return Stated(instant=None, text=text) if 1990 <= year <= 2100 else None


def _iso(text: str) -> datetime | None:
    text = _ZONE_NAME.sub(lambda zone: "Z" if zone.group()[0] == " " else "", text)
    text = _BAD_FRACTION.sub(r"\1", _SPACED_ZONE.sub("", text))
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:|\d{8}T\d{4}", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if re.match(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} ", text) else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _javascript(text: str) -> datetime | None:
    found = _JS_DATE.fullmatch(text)
    if not found:
        return None
    month, day, year, clock, zone = found.groups()
    return _rfc822(f"{day} {month} {year} {clock} {zone or '+0000'}")


def _epoch(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text[:10]), tz=UTC) if _EPOCH.fullmatch(text) else None


def _days_apart(first: str, second: str) -> int:
    return abs((datetime.fromisoformat(first) - datetime.fromisoformat(second)).days)
