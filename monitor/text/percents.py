"""Percentages in a text, as values: `100 per cent`, `one hundred percent`, `百分之百`, `%50`.

A difference of percentages, `5 percentage points`, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from monitor.text.flat import flatten
from monitor.text.numbers import FoundNumber, Number, number_after, number_before, partners_before
from monitor.text.numerals import HAN_NUMERALS, numerals, read_han
from monitor.text.tokens import Words

# What stands behind the number; a star: the word may go on.
_UNITS_TEXT = """
percent, percents, per cent, per-cent, pct, pc, p.c., prozent, prozentig*, %-ig*, v. h., pour cent, pour-cent,
por ciento, por cien, por cento, porcento, per cento, percento, per cien, la sută, procent, procenta, procento,
procentów,
procentu, procentowy*, procentowe*, procentní*, procentig*, procents, procentu, procenti, procentų, procentai,
procentas, proc, prosent, prosentin, prosenttia, prosentti, prosentilla, protsenti, protsent, percent, percentá,
percento, százalék, százalékos*, százalékkal, százalékot, százalékra, posto, po sto, odstotkov, odstotka,
odstotek, odsto, na sto, процент, процента, процентов, проценты, проценту, процентами, процентах, процентн*,
проц, відсоток, відсотка, відсотків, відсотки, відсотками, відсотках, відсотков*, процентів, працэнт*,
процената, посто, на сто, τοις εκατό, τοις εκατόν, yüzde, faiz, foiz, пайыз*, хувь, տոկոս*, პროცენტ*, درصد,
در صد, بالمئة, بالمائة, بالميه, بالمية, في المئة, في المائة, في الميه, فى المائة, فيصد, فی صد, فیصد, אחוז,
אחוזים, אחוזי, प्रतिशत, फीसदी, फ़ीसदी, परसेंट, टक्के, ટકા, শতাংশ, ਫ਼ੀਸਦੀ, ਪ੍ਰਤੀਸ਼ਤ, சதவீதம், சதவிகிதம், శాతం, ಶೇಕಡಾ,
ശതമാനം, phần trăm, persen, peratus, porsiyento, porsyento, bahagdan, përqind, prósent, ehuneko, faoin gcéad,
elcento
"""
# Of scripts that set no spaces, or hang endings on the word.
_SOLID_TEXT = """
パーセント, 퍼센트, 프로, เปอร์เซ็นต์, เปอร์เซนต์, 百分比, ເປີເຊັນ, ភាគរយ, ရာခိုင်နှုန်း, პროცენტ
"""
_UNITS: dict[str, bool] = {}
for _name in _UNITS_TEXT.split(","):
    _UNITS[flatten(_name.strip().rstrip("*"))] = _name.strip().endswith("*")
_SOLID = tuple(flatten(name.strip()) for name in _SOLID_TEXT.split(","))
_ASCII_UNITS = tuple(unit for unit in _UNITS if unit.isascii())
_OTHER_UNITS = tuple(unit for unit in _UNITS if not unit.isascii())
_HAN_PERCENT = re.compile(
    rf"百分之 ?(?:(\d+(?:\.\d+)?|[{HAN_NUMERALS}]+(?:点[{HAN_NUMERALS}]+)?)"
    rf"(?: ?[-~至到] ?(?:百分之)?(\d+(?:\.\d+)?|[{HAN_NUMERALS}]+(?:点[{HAN_NUMERALS}]+)?))?)|百分百"
)
# Where the unit stands before the number.
_LEADING_TEXT = """
tr:yüzde th:ร้อยละ sw:asilimia kn:ಶೇಕಡಾ kn:ಶೇ eu:ehuneko my:ရာခိုင်နှုန်း
"""
_LEADING = tuple(tuple(map(flatten, pair.split(":"))) for pair in _LEADING_TEXT.split())
_SIGN_FIRST = frozenset({"tr", "ar", "fa", "ur", "he", "eu", "az", "ku"})
_POINTS = re.compile(r"[ \u00a0\n]?-?(?:points?\b|punkt|пункт|puan|puntos?\b|punti|pontos\b|punten|포인트|ポイント)")
_BEFORE = frozenset(" \u00a0\n-")
_TENTHS = "割"
_MOST_TRIES = 2_000


def find_percentages(words: Words, language: str) -> list[FoundNumber]:
    """Return the percentages in a text; of a range (`50-100%`) both ends. Gives up after 2,000 places."""
    flat = words.flat
    found: dict[tuple[int, int], FoundNumber] = {}
    for number in _numbers(flat.text, language):
        start, end = flat.given_range(number.start, number.end)
        found.setdefault((start, end), FoundNumber(start=start, end=end, value=number.value))
    return sorted(found.values(), key=lambda number: (number.start, number.end))


def _numbers(text: str, language: str) -> Iterator[Number]:
    spaced = text.replace("\u00a0", " ").replace("\n", " ")
    for start, end in islice(_units(spaced), _MOST_TRIES):
        number = number_before(text, start, language)
        if number and not _POINTS.match(text, end):
            for each in (number, *partners_before(text, number, language)):
                yield each._replace(end=end)
    yield from _leading(text, language)


def _units(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a percent sign or word stands that may have a number before it."""
    at = text.find("%")
    while at >= 0:
        if at and not text[at + 1 : at + 2].isdecimal() and _may_follow(text, at):
            yield at, at + 1
        at = text.find("%", at + 1)
    for unit in _ASCII_UNITS if text.isascii() else (*_ASCII_UNITS, *_OTHER_UNITS):
        yield from _places(text, unit, is_open=_UNITS[unit])
    if not text.isascii():
        for unit in _SOLID:
            yield from _solid_places(text, unit)


def _places(text: str, unit: str, *, is_open: bool) -> Iterator[tuple[int, int]]:
    at = text.find(unit)
    while at >= 0:
        end = at + len(unit)
        if is_open:
            while text[end : end + 1].isalpha():
                end += 1
        if at and _may_follow(text, at) and not _goes_on(text, end):
            yield at, end
        at = text.find(unit, end)


def _solid_places(text: str, unit: str) -> Iterator[tuple[int, int]]:
    at = text.find(unit)
    while at >= 0:
        if at and _may_follow(text, at):
            yield at, at + len(unit)
        at = text.find(unit, at + len(unit))


def _may_follow(text: str, at: int) -> bool:
    """Return whether a number may end before a unit: the unit is no part of a longer word but an attached one."""
    last = text[at - 1]
    if last in _BEFORE:
        return text[max(0, at - 3) : at - 1].strip("- \u00a0\n") != "" and text[at - 2] not in ",;:!?"
    return last.isalnum() or last in "½¼¾⅓⅔"


def _goes_on(text: str, end: int) -> bool:
    last = text[end : end + 1]
    return last.isalpha() and last < "\u0e00"


def _leading(text: str, language: str) -> Iterator[Number]:
    """Yield the percentages whose sign stands before the number; Chinese texts have them in any language."""
    if "百分" in text:
        for match in islice(_HAN_PERCENT.finditer(text), _MOST_TRIES):
            yield Number(*match.span(), _han_number(match[1] or "100"))
            if match[2]:
                yield Number(match.start(2), match.end(), _han_number(match[2]))
    if _TENTHS in text and language == "ja":
        for match in re.finditer(rf"(?<![\d.])(\d+(?:\.\d)?|[{HAN_NUMERALS}]+)割(?!り?引|合|当)", text):
            yield Number(*match.span(), 10 * _han_number(match[1]))
    starts = [flatten(unit) for name, unit in _LEADING if name == language]
    if language in _SIGN_FIRST:
        starts.append("%")
    for unit in starts:
        yield from _after(text, unit, language)


def _after(text: str, unit: str, language: str) -> Iterator[Number]:
    for match in islice(re.compile(rf"{re.escape(unit)}(?!%)").finditer(text), _MOST_TRIES):
        at, end = match.span()
        before = text[max(0, at - 2) : at].strip()[-1:]
        is_free = not at or not (before.isdecimal() if unit == "%" else text[at - 1].isalpha())
        number = number_after(text, end, language) or _word_after(text, end, language) if is_free else None
        if number and (unit != "%" or number.start == end):
            yield number._replace(start=at)
            other = re.compile(r" ?(?:-|~|ile|ila|to|ถึง|الي) ?%?").match(text, number.end)
            second = number_after(text, other.end(), language) if other else None
            if second:
                yield second._replace(start=at)


def _word_after(text: str, at: int, language: str) -> Number | None:
    """Return the number written in words at an offset: `yüz` of `yüzde yüz`."""
    names = numerals(language)
    words: list[str] = []
    end = at
    for match in re.compile(r"\s*([^\W\d_]+)").finditer(text, at, at + 60):
        if match.start() != end or match[1] not in names.values:
            break
        words.append(match[1])
        end = match.end()
    return Number(at, end, Decimal(names.read(words))) if words else None


def _han_number(text: str) -> Decimal:
    whole, _, part = text.partition("点")
    if text[0].isdecimal():
        return Decimal(text)
    return read_han(whole) + (read_han(part) / 10 ** len(part) if part else 0)
