"""What an article says where it matched: numbers, dates, parties and how things stand, and the words it says it in.

It is kept with each alert, so that a later article of the story is compared with what was told, whatever became of the
article meanwhile.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from monitor.alert.evidence import place_of
from monitor.alert.parties import Named, find_parties
from monitor.alert.statuses import Token, find_statuses, is_correction, tokens_of
from monitor.model import Article, Match, Span
from monitor.text import (
    Words,
    base_language,
    find_amounts,
    find_dates,
    find_percentages,
    month_names,
    scale_of,
    weekday_names,
    word_frequency,
)

TITLE = -1
LEAD = 2  # sentences
_CORE = 2  # sentences in which a topic is found first
_NEAR = 8  # words
_MOST_PLACES = 40  # sentences of an article in which a topic is found
_AT_ONCE = 10_000  # characters of a text
_LONGEST = 2_000  # characters of a sentence that are read
_MOST_WORDS = 300  # words of an article that are kept
_FEWEST_LETTERS = 3
# Words this common (share of all words) tell nothing about what a sentence says.
_COMMON = 5e-4
_COUNT = re.compile(
    r"(?<![\w.,$€£¥%/+-])(?P<number>\d{1,3}(?:[,.\u00a0\u202f]\d{3})+|\d+(?:[.,]\d+)?)"
    r"(?:(?:[ \u00a0\u202f-](?P<word>[^\W\d_]+))(?:[ \u00a0\u202f](?P<next>[^\W\d_]+))?"
    r"|\s?(?P<counter>[人名天家吨噸枚件台社명개대]))"
)
_GROUPS = re.compile(r"[,.\u00a0\u202f](?=\d{3})")
_YEARS = range(1800, 2101)
_YEAR_WORD = "year"
_OLD = ("-old", " old")


class FactKind(StrEnum):
    """What kind of thing a fact is."""

    PERCENTAGE = "pct"
    AMOUNT = "amount"
    COUNT = "count"
    DATE = "date"
    STATUS = "status"
    PARTY = "party"
    PHRASE = "phrase"
    CORRECTION = "correction"
    OUTLETS = "outlets"
    TRUSTED = "trusted"


# What kind, the value (empty: none that counts), where it starts and ends.
_Value = tuple[FactKind, str, int, int]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact at a place: the number of a sentence, or `TITLE`, and where it starts in it.

    `value` is the same in every language and spelling.
    """

    kind: FactKind
    value: str
    place: int
    start: int = 0

    @property
    def code(self) -> str:
        """What is kept of it."""
        return f"{self.kind}:{self.value}"


class Passages:
    """An article, sentence by sentence; each is read when it is first asked for.

    `bounds` are the sentences of its text.
    """

    def __init__(self, article: Article, bounds: Sequence[tuple[int, int]]) -> None:
        self.article = article
        self.bounds = bounds
        self.starts = [start for start, _ in bounds]
        self.language = base_language(article.language) or "en"
        self._tokens: dict[int, list[Token]] = {}
        self._facts: dict[int, tuple[Fact, ...]] = {}
        self._calendar = weekday_names(self.language) | set(month_names(self.language))

    def text(self, place: int) -> str:
        """Return a sentence, or the title."""
        if place == TITLE:
            return self.article.title
        start, end = self.bounds[place]
        return self.article.text[start : min(end, start + _LONGEST)]

    def tokens(self, place: int) -> list[Token]:
        """Return the words of a sentence."""
        if place not in self._tokens:
            self._tokens[place] = tokens_of(self.text(place), self.language)
        return self._tokens[place]

    def telling(self, place: int) -> dict[str, Token]:
        """Return the words of a sentence that are not common, by a stem of each."""
        return {
            min(token.stems, default=token.form): token for token in self.tokens(place) if self._is_telling(token.form)
        }

    def _is_telling(self, word: str) -> bool:
        is_word = word.isalpha() and (len(word) >= _FEWEST_LETTERS or not word.isascii())
        return is_word and word_frequency(word, self.language) < _COMMON and word not in self._calendar

    def facts(self, place: int) -> tuple[Fact, ...]:
        """Return what a sentence names."""
        if place not in self._facts:
            self._facts[place] = tuple(Fact(kind, value, place, start) for kind, value, start in self._read(place))
        return self._facts[place]

    def _read(self, place: int) -> Iterator[tuple[FactKind, str, int]]:
        """Yield the values, counts and statuses of a sentence, each with where it starts in it."""
        values = self._values.get(place, []) if self._is_near(place) else list(self._values_of(self.text(place)))
        yield from ((kind, value, start) for kind, value, start, _ in values if value)
        text = self.text(place)
        yield from self._counts(text, [(start, end) for _, _, start, end in values])
        for status in find_statuses(text, self.tokens(place), self.language):
            yield FactKind.STATUS, status.name, status.start

    def _is_near(self, place: int) -> bool:
        return place != TITLE and self.bounds[place][1] <= _AT_ONCE

    @cached_property
    def _values(self) -> dict[int, list[_Value]]:
        """The values of the first sentences; to look for them in all at once costs a tenth of one after the other."""
        found: dict[int, list[_Value]] = defaultdict(list)
        end = max((end for _, end in self.bounds if end <= _AT_ONCE), default=0)
        for kind, value, start, stop in self._values_of(self.article.text[:end]):
            place = max(bisect_right(self.starts, start) - 1, 0)
            first = self.starts[place]
            found[place].append((kind, value, start - first, stop - first))
        return found

    def _values_of(self, text: str) -> Iterator[_Value]:
        words = Words(text)
        for number in find_percentages(words, self.language):
            yield FactKind.PERCENTAGE, f"{number.value.normalize():f}", number.start, number.end
        for number in find_amounts(words, self.language):
            yield FactKind.AMOUNT, f"{number.currency} {number.value.normalize():f}", number.start, number.end
        for day in find_dates(words, self.language):
            yield FactKind.DATE, _day(day.month, day.day, day.year, self.article), day.start, day.end

    def _counts(self, text: str, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[FactKind, str, int]]:
        for match in _COUNT.finditer(text):
            if any(start < match.end("number") and match.start() < end for start, end in taken):
                continue
            number = float(_GROUPS.sub("", match["number"]).replace(",", "."))
            unit = match["counter"] or match["word"]
            scale = scale_of(unit, self.language) if match["word"] and len(unit) > 1 else None
            if scale and match["next"]:
                number, unit = number * scale, match["next"]
            form = unit.casefold()
            is_age = form.startswith(_YEAR_WORD) and text[match.end("word") :].lower().startswith(_OLD)
            if is_age or number in _YEARS or form in self._calendar or (match["word"] and len(unit) < _FEWEST_LETTERS):
                continue
            unit = min(token.stems for token in tokens_of(unit, self.language)) if match["word"] else unit
            yield FactKind.COUNT, f"{number:g} {min(unit)}", match.start()

    @cached_property
    def parties(self) -> dict[int, list[Named]]:
        """The parties named in title and lead, by place."""
        places = [TITLE, *range(min(LEAD, len(self.bounds)))]
        return {place: list(self._central(place)) for place in places}

    def _central(self, place: int) -> Iterator[Named]:
        """Yield who is named in a sentence, and both in the title and in the text: who is not does not matter much."""
        title, text = self.article.title.casefold(), self.article.text
        for named in find_parties(self.text(place), self.language, is_title=place == TITLE):
            word = named.name.split()[-1]
            if word.casefold() in title and word in text:
                yield named

    @cached_property
    def correction(self) -> int | None:
        """Where the article says that a report was wrong."""
        places: list[int] = [TITLE, *range(len(self.bounds))]
        return next((place for place in places if is_correction(self.text(place), is_opening=place <= 0)), None)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The numbers and days of the whole article, as codes."""
        found: dict[str, None] = {}
        for place in (TITLE, *range(min(len(self.bounds), _MOST_PLACES))):
            found.update({fact.code: None for fact in self.facts(place) if fact.kind is not FactKind.STATUS})
        return tuple(found)

    @cached_property
    def vocabulary(self) -> str:
        """The language, and the stems of the words that are not common; of title and text from its start."""
        found: dict[str, None] = {}
        for place in (TITLE, *range(len(self.bounds))):
            found.update(dict.fromkeys(self.telling(place)))
            if len(found) >= _MOST_WORDS:
                break
        return " ".join([self.language, *found])


@dataclass(frozen=True, slots=True)
class Said:
    """What an article says on a topic.

    `matched` are the places where it matched, `heart` the title among them and the first sentences, `near` those around
    these, of title and lead, that speak of the topic too.
    """

    passages: Passages
    matched: tuple[int, ...]
    heart: tuple[int, ...]
    near: tuple[int, ...]
    facts: tuple[Fact, ...]
    own_stems: frozenset[str]
    marks: Mapping[int, tuple[tuple[int, int], ...]]

    def is_telling(self, fact: Fact) -> bool:
        """Return whether a fact is what the article tells of the topic: in title or lead, or near the topic's words."""
        if fact.place < LEAD:
            return fact.place in self.heart or fact.place in self.near
        marks = self.marks.get(fact.place, ()) if fact.place in self.heart else ()
        starts = [token.start for token in self.passages.tokens(fact.place)]
        at = bisect_right(starts, fact.start)
        return any(abs(at - bisect_right(starts, start)) <= _NEAR for start, _ in marks)


def say(passages: Passages, match: Match) -> Said:
    """Return what an article says on a topic: in the sentences that matched, and in title and lead that name it."""
    matched = tuple(sorted({place_of(span, passages.starts) for span in match.spans}))[:_MOST_PLACES]
    core = tuple(place for place in matched if place != TITLE)[:_CORE]
    own = frozenset(_stems_of(match.spans, passages.language))
    beside = {place + step for place in core for step in (-1, 1)}
    others = ({TITLE, *range(LEAD)} | beside) - set(matched)
    near = tuple(
        place
        for place in sorted(others)
        if place < len(passages.bounds) and (place >= TITLE) and _names(passages.tokens(place), own)
    )
    heart = (TITLE, *core) if TITLE in matched else core
    facts = tuple(_facts(passages, matched, near, match.material))
    return Said(passages, matched, heart, near, facts, own, _marks(passages, match.spans))


def _marks(passages: Passages, spans: Sequence[Span]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return where the words that matched stand within each sentence."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for span in spans:
        place = place_of(span, passages.starts)
        first = passages.starts[place] if 0 <= place < len(passages.starts) else 0
        found[place].append((span.start - first, span.end - first))
    return {place: tuple(marks) for place, marks in found.items()}


def _stems_of(spans: Sequence[Span], language: str) -> Iterator[str]:
    for text in dict.fromkeys(span.text for span in spans):
        for token in tokens_of(text, language):
            yield from token.stems


def _names(tokens: Sequence[Token], stems: frozenset[str]) -> bool:
    return any(token.stems & stems for token in tokens)


def _facts(passages: Passages, matched: Sequence[int], near: Sequence[int], material: Sequence[Span]) -> Iterator[Fact]:
    places = sorted({*matched, *near})  # the title first
    for place in places:
        is_matched = place in matched or place == TITLE
        yield from (fact for fact in passages.facts(place) if is_matched or fact.kind is FactKind.STATUS)
        yield from (Fact(FactKind.PARTY, named.name, place, named.start) for named in passages.parties.get(place, ()))
    for span in material:
        place = place_of(span, passages.starts)
        if place in places:
            first = passages.starts[place] if 0 <= place < len(passages.starts) else 0
            yield Fact(FactKind.PHRASE, span.clause, place, span.start - first)


def _day(month: int, day: int, year: int | None, article: Article) -> str:
    """Return a day as `2025-11-01`, or `11-01` where the year is not known."""
    if year is None and article.time is None:
        return f"{month:02d}-{day:02d}"
    if year is None and article.time is not None:
        around = article.time.date()
        days = [found for step in (-1, 0, 1) if (found := _date(around.year + step, month, day))]
        return min(days, key=lambda one: abs((one - around).days)).isoformat() if days else ""
    found = _date(year or 0, month, day)
    return found.isoformat() if found else ""


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
