"""From words to keys: which of the watchlist's terms a word of the text is.

A term has a key (`i::inflected`, `i:de:with its language`, `x:exact`, `c:Cased`, `w:wild*`). For each set of languages
a table is kept from the pieces of texts to the keys of their words: stems and patterns are worked out once a piece.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from monitor.match.capitals import DOUBTFUL
from monitor.match.heads import Heads
from monitor.match.nodes import Node, walk
from monitor.match.patterns import Patterns
from monitor.match.terms import Phrase, Wild, Word
from monitor.text import (
    base_language,
    fold,
    guess_language,
    spellings,
    stems,
    strip_accents,
    word_ranges,
    words,
)

# Of all tables together: 20 to 30 MB.
MOST_PIECES = 150_000
MOST_TABLES = 16
# What is longer is no word, and stems and patterns may take more than linear time.
LONGEST_PIECE = 100
# Around a word these are no part of it.
_AROUND = ',.;:!?()[]"<>-/'
_SAMPLE = 2_000
# Texts in these hold English words too, and have no inflections of their own.
_WITH_ENGLISH = frozenset({"zh", "ja", "ko", "th", "km", "lo", "my", "vi"})

# The keys of each word of a piece.
Keys = tuple[str, ...]
# The keys by stem of the terms that bring a language (or none), in a language.
_Stems = dict[tuple[str, str], dict[str, list[str]]]
_ENGLISH = ("en",)
_NONE: Keys = ()
_ONE_PLAIN_WORD = (_NONE,)


class Lexicon:
    """The keys of a watchlist's words, and the tables of the languages met so far."""

    def __init__(self, nodes: Iterable[Node] = ()) -> None:
        self.exact: dict[str, list[str]] = {}
        self.cased: dict[str, list[str]] = {}
        # The keys of words that are common ones where all is in capitals.
        self.doubtful: dict[str, str] = {}
        self.patterns = Patterns()
        self.inflected: dict[str, list[tuple[str, str]]] = {}
        self.heads: Heads | None = None
        self._known: set[str] = set()
        self._tables: dict[Keys, PieceTable] = {}
        for node in nodes:
            self.add(node)

    def add(self, node: Node) -> None:
        """Add the words of a query; what tables have learned without them is forgotten."""
        new = dict.fromkeys(key for key in _keys(node) if key not in self._known)
        if new:
            self._known.update(new)
            for key in new:
                self._add(key)
                if self.heads:
                    self.heads.add(key)
            self._tables = {languages: table.renewed() for languages, table in self._tables.items()}
            for key in new:
                if key.startswith("i:"):
                    _, own_language, word = key.split(":", 2)
                    for table in self._tables.values():
                        table.learn_stems(own_language, [(word, key)])

    def _add(self, key: str) -> None:
        kind, _, rest = key.partition(":")
        match kind:
            case "x":
                self.exact.setdefault(rest, []).append(key)
            case "c":
                self.cased.setdefault(rest, []).append(key)
                if rest in DOUBTFUL:
                    self.doubtful[key] = rest
            case "i":
                language, _, word = rest.partition(":")
                self.inflected.setdefault(language, []).append((word, key))
            case _:
                self.patterns.add(rest, key, is_cased=kind == "W")

    def learn_heads(self) -> None:
        """Learn what the words of all terms begin with, which saves working out most stems of English texts."""
        self.heads = Heads()
        for key in self._known:
            self.heads.add(key)

    def table(self, languages: Keys) -> PieceTable:
        """Return the table of a set of languages."""
        table = self._tables.get(languages)
        if table is None:
            if len(self._tables) >= MOST_TABLES:
                self._tables.clear()
            table = self._tables[languages] = PieceTable(self, languages)
        elif len(table.known) > MOST_PIECES // len(self._tables):
            table = self._tables[languages] = table.renewed()
        return table


class PieceTable:
    """What is known of the pieces met in texts of some languages: the keys of each word, and of all words together.

    It never loses one: whoever reads a text can rely on what it learned.
    """

    def __init__(self, lexicon: Lexicon, languages: Keys, stems_known: _Stems | None = None) -> None:
        self.known: dict[str, tuple[Keys, ...]] = {}
        self.keys_of: dict[str, Keys] = {}
        self._lexicon = lexicon
        self._languages = languages
        self._ranges: dict[str, list[tuple[int, int]]] = {}
        self._stems: _Stems = {} if stems_known is None else stems_known
        if stems_known is None:
            for own_language, terms in lexicon.inflected.items():
                self.learn_stems(own_language, terms)

    def renewed(self) -> PieceTable:
        """Return a table that knows the same stems, and no piece yet."""
        return PieceTable(self._lexicon, self._languages, self._stems)

    def learn_stems(self, own_language: str, terms: Iterable[tuple[str, str]]) -> None:
        """Learn what the words of terms, given with their keys, are recognised by."""
        for language in (own_language,) if own_language else self._languages:
            table = self._stems.setdefault((own_language, language), {})
            for word, key in terms:
                for stem in stems(word, language):
                    table.setdefault(stem, []).append(key)

    def learn(self, piece: str) -> tuple[Keys, ...]:
        """Return the keys of each word of a piece, and keep them unless it is too long."""
        core = piece.strip(_AROUND)
        if core.isascii() and core.isalpha() and len(core) > 1 and len(piece) <= LONGEST_PIECE:
            heads = self._lexicon.heads
            if heads and self._languages == _ENGLISH and heads.rule_out(core.lower()):
                self.known[piece], self.keys_of[piece] = _ONE_PLAIN_WORD, _NONE
                return _ONE_PLAIN_WORD
            value = self.known.get(core) or (self._keys(core),)
        else:
            value = tuple(map(self._keys, words(piece)))
        if value == _ONE_PLAIN_WORD:
            value = _ONE_PLAIN_WORD
        if len(piece) <= LONGEST_PIECE:
            self.known[piece] = value
            # Last: whoever finds a piece here finds it above.
            self.keys_of[piece] = (
                value[0] if len(value) == 1 else tuple(dict.fromkeys(chain.from_iterable(value))) or _NONE
            )
        return value

    def ranges(self, piece: str) -> list[tuple[int, int]]:
        """Return where the words of a piece stand in it."""
        found = self._ranges.get(piece)
        if found is None:
            found = self._ranges[piece] = word_ranges(piece)
        return found

    def _keys(self, word: str) -> Keys:
        if len(word) > LONGEST_PIECE:
            return _NONE
        keys: list[str] = []
        if word.isascii() and word.isalpha():
            self._add_keys(word, word.lower(), keys)
        else:
            for spelling in spellings(word, self._languages[0]):
                self._add_keys(spelling, fold(spelling), keys)
        return tuple(dict.fromkeys(keys)) if keys else _NONE

    def _add_keys(self, spelling: str, folded: str, keys: list[str]) -> None:
        """Add the keys of one spelling of a word, given as it is and folded."""
        lexicon = self._lexicon
        plain = strip_accents(spelling)
        keys += lexicon.cased.get(plain, ())
        keys += lexicon.exact.get(folded, ())
        keys += lexicon.patterns.of(folded, plain)
        lower = spelling.casefold()
        # A number has no inflection.
        found: tuple[str, ...] = (folded,) if folded.isdecimal() else ()
        language_of_found = ""
        for (_, language), table in self._stems.items():
            if language != language_of_found and not folded.isdecimal():
                found, language_of_found = stems(lower, language), language
            for stem in found:
                if stem in table:
                    keys += table[stem]


def languages_of(language: str, text: str) -> Keys:
    """Return the languages whose stems to use for a text: its own; if that is unknown, English and the likeliest."""
    code = base_language(language)
    if code in _WITH_ENGLISH:
        return (code, "en")
    if code:
        return (code,)
    guess = guess_language(text[:_SAMPLE])[0]
    return ("en",) if guess in {"", "en"} else (guess, "en")


def _keys(root: Node) -> Iterable[str]:
    for node in walk(root):
        if isinstance(node, Word | Wild):
            yield node.key
        elif isinstance(node, Phrase):
            yield from (item.key for item in node.items)
