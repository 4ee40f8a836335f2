"""Presearch: which topics a document can match at all, by what must be present for each.

A topic is filed under its cheapest cover: the rarest words or pairs of adjacent words of which one must be present.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from monitor.match.lexicon import Keys, PieceTable
from monitor.match.nodes import Cover
from monitor.match.reading import Reading
from monitor.text import fold, spellings, words

# The share of news articles that hold a word, for the commonest words of English; others are guessed by their length.
_COMMON = {
    0.9: """
        the of to and a in for on that is with by as at from it was be are an has have will its
    """,
    0.5: """
        not this but their he they his which had been or were more would who after when also said new one we
        about than out up over
    """,
    0.25: """
        year people years first last two time could other some into government minister president country world
        state states week million percent market china chinese us united trade company companies monday tuesday
        wednesday thursday friday
    """,
    0.1: """
        tariff export import control price economy economic talk talks deal official officials meeting policy
        bank oil court police rate growth billion american washington beijing trump xi november october december
        january business industry supply
    """,
}
_SHARES = {word: share for share, words in _COMMON.items() for word in words.split()}
_PAIR_FACTOR = 0.1
_PREFIX_FACTOR = 6.0
_PREFIX_LETTERS = 4
# With more pairs that may be in a text, each of its words is asked for the pair it begins.
_MOST_PAIRS = 300
_MOST_PAIRS_KNOWN = 200_000
_VALUE_SHARE = 0.15  # they are dearer to find than words


class Frequencies:
    """How often a key is to be expected: as often as in texts given, else a guess by word list and length.

    The guess is good enough to tell rare from common.
    """

    def __init__(self, shares: Mapping[str, float] | None = None) -> None:
        self._shares = shares or {}
        self._known: dict[str, float] = {}
        self._least = min(self._shares.values(), default=0.0) / 2

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> Frequencies:
        """Return the frequencies of the words of some texts; hundreds are enough."""
        counts: dict[str, int] = {}
        total = 0
        for text in texts:
            total += 1
            for word in {fold(spellings(word)[0]) for word in set(words(text))}:
                counts[word] = counts.get(word, 0) + 1
                if len(word) > _PREFIX_LETTERS:
                    start = f"{word[:_PREFIX_LETTERS]}*"
                    counts[start] = counts.get(start, 0) + 1
        return cls({word: count / total for word, count in counts.items()})

    @property
    def shares(self) -> Mapping[str, float]:
        """The share of the texts given that have each folded word; of `star*`, that have a word so begun, at most."""
        return self._shares

    def of(self, key: str) -> float:
        """Return the share of documents that have a key."""
        share = self._known.get(key)
        if share is None:
            share = self._known[key] = self._of(key)
        return share

    def _of(self, key: str) -> float:
        kind, _, rest = key.partition(":")
        if not rest:
            return _VALUE_SHARE
        word = rest.rpartition(":")[2] if kind == "i" else rest
        letters = word.casefold()
        if kind in {"w", "W"}:
            return self._of_wild(letters)
        if self._shares:
            return self._shares.get(fold(letters), self._least)
        share = _SHARES.get(letters)
        return share if share is not None else _by_length(len(word), is_ascii=word.isascii())

    def of_pair(self, first: str, second: str) -> float:
        """Return the share of documents that have two keys on adjacent words."""
        return min(self.of(first), self.of(second)) * _PAIR_FACTOR

    def _of_wild(self, pattern: str) -> float:
        start = pattern[:_PREFIX_LETTERS]
        if self._shares and len(start) == _PREFIX_LETTERS and not {*start} & {*"*?"}:
            return min(0.9, self._shares.get(f"{start}*", self._least))
        letters = len(pattern.replace("*", "").replace("?", ""))
        return min(0.5, _PREFIX_FACTOR * _by_length(letters, is_ascii=pattern.isascii()))


def _by_length(letters: int, *, is_ascii: bool) -> float:
    return float(0.08 / max(letters, 1) ** (1.5 if is_ascii else 0.5))


@dataclass(slots=True)
class _Pairs:
    """What is known of the words that a table has met, by their characters: which begin and end pairs, and whose."""

    table: PieceTable
    known: set[str] = field(default_factory=set)
    firsts: set[str] = field(default_factory=set)
    seconds: set[str] = field(default_factory=set)
    topics: dict[str, tuple[int, ...]] = field(default_factory=dict)


class Presearch:
    """The anchors of all topics: a document's keys lead to the topics it can match. Topics are numbers here."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[int]] = {}
        self._by_value: dict[str, list[int]] = {}
        self._by_pair: dict[str, dict[str, list[int]]] = {}
        self._seconds: set[str] = set()
        self._pairs: dict[Keys, _Pairs] = {}
        self._anchors: set[str] = set()
        self._kinds: set[str] = set()
        self._always: list[int] = []

    def add(self, number: int, cover: Cover | None) -> None:
        """File a topic under its anchors; without a cover it is a candidate always."""
        if cover is None:
            self._always.append(number)
            return
        for anchor in cover.anchors:
            if not isinstance(anchor, str):
                self._pairs.clear()
                self._seconds.add(anchor[1])
                self._by_pair.setdefault(anchor[0], {}).setdefault(anchor[1], []).append(number)
            elif ":" in anchor:
                self._anchors.add(anchor)
                self._by_key.setdefault(anchor, []).append(number)
            else:
                self._by_value.setdefault(anchor, []).append(number)
                self._kinds.add(anchor.partition("(")[0])

    def candidates(self, reading: Reading) -> list[int]:
        """Return the topics a document can match, in order."""
        found = set(self._always)
        if self._kinds:
            self._add_values(reading, found)
        present = reading.present
        if present:
            found.update(*map(self._by_key.__getitem__, present & self._anchors))
            if self._by_pair:
                self._add_pairs(reading, found)
        return sorted(found)

    def _add_values(self, reading: Reading, found: set[int]) -> None:
        for kind in self._kinds:
            reading.read_values(kind)
        for key in reading.value_places:
            found.update(self._by_value.get(key, ()))

    def _add_pairs(self, reading: Reading, found: set[int]) -> None:
        by_pair, present = self._by_pair, reading.present
        firsts = by_pair.keys() & present
        if sum([len(by_pair[first]) for first in firsts]) > _MOST_PAIRS:
            self._add_pairs_by_word(reading, found)
            return
        for first in firsts:
            following = by_pair[first]
            for second in following:
                if second in present and reading.has_row((first, second)):
                    found.update(following[second])

    def _add_pairs_by_word(self, reading: Reading, found: set[int]) -> None:
        pairs = self._known_pairs(reading.table)
        for code in reading.distinct - pairs.known:
            keys = reading.table.keys_of[code]
            if not self._by_pair.keys().isdisjoint(keys):
                pairs.firsts.add(code)
            if not self._seconds.isdisjoint(keys):
                pairs.seconds.add(code)
        pairs.known |= reading.distinct
        firsts, seconds, known = pairs.firsts, pairs.seconds, pairs.topics
        for coded in reading.coded:
            for first, second in pairwise(coded):
                if second in seconds and first in firsts:
                    pair = first + second
                    topics = known.get(pair)
                    if topics is None:
                        topics = known[pair] = self._topics_of(reading.table, first, second)
                    if topics:
                        found.update(topics)

    def _known_pairs(self, table: PieceTable) -> _Pairs:
        pairs = self._pairs.get(table.languages)
        if pairs is None or pairs.table is not table or len(pairs.topics) > _MOST_PAIRS_KNOWN:
            pairs = self._pairs[table.languages] = _Pairs(table)
        return pairs

    def _topics_of(self, table: PieceTable, first: str, second: str) -> tuple[int, ...]:
        followings = [self._by_pair[key] for key in table.keys_of[first] if key in self._by_pair]
        found: set[int] = set()
        for key in table.keys_of[second]:
            for following in followings:
                found.update(following.get(key, ()))
        return tuple(found)
