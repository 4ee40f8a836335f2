"""Stems: the part of a word its inflections share, by language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Protocol

from monitor.text.forms import fold, strip_accents
from monitor.text.spelling import americanise

_ALGORITHMS_TEXT = """
ar:arabic ca:catalan cs:czech da:danish de:german el:greek en:english eo:esperanto es:spanish et:estonian eu:basque
fa:persian fi:finnish fr:french ga:irish hi:hindi hr:serbian hu:hungarian hy:armenian id:indonesian it:italian
lt:lithuanian nb:norwegian ne:nepali nl:dutch nn:norwegian no:norwegian pl:polish pt:portuguese ro:romanian ru:russian
sr:serbian st:sesotho sv:swedish ta:tamil tr:turkish yi:yiddish
"""
_ALGORITHMS = dict(pair.split(":") for pair in _ALGORITHMS_TEXT.split())
# No algorithm, but a language all the same: its words are compared as they are.
_WITHOUT_STEMS_TEXT = """
be bg bn fil gu he is ja ka kk km kn ko lo lv mk ml mn mr ms my pa sk sl sq sw te th uk ur uz vi zh
"""
_WITHOUT_STEMS = frozenset(_WITHOUT_STEMS_TEXT.split())
# The word list gives these another word's meaning (media: medium, worse: wrong) or merges two verbs.
_NOT_IRREGULAR_TEXT = """
bore felt ground lay left media saw us worse wound
"""
_NOT_IRREGULAR = frozenset(_NOT_IRREGULAR_TEXT.split())
# Forms that the word list takes for other words, and two whose bases begin with another letter.
_IRREGULAR = {"rose": "rise", "broke": "break", "won": "win", "led": "lead", "went": "go", "gone": "go"}
# The algorithm takes these for forms of another word: they have a stem of their own. A star: so have all that begin so.
_APART_TEXT = """
accession*:accession apartment*:apartment conservation*:conservation convention*:convention corporal:corporal
executive*:executiv expensive*:expensive humane:humane morale:morale several:several authorit*:authorit
authoriz*:authoriz busin*:busin competen*:competen contention*:contention contraction*:contraction critical*:critical
customer*:customer customiz*:customiz department*:department designat*:designat digital*:digital experim*:experim
federat*:federat france:france goods:goods hardly:hardly importan*:importan informal*:informal julie:julie
lately:lately medicat*:medicat mineral*:mineral objective*:objective personal*:personal polite:polite politely:polite
positiv*:positiv procession*:procession providence*:providence quite:quite rational:rational rationally:rational
rationality:rational relativ*:relativ respective*:respective responsib*:responsib secretion*:secretion severe:severe
severely:severe severity:severe succession*:succession successive*:successive treaty:treaty treaties:treaty
unite:unite united:unite unites:unite uniting:unite
"""
_APART = dict(pair.split(":") for pair in _APART_TEXT.split())
_SHORTEST_APART = 5
_OWN_STEMS = frozenset(_APART.values())
_APART_STARTS = frozenset(start[:_SHORTEST_APART] for start in _APART)
_APART_LENGTHS = tuple(sorted({len(start) - 1 for start in _APART if start.endswith("*")}, reverse=True))
# Forms of short nouns that no rule joins.
_FORMS_TEXT = {
    "pl": "cło: cła cłu cłem cle ceł cłom cłami cłach",
    "cs": "clo: cla clu clem cel clům clech",
}
_FORMS = {
    language: {form: text.partition(":")[0] for form in text.partition(":")[2].split()}
    for language, text in _FORMS_TEXT.items()
}
# Ukrainian endings, the longest first; a word keeps three letters.
_UKRAINIAN = re.compile(
    r"(?<=\w{3})(?:(?<=н)(?:нями|нях|ням|ня|ню|ні)|ами|ями|ого|ому|ими|ієї|(?<=\w{4})(?:ією|ія|ії|ію)|ові|еві|єві|ої|ою|ею|єю|ах|ях|ам|ям|ів|їв"
    r"|ей|ом|ем|єм|ий|ій|їй|их|їх|им|їм|[аяоеєиіїуюьй])$"
)
# A noun's genitive that looks like an adjective, and the nominative beside it: Китая, Китай; музей.
_RUSSIAN_SOFT = re.compile("(?:ая|ей)$")
# `Of his` behind a vowel, of which the algorithm takes the last letter only: vergisi.
_TURKISH_POSSESSED = re.compile(r"(?<=\w{2}[aeıioöuü])s[ıiuü]$")
_HEBREW_PREFIXES = "הובלמכש"
_MOST_HEBREW_PREFIXES = 3
_SHORTEST_HEBREW = 3
_ARABIC = re.compile("[\u0621-\u064a]+")
_ARABIC_PREFIX = re.compile("^[وف]?[بكل]?(?:ال|لل)?")
_SHORTEST_ARABIC = 3
_SHORT = 3  # letters
_SHORTEST_RUSSIAN = 4
_SHORTEST_TURKISH = 4


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
        apart = _apart(lower)
        if apart:
            return apart
    elif language == "uk":
        return strip_accents(_UKRAINIAN.sub("", lower))
    elif language in _FORMS:
        lower = _FORMS[language].get(lower, lower)
    stemmer = _stemmer(language)
    return strip_accents(stemmer.stemWord(lower)) if stemmer else strip_accents(lower)


def _apart(word: str) -> str:
    """Return the stem of a word that is kept apart from others with its stem, empty for all other words."""
    if word[:_SHORTEST_APART] not in _APART_STARTS:
        return ""
    exact = _APART.get(word)
    return exact or next((_APART[start] for size in _APART_LENGTHS if (start := f"{word[:size]}*") in _APART), "")


def stems(word: str, language: str) -> tuple[str, ...]:
    """Return all stems a word may have: its own, that of an irregular English base, those without Arabic clitics."""
    first = stem(word, language)
    if language == "en":
        base = "" if first in _OWN_STEMS else _irregular_base(word.casefold())
        second = stem(base, "en") if base else first
        return (first,) if second == first else (first, second)
    if language == "ar" and _ARABIC.fullmatch(fold(word)):
        return tuple(dict.fromkeys([first, *(stem(rest, "ar") for rest in _without_clitics(fold(word)))]))
    if language == "ru" and len(word) > _SHORTEST_RUSSIAN and _RUSSIAN_SOFT.search(word.casefold()):
        return tuple(dict.fromkeys((first, strip_accents(word.casefold()[:-1]))))
    if language == "tr":
        possessed = _TURKISH_POSSESSED.sub("", word.casefold())
        return _turkish(first) if possessed == word.casefold() else (first, *_turkish(stem(possessed, "tr")))
    if language == "he":
        return (first, *_without_hebrew_prefixes(first, _MOST_HEBREW_PREFIXES))
    return (first,)


def _turkish(first: str) -> tuple[str, ...]:
    """Return a stem and what is left of it: the algorithm takes one ending, also of words that have none (`vergi`)."""
    found = [first]
    while len(rest := stem(found[-1], "tr")) >= _SHORTEST_TURKISH and rest not in found:
        found.append(rest)
    return tuple(found)


def term_stems(word: str, language: str) -> tuple[str, ...]:
    """Return the stems by which a term is found: a Hebrew one loses its article only, or it finds others."""
    if language != "he":
        return stems(word, language)
    first = stem(word, language)
    return (first, first[1:]) if first[:1] == "ה" and len(first) > _SHORTEST_HEBREW else (first,)


def _without_hebrew_prefixes(word: str, most: int) -> list[str]:
    """Return what is left when `the`, `and`, `in`, `to`, `from`, `as` or `that` are taken from the front."""
    found = []
    while most and len(word) > _SHORTEST_HEBREW and word[0] in _HEBREW_PREFIXES:
        word, most = word[1:], most - 1
        found.append(word)
    return found


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
    base = _bases().get(word, "")
    return base if base[:1] == word[0] and base != word else ""


def is_listed(word: str) -> bool:
    """Return whether the word list has an English word in lower case."""
    return word in _bases()


@cache
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
