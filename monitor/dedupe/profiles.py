"""What an article is about: its terms, weighed by where they stand in it.

A term is a stem; where a script sets no spaces, two characters that follow each other. How rare a term is, only the
store can say: see `stories`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from monitor.dedupe.shingles import word_hash
from monitor.model import Profile
from monitor.text import base_language, fold, month_names, spellings, stem, weekday_names, word_frequency, word_ranges

_WORDS = 400
_CHARS = 8 * _WORDS
_LEAD = 60
_IN_TITLE = 2.0
_IN_LEAD = 1.0
_NAME, _OFTEN_A_NAME, _OFTEN = 2.0, 2.3, 3
# Two terms that are one name weigh as one: the length of their part of the vector is that of one.
_HALF = 1 / sqrt(2)
_OFTEN_TOGETHER = 2
_SHORTEST = 2
_UNSPACED = "\u0e00-\u0eff\u1000-\u10ff\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3131-\u318e\u3400-\u9fff\uac00-\ud7a3"
_ALONE = re.compile(f"[{_UNSPACED}\uf900-\ufaff\U00020000-\U0003ffff]")
_OPENS_SENTENCE = re.compile(r"[.!?…:;\n\r\"“”„«»•]")
_AMERICA = frozenset(["US", "USA"])


@dataclass(slots=True)
class _Uses:
    """How a term stands in an article."""

    frequency: float
    count: int = 0
    names: int = 0
    is_in_title: bool = False
    is_in_lead: bool = False

    @property
    def weight(self) -> float:
        name = 1.0 if not self.names else _NAME if self.names < _OFTEN else _OFTEN_A_NAME
        return (1 + log(self.count) + _IN_TITLE * self.is_in_title + _IN_LEAD * self.is_in_lead) * name


def profile(title: str, text: str, language: str) -> Profile:
    """Return what an article is about, by its title and its first 400 words.

    A term weighs 1 + ln of its count, 2 more in the title, 1 more in the first 60 words; twice that if it is a name:
    written with a capital where no sentence begins. Two words of one name share its weight.
    """
    language = base_language(language)
    uses: dict[int, _Uses] = {}
    follows: dict[tuple[int, int], int] = {}
    for words, is_title in ((title, True), (text, False)):
        before, end = 0, -1
        for place, key, frequency, is_name in _terms(words[:_CHARS], language):
            use = uses.get(key) or uses.setdefault(key, _Uses(frequency))
            use.count += 1
            if is_title:
                use.is_in_title = True
            else:
                use.names += is_name
                use.frequency = max(use.frequency, frequency)
                use.is_in_lead |= place < _LEAD
            if place == end + 1 and place:
                follows[before, key] = follows.get((before, key), 0) + 1
            before, end = key, place
    weights = {key: use.weight for key, use in uses.items()}
    for key in _halves(follows, uses):
        weights[key] *= _HALF
    return Profile(
        language=language,
        terms=tuple(uses),
        weights=tuple(weights.values()),
        frequencies=tuple([use.frequency for use in uses.values()]),
    )


def _halves(follows: Mapping[tuple[int, int], int], uses: Mapping[int, _Uses]) -> Iterator[int]:
    """Yield both terms of each pair that stands together twice or more, and never apart: Kuala Lumpur is one place."""
    for (first, second), count in follows.items():
        one, other = uses[first], uses[second]
        if (
            first != second
            and count >= _OFTEN_TOGETHER
            and count == one.count == other.count
            and one.names
            and other.names
        ):
            yield from (first, second)


def _terms(text: str, language: str) -> Iterator[tuple[int, int, float, bool]]:
    """Yield the place, key and frequency of each term, and whether it is a name there."""
    end, before = 0, ""
    for place, (start, stop) in enumerate(word_ranges(text)):
        if place >= _WORDS:
            return
        word = text[start:stop]
        if word > "\u0dff" and _ALONE.match(word):
            if before and end == start:
                key, frequency = _pair(before + word, language)
                yield place, key, frequency, False
            before, end = word, stop
            continue
        found = _term(word, language)
        if found is not None:
            is_name = end > 0 and word[0].isupper() and not _OPENS_SENTENCE.search(text, end, start)
            yield place, found[0], found[1], is_name
        before, end = "", stop


@lru_cache(maxsize=65_536)
def _term(word: str, language: str) -> tuple[int, float] | None:
    """Return the key of a word's term and how common it is; None for days, months and single letters."""
    spelled = spellings(word, language)[0]
    folded = fold(spelled)
    if len(folded) < _SHORTEST or folded in _calendar(language):
        return None
    if language == "en" and spelled in _AMERICA:
        return _key("usa", language), word_frequency("usa", language)
    return _key(stem(folded, language), language), word_frequency(spelled.lower(), language)


@lru_cache(maxsize=65_536)
def _pair(pair: str, language: str) -> tuple[int, float]:
    return _key(fold(pair), language), word_frequency(pair, language)


@lru_cache(maxsize=64)
def _calendar(language: str) -> frozenset[str]:
    return weekday_names(language).union(month_names(language))


def _key(term: str, language: str) -> int:
    return word_hash(f"{language} {term}") >> 1
