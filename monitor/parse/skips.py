"""When an RSS feed asks not to be asked: `skipHours` and `skipDays`, of which feedparser keeps only the last line.

Source: RSS 2.0, optional channel elements; hours are GMT, 0 to 23, and 24 is met for midnight.
"""

from __future__ import annotations

import re

_HEAD_BYTES = 50_000
_LISTS = re.compile(rb"<skip(hours|days)>(.{0,2000}?)</skip\1>", re.IGNORECASE | re.DOTALL)
_VALUES = re.compile(rb"<(?:hour|day)>\s*(\w{1,9})\s*</(?:hour|day)>", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def skips_in(data: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the hours (UTC, 0 to 23) and days (0: Monday) that a feed says to skip, sorted."""
    hours: set[int] = set()
    days: set[int] = set()
    for kind, body in _LISTS.findall(data[:_HEAD_BYTES]):
        values = [value.decode("ascii", "replace").lower() for value in _VALUES.findall(body)]
        if kind.lower() == b"hours":
            hours |= {
                int(value) % 24 for value in values if re.fullmatch(r"\d{1,2}", value, re.ASCII) and int(value) <= 24
            }
        else:
            days |= {_DAYS.index(value) for value in values if value in _DAYS}
    return tuple(sorted(hours)), tuple(sorted(days))
