"""Words of queries that no article has, where one that is spelled nearly the same is in many: probably misspelt."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from string import ascii_lowercase

from monitor.errors import QueryError
from monitor.match.compile import Topic, place_of
from monitor.match.nodes import Node, walk
from monitor.match.terms import Phrase, Word
from monitor.model import QueryText
from monitor.text import fold, is_listed, stems

SHORTEST = 5
# In shorter words another letter makes another word: dairy and daily.
_SHORTEST_REPLACED = 8
_MOST_LETTERS = 100
_FEWEST = 3
_ALIKE = 0.8
_SHARE = 0.001


def misspelt_words(
    topics: Iterable[Topic],
    defines: Mapping[str, tuple[QueryText, ...]],
    counts: Mapping[str, int],
    documents: int,
) -> Iterator[QueryError]:
    """Yield a warning for each word that is probably misspelt, once, with the place where it is written.

    A word that the list of English words has is right, found or not.

    Args:
        topics: those whose words are looked at.
        defines: the definitions of their watchlist.
        counts: in how many documents each folded word is, of those with at least 5 letters.
        documents: how many there are.
    """
    fewest = max(_FEWEST, _SHARE * documents)
    letters = _Letters(counts)
    seen: set[str] = set()
    for topic in topics:
        for word in words_of(topic):
            folded = fold(word.written)
            if folded in seen or len(folded) < SHORTEST or not folded.isalpha() or folded in counts:
                continue
            seen.add(folded)
            if is_listed(folded):
                continue
            best = _meant(word, folded, counts, letters(folded))
            if best and counts[best] >= fewest:
                yield QueryError(
                    f"topic {topic.id}: {word.written} is in no stored article, {best} is in {counts[best]}",
                    where=_place(topic, defines, word.written),
                    hint=f"did you mean {best}?",
                )


def _meant(word: Word, folded: str, counts: Mapping[str, int], letters: str) -> str:
    """Return the word that is spelled nearly the same; empty if there is none, or if it is an inflection."""
    language = word.language or "en"
    own = stems(folded, language)
    near = sorted({other for form in (folded, *own) for other in _one_edit_away(form, letters)} & counts.keys())
    if not near:
        alike = [other for other in counts if other[0] == folded[0] and abs(len(other) - len(folded)) <= 1]
        near = [one for form in (folded, *own) for one in difflib.get_close_matches(form, alike, 1, _ALIKE)]
    if any(not {*own}.isdisjoint(stems(other, language)) for other in near):
        return ""
    return max(near, key=lambda other: counts[other], default="")


def words_of(topic: Topic) -> Iterator[Word]:
    """Yield the words of a topic as they are written, those of its vetoes too."""
    for root in (topic.query, *topic.vetoes, *topic.not_anywhere, *topic.material):
        for node in walk(root):
            yield from _words_of(node)


def _words_of(node: Node) -> Iterator[Word]:
    items = node.items if isinstance(node, Phrase) else (node,)
    return (item for item in items if isinstance(item, Word))


class _Letters:
    """The letters that a word of a script may have, by the words there are."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._others: str | None = None

    def __call__(self, word: str) -> str:
        if word.isascii():
            return ascii_lowercase
        if self._others is None:
            found = sorted({letter for other in self._counts if not other.isascii() for letter in other})
            self._others = "".join(found) if len(found) <= _MOST_LETTERS else ""
        return self._others


def _one_edit_away(word: str, letters: str) -> set[str]:
    """Return the spellings with one letter more or less, two exchanged, or, of longer words, another one."""
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in splits if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1}
    found |= {head + letter + tail for head, tail in splits for letter in letters}
    if len(word) >= _SHORTEST_REPLACED:
        found |= {head + letter + tail[1:] for head, tail in splits if tail for letter in letters}
    return found - {word}


def _place(topic: Topic, defines: Mapping[str, tuple[QueryText, ...]], word: str) -> str:
    spec = topic.spec
    texts = [*((spec.match,) if spec.match else ()), *spec.vetoes, *spec.not_anywhere, *spec.material]
    if spec.score:
        texts += [text for text, _ in spec.score.terms]
    texts += [text for listed in defines.values() for text in listed]
    for text in texts:
        at = text.text.casefold().find(word.casefold())
        if at >= 0:
            return place_of(text, at)
    return spec.where_written
