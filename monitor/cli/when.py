"""Reads times as people type them: `2d`, `22:00`, `tomorrow 08:00`, `friday`, `2025-11-03`, `2025-11-03 08:00`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from monitor.errors import UsageError
from monitor.settings import duration_s

EXAMPLES = 'for example 2d, 22:00, friday, "tomorrow 08:00", 2025-11-03 or "2025-11-03 08:00"'
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_DATED = re.compile(r"(\S+?)(?:[ T](\d{1,2}:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?))?", re.ASCII)
_NAMED = {"yesterday": -1, "today": 0, "tomorrow": 1}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = timedelta(days=1)


def read_when(option: str, text: str, now: datetime, timezone: tzinfo, *, is_ahead: bool, is_end: bool) -> datetime:
    """Return the moment that is meant, in UTC.

    Args:
        option: what it was typed for, for the error.
        text: as typed.
        now: from where a span, a time of the day and a day of the week are reckoned.
        timezone: in which it is read, if it names none.
        is_ahead: whether it lies in the future; else it lies in the past.
        is_end: whether a day without a time means its end; else it means its beginning.

    Raises:
        UsageError: it is no time.
    """
    words = " ".join(text.split()).casefold()
    try:
        found = _read(words, now.astimezone(timezone), is_ahead=is_ahead, is_end=is_end)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"{option}: {text!r} is no time", hint=EXAMPLES) from None


def _read(words: str, now: datetime, *, is_ahead: bool, is_end: bool) -> datetime:
    if words == "now":
        return now
    seconds = duration_s(words) if not words.isdecimal() else None
    if seconds is not None:
        span = timedelta(seconds=seconds)
        return now.astimezone(UTC) + (span if is_ahead else -span)
    if clock := _CLOCK.fullmatch(words):
        return _nearest(time(int(clock[1]), int(clock[2])), now, is_ahead=is_ahead)
    dated = _DATED.fullmatch(words.upper() if words[:1].isdecimal() else words)
    if dated is None:
        raise ValueError(words)
    day = _day(dated[1], now.date(), is_ahead=is_ahead)
    if dated[2] is None:
        return datetime.combine(day + _DAY if is_end else day, time(0), now.tzinfo)
    at = time.fromisoformat(f"0{dated[2]}" if dated[2][1] == ":" else dated[2])
    return datetime.combine(day, at, at.tzinfo or now.tzinfo)


def _nearest(at: time, now: datetime, *, is_ahead: bool) -> datetime:
    days = (now.date() + _DAY * ahead for ahead in ((0, 1) if is_ahead else (0, -1)))
    moments = [datetime.combine(day, at, now.tzinfo) for day in days]
    return next((one for one in moments if (one > now if is_ahead else one <= now)), moments[-1])


def _day(word: str, today: date, *, is_ahead: bool) -> date:
    if word in _NAMED:
        return today + _DAY * _NAMED[word]
    number = next((no for no, name in enumerate(_WEEK) if len(word) >= 3 and name.startswith(word)), None)
    if number is None:
        return date.fromisoformat(word)
    if is_ahead:
        return today + _DAY * ((number - today.weekday() - 1) % 7 + 1)
    return today - _DAY * ((today.weekday() - number) % 7)
