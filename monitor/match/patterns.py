"""Wildcards, found by their literal parts: a word is held against few of thousands."""

from __future__ import annotations

import re

_LONGEST_PART = 3
_RUNS = re.compile(r"(\*+|\?+)")


class Patterns:
    """The wildcards of a watchlist. Those that only end in `*` need no trying: what they begin with says all."""

    def __init__(self) -> None:
        self.has_cased = False
        self._prefixes: dict[str, list[str]] = {}
        self._lengths: list[int] = []
        self._part_lengths: list[int] = []
        self._by_part: dict[str, list[tuple[re.Pattern[str], bool, str]]] = {}

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._lengths or self._part_lengths)

    def add(self, pattern: str, key: str, *, is_cased: bool) -> None:
        """Add a wildcard and its key; `is_cased`: case counts."""
        start = pattern.rstrip("*")
        self.has_cased |= is_cased
        if not is_cased and start != pattern and not _RUNS.search(start):
            self._prefixes.setdefault(start, []).append(key)
            self._lengths = sorted({*self._lengths, len(start)})
            return
        entry = (_compiled(pattern), is_cased, key)
        part = self._rarest_part(pattern.casefold())
        self._by_part.setdefault(part, []).append(entry)
        self._part_lengths = sorted({*self._part_lengths, len(part)})

    def _rarest_part(self, pattern: str) -> str:
        """Return the part to file a pattern under: of its longest, the one with the fewest others."""
        literals = [part for part in _RUNS.split(pattern) if part and part[0] not in "*?"]
        length = min(_LONGEST_PART, max(map(len, literals)))
        parts = [part[at : at + length] for part in literals for at in range(len(part) - length + 1)]
        return min(parts, key=lambda part: len(self._by_part.get(part, ())))

    def of(self, folded: str, plain: str) -> list[str]:
        """Return the keys of the wildcards that a word matches: folded, or plain where case counts."""
        keys: list[str] = []
        for length in self._lengths:
            if length > len(folded):
                break
            keys += self._prefixes.get(folded[:length], ())
        if self._by_part:
            lower = plain.casefold()
            lengths = self._part_lengths
            for part in (
                _parts(folded, lengths) | _parts(lower, lengths) if lower != folded else _parts(folded, lengths)
            ):
                for pattern, is_cased, key in self._by_part.get(part, ()):
                    if pattern.fullmatch(plain if is_cased else folded):
                        keys.append(key)
        return keys


def _parts(word: str, lengths: list[int]) -> set[str]:
    return {word[at : at + length] for length in lengths for at in range(len(word) - length + 1)}


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (
        ".*" if part[0] == "*" else "." * len(part) if part[0] == "?" else re.escape(part)
        for part in _RUNS.split(pattern)
        if part
    )
    return re.compile("".join(parts), re.DOTALL)
