"""The fact sheet of a story: when, how much, how many and who, by which source, and where sources disagree.

Values are compared only within what is said of the same thing: sources disagree where, in clauses that share two
words which are not common, no value of the one is a value of the other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise

from monitor.dedupe.people import find_people, name_people
from monitor.model import Article
from monitor.text import (
    Words,
    base_language,
    find_amounts,
    find_dates,
    find_percentages,
    fold,
    month_names,
    normalised_words,
    sentences,
    stem,
    weekday_names,
    word_frequency,
    word_ranges,
)

_CLAUSE = re.compile(r"[,;:]\s|\s[–—-]\s|[，；：、]")
_RANGE_GAP = re.compile(r"\s*(?:-|–|—|to|until|through|and|bis|au|à|al|a|tot|至|から|~)\s*", re.IGNORECASE)
_LONGEST = 400
_FEWEST_LETTERS = 4
_WEEKDAY_LETTERS = 5
# Words this common (share of all words) join clauses that have nothing to do with each other.
_COMMON = 5e-4
_MOST_DISAGREEMENTS = 3
# Two sources that differ speak of two things as often as not.
_FEWEST_SOURCES = 3
_MOST_SHARED = 3


class FactKind(StrEnum):
    """What kind of thing a fact is."""

    WHEN = "when"
    PERCENTAGE = "percentage"
    AMOUNT = "amount"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who says something, and the sentence in which."""

    source: str
    article_id: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A value that a story's articles name: `text` is how the sheet writes it; `said` has a sentence a source."""

    kind: FactKind
    text: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Values that sources give for what seems one thing. `about`: words that all these clauses share."""

    kind: FactKind
    about: tuple[str, ...]
    values: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSheet:
    """What a story's articles say; facts of most sources first."""

    facts: tuple[Fact, ...]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    kind: FactKind
    text: str
    said: Said
    about: Mapping[str, str]


def fact_sheet(articles: Sequence[Article]) -> FactSheet:
    """Collect what a story's articles say: dates and weekdays, percentages, amounts of money, and named people.

    Copies should be left out: they would say the same again for another source.
    """
    people = name_people(article.text for article in articles)
    found = [one for article in articles for one in _found_in(article, people)]
    return FactSheet(facts=_facts(found), disagreements=_disagreements(found))


def _found_in(article: Article, people: Iterable[str]) -> Iterator[_Found]:
    source = article.source or article.feed_name or article.ref
    text = article.text
    for start, end in sentences(text):
        sentence = " ".join(text[start:end].split())
        if not sentence:
            continue
        said = Said(source=source, article_id=article.id, sentence=_cut(sentence))
        clauses = _clauses(sentence)
        for kind, at, value in _values(sentence, article.language or "en"):
            clause = next(clause for first, last, clause in clauses if first <= at < last)
            yield _Found(kind=kind, text=value, said=said, about=_telling(clause, article.language))
        for name in dict.fromkeys(mention.name for mention in find_people(sentence, people)):
            yield _Found(kind=FactKind.PERSON, text=name, said=said, about={})


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST else f"{sentence[: _LONGEST - 1]}…"


def _clauses(sentence: str) -> list[tuple[int, int, str]]:
    bounds = [0, *(match.end() for match in _CLAUSE.finditer(sentence)), len(sentence) + 1]
    return [(a, b, sentence[a:b]) for a, b in pairwise(bounds)]


def _values(sentence: str, language: str) -> Iterator[tuple[FactKind, int, str]]:
    words = Words(sentence)
    yield from _days(sentence, words, language)
    for start, name in _weekdays(sentence, language):
        yield FactKind.WHEN, start, name
    for percentage in find_percentages(words, language):
        yield FactKind.PERCENTAGE, percentage.start, f"{percentage.value.normalize():f}%"
    for amount in find_amounts(words, language):
        yield FactKind.AMOUNT, amount.start, f"{amount.currency} {amount.value.normalize():,f}"


def _days(sentence: str, words: Words, language: str) -> Iterator[tuple[FactKind, int, str]]:
    """Yield days, the two ends of a span as one value."""
    dates = find_dates(words, language)
    at = 0
    while at < len(dates):
        first = dates[at]
        later = dates[at + 1] if at + 1 < len(dates) else None
        gap = sentence[first.end : later.start] if later and first.end <= later.start else None
        is_span = later is not None and (gap is None or bool(_RANGE_GAP.fullmatch(gap)))
        text = _day(first.month, first.day, first.year)
        if is_span and later is not None:
            text = f"{text} to {_day(later.month, later.day, later.year)}"
        yield FactKind.WHEN, first.start, text
        at += 2 if is_span else 1


def _day(month: int, day: int, year: int | None) -> str:
    return f"{day} {_MONTHS[month - 1]}{f' {year}' if year else ''}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _weekdays(sentence: str, language: str) -> Iterator[tuple[int, str]]:
    names = weekday_names(base_language(language))
    for start, end in word_ranges(sentence):
        word = sentence[start:end]
        # Shorter ones are abbreviations, and words: sat, mon, sun.
        if (len(word) >= _WEEKDAY_LETTERS or not word.isascii()) and fold(word) in names:
            yield start, word[:1].upper() + word[1:]


def _telling(clause: str, language: str) -> dict[str, str]:
    """Return the stems of a clause's words that are not common, with these words."""
    language = base_language(language)
    calendar = weekday_names(language) | set(month_names(language))
    words = (word for word in normalised_words(clause) if len(word) >= _FEWEST_LETTERS and word.isalpha())
    telling = (word for word in words if word_frequency(word, language) < _COMMON and word not in calendar)
    return {stem(word, language): word for word in telling}


def _facts(found: Iterable[_Found]) -> tuple[Fact, ...]:
    said: dict[tuple[FactKind, str], dict[str, Said]] = defaultdict(dict)
    for one in found:
        said[one.kind, one.text].setdefault(one.said.source, one.said)
    facts = [Fact(kind=kind, text=text, said=tuple(by.values())) for (kind, text), by in said.items()]
    order = list(FactKind)
    return tuple(sorted(facts, key=lambda fact: (order.index(fact.kind), -len(fact.said), fact.text)))


def _disagreements(found: Sequence[_Found]) -> tuple[Disagreement, ...]:
    by_words: dict[tuple[FactKind, tuple[str, str]], list[_Found]] = defaultdict(list)
    for one in found:
        for words in combinations(sorted(one.about), 2):
            by_words[one.kind, words].append(one)
    least = min(_FEWEST_SOURCES, len({one.said.source for one in found}))
    groups: dict[tuple[FactKind, frozenset[tuple[str, str]]], dict[str, str]] = defaultdict(dict)
    for (kind, words), ones in by_words.items():
        if len({one.said.source for one in ones}) >= least and _is_split(ones):
            key = kind, frozenset((one.text, one.said.source) for one in ones)
            groups[key].update({word: ones[0].about[word] for word in words})
    ranked = sorted(groups.items(), key=lambda item: (*_rank(item[0][1]), sorted(item[1])))
    return tuple(_without_parts([_disagreement(found, kind, pairs, words) for (kind, pairs), words in ranked]))


def _rank(pairs: Iterable[tuple[str, str]]) -> tuple[int, float]:
    """Return what sorts first what most sources speak of, and among these what each gives fewest values for."""
    counts = Counter(source for _, source in pairs)
    return -len(counts), sum(counts.values()) / len(counts)


def _is_split(ones: Iterable[_Found]) -> bool:
    """Tell whether two sources name no common value."""
    by_source: dict[str, set[str]] = defaultdict(set)
    for one in ones:
        by_source[one.said.source].add(one.text)
    values = list(by_source.values())
    return any(not first & second for at, first in enumerate(values) for second in values[at + 1 :])


def _disagreement(
    found: Iterable[_Found], kind: FactKind, pairs: frozenset[tuple[str, str]], words: Mapping[str, str]
) -> Disagreement:
    chosen = [
        one for one in found if (one.text, one.said.source) in pairs and one.kind is kind and words.keys() & one.about
    ]
    shown = sorted(words.values(), key=lambda word: (-len(word), word))[:_MOST_SHARED]
    return Disagreement(kind=kind, about=tuple(shown), values=_facts(chosen))


def _without_parts(disagreements: Sequence[Disagreement]) -> list[Disagreement]:
    """Return those that are news: half of their values or more are in none that stands before."""
    kept: list[Disagreement] = []
    for one in disagreements:
        values = {value.text for value in one.values}
        told = [{value.text for value in other.values} for other in kept if other.kind is one.kind]
        if all(2 * len(values & before) <= len(values) for before in told):
            kept.append(one)
    return kept[:_MOST_DISAGREEMENTS]
