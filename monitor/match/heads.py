"""What the words of all terms begin with: it tells of most English words of a text that they are none of them."""

from __future__ import annotations

import re

from monitor.text import beginnings_of_stem, stems

_LETTERS = 3
_WILD = re.compile("[*?]")


class Heads:
    """What the words in English texts that may have a key begin with, filed under its first letters, three at most."""

    def __init__(self) -> None:
        self._heads: dict[str, tuple[str, ...]] = {}
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
        for start in starts:
            known = self._heads.get(start[:_LETTERS], ())
            if start not in known:
                self._heads[start[:_LETTERS]] = (*known, start)

    def rule_out(self, word: str) -> bool:
        """Return whether a word of ASCII letters in lower case has no key."""
        heads = self._heads
        return self._is_of_all and not (
            word.startswith(heads.get(word[:3], ())) or word[:2] in heads or word[:1] in heads
        )
