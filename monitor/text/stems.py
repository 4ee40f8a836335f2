"""Stems: the part of a word its inflections share, by language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from monitor.text.forms import fold, strip_accents
from monitor.text.spelling import americanise

_ALGORITHMS_TEXT = """
ar:arabic ca:catalan cs:czech da:danish de:german el:greek en:english eo:esperanto es:spanish et:estonian eu:basque
fa:persian fi:finnish fr:french ga:irish hi:hindi hu:hungarian hy:armenian id:indonesian it:italian lt:lithuanian
nb:norwegian ne:nepali nl:dutch nn:norwegian no:norwegian pl:polish pt:portuguese ro:romanian ru:russian sr:serbian
st:sesotho sv:swedish ta:tamil tr:turkish yi:yiddish
"""
_ALGORITHMS = dict(pair.split(":") for pair in _ALGORITHMS_TEXT.split())
# No algorithm, but a language all the same: its words are compared as they are.
_WITHOUT_STEMS_TEXT = """
be bg bn hr fil gu he is ja ka kk km kn ko lo lv mk ml mn mr ms my pa sk sl sq sw te th uk ur uz vi zh
"""
_WITHOUT_STEMS = frozenset(_WITHOUT_STEMS_TEXT.split())
# The word list gives these another word's meaning (media: medium, worse: wrong) or merges two verbs.
_NOT_IRREGULAR_TEXT = """
bore felt found ground lay left media saw us worse wound
"""
_NOT_IRREGULAR = frozenset(_NOT_IRREGULAR_TEXT.split())
# Forms that the word list takes for other words, and two whose bases begin with another letter.
_IRREGULAR = {"rose": "rise", "broke": "break", "won": "win", "went": "go", "gone": "go"}
_ARABIC = re.compile("[\u0621-\u064a]+")
_ARABIC_PREFIX = re.compile("^[وف]?[بكل]?(?:ال|لل)?")
_SHORTEST_ARABIC = 3
_SHORT = 3  # letters


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's own name


def base_language(language: str) -> str:
    """Return the language of a tag in two or three letters: `en` for `en-GB`, `EN_us`."""
    return language.replace("_", "-").partition("-")[0].casefold()


def is_language(code: str) -> bool:
    """Return whether this is the code of a language known here."""
    return code in _ALGORITHMS or code in _WITHOUT_STEMS


def stem(word: str, language: str) -> str:
    """Return the folded stem of a word in a language; the folded word where no stems are known."""
    lower = word.casefold()
    if language == "en":
        lower = americanise(strip_accents(lower))
    stemmer = _stemmer(language)
    return strip_accents(stemmer.stemWord(lower)) if stemmer else strip_accents(lower)


def stems(word: str, language: str) -> tuple[str, ...]:
    """Return all stems a word may have: its own, that of an irregular English base, those without Arabic clitics."""
    first = stem(word, language)
    if language == "en":
        base = _irregular_base(word.casefold())
        return tuple(dict.fromkeys((first, stem(base, "en")))) if base else (first,)
    if language == "ar" and _ARABIC.fullmatch(fold(word)):
        return tuple(dict.fromkeys([first, *(stem(rest, "ar") for rest in _without_clitics(fold(word)))]))
    return (first,)


@lru_cache(maxsize=64)
def _stemmer(language: str) -> _Stemmer | None:
    name = _ALGORITHMS.get(language)
    if name is None:
        return None
    import Stemmer

    stemmer: _Stemmer = Stemmer.Stemmer(name, 0)
    return stemmer


def _irregular_base(word: str) -> str:
    """Return `mouse` for `mice`, `sell` for `sold`; empty for regular words and for other words' forms (`better`)."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 3 or not word.isascii() or not word.isalpha() or word in _NOT_IRREGULAR:
        return ""
    if word.endswith(("er", "est", "ing", "ed")):
        return ""
    import simplemma

    base: str = simplemma.lemmatize(word, "en")
    return base if base[:1] == word[0] and base != word else ""


def is_listed(word: str) -> bool:
    """Return whether the word list has an English word in lower case."""
    return word in _bases()


def _bases() -> Mapping[str, str]:
    from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY

    return DEFAULT_DICTIONARY_FACTORY.get_dictionary("en")


@lru_cache(maxsize=1)
def irregular_words() -> dict[str, tuple[str, ...]]:
    """Return the English words that do not begin as their bases do, in lower case, by the stems of these.

    Some of these still begin as the stems do.
    """
    pairs = {
        (word.lower(), base)
        for word, base in _bases().items()
        if not word.lower().startswith(base[:-1] if len(base) > _SHORT else base)
    }
    found: dict[str, set[str]] = {}
    for word, base in pairs | set(_IRREGULAR.items()):
        found.setdefault(stem(base, "en"), set()).add(word)
    return {name: tuple(sorted(words)) for name, words in found.items()}


def _without_clitics(word: str) -> list[str]:
    """Return what is left when the article, `and`, `so`, `by`, `as` or `to` are taken from the front."""
    found = _ARABIC_PREFIX.match(word)
    ends = range(1, found.end() + 1) if found else range(0)
    return [word[end:] for end in ends if len(word) - end >= _SHORTEST_ARABIC]
