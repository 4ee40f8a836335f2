"""From words to keys: which of the watchlist's terms a word of the text is.

A term has a key (`i::inflected`, `i:de:with its language`, `x:exact`, `c:Cased`, `w:wild*`). For each set of languages
a table is kept from the word as it stands in a text to its keys: stems and patterns are worked out once a word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from monitor.match.nodes import Node, walk
from monitor.match.terms import Phrase, Wild, Word
from monitor.text import base_language, fold, guess_language, spellings, stems, strip_accents

MOST_WORDS = 50_000
MOST_TABLES = 16
# What is longer is no word, and stems and patterns may take more than linear time.
_LONGEST_WORD = 100
_SAMPLE = 2_000
# Texts in these hold English words too, and have no inflections of their own.
_WITH_ENGLISH = frozenset({"zh", "ja", "ko", "th", "km", "lo", "my", "vi"})


class Lexicon:
    """The keys of a watchlist's words, and the tables of the languages met so far."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.exact: dict[str, list[str]] = defaultdict(list)
        self.cased: dict[str, list[str]] = defaultdict(list)
        self.prefixes: dict[str, list[str]] = defaultdict(list)
        self.patterns: list[tuple[re.Pattern[str], bool, str]] = []
        self._inflected: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._tables: dict[tuple[str, ...], WordTable] = {}
        for key in dict.fromkeys(_keys(nodes)):
            self._add(key)
        self.prefix_lengths = sorted({len(prefix) for prefix in self.prefixes})
        self.own_languages = tuple(language for language in self._inflected if language)

    def _add(self, key: str) -> None:
        kind, _, rest = key.partition(":")
        match kind:
            case "x":
                self.exact[rest].append(key)
            case "c":
                self.cased[rest].append(key)
            case "i":
                language, _, word = rest.partition(":")
                self._inflected[language].append((word, key))
            case "w" if rest.endswith("*") and not re.search(r"[*?]", rest[:-1]):
                self.prefixes[rest[:-1]].append(key)
            case _:
                self.patterns.append((_compiled(rest), kind == "W", key))

    def inflected(self, own_language: str, language: str) -> dict[str, list[str]]:
        """Return the keys by stem in `language` of the terms that bring `own_language` (empty: none)."""
        table: dict[str, list[str]] = defaultdict(list)
        for word, key in self._inflected.get(own_language, ()):
            for stem in stems(word, language):
                table[stem].append(key)
        return dict(table)

    def table(self, languages: tuple[str, ...]) -> WordTable:
        """Return the table of a set of languages."""
        table = self._tables.get(languages)
        if table is None:
            if len(self._tables) >= MOST_TABLES:
                self._tables.clear()
            table = self._tables[languages] = WordTable(self, languages)
        return table


class WordTable(dict[str, tuple[str, ...]]):
    """The keys of each word met in texts of some languages; learns the words it meets."""

    def __init__(self, lexicon: Lexicon, languages: tuple[str, ...]) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._language = languages[0] if languages else ""
        self._stems = [(language, lexicon.inflected("", language)) for language in languages]
        self._stems += [(language, lexicon.inflected(language, language)) for language in lexicon.own_languages]

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= MOST_WORDS:
            self.clear()
        keys = self[word] = tuple(dict.fromkeys(self._keys(word))) if len(word) <= _LONGEST_WORD else ()
        return keys

    def _keys(self, word: str) -> list[str]:
        lexicon = self._lexicon
        keys: list[str] = []
        for spelling in spellings(word, self._language):
            plain = strip_accents(spelling)
            folded = fold(spelling)
            keys += lexicon.cased.get(plain, ())
            keys += lexicon.exact.get(folded, ())
            lower = spelling.casefold()
            for language, table in self._stems:
                if table:
                    for stem in stems(lower, language):
                        keys += table.get(stem, ())
            for length in lexicon.prefix_lengths:
                if length > len(folded):
                    break
                keys += lexicon.prefixes.get(folded[:length], ())
            keys += [
                key for pattern, is_cased, key in lexicon.patterns if pattern.fullmatch(plain if is_cased else folded)
            ]
        return keys


def languages_of(language: str, text: str) -> tuple[str, ...]:
    """Return the languages whose stems to use for a text: its own; if that is unknown, English and the likeliest."""
    code = base_language(language)
    if code in _WITH_ENGLISH:
        return (code, "en")
    if code:
        return (code,)
    guess = guess_language(text[:_SAMPLE])[0]
    return ("en",) if guess in {"", "en"} else (guess, "en")


def _keys(nodes: Iterable[Node]) -> Iterable[str]:
    for root in nodes:
        for node in walk(root):
            if isinstance(node, Word | Wild):
                yield node.key
            elif isinstance(node, Phrase):
                yield from (item.key for item in node.items)


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (
        ".*" if part[0] == "*" else "." * len(part) if part[0] == "?" else re.escape(part)
        for part in re.split(r"(\*+|\?+)", pattern)
        if part
    )
    return re.compile("".join(parts), re.DOTALL)
