"""Words that tell the articles somebody called irrelevant from the others a topic found: what `not` might exclude.

Only titles and leads are looked at, as `not` does. The counts that are shown are those of the matcher itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import pairwise
from math import comb

from monitor.match.compile import Topic
from monitor.match.misspelt import words_of
from monitor.match.nodes import walk
from monitor.match.plain import is_stop_word
from monitor.match.reading import LEAD_WORDS
from monitor.match.terms import Wild
from monitor.match.watchlist import compile_watchlist
from monitor.model import Document, QueryText, TopicSpec, WatchlistSpec
from monitor.text import base_language, fold, paragraphs, stem, word_frequency, word_ranges

FEWEST = 3  # irrelevant articles, before anything is suggested
_MOST = 3  # suggestions
_TRIED = 30  # candidates counted by the matcher
_SHORTEST = 3
_CHANCE = 0.005  # that so many would be among the irrelevant ones if nothing were behind it
_COST = 0.1  # share of the other articles
_COMMON = 3e-4  # words that are more common than this say nothing alone
_PRIOR = 0.5
_BREAK = re.compile(r"[ \u00a0-]")
_GAP = re.compile(r"[ \u00a0-]?")

_Term = tuple[str, ...]
# What might be excluded, and which of the irrelevant documents and of the others would be.
_Found = tuple[str, set[int], set[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Words, or a source, in so many of the irrelevant articles and so many of the others; `item` is for `not`.

    `narrower` is what could stand in the query instead, empty if nothing could.
    """

    item: str
    irrelevant: int
    others: int
    narrower: str = ""


def suggest_exclusions(
    topic: Topic, irrelevant: Sequence[Document], others: Sequence[Document]
) -> tuple[Suggestion, ...]:
    """Return what might be excluded, the surest first: at most three words or phrases, and one source.

    A word of the topic itself is never suggested, at most as part of a phrase. Nothing is suggested for less than three
    irrelevant articles, or without others to compare them with.

    Args:
        topic: whose articles they are.
        irrelevant: those that somebody called so.
        others: all others that it alerted.
    """
    if len(irrelevant) < FEWEST or not others:
        return ()
    sides = (irrelevant, others)
    own = _own_words(topic, irrelevant)
    names = _names(irrelevant)
    words = _chosen(_counted([names[term] for term in _surest(*sides, own, names)], *sides), *sides)
    sources = _chosen(_counted(_sources(irrelevant), *sides), *sides)
    return tuple(replace(one, narrower=_narrower(one.item, own)) for one in words[:_MOST]) + tuple(sources[:1])


def _chosen(found: Iterable[_Found], irrelevant: Sequence[Document], others: Sequence[Document]) -> list[Suggestion]:
    """Return what is sure enough, the surest first; each is good for some that those before it are not."""
    rated = [(chance_of(len(one[1]), len(irrelevant), len(one[2]), len(others)), *one) for one in found]
    chosen: list[Suggestion] = []
    covered: set[int] = set()
    for chance, item, hits, misses in sorted(rated, key=lambda one: (one[0], -len(one[1]))):
        is_worth_it = chance < _CHANCE and len(misses) <= _COST * len(others)
        if is_worth_it and len(hits) >= FEWEST and len(hits - covered) > 1:
            covered |= hits
            chosen.append(Suggestion(item=item, irrelevant=len(hits), others=len(misses)))
    return chosen


@dataclass(frozen=True, slots=True)
class _Own:
    """The words of a topic: their stems in the languages of its documents, and patterns."""

    stems: frozenset[str]
    patterns: tuple[str, ...]

    def has_all(self, term: _Term, written: str) -> bool:
        """Return whether there is no other word in a term."""
        parts = _BREAK.split(written)
        return all(map(self.has, term, parts if len(parts) == len(term) else term))

    def has(self, word: str, written: str) -> bool:
        """Return whether a word is one of the topic's, by its stem or as it is written."""
        return word in self.stems or any(fnmatchcase(fold(written), pattern) for pattern in self.patterns)


def _own_words(topic: Topic, documents: Iterable[Document]) -> _Own:
    languages = {_language(document) for document in documents}
    return _Own(
        frozenset(stem(word.written, language) for word in words_of(topic) for language in languages),
        tuple(fold(node.written) for node in walk(topic.query) if isinstance(node, Wild)),
    )


def log_odds(inside: int, of_inside: int, outside: int, of_outside: int) -> float:
    """Return by how many standard deviations more often something is inside than outside, of so many each.

    The log of the odds ratio, with half an article added to each count, over its standard error.
    Source: Agresti, Categorical Data Analysis, 3.1.1; Monroe, Colaresi and Quinn, Fightin' Words (2008), 3.4.
    """
    counts = (inside, of_inside - inside, outside, of_outside - outside)
    a, b, c, d = (count + _PRIOR for count in counts)
    return math.log(a * d / (b * c)) / math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)


def chance_of(inside: int, of_inside: int, outside: int, of_outside: int) -> float:
    """Return the chance that so many or more of what is in both would be inside, if it fell on all alike.

    Source: Fisher's exact test, one-sided: the tail of the hypergeometric distribution.
    """
    both, everything = inside + outside, of_inside + of_outside
    ways = sum(comb(both, n) * comb(everything - both, of_inside - n) for n in range(inside, min(both, of_inside) + 1))
    return ways / comb(everything, of_inside)


def _surest(
    irrelevant: Sequence[Document], others: Sequence[Document], own: _Own, names: Mapping[_Term, str]
) -> list[_Term]:
    """Return the words and pairs of words that are in most of these and in few of the others."""
    inside = Counter(term for document in irrelevant for term in {term for term, _ in _terms(document)})
    outside = Counter(term for document in others for term in {term for term, _ in _terms(document)})
    rated = {
        term: log_odds(count, len(irrelevant), outside[term], len(others))
        for term, count in inside.items()
        if count >= FEWEST and term in names and not own.has_all(term, names[term])
    }
    return sorted((term for term in rated if rated[term] > 0), key=lambda term: (-rated[term], -len(term), term))[
        :_TRIED
    ]


def _names(documents: Iterable[Document]) -> dict[_Term, str]:
    """Return how each word and pair is written most often."""
    forms: dict[_Term, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for term, written in _terms(document):
            forms[term][written.casefold()] += 1
    return {term: min(counts, key=lambda form: (-counts[form], form)) for term, counts in forms.items()}


def _terms(document: Document) -> Iterator[tuple[_Term, str]]:
    """Yield the words and the pairs of words of the title and the lead by their stems, as they are written."""
    language = _language(document)
    first = next(iter(paragraphs(document.text)), (0, 0))
    for text, most in ((document.title, None), (document.text[first[0] : first[1]], LEAD_WORDS)):
        places = list(word_ranges(text))[:most]
        stems = [stem(text[start:end], language) for start, end in places]
        for term, (start, end) in zip(stems, places, strict=True):
            word = text[start:end]
            if len(word) >= _SHORTEST and _is_telling(word) and word_frequency(word.casefold(), language) < _COMMON:
                yield (term,), word
        for (before, one), (after, other) in pairwise(zip(stems, places, strict=True)):
            gap = text[one[1] : other[0]]
            is_telling = _is_telling(text[slice(*one)]) and _is_telling(text[slice(*other)])
            if is_telling and before != after and _GAP.fullmatch(gap):
                yield (before, after), text[one[0] : other[1]]


def _language(document: Document) -> str:
    return base_language(document.language) or "en"


def _is_telling(word: str) -> bool:
    return not is_stop_word(word) and not any(character.isdecimal() for character in word) and word[0].isalpha()


def _sources(irrelevant: Iterable[Document]) -> list[str]:
    counts = Counter(document.source.casefold() for document in irrelevant if document.source)
    frequent = [source for source, count in counts.items() if count >= FEWEST and '"' not in source]
    return [f'source:"{source}"' if " " in source else f"source:{source}" for source in frequent]


def _counted(items: Sequence[str], irrelevant: Sequence[Document], others: Sequence[Document]) -> list[_Found]:
    """Return for each item which of the documents `not` would exclude, by the matcher."""
    topics = tuple(
        TopicSpec(id=str(number), name=item, match=QueryText(text=_as_query(item))) for number, item in enumerate(items)
    )
    watchlist, _ = compile_watchlist(WatchlistSpec(topics=topics))
    found: dict[str, tuple[set[int], set[int]]] = {topic.id: (set(), set()) for topic in watchlist.topics}
    for side, documents in enumerate((irrelevant, others)):
        for number, document in enumerate(documents):
            for match in watchlist.match(document):
                found[match.topic][side].add(number)
    return [(items[int(name)], hits, misses) for name, (hits, misses) in found.items()]


def _as_query(item: str) -> str:
    return item if item.startswith("source:") else f'title:"{item}" OR lead:"{item}"'


def _narrower(item: str, own: _Own) -> str:
    """Return the topic's own word without the one beside it, if that is what the phrase is."""
    parts = item.split()
    if len(parts) != len(("own", "other")) or item.startswith("source:"):
        return ""
    mine = [part for part in parts if own.has(stem(part, "en"), part)]
    query = f"{mine[0]} EXCEPT/1 {next(part for part in parts if part != mine[0])}" if len(mine) == 1 else ""
    if not query:
        return ""
    topic = TopicSpec(id="narrower", name="narrower", match=QueryText(text=query))
    return "" if compile_watchlist(WatchlistSpec(topics=(topic,)))[1] else query
