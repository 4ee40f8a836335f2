"""Finds words in a sentence that say how things stand: delayed, agreed, in force, denied; and corrections of a report.

What is only possible or wished for is no status; what is denied is one of its own: `not delayed`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.alert.status_words import ADMISSIONS_TEXT, MAYBES_TEXT, NEGATIONS_TEXT, OPENINGS_TEXT, STATUSES_TEXT
from monitor.text import base_language, fold, spellings, stems, word_ranges

_UNSPACED = frozenset({"zh", "ja", "ko"})
_NEGATES_AFTER = frozenset({"de", "nl"})
_LONGEST_FIRST = 3  # letters of a first word that the next one must follow at once
_MOST_BETWEEN = 2
_NEGATION_REACH = 3  # words
_MAYBE_REACH = 4
_DENIED = "denied"
_DENIED_REACH = 8  # words after it that tell what is denied
_CHARACTERS_BEFORE = 8
_CHARACTERS_AFTER = 12
_AT_ONCE = 3  # characters before a Chinese verb in which a negation stands


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a passage: where it stands, its folded form, and the stems it may have."""

    start: int
    end: int
    form: str
    stems: frozenset[str]
    is_negation: bool = False

    @property
    def exact(self) -> str:
        """Its form as the table of statuses asks for it."""
        return f"={self.form}"


@dataclass(frozen=True, slots=True)
class FoundStatus:
    """A status at half-open code point offsets; `name` is one of those of the table, with `not ` if it is denied."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class _Term:
    status: str
    words: tuple[frozenset[str], ...]
    between: int


@dataclass(frozen=True, slots=True)
class _Table:
    terms: dict[str, list[_Term]]
    negations: frozenset[str]
    maybes: frozenset[str]


def tokens_of(text: str, language: str) -> list[Token]:
    """Return the words of a text with their stems."""
    return [Token(start, end, *_forms(text[start:end], language)) for start, end in word_ranges(text)]


@lru_cache(maxsize=32_768)
def _forms(word: str, language: str) -> tuple[str, frozenset[str], bool]:
    """Return a word's folded form, its stems, and whether it denies what follows."""
    plain = spellings(word, language)[0]
    return fold(plain), frozenset(stems(plain, language)), fold(word).endswith("n't")


def find_statuses(text: str, tokens: Sequence[Token], language: str) -> list[FoundStatus]:
    """Return the statuses that a passage names, in order; `tokens` are its words.

    A language without a table is read as English.
    """
    language = base_language(language)
    if language in _UNSPACED:
        return sorted(_unspaced(text, language), key=lambda found: found.start)
    return list(_spaced(tokens, language if language in STATUSES_TEXT else "en"))


def _spaced(tokens: Sequence[Token], language: str) -> Iterator[FoundStatus]:
    table = _table(language)
    at = denied_until = 0
    while at < len(tokens):
        term, last = _longest(table, tokens, at)
        if term is None:
            at += 1
            continue
        before = tokens[max(0, at - _MAYBE_REACH) : at]
        is_maybe = any(token.form in table.maybes or token.stems & table.maybes for token in before)
        if not is_maybe and at >= denied_until:
            near = list(before[-_NEGATION_REACH:])
            if language in _NEGATES_AFTER:
                near += tokens[last + 1 : last + 1 + _NEGATION_REACH]
            is_denied = any(token.is_negation or token.form in table.negations for token in near)
            name = f"not {term.status}" if is_denied else term.status
            yield FoundStatus(tokens[at].start, tokens[last].end, name)
        if term.status == _DENIED:
            denied_until = last + _DENIED_REACH
        at = last + 1


def _longest(table: _Table, tokens: Sequence[Token], at: int) -> tuple[_Term | None, int]:
    best: tuple[_Term | None, int] = (None, at)
    for key in (*tokens[at].stems, tokens[at].exact):
        for term in table.terms.get(key, ()):
            last = _last(term, tokens, at)
            if last is not None and (best[0] is None or len(term.words) > len(best[0].words)):
                best = (term, last)
    return best


def _last(term: _Term, tokens: Sequence[Token], at: int) -> int | None:
    """Return where the last word of a term stands that begins at a word; None: it is not there."""
    for wanted in term.words[1:]:
        following = range(at + 1, min(at + 2 + term.between, len(tokens)))
        found = next(
            (place for place in following if not wanted.isdisjoint((*tokens[place].stems, tokens[place].exact))), None
        )
        if found is None:
            return None
        at = found
    return at


def _unspaced(text: str, language: str) -> Iterator[FoundStatus]:
    negations, maybes = NEGATIONS_TEXT[language].split(), MAYBES_TEXT[language].split()
    for status, term in _unspaced_terms(language):
        for match in re.finditer(re.escape(term), text):
            before = text[max(0, match.start() - _CHARACTERS_BEFORE) : match.start()]
            after = text[match.end() : match.end() + _CHARACTERS_AFTER]
            around = before if language == "zh" else before + after
            if any(word in around for word in maybes):
                continue
            where = before[-_AT_ONCE:] if language == "zh" else after
            is_denied = any(word in where for word in negations)
            yield FoundStatus(match.start(), match.end(), f"not {status}" if is_denied else status)


@lru_cache(maxsize=8)
def _unspaced_terms(language: str) -> tuple[tuple[str, str], ...]:
    return tuple(_lines(language))


@lru_cache(maxsize=32)
def _table(language: str) -> _Table:
    terms: dict[str, list[_Term]] = defaultdict(list)
    for status, written in _lines(language):
        is_exact = written.startswith("=")
        words = [spellings(written[a:b], language)[0] for a, b in word_ranges(written)]
        sets = tuple(frozenset({f"={fold(word)}"} if is_exact else stems(word, language)) for word in words)
        term = _Term(status, sets, _MOST_BETWEEN if len(words[0]) > _LONGEST_FIRST else 0)
        for key in sets[0]:
            terms[key].append(term)
    maybes = {form for word in MAYBES_TEXT[language].split() for form in (fold(word), *stems(word, language))}
    return _Table(dict(terms), frozenset(map(fold, NEGATIONS_TEXT[language].split())), frozenset(maybes))


def _lines(language: str) -> Iterator[tuple[str, str]]:
    """Yield each status of a language with a term for it."""
    for line in re.sub(r",\n", ", ", STATUSES_TEXT[language]).strip().splitlines():
        status, _, terms = line.partition(":")
        for term in terms.split(","):
            yield status, term.strip()


def is_correction(text: str, *, is_opening: bool) -> bool:
    """Return whether a passage says that a report was wrong; `is_opening`: it is a title or begins the text."""
    plain = fold(" ".join(text.split()))
    return bool(_opening().match(plain) if is_opening else _headed().match(plain)) or bool(_admission().search(plain))


@lru_cache(maxsize=1)
def _opening() -> re.Pattern[str]:
    # A title may also be no more than the word, or have it in brackets or before a dash, as agencies do.
    return re.compile(rf"[\[(]?(?:{_alternatives(OPENINGS_TEXT)})(?:\s*[:：\])]|\s*[-–—]|$)")


@lru_cache(maxsize=1)
def _headed() -> re.Pattern[str]:
    return re.compile(rf"[\[(]?(?:{_alternatives(OPENINGS_TEXT)})\s*[:：]")


@lru_cache(maxsize=1)
def _admission() -> re.Pattern[str]:
    return re.compile(_alternatives(ADMISSIONS_TEXT))


def _alternatives(listed: str) -> str:
    terms = {fold(" ".join(term.split())) for term in listed.split(",")}
    return "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
