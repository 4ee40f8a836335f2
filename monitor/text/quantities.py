"""Percentages and amounts of money in a text, as values: `100 per cent`, `one hundred percent`, `US$8,500 million`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from monitor.text.forms import clean_word, fold, plain_digits, spellings
from monitor.text.money import CURRENCY_WORDS, SIGNS, scale_of
from monitor.text.tokens import Words

_COMMA_LANGUAGES_TEXT = """
bg ca cs da de el es et fi fr hr hu id is it lt lv nb nl nn no pl pt ro ru sk sl sr sv tr uk vi
"""
_COMMA_LANGUAGES = frozenset(_COMMA_LANGUAGES_TEXT.split())
_NUMBER = re.compile(r"(\d+(?:[,.'\s]\d+)*)(.*)", re.DOTALL)
_SIGN = re.compile(r"[ \t\u00a0\u202f\u2009]*[%％٪﹪]")
_GAP = re.compile(r"[ \t\n\u00a0\u202f\u2009\-‑–]*")
_DASH = re.compile(r"\s*[-‑–—]\s*")
_PERCENT_WORDS_TEXT = """
percent pct pc prozent procent procenta procento prosent prosenttia protsenti процент процента процентов проценту
процентами százalék szazalek porcento porciento τοισ パーセント 퍼센트 프로 phần
"""
_PERCENT_WORDS = frozenset(_PERCENT_WORDS_TEXT.split())
_PERCENT_PAIRS = frozenset({"per cent", "pour cent", "por ciento", "por cento", "per cento", "la suta", "τοισ εκατο"})
_FIRST_OF_PERCENT_PAIRS = frozenset(pair.split()[0] for pair in _PERCENT_PAIRS)
_PERCENT_UNITS = ("パーセント", "퍼센트", "프로", "เปอร์เซ็นต์", "بالمئة", "بالمائة", "في المئة", "في المائة")
_HAN_PERCENT = re.compile(r"百分之\s*(\d+(?:\.\d+)?|[零〇一二三四五六七八九十百两]+)|百分百")
_TURKISH_PERCENT = re.compile(r"(?:(?<![\d\s])|(?<!\d)(?<=\s)|^)(?:%|yüzde\s+)(\d+(?:[.,]\d+)*)", re.IGNORECASE)
_ONES_TEXT = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_ONES = _ONES_TEXT.split()
_NUMBER_WORDS = {word: value for value, word in enumerate(_ONES)} | {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_HUNDREDS = frozenset({"hundert", "einhundert", "cent", "cien", "ciento", "cem", "cento", "honderd", "hundra", "сто"})
_CURRENCY_AFTER = re.compile(r"\.?[ \u00a0\u202f\u2009]?([€£¥$₹₩₽元円원])")
_MOST_NUMBER_WORDS = 6
_HAN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_UNITS = {"十": 10, "百": 100}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """A value in a text, at half-open code point offsets; `currency` is an ISO 4217 code, empty for a percentage."""

    start: int
    end: int
    value: Decimal
    currency: str = ""


def find_percentages(words: Words, language: str) -> list[FoundNumber]:
    """Return the percentages in a text; of a range (`50-100%`) both ends."""
    found: dict[tuple[int, int], FoundNumber] = {}
    for index, token in enumerate(words.words):
        if token[0].isdecimal():
            end = _percent_end(words, index)
            if end:
                for first in _with_range(words, index):
                    start, value = _number_at(words, first, language)
                    found.setdefault((start, end), FoundNumber(start=start, end=end, value=value))
        elif _may_be_percent(token) and (fold(token) in _PERCENT_WORDS or _is_percent_pair(words, index)):
            spelled = _spelled_before(words, index)
            if spelled:
                last = index if fold(token) in _PERCENT_WORDS else index + 1
                start, value = spelled
                end = words.ranges[last][1]
                found[start, end] = FoundNumber(start=start, end=end, value=value)
    for number in _written_before(words.text, language):
        found.setdefault((number.start, number.end), number)
    return sorted(found.values(), key=lambda number: (number.start, number.end))


@lru_cache(maxsize=20_000)
def _may_be_percent(word: str) -> bool:
    """Return whether a word is `percent`, or the first of two such as `per cent`."""
    folded = fold(word)
    return folded in _PERCENT_WORDS or folded in _FIRST_OF_PERCENT_PAIRS


def find_amounts(words: Words, language: str) -> list[FoundNumber]:
    """Return the amounts of money in a text, scaled: `$8.5bn` is 8,500,000,000 USD."""
    found = []
    for index, token in enumerate(words.words):
        if token[0].isdecimal():
            amount = _amount_at(words, index, language)
            if amount:
                found.append(amount)
    return found


def _parse(digits: str, language: str) -> Decimal:
    return Decimal(plain_digits(digits, decimal="," if language in _COMMA_LANGUAGES else "."))


def _split(token: str) -> tuple[str, str]:
    match = _NUMBER.match(clean_word(token))
    return (match[1], match[2]) if match else ("0", token)


def _number_at(words: Words, index: int, language: str) -> tuple[int, Decimal]:
    """Return where the number at word `index` starts, and its value; groups set off by plain spaces are joined."""
    digits, _ = _split(words.words[index])
    first = index
    while len(_split(words.words[first])[0].partition(",")[0]) == 3 and first > 0 and words.between(first - 1) == " ":
        before = words.words[first - 1]
        if not (before.isdecimal() and len(before) <= 3):
            break
        digits = before + digits
        first -= 1
    return words.ranges[first][0], _parse(digits, language)


def _percent_end(words: Words, index: int) -> int:
    """Return where the percentage whose number is word `index` ends, 0 if it is none."""
    _, tail = _split(words.words[index])
    end = words.ranges[index][1]
    if tail:
        return end if fold(tail) in _PERCENT_WORDS else 0
    match = _SIGN.match(words.text, end)
    if match:
        return match.end()
    following = index + 1
    gap = words.between(index)
    if following < len(words.words) and _GAP.fullmatch(gap):
        if fold(words.words[following]) in _PERCENT_WORDS:
            return words.ranges[following][1]
        if _is_percent_pair(words, following):
            return words.ranges[following + 1][1]
    rest = words.text[end : end + 16].lstrip()
    for unit in _PERCENT_UNITS:
        if rest.startswith(unit):
            return words.text.index(unit, end) + len(unit)
    return 0


def _is_percent_pair(words: Words, index: int) -> bool:
    if index + 1 >= len(words.words) or not words.between(index).isspace():
        return False
    return f"{fold(words.words[index])} {fold(words.words[index + 1])}" in _PERCENT_PAIRS


def _with_range(words: Words, index: int) -> list[int]:
    """Return word `index`, and before it the number that `50-100%` or `50 to 100%` starts with."""
    if index and words.words[index - 1].isdecimal() and _DASH.fullmatch(words.between(index - 1)):
        return [index - 1, index]
    if index > 1 and words.words[index - 1].casefold() in {"to", "bis", "à"} and words.words[index - 2].isdecimal():
        return [index - 2, index]
    return [index]


def _spelled_before(words: Words, index: int) -> tuple[int, Decimal] | None:
    """Return where the spelled number before word `index` starts, and its value."""
    first = index
    while (
        first
        and index - first < _MOST_NUMBER_WORDS
        and _is_number_word(words.words[first - 1])
        and _GAP.fullmatch(words.between(first - 1))
    ):
        first -= 1
    while first < index and words.words[first].casefold() == "and":
        first += 1
    if first == index:
        return None
    return words.ranges[first][0], Decimal(_spelled([fold(word) for word in words.words[first:index]]))


def _is_number_word(word: str) -> bool:
    key = fold(word)
    return key in _NUMBER_WORDS or key in _HUNDREDS or key in {"hundred", "a", "and"}


def _spelled(tokens: list[str]) -> int:
    value = 0
    for word in tokens:
        if word == "hundred":
            value = max(value, 1) * 100
        else:
            value += 100 if word in _HUNDREDS else _NUMBER_WORDS.get(word, 0)
    return value


def _written_before(text: str, language: str) -> Iterator[FoundNumber]:
    """Yield the percentages whose sign stands before the number: Chinese, and Turkish."""
    if "百分" in text:
        for match in _HAN_PERCENT.finditer(text):
            value = _han_number(match[1]) if match[1] else Decimal(100)
            yield FoundNumber(start=match.start(), end=match.end(), value=value)
    if language == "tr":
        for match in _TURKISH_PERCENT.finditer(text):
            yield FoundNumber(start=match.start(), end=match.end(), value=_parse(match[1], "tr"))


def _han_number(text: str) -> Decimal:
    if text[0].isdecimal():
        return Decimal(text)
    value = last = 0
    for char in text:
        if char in _HAN_UNITS:
            value += (last or 1) * _HAN_UNITS[char]
            last = 0
        else:
            last = _HAN_DIGITS[char]
    return Decimal(value + last)


def _amount_at(words: Words, index: int, language: str) -> FoundNumber | None:
    start, value = _number_at(words, index, language)
    _, tail = _split(words.words[index])
    scale, last = (scale_of(tail, language), index) if tail else _scale_after(words, index, language)
    if scale is None:
        return None
    currency, begin, end = _currency(words, start, last)
    return FoundNumber(start=begin, end=end, value=value * scale, currency=currency) if currency else None


def _scale_after(words: Words, index: int, language: str) -> tuple[int | None, int]:
    """Return the scale that the words after word `index` name (1 for none), and its last word."""
    gap = words.between(index)
    if index + 1 < len(words.words) and _GAP.fullmatch(gap):
        word = words.words[index + 1]
        following = words.words[index + 2] if index + 2 < len(words.words) else ""
        pair = scale_of(f"{word} {following}", language)
        if pair:
            return pair, index + 2
        one = scale_of(word, language)
        if one:
            return one, index + 1
    return 1, index


def _currency(words: Words, start: int, last: int) -> tuple[str, int, int]:
    """Return the currency code of the amount from offset `start` to word `last` (empty for none), and its bounds."""
    end = words.ranges[last][1]
    before = words.text[max(0, start - 5) : start].rstrip()
    sign = SIGNS.search(before)
    if sign:
        return CURRENCY_WORDS[sign[0].upper()], start - len(words.text[max(0, start - 5) : start]) + sign.start(), end
    after = _CURRENCY_AFTER.match(words.text, end)
    if after:
        return CURRENCY_WORDS[after[1]], start, after.end()
    first = last + 2 if "".join(words.words[last + 1 : last + 2]).casefold() in {"of", "de", "di"} else last + 1
    for width in (3, 2, 1):
        name = " ".join(fold(spellings(word)[0]) for word in words.words[first : first + width])
        if name in CURRENCY_WORDS:
            return CURRENCY_WORDS[name], start, words.ranges[min(first + width, len(words.words)) - 1][1]
    han = words.text[end : end + 4].lstrip()
    for name in ("美元", "人民币", "人民幣", "欧元", "歐元", "日元", "ドル", "ユーロ", "달러"):
        if han.startswith(name):
            return CURRENCY_WORDS[name], start, words.text.index(name, end) + len(name)
    return "", start, end
