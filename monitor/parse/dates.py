"""The times that feeds state, in all the forms they are seen in; read whole or not at all.

feedparser's own readers take what they know of a text and make up the rest: `24:00:00` is no time to them, `10:00am` is
midnight, `CEST` is UTC. A text that holds a word we do not know has no time here.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from monitor.parse.zones import zone_of
from monitor.text import fold, month_names

_MAX_CHARS = 100
_EPOCH = re.compile(r"([1-9]\d{9})(\d{3})?(?:\.\d+)?")
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(?=\D|$)")
_CLOCK = re.compile(
    r"(?:(?<=\d)T)?(?P<before>午前|午後|上午|下午|오전|오후|[ap]\.?m\.?)?\s*"
    r"(?<![\d:])(?P<hour>\d{1,2})(?::|時|时|点|點|시 ?|h)(?P<minute>\d{2})(?:분|分)?"
    r"(?:(?::| ?(?=\d\d?[秒초]))(?P<second>\d{1,2})(?:[.,:]\d+)?(?:秒|초)?)?(?![\d:])"
    r"(?:\s*(?P<after>[ap]\.?m\b\.?))?",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\s*(?P<zone>(?:(?:GMT|UTC|UT|Z) ?)?[+-]\d{1,2}(?::?\d{2})?(?!\d)|[A-Za-z]{1,5}(?![\w.]))?"
    r"(?P<comment>\s*(?:\([^()]*\)|\[[\w/+-]+\]))?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:GMT|UTC|UT|Z)? ?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_DAY_ZONE = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:?\d\d)")
_AFTERNOON = frozenset({"午後", "下午", "오후"})

_WEEK_DAY = re.compile(
    r"(?:星期|週|周|礼拜)[一二三四五六日天]|[月火水木金土日]曜日?|[(\[][月火水木金土日][)\]]|[월화수목금토일]요일"
)
_NUMBERED = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]")
_WORD = re.compile(r"[^\W\d_]+")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|o|a)\b", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s,./'-]+")
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})\.?|(\d{4})(\d\d)(\d\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})")
_OF_WEEK = re.compile(r"(\d{4})-?W(\d\d)-?([1-7])", re.IGNORECASE)
_OF_YEAR = re.compile(r"(\d{4})-(\d{3})")
_NAMED = re.compile(r"(\d{1,2}) # (\d{4}|\d\d)|(\d{4}) # (\d{1,2})|# (\d{1,2}) (\d{4})")

_LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "sv",
    "da",
    "no",
    "fi",
    "pl",
    "ru",
    "uk",
    "tr",
    "el",
    "hu",
    "id",
    "ro",
    "cs",
    "ca",
    "hr",
    "sl",
    "bg",
    "vi",
    "ar",
)
_WEEKDAY_WORDS = """
mon tue tues wed weds thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday
mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche
lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom
seg ter qua qui sex segunda terca quarta quinta sexta feira
gio lunedi martedi mercoledi giovedi venerdi domenica
ma wo za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
man tir tis ons tor fre lor sondag mandag tirsdag tisdag onsdag torsdag fredag lordag lordagen
pon wt sr czw pt nie sob poniedzialek wtorek sroda czwartek piatek sobota niedziela
пн вт ср чт пт сб вс понедельник вторник среда четверг пятница суббота воскресенье
"""
_JOINING_WORDS = "at um uhr a las the of de del den le il ore kl klo г года"
_SILENT = frozenset(f"{_WEEKDAY_WORDS} {_JOINING_WORDS}".split())


_MONTHS = {
    name: 1 + at
    for at, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])
}
_OF_MAIL = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d?) ([JFMASOND][a-z]{2}) (\d{4}) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)"
    r" (?:GMT|([+-])(0\d|1[0-3])([0-5]\d))"
)


def read_time(text: object, language: str = "") -> datetime | None:
    """Return the time that a feed's text states, in UTC; None unless all of the text is understood.

    RFC 822 and 2822, ISO 8601, seconds or milliseconds since 1970, and what feeds write besides, with month names of
    many languages. No zone counts as UTC, no hour as midnight, 24:00 as the next day. Days and months are never
    guessed: `3/4/2025` is None. Source: RFC 5322 §4.3 for years of two digits and zone names.
    """
    if not isinstance(text, str):
        return None
    if (found := _OF_MAIL.fullmatch(text)) and (time := _mail_time(found)):
        return time
    text = " ".join(unicodedata.normalize("NFKC", text).replace("\u2212", "-").split()).strip(" .,;")
    if not text or len(text) > _MAX_CHARS:
        return None
    try:
        return _epoch(text) or _of_parts(_ascii_digits(text), language)
    except (ValueError, OverflowError):
        return None


def _mail_time(found: re.Match[str]) -> datetime | None:
    """Return the time in the form that nearly all feeds use."""
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    try:
        time = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        offset = timedelta(hours=int(hours), minutes=int(minutes)) if sign else timedelta()
        return time + offset if sign == "-" else time - offset
    except (KeyError, ValueError, OverflowError):
        return None


def _epoch(text: str) -> datetime | None:
    found = _EPOCH.fullmatch(text)
    return datetime.fromtimestamp(int(found[1]), tz=UTC) if found else None


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def _of_parts(text: str, language: str) -> datetime | None:
    if zoned := _DAY_ZONE.fullmatch(text):
        return _at(_read_day(zoned[1], language), timedelta(), _read_zone(zoned[2]))
    text = _BASIC.sub(_extended, text)
    clock = _CLOCK.search(text)
    if clock is None:
        return _at(_read_day(text, language), timedelta(), UTC)
    zone, rest = _take_zone(text[clock.end() :])
    return _at(_read_day(f"{text[: clock.start()]} {rest}", language), _read_clock(clock), zone)


def _take_zone(tail: str) -> tuple[tzinfo, str]:
    """Return the zone that `tail`, what follows the hour, starts with, UTC if there is none, and what is left."""
    named = _ZONE.match(tail)
    name = (named["zone"] or (named["comment"] or "").strip(" ()[]")) if named else ""
    if named is None or not name:
        return UTC, tail
    zone = _read_zone(name)
    if zone is None:
        return UTC, tail  # where an unknown zone is an unknown word
    rest = tail[named.end() :].strip()
    first, _, more = rest.partition(" ")
    # The zone's name may follow its offset: `-0400 EDT`.
    return zone, more if fold(first) not in _SILENT and zone_of(first) else rest


def _extended(found: re.Match[str]) -> str:
    year, month, day, hour, minute, second = found.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}"


def _at(day: date | None, since_midnight: timedelta | None, zone: tzinfo | None) -> datetime | None:
    if day is None or since_midnight is None or zone is None:
        return None
    return (datetime(day.year, day.month, day.day, tzinfo=zone) + since_midnight).astimezone(UTC)


def _read_clock(found: re.Match[str]) -> timedelta | None:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    half = (found["before"] or found["after"] or "").lower()
    if half and hour <= 12:
        is_afternoon = half in _AFTERNOON or half.startswith("p")
        hour = hour % 12 + (12 if is_afternoon else 0)
    is_midnight = (hour, minute, second) == (24, 0, 0)
    if (hour > 23 and not is_midnight) or minute > 59 or second > 60:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _read_zone(text: str) -> tzinfo | None:
    """Return the zone of an offset or a name; None: it is none."""
    offset = _OFFSET.fullmatch(text)
    if offset is None:
        return zone_of(text)
    sign, hours, minutes = offset[1], int(offset[2]), int(offset[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    return timezone((1 if sign == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _read_day(text: str, language: str) -> date | None:
    text = _NUMBERED.sub(r"\1-\2-\3", _WEEK_DAY.sub(" ", text)).strip(" ,;|-")
    return _numeric_day(text) or _named_day(text, language)


def _numeric_day(text: str) -> date | None:
    text = _without_silent(text).strip(" ,")
    if found := _YEAR_FIRST.fullmatch(text):
        return date(int(found[1] or found[5]), int(found[3] or found[6]), int(found[4] or found[7]))
    if found := _OF_WEEK.fullmatch(text):
        return date.fromisocalendar(int(found[1]), int(found[2]), int(found[3]))
    if found := _OF_YEAR.fullmatch(text):
        day = date(int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)
        return day if day.year == int(found[1]) else None
    found = _YEAR_LAST.fullmatch(text)
    return _day_of_two(int(found[1]), int(found[3]), int(found[4]), found[2]) if found else None


def _day_of_two(first: int, second: int, year: int, separator: str) -> date | None:
    """Return the day of `23.10.2025` or `10/23/2025`: with dots the day is first, else only one of them can be it."""
    if separator == "." or first > 12 or first == second:
        return date(year, second, first)
    return date(year, first, second) if second > 12 else None


def _without_silent(text: str) -> str:
    return _WORD.sub(lambda word: " " if fold(word.group()) in _SILENT else word.group(), text)


def _named_day(text: str, language: str) -> date | None:
    text = _ORDINAL.sub("", text)
    own = month_names("en") | (month_names(language) if language else {})
    return _day_of_month(text, own) or _day_of_month(text, _all_months())


def _day_of_month(text: str, months: dict[str, int]) -> date | None:
    words = [fold(word) for word in _WORD.findall(text)]
    # `mar` is Tuesday in one place and March in the other: the last word that can be a month is it.
    place = max((at for at, word in enumerate(words) if word in months), default=-1)
    if place < 0 or any(word not in _SILENT for word in words[:place] + words[place + 1 :]):
        return None
    number = months[words[place]]
    at = iter(range(len(words)))
    text = _WORD.sub(lambda _: " # " if next(at) == place else " ", text)
    text = " ".join(_SEPARATORS.sub(" ", text).split())
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    return date(_year(found[2] or found[3] or found[6]), number, int(found[1] or found[4] or found[5]))


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


@lru_cache(maxsize=1)
def _all_months() -> dict[str, int]:
    """Return the month names that mean one month, whatever their language: not `lis`, October or November."""
    found: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        for name, number in month_names(language).items():
            found.setdefault(name, set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}
