"""Presearch: which topics a document can match at all, by what must be present for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from monitor.match.nodes import Cover
from monitor.match.reading import Reading

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


class Frequencies:
    """How often a key is to be expected: a guess by word list and length, good enough to tell rare from common."""

    def of(self, key: str) -> float:
        """Return the share of documents that have a key."""
        kind, _, rest = key.partition(":")
        if not rest:
            return 0.02
        word = rest.rpartition(":")[2] if kind == "i" else rest
        share = _SHARES.get(word.casefold())
        if share is not None:
            return share
        if kind in {"w", "W"}:
            letters = len(word.replace("*", "").replace("?", ""))
            return min(0.5, _PREFIX_FACTOR * _by_length(letters, is_ascii=word.isascii()))
        return _by_length(len(word), is_ascii=word.isascii())

    def of_pair(self, first: str, second: str) -> float:
        """Return the share of documents that have two keys on adjacent words."""
        return min(self.of(first), self.of(second)) * _PAIR_FACTOR


def _by_length(letters: int, *, is_ascii: bool) -> float:
    return float(0.08 / max(letters, 1) ** (1.5 if is_ascii else 0.5))


class Presearch:
    """The anchors of all topics: a document's keys lead to the topics it can match. Topics are numbers here."""

    def __init__(self, covers: Iterable[Cover | None]) -> None:
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._by_pair: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.always: list[int] = []
        for number, cover in enumerate(covers):
            if cover is None:
                self.always.append(number)
                continue
            for anchor in cover.anchors:
                if isinstance(anchor, str):
                    self._by_key[anchor].append(number)
                else:
                    self._by_pair[anchor[0]][anchor[1]].append(number)

    def candidates(self, reading: Reading) -> list[int]:
        """Return the topics a document can match, in order."""
        found = set(self.always)
        by_key, by_pair = self._by_key, self._by_pair
        for key in reading.value_places:
            found.update(by_key.get(key, ()))
        for key in reading.places:
            topics = by_key.get(key)
            if topics:
                found.update(topics)
            seconds = by_pair.get(key)
            if seconds:
                self._add_pairs(reading, key, seconds, found)
        return sorted(found)

    @staticmethod
    def _add_pairs(reading: Reading, key: str, seconds: dict[str, list[int]], found: set[int]) -> None:
        places = reading.places
        if len(seconds) <= len(places):
            present = [second for second in seconds if second in places]
        else:
            present = [second for second in places if second in seconds]
        firsts = places[key]
        for second in present:
            others = reading.position_set(second)
            if any(position + 1 in others for position in firsts):
                found.update(seconds[second])
