"""What a word is compared by: its spellings without dots, possessive and accents.

Both sides, text and query, go through the same functions, so they need not be right, only equal for equal words.
"""

from __future__ import annotations

import re
import unicodedata

from monitor.text.han import SIMPLIFIED
from monitor.text.tokens import APOSTROPHES, CLAUSE_STOPS, INVISIBLE, words

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_APOSTROPHES = re.compile(f"[{APOSTROPHES}]")
# Accents of Latin, Greek, Cyrillic, Hebrew and Arabic; marks of other scripts make the word.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff]"
)
_LETTERS = str.maketrans("øØłŁđĐðÐħĦıىةٱکی", "oOlLdDdDhHiيهاكي") | str.maketrans(
    {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th"}
)
_ELISIONS_TEXT = """
l d j m n s t c qu jusqu lorsqu puisqu quoiqu presqu un dell all nell sull dall coll quell quest sant
"""
_ELISIONS = frozenset(_ELISIONS_TEXT.split())
_GROUPING = re.compile(r"[,.'\u00a0\u202f\u2009\s]")
_NUMBER = re.compile(r"(\d+(?:[,.'\s]\d+)*)(.*)", re.DOTALL)


def clean_word(word: str) -> str:
    """Return a word in NFKC, without invisible characters, with plain apostrophes and ASCII digits."""
    if word.isascii():
        return word
    word = _INVISIBLE.sub("", unicodedata.normalize("NFKC", word))
    word = _APOSTROPHES.sub("'", word).replace("٬", ",").replace("٫", ".")
    if any(char.isdecimal() and char > "9" for char in word):
        word = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in word)
    return word


def strip_accents(word: str) -> str:
    """Return a word without the accents of alphabets, traditional Chinese characters made simplified."""
    if word.isascii():
        return word
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", plain).translate(_LETTERS).translate(SIMPLIFIED)


def fold(word: str) -> str:
    """Return a word without case, accents and width."""
    return strip_accents(clean_word(word).casefold())


def spellings(word: str, language: str = "") -> tuple[str, ...]:
    """Return what a word may be written as, in its own case, the likeliest first; never empty for a word.

    `U.S.` is `US`, `China's` is `China`, `l'accord` is `accord` or `laccord`, `1,100` is `1100`, `100.0` is `100`.
    """
    word = clean_word(word)
    if word[:1].isdecimal():
        return (plain_number(word),)
    if "'" in word:
        return _apostrophe_spellings(word, language)
    if "." in word:
        word = without_dots(word)
    return (word,)


def without_dots(word: str) -> str:
    """Return an acronym without its dots and spaces: `US` for `U. S.`."""
    return "".join(word.replace(".", "").split())


def _apostrophe_spellings(word: str, language: str) -> tuple[str, ...]:
    if word[-2:] in {"'s", "'S"}:
        word = without_dots(word[:-2])
        if "'" not in word:
            return (word,)
    head, _, rest = word.partition("'")
    whole = word.replace("'", "")
    if head.casefold() in _ELISIONS and rest:
        rest = rest.replace("'", "")
        return (rest, whole) if head.islower() else (whole, rest)
    # Turkish hangs its endings on a name by an apostrophe.
    return (head, whole) if language == "tr" and len(head) > 1 else (whole,)


def plain_number(word: str) -> str:
    """Return a number without grouping and needless zeros, and what is attached to it: `8.50bn` is `8.5bn`."""
    match = _NUMBER.match(word)
    if match is None:
        return word
    return plain_digits(match[1]) + match[2]


def plain_digits(digits: str, *, decimal: str = "") -> str:
    """Return digits without grouping, with a point for the decimal sign.

    `decimal` is the sign of the language, if known: it decides what `1.100` is; without it three digits are a group.
    """
    signs = [char for char in digits if not char.isdecimal()]
    if not signs:
        return digits
    last = signs[-1]
    whole, _, fraction = digits.rpartition(last)
    is_group = last not in ".," or signs.count(last) > 1
    if not is_group and len(set(signs)) == 1 and len(fraction) == 3 and len(whole) <= 3 and whole.lstrip("0"):
        is_group = last != decimal
    if is_group:
        return _GROUPING.sub("", digits)
    fraction = fraction.rstrip("0")
    whole = _GROUPING.sub("", whole)
    return f"{whole}.{fraction}" if fraction else whole


def normalised_words(text: str) -> list[str]:
    """Return the words of a text without case, accents, width and punctuation, for hashing and comparing."""
    return [fold(spellings(word)[0]) for word in words(text) if word not in CLAUSE_STOPS]
