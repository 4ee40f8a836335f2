"""What every inflection of an English word leaves in a text: letters to look for before its words are read.

The rule that nothing is overlooked is tested on all words of the word list.
"""

from __future__ import annotations

from functools import lru_cache

from monitor.text.spelling import british_beginnings
from monitor.text.stems import irregular_words, is_listed, stems

_FEWEST_LETTERS = 3
_LONG = 5


def english_traces(word: str) -> tuple[str, ...] | None:
    """Return letters of which some are in whatever has a stem in common with an English word, in lower case.

    None: there are none that are worth looking for.
    """
    if not (word.isascii() and word.isalpha()):
        return None
    found: dict[str, None] = {}
    for stem in stems(word.lower(), "en"):
        traces = traces_of_stem(stem)
        if traces is None:
            return None
        found.update(dict.fromkeys(traces))
    # A word that no list has may be made of one with forms of its own: unsell, unsold.
    if not is_listed(word.lower()) and any(word.lower().endswith(base) for base in _irregular()):
        return None
    return tuple(found)


def traces_of_stem(stem: str) -> tuple[str, ...] | None:
    """Return letters of which some are in every word with a stem, None if there are none worth looking for."""
    start = _start_of(stem)
    if len(start) < _FEWEST_LETTERS or not stem.isalpha():
        return None
    return (start, *british_beginnings(start), *_irregular().get(stem, ()))


def _start_of(stem: str) -> str:
    # The algorithm takes endings away, and changes the last letters of what is left.
    return stem[:-2] if len(stem) >= _LONG else stem[:-1]


@lru_cache(maxsize=1)
def _irregular() -> dict[str, tuple[str, ...]]:
    """Return the words without the start of their stems, by stem."""
    return {
        stem: found
        for stem, words in irregular_words().items()
        if (found := tuple(word for word in words if _start_of(stem) not in word))
    }
