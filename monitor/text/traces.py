"""What every inflection of an English word begins with: letters to look for before the words of a text are read.

The rule that nothing is overlooked is tested on all words of the word list.
"""

from __future__ import annotations

from functools import lru_cache

from monitor.text.spelling import british_beginnings
from monitor.text.stems import irregular_words, is_listed, stems

_FEWEST_LETTERS = 3
_CHANGING_ENDS = frozenset("eily")


def english_traces(word: str) -> tuple[str, ...] | None:
    """Return beginnings of which whatever has a stem in common with an English word has one, in lower case.

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
    """Return beginnings of which every word with a stem has one, None if there are none worth looking for."""
    if len(_start_of(stem)) < _FEWEST_LETTERS or not stem.isalpha():
        return None
    return beginnings_of_stem(stem)


def beginnings_of_stem(stem: str) -> tuple[str, ...]:
    """Return beginnings, however short, of which every word of letters with a stem has one."""
    start = _start_of(stem)
    realised = (f"{start[:-1]}s",) if start.endswith("iz") else ()
    return (start, *realised, *british_beginnings(start), *_irregular().get(stem, ()))


def _start_of(stem: str) -> str:
    # The algorithm takes endings away, and may change the last letter of what is left; of a short word only some.
    if len(stem) > _FEWEST_LETTERS:
        return stem[:-1]
    return stem[:1] if stem[-1:] in _CHANGING_ENDS else stem


@lru_cache(maxsize=1)
def _irregular() -> dict[str, tuple[str, ...]]:
    """Return the words without the start of their stems, by stem."""
    return {
        stem: found
        for stem, words in irregular_words().items()
        if (found := tuple(word for word in words if not word.startswith(_start_of(stem))))
    }
