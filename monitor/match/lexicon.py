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
_AROUND = ',.;:!?()[]"<>-/'
_SAMPLE = 2_000
# Texts in these hold English words too, and have no inflections of their own.
_WITH_ENGLISH = frozenset({"zh", "ja", "ko", "th", "km", "lo", "my", "vi"})

Keys = tuple[str, ...]
# The character of a word without keys, and of a piece too long to be kept in a table, or the start of `U. S.`.
PLAIN, LONG = "\0", "\1"
# The keys by stem of the terms that bring a language (or none), in a language.
_Stems = dict[tuple[str, str], dict[str, list[str]]]
_ENGLISH = ("en",)
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
        self._languages = languages
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
        return PieceTable(self._lexicon, self._languages, self._stems)

    def learn_stems(self, own_language: str, terms: Iterable[tuple[str, str]]) -> None:
        """Learn what the words of terms, given with their keys, are recognised by."""
        for language in (own_language,) if own_language else self._languages:
            table = self._stems.setdefault((own_language, language), {})
            for word, key in terms:
                for stem in term_stems(word, language):
                    table.setdefault(stem, []).append(key)

    def __missing__(self, piece: str) -> str:
        """Learn a piece."""
        if len(piece) > LONGEST_PIECE or piece in SPACED_STARTS:
            return LONG
        core = piece.strip(_AROUND)
        if not (core.isascii() and core.isalpha() and len(core) > 1):
            code = "".join(map(self._code, map(self._keys, words(piece))))
        elif core in self:
            code = self[core]
        else:
            heads = self._lexicon.heads
            is_plain = heads is not None and self._languages == _ENGLISH and heads.rule_out(core.lower())
            code = PLAIN if is_plain else self._code(self._keys(core))
        self[piece] = code
        return code

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
