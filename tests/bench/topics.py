"""Made-up topics over given texts, written for four engines: Monitor, SQLite FTS5, PostgreSQL, regular expressions.

A quarter are phrases, a fifth AND, 15 % OR within AND, a tenth NOT, 15 % NEAR, 15 % a beginning AND a term.
"""

from __future__ import annotations

import random  # noqa: TID251  # seeded: every run has the same topics
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from monitor.model import Document

_SHORTEST_TEXT = 40
# Of the 600 commonest words but the first 60, the next 5,400, all others, and words in no text.
_WEIGHTS = (8, 40, 42, 10)


@dataclass(frozen=True)
class Words:
    """A word or a phrase."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Beginning:
    """Words that begin so."""

    start: str


@dataclass(frozen=True)
class AllOf:
    """All of these."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class AnyOf:
    """Any of these."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class But:
    """The first and not the second."""

    wanted: Query
    unwanted: Query


@dataclass(frozen=True)
class Near:
    """Two at most so many words apart."""

    first: Words
    second: Words
    distance: int


Query = Words | Beginning | AllOf | AnyOf | But | Near


class TopicMaker:
    """Makes topics whose words, phrases and pairs come from texts; one term in ten is in none."""

    def __init__(self, texts: Sequence[Document], seed: int) -> None:
        self._random = random.Random(seed)
        self._texts = [words for text in texts if len(words := plain_words(text.text)) > _SHORTEST_TEXT]
        counts = Counter(word for words in self._texts for word in dict.fromkeys(words) if len(word) > 1)
        ranked = [word for word, _ in counts.most_common()]
        self._classes = [ranked[60:600], ranked[600:6_000], ranked[6_000:], [f"{word}zq" for word in ranked]]
        self._class_of = {word: number for number, words in enumerate(self._classes) for word in words}

    def topics(self, count: int) -> list[Query]:
        """Return so many topics."""
        kinds = [self._phrase, self._all, self._groups, self._but, self._near, self._beginning]
        return [self._random.choices(kinds, [25, 20, 15, 10, 15, 15])[0]() for _ in range(count)]

    def _term(self) -> Words:
        words = self._random.choices(self._classes, _WEIGHTS)[0]
        return Words((self._random.choice(words),))

    def _together(self, count: int) -> list[Words]:
        """Return terms that stand in one text."""
        text = self._random.choice(self._texts)
        found: dict[str, None] = {}
        by_class = [[word for word in dict.fromkeys(text) if self._class_of.get(word) == number] for number in range(3)]
        while len(found) < count:
            words = self._random.choices(by_class, _WEIGHTS[:3])[0]
            found.update(dict.fromkeys(self._random.sample(words, min(1, len(words)))))
        return [Words((word,)) for word in found]

    def _phrase(self) -> Words:
        text = self._random.choice(self._texts)
        length = self._random.choice((2, 2, 2, 3))
        while True:
            start = self._random.randrange(len(text) - length)
            words = tuple(text[start : start + length])
            if any(self._class_of.get(word) for word in words):
                return Words(words)

    def _all(self) -> Query:
        return AllOf(tuple(self._together(self._random.choice((2, 2, 3)))))

    def _groups(self) -> Query:
        first = AnyOf(tuple(self._term() for _ in range(self._random.randint(2, 5))))
        second = AnyOf((self._phrase(), *(self._term() for _ in range(self._random.randint(1, 3)))))
        return AllOf((first, second))

    def _but(self) -> Query:
        first, second = self._together(2)
        return But(AllOf((first, second)), self._term())

    def _near(self) -> Query:
        first, second = self._together(2)
        side = self._phrase() if self._random.random() < 0.3 else first
        # One word is never both sides in Monitor; in others it is.
        while second.words[0] in side.words:
            side = self._phrase()
        return Near(side, second, self._random.randint(3, 15))

    def _beginning(self) -> Query:
        start, term = self._together(2)
        return AllOf((Beginning(start.words[0][:4]), term))


def plain_words(text: str) -> list[str]:
    """Return the words of a text as all engines cut them alike."""
    return re.findall(r"[a-z]+", text.lower())


def for_monitor(query: Query, *, is_exact: bool) -> str:
    """Write a topic in Monitor's query language: exact forms, or as a user would, with inflections."""
    write = partial(for_monitor, is_exact=is_exact)
    match query:
        case Words(words):
            quote = "'" if is_exact else '"'
            return f"{quote}{' '.join(words)}{quote}"
        case Beginning(start):
            return f"{start}*"
        case AllOf(parts):
            return f"({' AND '.join(map(write, parts))})"
        case AnyOf(parts):
            return f"({' OR '.join(map(write, parts))})"
        case But(wanted, unwanted):
            return f"{write(wanted)} AND NOT {write(unwanted)}"
        case Near(first, second, distance):
            return f"{write(first)} NEAR/{distance} {write(second)}"


def for_fts5(query: Query) -> str:
    """Write a topic in the query language of SQLite's full-text search."""
    match query:
        case Words(words):
            return f'"{" ".join(words)}"'
        case Beginning(start):
            return f'"{start}" *'
        case AllOf(parts):
            return f"({' AND '.join(map(for_fts5, parts))})"
        case AnyOf(parts):
            return f"({' OR '.join(map(for_fts5, parts))})"
        case But(wanted, unwanted):
            return f"({for_fts5(wanted)} NOT {for_fts5(unwanted)})"
        case Near(first, second, distance):
            return f"NEAR({for_fts5(first)} {for_fts5(second)}, {distance})"


def for_postgres(query: Query) -> str:
    """Write a topic as a `tsquery`: a distance as all distances up to it, both ways round."""
    match query:
        case Words(words):
            return f"({' <-> '.join(words)})"
        case Beginning(start):
            return f"{start}:*"
        case AllOf(parts):
            return f"({' & '.join(map(for_postgres, parts))})"
        case AnyOf(parts):
            return f"({' | '.join(map(for_postgres, parts))})"
        case But(wanted, unwanted):
            return f"({for_postgres(wanted)} & !{for_postgres(unwanted)})"
        case Near(first, second, distance):
            one, other = for_postgres(first), for_postgres(second)
            return " | ".join(f"({one} <{step}> {other}) | ({other} <{step}> {one})" for step in range(1, distance + 2))


Test = Callable[[tuple[str, str]], bool]
_GAP = r"\W+"


def for_regexes(query: Query) -> Test:
    """Write a topic as a function of compiled expressions over title and text, both in lower case."""
    match query:
        case Words(words):
            return _search(_phrase_pattern(words))
        case Beginning(start):
            return _search(rf"\b{start}\w*")
        case AllOf(parts):
            return partial(_holds, all, [for_regexes(part) for part in parts])
        case AnyOf(parts):
            return partial(_holds, any, [for_regexes(part) for part in parts])
        case But(wanted, unwanted):
            return partial(_is_without, for_regexes(wanted), for_regexes(unwanted))
        case Near(first, second, distance):
            one, other = (_phrase_pattern(side.words) for side in (first, second))
            between = rf"{_GAP}(?:\w+{_GAP}){{0,{distance}}}?"
            return _search(f"{one}{between}{other}|{other}{between}{one}")


def _phrase_pattern(words: Sequence[str]) -> str:
    return rf"\b{_GAP.join(words)}\b"


def _search(pattern: str) -> Test:
    search = re.compile(pattern, re.ASCII).search
    return lambda zones: any(search(zone) for zone in zones)


def _holds(fold: Callable[[Iterable[bool]], bool], tests: Sequence[Test], zones: tuple[str, str]) -> bool:
    return fold(test(zones) for test in tests)


def _is_without(wanted: Test, unwanted: Test, zones: tuple[str, str]) -> bool:
    return wanted(zones) and not unwanted(zones)
