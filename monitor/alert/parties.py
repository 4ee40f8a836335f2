"""Finds who is named in a title or a first sentence: countries, companies, bodies, people.

By capitals where a language has them: German, which writes all nouns with them, gives names of two words and letters
only. Countries are found in every language that the locale data knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from monitor.text import country_names, fold, is_country, month_names, weekday_names, word_frequency, word_ranges

_UNSPACED = frozenset({"zh", "ja", "ko", "th"})
_NOUNS_IN_CAPITALS = frozenset({"de", "lb"})
# A word this common (share of all words) is no name by itself.
_COMMON = 3e-5
_FEWEST_LETTERS = 3
_MOST_IN_TITLE_CASE = 0.6
_LONG = 4
_JOINED = re.compile(r"[ \u00a0\u202f]+(?:(?:of|for|the|and|de|del|der|den|di|du|la|van|von|al)[ \u00a0\u202f]+){0,2}")
_OPENS = re.compile(r"[\s\"'“”‘’«»(\[•–—-]*$")
# Who only passes a report on is no party to it.
_AGENCIES_TEXT = """
reuters ap afp dpa ansa efe lusa tass interfax xinhua kyodo yonhap bloomberg cnn cnbc bbc nbc cbs abc fox npr anp apa
belga afx dow jones associated press agence france-presse twitter facebook youtube getty
"""
_AGENCIES = frozenset(_AGENCIES_TEXT.split())


@dataclass(frozen=True, slots=True)
class Named:
    """A party as it is written, at half-open code point offsets."""

    start: int
    end: int
    name: str


def find_parties(text: str, language: str, *, is_title: bool) -> list[Named]:
    """Return the parties that a title or a sentence names, in order."""
    if language in _UNSPACED:
        return [Named(at, at + len(name), name) for name in country_names(language) if (at := text.find(name)) >= 0]
    ranges = word_ranges(text)
    is_shouting = is_title and _is_title_case([text[start:end] for start, end in ranges], language)
    return [
        named
        for named in _runs(text, ranges)
        if not _is_aside(text, named.start)
        if not _is_opening(text, named) or " " in named.name or is_country(named.name, language)
        if _is_party(named.name, language, is_shouting=is_shouting)
    ]


def _runs(text: str, ranges: list[tuple[int, int]]) -> Iterator[Named]:
    """Yield the runs of words with capitals."""
    start = end = -1
    for a, b in ranges:
        if not text[a:b][:1].isupper():
            continue
        if start >= 0 and _JOINED.fullmatch(text, end, a):
            end = b
            continue
        if start >= 0:
            yield _named(text, start, end)
        start, end = a, b
    if start >= 0:
        yield _named(text, start, end)


def _named(text: str, start: int, end: int) -> Named:
    return Named(start, end, text[start:end].removesuffix("'s").removesuffix("’s"))


def _is_title_case(words: list[str], language: str) -> bool:
    if language in _NOUNS_IN_CAPITALS:
        return False
    long = [word for word in words if len(word) >= _LONG and word[:1].isalpha()]
    return sum(word[0].isupper() for word in long) > _MOST_IN_TITLE_CASE * len(long)


def _is_opening(text: str, named: Named) -> bool:
    return bool(_OPENS.match(text[: named.start]))


def _is_aside(text: str, at: int) -> bool:
    """Return whether a place is in brackets: a stock's sign, an abbreviation."""
    return text.rfind("(", 0, at) > text.rfind(")", 0, at)


def _is_party(name: str, language: str, *, is_shouting: bool) -> bool:
    words = name.split()
    if is_country(name, language):
        return True
    if is_shouting or (language in _NOUNS_IN_CAPITALS and len(words) == 1 and not name.isupper()):
        return False
    telling = [word for word in words if _is_name(fold(word), language)]
    if not telling or all(fold(word) in _AGENCIES for word in telling):
        return False
    return len(telling) == len(words) if language in _NOUNS_IN_CAPITALS else True


def _is_name(word: str, language: str) -> bool:
    is_long = len(word) >= _FEWEST_LETTERS and word.replace("-", "").isalpha()
    return is_long and word_frequency(word, language) < _COMMON and word not in _calendar(language)


@lru_cache(maxsize=32)
def _calendar(language: str) -> frozenset[str]:
    return weekday_names(language) | frozenset(month_names(language))
