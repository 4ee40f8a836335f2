"""Plain words as a topic: `the November 1 tariff` becomes `date(11-01) NEAR/15 tariff`."""

from __future__ import annotations

import re

from monitor.match.lexer import Wrong
from monitor.match.nodes import Node
from monitor.match.reader import read_term
from monitor.match.terms import Form
from monitor.match.values import Amount, Bounds, DateIn, Day, Percentage
from monitor.match.windows import Near
from monitor.text import (
    FoundDate,
    FoundNumber,
    Words,
    find_amounts,
    find_dates,
    find_percentages,
    fold,
    guess_language,
    spellings,
    words,
)

PLAIN_DISTANCE = 15
MOST_PLAIN_WORDS = 40
_MOST_READ = 400  # with stop words and repetitions
_CHUNK = re.compile(r"[^\s,;:!\"“”«»()]+")
_EDGES = ".…'‘’–—-"
_ACRONYM = re.compile(r"[A-Z]{2,4}")
_ACRONYM_IN_WORD = re.compile(r"(?<![^\s\-–—/])[A-Z]{2,4}(?![^\s\-–—/])")
_STOP_WORDS_TEXT = """
a about after against all also am an and any are as at be been before being but by can could did do does during each
for from further had has have having he her here hers him his how i if in into is it its itself just me more most my
no nor not of off on once only or other our ours out over own per same she should so some such than that the their
theirs them then there these they this those through to too under until up upon very via was we were what when where
which while who whom why will with within would you your yours der die das den dem des ein eine einen einem einer
eines und oder zu zum zur im am vom von mit für auf aus bei nach über unter gegen ist sind le la les l un une des du
de et ou au aux en dans sur par pour avec sans d el los las uno una y o del al con por para sin il lo gli dei della
delle nel nella da di e ed os as um uma dos das ao na nos het een van op te voor met bij en of
"""
_STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())


def is_stop_word(word: str) -> bool:
    """Return whether a word says nothing by itself in one of the languages that are written most."""
    return fold(word.replace("’", "'")) in _STOP_WORDS


def read_plain(text: str, offset: int = 0) -> Node:
    """Return what plain words ask for: all that is not a stop word, within 15 words of each other.

    Raises:
        Wrong: there is nothing but stop words, or more than a topic can be about.
    """
    if len(text.split()) > _MOST_READ:
        raise Wrong("too many plain words", offset, "write a query with AND, OR and NEAR")
    language = guess_language(text)[0] if not text.isascii() else "en"
    found = _values(Words(text), language)
    items: list[Node] = []
    taken_to = 0
    for match in _CHUNK.finditer(text):
        for start, end, node in found:
            if start < match.end() and taken_to <= start:
                items.append(node)
                taken_to = end
        if match.start() >= taken_to:
            items.extend(_terms(match[0], offset + match.start()))
    items = list(dict.fromkeys(items))
    if not items:
        raise Wrong(
            f"{text.strip()[:60]!r} has no word to search for", offset, 'quote stop words to search for them: "the who"'
        )
    if len(items) > MOST_PLAIN_WORDS:
        raise Wrong(
            f"{len(items)} plain words, the most is {MOST_PLAIN_WORDS}", offset, "write a query with AND, OR and NEAR"
        )
    return items[0] if len(items) == 1 else Near(items=tuple(items), distance=PLAIN_DISTANCE)


def _terms(chunk: str, offset: int) -> list[Node]:
    core = chunk.strip(_EDGES) if not chunk.rstrip("'’").endswith(".") or chunk.count(".") < 2 else chunk
    if not words(core) or is_stop_word(core):
        return []
    if len(words(core)) == 1 and _ACRONYM.fullmatch(spellings(words(core)[0])[0]) and not set(core) & set("*?="):
        return [read_term(core, Form.CASED, offset)]
    marked = _ACRONYM_IN_WORD.sub(r"=\g<0>", core)
    return [read_term(marked, Form.INFLECTED, offset)]


def _values(text: Words, language: str) -> list[tuple[int, int, Node]]:
    """Return the dates, percentages and amounts in plain words, each with its place, none overlapping another."""
    found: list[tuple[int, int, Node]] = [
        *((date.start, date.end, _date(date)) for date in find_dates(text, language)),
        *((number.start, number.end, _percentage(number)) for number in find_percentages(text, language)),
        *((number.start, number.end, _amount(number)) for number in find_amounts(text, language)),
    ]
    kept: list[tuple[int, int, Node]] = []
    for start, end, node in sorted(found, key=lambda item: (item[0], -item[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, node))
        elif isinstance(node, DateIn):
            kept[-1] = _joined(kept[-1], (start, end, node))
    return kept


def _joined(first: tuple[int, int, Node], second: tuple[int, int, Node]) -> tuple[int, int, Node]:
    """Return the range that two overlapping dates, the ends of `November 1-5`, stand for."""
    if not (isinstance(first[2], DateIn) and isinstance(second[2], DateIn)):
        return first
    days = sorted((first[2].first, second[2].first), key=lambda day: (day.year or 0, day.month, day.day))
    return first[0], max(first[1], second[1]), DateIn(first=days[0], last=days[1])


def _date(found: FoundDate) -> DateIn:
    day = Day(year=found.year, month=found.month, day=found.day)
    return DateIn(first=day, last=day)


def _percentage(found: FoundNumber) -> Percentage:
    return Percentage(bounds=Bounds(low=found.value, high=found.value))


def _amount(found: FoundNumber) -> Amount:
    return Amount(bounds=Bounds(low=found.value, high=found.value), currency=found.currency)
