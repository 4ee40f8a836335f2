"""From words to keys: which of the watchlist's terms a word of the text is.

A term has a key (`i::inflected`, `i:de:with its language`, `x:exact`, `c:Cased`, `w:wild*`). For each set of languages
a table is kept from the pieces of texts to the keys of their words: stems and patterns are worked out once a piece.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from monitor.match.capitals import DOUBTFUL
from monitor.match.heads import Heads
from monitor.match.nodes import Node, walk
from monitor.match.patterns import Patterns
from monitor.match.terms import Phrase, Wild, Word
from monitor.text import (
    SPACED_STARTS,
    base_language,
    fold,
    guess_language,
    spellings,
    stems,
    strip_accents,
    term_stems,
    word_ranges,
    words,
)

# Of all tables together: 20 to 30 MB.
MOST_PIECES = 150_000
MOST_TABLES = 16
# What is longer is no word, and stems and patterns may take more than linear time.
LONGEST_PIECE = 100
# Around a word these are no part of it.
_AROUND = ",.;:!?()[]\"<>-/'`|*%&@_“”‘’–—…•"
_POSSESSIVES = frozenset({"'s", "’s", "'S", "’S"})
_SAMPLE = 2_000
# Texts in these hold English words too, and have no inflections of their own.
_WITH_ENGLISH = frozenset({"zh", "ja", "ko", "th", "km", "lo", "my", "vi"})

Keys = tuple[str, ...]
# The character of a word without keys, and of a piece too long to be kept in a table, or the start of `U. S.`.
PLAIN, LONG = "\0", "\1"
# The keys by stem of the terms that bring a language (or none), in a language.
_Stems = dict[tuple[str, str], dict[str, list[str]]]
ENGLISH = ("en",)
_NONE: Keys = ()


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

    def is_cased(self, word: str, lower: str) -> bool:
        """Return whether the keys of a word may not be those it has in small letters."""
        return self.patterns.has_cased or word in self.cased or lower in self.cased

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
        elif len(table) > MOST_PIECES // len(self._tables):
            table = self._tables[languages] = table.renewed()
        return table


class PieceTable(dict[str, str]):
    """The pieces met in texts of some languages: a character for each word, the same for words with the same keys.

    A piece that is asked for the first time is learned.
    """

    def __init__(self, lexicon: Lexicon, languages: Keys, stems_known: _Stems | None = None) -> None:
        super().__init__()
        self._lexicon = lexicon
        self.languages = languages
        self.keys_of: dict[str, Keys] = {PLAIN: _NONE, LONG: _NONE}
        self.codes_of: dict[str, set[str]] = {}
        self._codes: dict[Keys, str] = {_NONE: PLAIN}
        self._numbers = count(2)
        self._ranges: dict[str, list[tuple[int, int]]] = {}
        self._stems: _Stems = {} if stems_known is None else stems_known
        if stems_known is None:
            for own_language, terms in lexicon.inflected.items():
                self.learn_stems(own_language, terms)

    def renewed(self) -> PieceTable:
        """Return a table that knows the same stems, and no piece yet."""
        return PieceTable(self._lexicon, self.languages, self._stems)

    def learn_stems(self, own_language: str, terms: Iterable[tuple[str, str]]) -> None:
        """Learn what the words of terms, given with their keys, are recognised by."""
        for language in (own_language,) if own_language else self.languages:
            table = self._stems.setdefault((own_language, language), {})
            for word, key in terms:
                for stem in term_stems(word, language):
                    table.setdefault(stem, []).append(key)

    def __missing__(self, piece: str) -> str:
        """Learn a piece."""
        if len(piece) > LONGEST_PIECE or piece in SPACED_STARTS:
            return LONG
        core = piece.strip(_AROUND)
        if core[-2:] in _POSSESSIVES:
            core = core[:-2]
        if _is_plain(core):
            code = self.get(core) or self._learned(core)
        else:
            code = "".join([self._code_of(word) for word in words(piece)])
        self[piece] = code
        return code

    def _code_of(self, word: str) -> str:
        """Return the character of a word within a piece."""
        if _is_plain(word) and len(word) <= LONGEST_PIECE:
            return self.get(word) or self._learned(word)
        return self._code(self._keys(word))

    def _learned(self, word: str) -> str:
        """Learn a word of ASCII letters, or a number; in capitals, it mostly is what it is in small letters."""
        lexicon, lower = self._lexicon, word.lower()
        known = self.get(lower) if lower != word and not lexicon.is_cased(word, lower) else None
        if known is None:
            heads = lexicon.heads
            is_out = heads is not None and self.languages == ENGLISH and heads.rule_out(lower)
            known = PLAIN if is_out else self._code(self._keys_of_letters(word, lower))
        self[word] = known
        return known

    def _code(self, keys: Keys) -> str:
        code = self._codes.get(keys)
        if code is None:
            code = chr(next(self._numbers))
            self.keys_of[code] = keys
            for key in keys:
                self.codes_of.setdefault(key, set()).add(code)
            self._codes[keys] = code
        return code

    def ranges(self, piece: str) -> list[tuple[int, int]]:
        """Return where the words of a piece stand in it."""
        found = self._ranges.get(piece)
        if found is None:
            found = self._ranges[piece] = word_ranges(piece)
        return found

    def _keys(self, word: str) -> Keys:
        if len(word) > LONGEST_PIECE:
            return _NONE
        if word.isascii() and word.isalpha():
            return self._keys_of_letters(word, word.lower())
        found = [
            key
            for spelling in spellings(word, self.languages[0])
            for key in self._keys_of(strip_accents(spelling), fold(spelling), spelling.casefold())
        ]
        return tuple(dict.fromkeys(found)) if found else _NONE

    def _keys_of_letters(self, word: str, lower: str) -> Keys:
        found = self._keys_of(word, lower, lower)
        return tuple(dict.fromkeys(found)) if found else _NONE

    def _keys_of(self, plain: str, folded: str, lower: str) -> list[str]:
        """Return the keys of one spelling of a word, given without accents, folded, and in small letters."""
        lexicon = self._lexicon
        keys = [*lexicon.cased.get(plain, ()), *lexicon.exact.get(folded, ())]
        if lexicon.patterns:
            keys += lexicon.patterns.of(folded, plain)
        # A number has no inflection.
        is_number = folded.isdecimal()
        found: tuple[str, ...] = (folded,) if is_number else ()
        language_of_found = ""
        for (_, language), table in self._stems.items():
            if language != language_of_found and not is_number:
                found, language_of_found = stems(lower, language), language
            for stem in found:
                if stem in table:
                    keys += table[stem]
        return keys


def _is_plain(word: str) -> bool:
    """Return whether a text is one word that has one spelling."""
    return word.isascii() and ((word.isalpha() and len(word) > 1) or word.isdecimal())


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
