"""Amounts of money in a text, as values: `$8.5bn`, `US$8,500 million`, `8,5 Milliarden Euro`, `85亿美元`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from monitor.text.flat import Flat, flatten
from monitor.text.money import CODES, CURRENCIES, NAMES, SIGNS_TEXT, SMALL_CODES
from monitor.text.numbers import FoundNumber, Number, begins_range, number_after, number_before, partners_before
from monitor.text.tokens import Words

_SIGNS = {flatten(sign).replace("_", " "): code for sign, code in (pair.split(":") for pair in SIGNS_TEXT.split())}
_SIGN = re.compile(f"[{re.escape(''.join(sorted({sign[-1] for sign in _SIGNS})))}]")
_LETTERS_BEFORE = re.compile(r"(?<![^\W\d_])[a-z]{1,3}[ \-]?$")
_WORD = re.compile(r"[^\W\d_]+")
_OF = re.compile(r"\b(?:of|de|di|d|da|in|sa|dari)[ ']$")
_ONWARD = re.compile(r" ?[-~] ?|\s(?P<word>[^\W\d_]+)\s")
_TO = frozenset({"to", "or", "bis", "a", "до"})
_YEARS = range(1900, 2101)
_FEWEST_WON = 100
_MOST_TRIES = 2_000
# From here on scripts set no spaces, or hang endings on the word.
_SOLID = "\u0e00"


class _Name(NamedTuple):
    text: str
    code: str
    is_open: bool = False
    given: str = ""

    @property
    def is_solid(self) -> bool:
        """Whether it is of a script that sets no spaces, or hangs endings on the word."""
        return self.text[0] >= _SOLID

    def may_be_in(self, text: str, words: frozenset[str]) -> bool:
        """Return whether a text of such words, letters in a row, may have this name."""
        if self.is_solid:
            return self.text in text
        found = _WORD.match(self.text)
        return found is not None and (found[0] in words or self.is_open)


def find_amounts(words: Words, language: str, currencies: Collection[str] = CURRENCIES) -> list[FoundNumber]:
    """Return the amounts of money in a text, scaled: `$8.5bn` is 8,500,000,000 USD; of a range both ends.

    `currencies`: the ISO codes to look for. Gives up after 2,000 places.
    """
    flat = words.flat
    found: dict[int, FoundNumber] = {}
    units = islice(_units(flat, language, frozenset(currencies)), _MOST_TRIES)
    text = flat.text.replace("\n", " ")
    for start, end, code, is_sign in units:
        numbers = _beside_sign(text, start, end, language) if is_sign else _before_name(text, start, end, language)
        for number in numbers:
            first, last = flat.given_range(number.start, number.end)
            old = found.get(first)
            if old is None or (last, number.value) > (old.end, old.value):
                found[first] = FoundNumber(start=first, end=last, value=number.value, currency=code)
    return sorted(found.values(), key=lambda number: (number.start, number.end))


def _units(flat: Flat, language: str, currencies: frozenset[str]) -> Iterator[tuple[int, int, str, bool]]:
    """Yield start, end, code, and whether it may stand before a number, of each name of a currency."""
    text = flat.text.replace("\n", " ")
    for match in _SIGN.finditer(text):
        start, end = match.span()
        letters = _LETTERS_BEFORE.search(text, max(0, start - 4), start)
        if letters and letters[0] + match[0] in _SIGNS:
            start = letters.start()
        code = "CNY" if match[0] == text[start:end] == "¥" and language == "zh" else _SIGNS[text[start:end]]
        if code in currencies:
            yield start, end, code, True
    text = text.replace("\u00a0", " ")
    present = frozenset(_WORD.findall(text))
    for name in _names(currencies):
        if not name.may_be_in(text, present):
            continue
        for start, end in _places(text, name):
            if not name.given:
                yield start, end, name.code, False
            elif flat.given[slice(*flat.given_range(start, end))] == name.given:
                yield start, end, name.code, True


@lru_cache(maxsize=64)
def _names(currencies: frozenset[str]) -> tuple[_Name, ...]:
    names = [_Name(flatten(letters), code, given=letters) for letters, code in CODES.items() if code in currencies]
    names += [_Name(code, code.upper(), given=code) for code in SMALL_CODES if code.upper() in currencies]
    for code in currencies:
        for name in NAMES.get(code, "").split(","):
            if name.strip():
                names.append(_Name(flatten(name.strip().rstrip("*")), code, name.strip().endswith("*")))
    return tuple(names)


def _places(text: str, name: _Name) -> Iterator[tuple[int, int]]:
    at = text.find(name.text)
    while at >= 0:
        end = at + len(name.text)
        if name.is_open:
            while text[end : end + 1].isalpha():
                end += 1
        if name.is_solid or not (text[at - 1 : at].isalpha() or text[end : end + 1].isalpha()):
            yield at, end
        at = text.find(name.text, end)


def _beside_sign(text: str, start: int, end: int, language: str) -> list[Number]:
    """Return the amount that a sign or code belongs to, and what shares it."""
    is_tight = text[end : end + 1].isdecimal() or text[end : end + 1] == "."
    before = None if is_tight else number_before(text, start, language)
    after = number_after(text, end, language)
    if after and not (before and (text[start] in "$€£¥" or before.scale > 1)):
        number = after._replace(start=start)
        return [
            *_after_joined(text, number, language),
            *_scaled(text, partners_before(text, number, language), number, after.end),
        ]
    return _scaled(text, [before, *partners_before(text, before, language)], before, end) if before else []


def _after_joined(text: str, low: Number, language: str) -> list[Number]:
    """Return an amount, and the other end of the range it begins: `$8.5-9 billion`, `between $8 and 9 billion`."""
    joiner = _ONWARD.match(text, low.end)
    word = joiner["word"] if joiner else ""
    high = (
        number_after(text, joiner.end(), language)
        if joiner and (not word or word in _TO or begins_range(text, low.start))
        else None
    )
    if not high or (word and high.scale == 1):
        return [low]
    return [_with_scale(low, high), high]


def _with_scale(low: Number, high: Number) -> Number:
    return low._replace(scale=high.scale) if low.scale == 1 and low.digits < high.digits else low


def _scaled(text: str, numbers: list[Number], high: Number, end: int) -> list[Number]:
    """Return amounts that end with one currency, those before the last with its scale if they name none."""
    found = []
    for number in numbers:
        is_marked = text[number.start - 1 : number.start] in {"$", "€", "£", "¥"} and number.start
        found.append(_with_scale(number, high)._replace(start=number.start - bool(is_marked), end=end))
    return found


def _before_name(text: str, start: int, end: int, language: str) -> list[Number]:
    """Return the amount before a currency's name, and what shares it."""
    number = number_before(text, start, language)
    if number is None:
        of = _OF.search(text, max(0, start - 6), start)
        number = number_before(text, of.start(), language) if of else None
        if number and number.scale == 1:
            return []
    if number is None or not _is_money(text, number, start, end, language):
        return []
    return _scaled(text, [number, *partners_before(text, number, language)], number, end)


def _is_money(text: str, number: Number, start: int, end: int, language: str) -> bool:
    """Return whether a word that has other meanings names a currency: 10 pounds of fish, 10 seats and 5 won."""
    name = text[start:end]
    if name in {"pound", "pounds"}:
        return number.scale > 1 or not text.startswith((" of ", " per ", "-force"), end)
    if name == "won" and number.scale == 1 and "korea" not in text:
        return number.value >= _FEWEST_WON and number.value not in _YEARS
    if name == "kr":
        return language == "sv"
    return True
