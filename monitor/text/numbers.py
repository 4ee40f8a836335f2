"""Numbers beside a unit, in digits or words: their value, and the large number (`bn`, 億) that goes with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from monitor.text.flat import flatten
from monitor.text.forms import plain_digits
from monitor.text.money import HAN_SCALES, scale_of
from monitor.text.numerals import HAN_NUMERALS, numerals, read_han

_COMMA_LANGUAGES_TEXT = """
az be bg bs ca cs da de el es et eu fi fr hr hu hy id is it ka kk lt lv mk nb nl nn no pl pt ro ru sk sl sq sr sv tr uk
uz vi
"""
_COMMA_LANGUAGES = frozenset(_COMMA_LANGUAGES_TEXT.split())
# These may set a plain space between groups of digits.
_SPACE_LANGUAGES_TEXT = """
be bg cs es et fi fr hu hy ka kk lt lv nb nn no pl pt ru sk sv uk uz
"""
_SPACE_LANGUAGES = frozenset(_SPACE_LANGUAGES_TEXT.split())
_FRACTIONS = {
    "½": "0.5",
    "¼": "0.25",
    "¾": "0.75",
    "⅓": "0.333",
    "⅔": "0.667",
    "⅛": "0.125",
    "⅜": "0.375",
    "⅝": "0.625",
}
_VULGAR = "".join(_FRACTIONS)


def _digits(spaces: str) -> str:
    # Two groups behind plain spaces are one number everywhere, a single one may be another number.
    spaced = r"\d{1,3}(?: \d{3}){2,}(?!\d)(?:[.,]\d+)?"
    grouped = rf"\d{{1,3}}(?:[,.'{spaces}]\d{{3}})+(?!\d)(?:[.,]\d+)?|\d{{1,2}}(?:,\d\d)+,\d{{3}}(?!\d)(?:\.\d+)?"
    fraction = rf"(?:\d+[ ])?\d{{1,2}}/\d{{1,3}}|\d*[ ]?[{_VULGAR}]"
    return rf"{fraction}|{spaced}|{grouped}|\d+(?:[.,]\d+)?|(?<![\w.,)])[.,]\d+"


_INSIDE = r"(?<!\d)(?<!\d[.,'/])"
# Whether a plain space may stand between groups of digits.
_LAST = {
    is_spaced: re.compile(rf"{_INSIDE}(?:{_digits(spaces)})$")
    for is_spaced, spaces in ((False, "\u00a0"), (True, "\u00a0 "))
}
_NEXT = {is_spaced: re.compile(_digits(spaces)) for is_spaced, spaces in ((False, "\u00a0"), (True, "\u00a0 "))}
_WORD = re.compile(r"[^\s\d.,;:!?()\[\]\"“”«»%/$€£¥<>…~+\-]+")
_GAPS = frozenset(" \u00a0\n-")
_GAP = re.compile(r"[ \u00a0\n]?-?[ \u00a0\n]?")
_SCALE_AFTER = re.compile(r"[ \u00a0\n]?-?[ \u00a0\n]?([^\s\d.,;:!?()\[\]\"“”«»'%/$€£¥<>…~+\-]+)")
_LONGEST_DIGITS = 28
_LONGEST_WORDS = 80
_MOST_WORDS = 9
# Larger ones need a number: no million is one by itself.
_MOST_ALONE = 1_000
_MOST_GAPS = 3
_ARTICLES = frozenset({"a", "an"})
_JOINERS_TEXT = """
to or bis oder à ou o u a tot of til till eller do lub albo до или або чи ile ila veya đến hingga sampai إلى حتى až nebo
"""
_AND_TEXT = """
and und et y e en och og i и й та ve dan và va و
"""
_JOINERS = frozenset(flatten(_JOINERS_TEXT).split())
_ANDS = frozenset(flatten(_AND_TEXT).split())
_BEFORE_AND_TEXT = """
between from by of at to both either zwischen von entre de tra fra mellan mellem mellom tussen między między od между
между от між від antara giữa بين
"""
_BEFORE_AND = frozenset(flatten(_BEFORE_AND_TEXT).split())
_ARTICLES_BEFORE = frozenset({"the", "el", "il", "den", "al", "lo", "le", "o", "os", "la"})
_JOINER = re.compile(
    r"(?P<sign>[ \u00a0]?[-~][ \u00a0]?|[ \u00a0]?[至到][ \u00a0]?|から|에서[ ]?|, ?)(?P<mark>[$€£¥]?)$"
    r"|\s(?P<word>[^\W\d_]+)\s(?:(?:the|el|il|den|al|lo|le|os?|la)\s)?(?P<mark2>[a-z]{0,2}[$€£¥]?)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """A value in a text, at half-open code point offsets; `currency` is an ISO 4217 code, empty for a percentage."""

    start: int
    end: int
    value: Decimal
    currency: str = ""


class Number(NamedTuple):
    """A number at half-open offsets of a plain text; its value is `digits` times `scale`."""

    start: int
    end: int
    digits: Decimal
    scale: int = 1

    @property
    def value(self) -> Decimal:
        """The whole value."""
        return self.digits * self.scale


def number_before(text: str, end: int, language: str) -> Number | None:
    """Return the number that ends at an offset of a plain text, but for a space or hyphen; None if there is none."""
    at = end
    while at and end - at < _MOST_GAPS and text[at - 1] in _GAPS:
        at -= 1
    last = text[at - 1] if at else ""
    if not last or not (last == "." or last.isdecimal() or _WORD.match(last)):
        return None
    number = _solid_before(text, at, language)
    return _with_larger_part(text, number, language) if number else _in_words_before(text, at, language)


def _solid_before(text: str, at: int, language: str) -> Number | None:
    """Return the number that ends at an offset, in digits and signs set without spaces, with the last large number."""
    last = text[at - 1] if at else ""
    if last.isdecimal() or last in _FRACTIONS:
        found = _LAST[language in _SPACE_LANGUAGES].search(text, max(0, at - _LONGEST_DIGITS), at)
        return Number(found.start(), at, _value(found[0], language)) if found else None
    if last and last in HAN_NUMERALS:
        start = at
        while start and at - start < _MOST_WORDS and text[start - 1] in HAN_NUMERALS:
            start -= 1
        value = read_han(text[start:at])
        before = _solid_before(text, start, language) if text[start - 1 : start].isdecimal() else None
        return before._replace(end=at, scale=int(value)) if before else Number(start, at, value)
    if last in HAN_SCALES:
        inner = _solid_before(text, at - 1 - (text[at - 2 : at - 1] == " "), language)
        return inner._replace(end=at, scale=inner.scale * HAN_SCALES[last]) if inner else None
    return None


def _value(digits: str, language: str) -> Decimal:
    whole, _, last = digits.rpartition(" ")
    if digits[-1] in _FRACTIONS:
        return Decimal(_FRACTIONS[digits[-1]]) + Decimal(digits[:-1].strip() or 0)
    if "/" in last:
        above, _, below = last.partition("/")
        return Decimal(whole or 0) + Decimal(above) / Decimal(int(below) or 1)
    return Decimal(plain_digits(digits, decimal="," if language in _COMMA_LANGUAGES else "."))


def _with_larger_part(text: str, number: Number, language: str) -> Number:
    """Add what stands before it in East Asian numbers: 3조 of `3조 5000억`."""
    at = number.start - (text[number.start - 1 : number.start] == " ")
    if at <= 0 or HAN_SCALES.get(text[at - 1], 0) <= number.scale:
        return number
    larger = number_before(text, at, language)
    return Number(larger.start, number.end, larger.value + number.value) if larger else number


def _in_words_before(text: str, end: int, language: str) -> Number | None:
    is_short = text[end - 1 : end] == "."
    low = max(0, end - _LONGEST_WORDS)
    runs: list[tuple[int, int, str]] = []
    for found in _WORD.finditer(text, low, end - is_short):
        if runs and not _GAP.fullmatch(text, runs[-1][1], found.start()):
            runs.clear()
        runs.append((*found.span(), found[0].strip("'")))
    if not runs or runs[-1][1] != end - is_short:
        return None
    scale = _solid_scale(runs[-1]) or (scale_of(runs[-1][2], language), runs[-1][0])
    if scale[0]:
        inner = number_before(text, scale[1], language) or _article_before(runs)
        if inner or scale[0] > _MOST_ALONE:
            return inner._replace(end=end, scale=inner.scale * scale[0]) if inner else None
    return None if is_short else _spelled(runs[-_MOST_WORDS:], language) or _spelled(runs[-_MOST_WORDS:], "en")


def _solid_scale(run: tuple[int, int, str]) -> tuple[int, int] | None:
    """Return the scale that a run of characters set solid ends with, and where it starts."""
    word = run[2]
    for length in (7, 6, 4, 3):
        scale = HAN_SCALES.get(word[-length:])
        if scale and len(word) >= length:
            return scale, run[1] - length
    return None


def _article_before(runs: list[tuple[int, int, str]]) -> Number | None:
    """Return the number of `a billion` and `half a billion`, whose large number is the last word."""
    if len(runs) < 2 or runs[-2][2] not in _ARTICLES:
        return None
    if len(runs) > 2 and runs[-3][2] == "half":
        return Number(runs[-3][0], runs[-2][1], Decimal("0.5"))
    return Number(runs[-2][0], runs[-2][1], Decimal(1))


def _spelled(runs: list[tuple[int, int, str]], language: str) -> Number | None:
    names = numerals(language)
    if not names.values:
        return None
    last = len(runs)
    first, half = _halves(runs, names.halves, names.glue)
    start = first
    while start and _is_number_word(runs[start - 1][2], names.values, names.glue, language):
        start -= 1
    words = [word if word in names.values else word.lstrip("و") for _, _, word in runs[start:first]]
    while start < first and words[0] in names.glue:
        start, words = start + 1, words[1:]
    if not words:
        return Number(runs[first][0], runs[-1][1], half) if first < last else None
    value = _decimal(words, names.values) if "point" in words else Decimal(names.read(words))
    if words[0] in {"hundred", "thousand"} and start and runs[start - 1][2] in _ARTICLES:
        start -= 1
    return Number(runs[start][0], runs[-1][1], value + half)


def _is_number_word(word: str, values: dict[str, int], glue: frozenset[str], language: str) -> bool:
    if word in values or word in glue or (word == "point" and language == "en"):
        return True
    return language == "ar" and word[0] == "و" and word[1:] in values


def _decimal(words: list[str], values: dict[str, int]) -> Decimal:
    """Return the number of `two point five`."""
    at = words.index("point")
    whole = sum(values.get(word, 0) for word in words[:at])
    digits = "".join(str(values.get(word, 0)) for word in words[at + 1 :])
    return Decimal(f"{whole}.{digits or 0}")


def _halves(runs: list[tuple[int, int, str]], halves: frozenset[str], glue: frozenset[str]) -> tuple[int, Decimal]:
    """Return how many words stand before `half a`, `and a half` or `a quarter of a`, and what these add."""
    words = [word for _, _, word in runs]
    at = len(words)
    while at and len(words) - at < _MOST_GAPS and words[at - 1] in {"a", "an", "of", "one"}:
        at -= 1
    half = words[at - 1] if at else ""
    if half not in halves and half not in {"quarter", "quarters"}:
        return len(words), Decimal(0)
    value = Decimal("0.5") if half in halves else Decimal("0.25")
    at -= 1
    if at and words[at - 1] == "three" and value != Decimal("0.5"):
        return at - 1, value * 3
    if at > 1 and words[at - 1] in _ARTICLES and words[at - 2] in glue:
        return at - 2, value
    if at and words[at - 1] in {*glue, "a", "an", "one", "ein", "un", "um", "en", "et"}:
        return at - 1, value
    return at, value


def number_after(text: str, start: int, language: str) -> Number | None:
    """Return the number that starts at an offset of a plain text, but for a space; None if there is none."""
    start += text[start : start + 1] in {" ", "\u00a0", "\n", "-"}
    found = _NEXT[language in _SPACE_LANGUAGES].match(text, start)
    if not found:
        return None
    digits, end = _value(found[0], language), found.end()
    scale = 1
    while (step := _scale_at(text, end, language)) is not None and scale < 10**12:
        scale, end = scale * step[0], step[1]
    return Number(start, end, digits, scale)


def _scale_at(text: str, at: int, language: str) -> tuple[int, int] | None:
    for length in (7, 6, 4, 3, 1):
        scale = HAN_SCALES.get(text[at : at + length])
        if scale:
            return scale, at + length
    found = _SCALE_AFTER.match(text, at)
    scale = scale_of(found[1], language) if found else None
    return (scale, found.end()) if scale and found else None


def partners_before(text: str, high: Number, language: str) -> list[Number]:
    """Return the numbers before one that share its unit: 50 of `50-100`, of `50 to 100` and of `between 50 and 100`."""
    found: list[Number] = []
    first = high
    while len(found) < _MOST_GAPS:
        low = max(0, first.start - 16)
        joiner = _JOINER.search(text, low, first.start)
        if not joiner or (joiner["sign"] and joiner["sign"][0] == "," and not found):
            break
        word = joiner["word"]
        if word and word not in _JOINERS and word not in _ANDS:
            break
        partner = number_before(text, joiner.start(), language)
        if not partner or (word in _ANDS and not begins_range(text, partner.start)):
            break
        found.append(partner)
        first = partner
    return found


def begins_range(text: str, at: int) -> bool:
    """Return whether the number at an offset may share its unit with one after `and`: `between` stands before it."""
    before = text[max(0, at - 14) : at].rstrip(" \u00a0$€£¥")
    words = before.replace("(", " ").split(" ")
    word = words[-2] if words[-1] in _ARTICLES_BEFORE and len(words) > 1 else words[-1]
    return before.endswith(",") or word in _BEFORE_AND
