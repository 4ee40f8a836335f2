"""What the words of all terms begin with: most English words of a text are told by it to be none of them."""

from __future__ import annotations

import re

from monitor.text import beginnings_of_stem, stems

_LETTERS = 3
_WILD = re.compile("[*?]")


class Heads:
    """The first letters, three at most, of the words in English texts that may have a key."""

    def __init__(self) -> None:
        self._heads: set[str] = set()
        self._is_of_all = True

    def add(self, key: str) -> None:
        """Add the words that may have a key."""
        kind, _, rest = key.partition(":")
        if kind == "i":
            language, _, word = rest.partition(":")
            self._is_of_all &= language in {"", "en"}
            starts = [start for stem in stems(word, "en") for start in beginnings_of_stem(stem)]
        else:
            starts = [_WILD.split(rest.lower())[0]]
            self._is_of_all &= bool(starts[0])
        self._heads.update(start[:_LETTERS] for start in starts)

    def rule_out(self, word: str) -> bool:
        """Return whether a word of ASCII letters in lower case has no key."""
        heads = self._heads
        return self._is_of_all and not (word[:3] in heads or word[:2] in heads or word[:1] in heads)
