"""Words of a text with their places in it.

A place is a half-open range of code points of the text as given: nothing is normalised here, see `forms`. A word is
letters, digits, marks and invisible characters; a dotted acronym and a grouped number are one word, a currency before
its amount is another; so is each character of a script that sets no spaces (Han, kana, Hangul, Thai, Lao, Khmer,
Burmese).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache, cached_property

from monitor.text.flat import Flat
from monitor.text.money import CURRENCIES

# Scripts whose characters are words by themselves; digits and marks of these scripts stay out.
_ALONE = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf\u1000-\u102a\u103f\u1050-\u1055"
    "\u1100-\u11ff\u1780-\u17b3\u2e80-\u2fdf\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9d\uffa0-\uffdc\U00020000-\U000323af"
)
# Marks that follow a letter and are no letters themselves (Mn, Mc), by block.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u09e2\u09e3\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a75\u0a81-\u0a83\u0abc\u0abe-\u0acd"
    "\u0ae2\u0ae3\u0b01-\u0b03\u0b3c\u0b3e-\u0b57\u0b62\u0b63\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c\u0c3e-\u0c56\u0c62\u0c63"
    "\u0c81-\u0c83\u0cbc\u0cbe-\u0cd6\u0ce2\u0ce3\u0d00-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57\u0d62\u0d63\u0d82\u0d83\u0dca-\u0ddf"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20f0\u3099\u309a\ufe20-\ufe2f\uff9e\uff9f"
)
INVISIBLE = "\u00ad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
APOSTROPHES = "'’‘ʼ＇′"
# These end a clause, so a phrase of single characters must not reach across them; they take a place of their own.
CLAUSE_STOPS = "、。，！？；："

_JOINERS = f"[{_MARKS}{INVISIBLE}]"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_GROUPED_BY_SPACE = re.compile(r"\d[\u00a0\u2009\u202f]\d")
_NOT_LATIN = re.compile("[^\x00-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2122]|\u00ad")


# What the first half of `U. S.` may be as a piece.
SPACED_STARTS = frozenset(f"{before}{letter}." for before in ("", "(", '"', "“", "‘", "'", "[") for letter in "UE")


def _pattern(letter: str, joiner: str, apostrophes: str, extra: str = "", flags: int = 0) -> re.Pattern[str]:
    word = f"{letter}+(?:{joiner}+{letter}+)*{joiner}*" if joiner else f"{letter}+"
    gap = f"[,.{apostrophes}\u00a0\u202f\u2009٬]"
    number = (
        rf"(?:\d{{1,3}}(?:{gap}\d{{3}})+(?!\d)(?:[.,٫]\d+)?|\d{{1,2}}(?:,\d\d)+,\d{{3}}(?!\d)"
        rf"|(?<!\d\.)\d+(?:\.\d+(?!\d|\.\d)|[,٫]\d{{1,2}}(?!\d)))(?:{word})?"
    )
    single = r"[^\W\d_]"
    spaced = rf"(?:U\.[ \n\u00a0\u202f][SKN]|E\.[ \n\u00a0\u202f]U)\.(?:[{apostrophes}]s(?![^\W_]))?"
    acronym = rf"{spaced}|{single}(?:\.{single})+(?![^\W_])\.?(?:[{apostrophes}]s(?![^\W_]))?"
    code = r"[A-Za-z](?:\+\+|#)(?![^\W_])"
    currency = rf"(?:{'|'.join(sorted(CURRENCIES))})(?=\d)"
    quoted = f"{word}(?:[{apostrophes}]{word})*"
    return re.compile("|".join(part for part in (acronym, number, code, currency, quoted, extra) if part), flags)


@cache
def _ascii() -> re.Pattern[str]:
    return _pattern("[A-Za-z0-9]", "", "'", flags=re.ASCII)


@cache
def _latin() -> re.Pattern[str]:
    return _pattern(r"[^\W_]", "", APOSTROPHES)


@cache
def _any() -> re.Pattern[str]:
    jamo = r"[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?"
    alone = f"{jamo}|[{_ALONE}]{_JOINERS}*|[{CLAUSE_STOPS}]"
    return _pattern(rf"[^\W_{_ALONE}]", _JOINERS, APOSTROPHES, alone)


def _pattern_of(text: str) -> re.Pattern[str]:
    if not _NOT_ASCII.search(text):
        return _ascii()
    return _any() if _NOT_LATIN.search(text) else _latin()


def words(text: str) -> list[str]:
    """Return the words of a text as they stand in it."""
    return _pattern_of(text).findall(text)


def pieces(text: str) -> list[str]:
    """Return parts of a text that have its words in them, in order; a part's words depend on nothing around it.

    They are made faster than words, and whoever looks them up in a table has to cut each of them only once.
    """
    if not text.isascii() and (_NOT_LATIN.search(text) or _GROUPED_BY_SPACE.search(text)):
        return words(text)
    return text.split()


def word_ranges(text: str) -> list[tuple[int, int]]:
    """Return where each of `words(text)` stands: half-open code point offsets."""
    return [match.span() for match in _pattern_of(text).finditer(text)]


class Words:
    """A text with its words; their places are worked out at the first question."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> list[str]:
        """The words as they stand."""
        return words(self.text)

    @cached_property
    def flat(self) -> Flat:
        """The text made plain."""
        return Flat(self.text)

    @cached_property
    def ranges(self) -> list[tuple[int, int]]:
        """Where each word stands."""
        return word_ranges(self.text)

    @cached_property
    def _bounds(self) -> tuple[list[int], list[int]]:
        return [start for start, _ in self.ranges], [end for _, end in self.ranges]

    def indexes(self, start: int, end: int) -> tuple[int, int]:
        """Return the first and last word that overlap a range of the text, which must hold a word."""
        starts, ends = self._bounds
        return bisect_right(ends, start), bisect_left(starts, end) - 1
