"""Reads times of the day, days of the week and time zones."""

from __future__ import annotations

import re
from datetime import time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import tzlocal

from monitor.settings.schema import text, wrong
from monitor.settings.spelling import near, nearest
from monitor.settings.tree import Node

_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPANS = {"weekdays": (0, 1, 2, 3, 4), "weekend": (5, 6), "daily": tuple(range(7))}


def read_timezone(node: Node) -> tzinfo:
    """Read `local`, or the name of a time zone."""
    name = text(node)
    if name == "local":
        return tzlocal.get_localzone()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = {zone.casefold(): zone for zone in available_timezones()}
        found = known.get(nearest(name, known), "")
        hint = f"did you mean {found!r}?" if found else "local, or a name such as Europe/Berlin"
        raise wrong(node, "a time zone", hint) from None


def clock(node: Node) -> time:
    """Read a time of the day, from 00:00 to 24:00, which is midnight again."""
    found = _CLOCK.fullmatch(text(node))
    if found is None or (found[1] == "24" and found[2] != "00"):
        raise wrong(node, "a time of the day", 'in quotes, from 00:00 to 24:00: "06:30"')
    return time(int(found[1]) % 24, int(found[2]))


def weekdays(node: Node) -> tuple[int, ...]:
    """Read a day of the week (0: Monday), by its name or three letters of it, or `weekdays`, `weekend` or `daily`."""
    word = text(node).casefold()
    if word in _SPANS:
        return _SPANS[word]
    found = [no for no, day in enumerate(_DAYS) if len(word) >= 3 and day.startswith(word)]
    if not found:
        hint = near(word, (*_DAYS, *_SPANS)) or "for example monday, sat, weekdays or weekend"
        raise wrong(node, "a day of the week", hint)
    return tuple(found)
