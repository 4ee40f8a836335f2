"""A document as the nodes of a query see it: where each key stands, in which zone, sentence and paragraph."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from monitor.match.lexicon import Lexicon, languages_of
from monitor.match.nodes import Hit, Node, View, walk
from monitor.match.values import Amount, DateIn, Percentage
from monitor.model import Document, Span, Zone
from monitor.text import (
    FoundDate,
    FoundNumber,
    Words,
    base_language,
    find_amounts,
    find_dates,
    find_percentages,
    paragraphs,
    sentences,
)

# The body's words are numbered from here, so that nothing is near across zones.
BODY = 1 << 20
_END = 1 << 40
LEAD_WORDS = 60
_DAY_FIRST_DOMAINS = ("uk", "au", "nz", "ie", "in", "za", "sg", "my", "hk", "eu", "ng", "ke", "pk", "int")
_MONTH_FIRST_LANGUAGES = frozenset({"en", "zh", "ja", "ko", "hu", "lt", ""})


class ValueTerms:
    """The dates, percentages and amounts that a watchlist asks for."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.days: dict[tuple[int, int], list[DateIn]] = {}
        self.ranges: list[DateIn] = []
        found = {node: None for root in nodes for node in walk(root) if isinstance(node, DateIn | Percentage | Amount)}
        for date in found:
            if isinstance(date, DateIn):
                if date.first == date.last:
                    self.days.setdefault((date.first.month, date.first.day), []).append(date)
                else:
                    self.ranges.append(date)
        self.percentages = [node for node in found if isinstance(node, Percentage)]
        self.amounts = [node for node in found if isinstance(node, Amount)]

    def of_date(self, found: FoundDate, time: datetime | None) -> list[str]:
        """Return the keys of a day found in an article of that time."""
        days = (*self.days.get((found.month, found.day), ()), *self.ranges)
        return [date.text() for date in days if date.accepts(found, time)]

    @staticmethod
    def of_number(terms: Iterable[Percentage | Amount], found: FoundNumber) -> list[str]:
        """Return the keys of a number found."""
        return [term.text() for term in terms if term.accepts(found)]


class Reading:
    """A whole document, read once for all topics."""

    def __init__(self, document: Document, lexicon: Lexicon, values: ValueTerms) -> None:
        self.document = document
        self._languages = languages_of(document.language, f"{document.title}\n{document.text}")
        self._zones = ((Zone.TITLE, 0, Words(document.title)), (Zone.BODY, BODY, Words(document.text)))
        self.places: dict[str, list[int]] = {}
        self.value_places: dict[str, list[Hit]] = {}
        self._sets: dict[str, set[int]] = {}
        self._segments: dict[tuple[str, int], list[int]] = {}
        table = lexicon.table(self._languages)
        places = self.places
        for _, base, words in self._zones:
            for position, keys in enumerate([table[word] for word in words.words], base):
                for key in keys:
                    if key in places:
                        places[key].append(position)
                    else:
                        places[key] = [position]
            self._read_values(base, words, values)

    def _read_values(self, base: int, words: Words, values: ValueTerms) -> None:
        if values.days or values.ranges:
            for date in find_dates(words, self._languages[0], is_month_first=self._is_month_first):
                self._add_values(base, words, (date.start, date.end), values.of_date(date, self.document.time))
        if values.percentages:
            for number in find_percentages(words, self._languages[0]):
                self._add_values(base, words, (number.start, number.end), values.of_number(values.percentages, number))
        if values.amounts:
            for number in find_amounts(words, self._languages[0]):
                self._add_values(base, words, (number.start, number.end), values.of_number(values.amounts, number))

    def _add_values(self, base: int, words: Words, bounds: tuple[int, int], keys: list[str]) -> None:
        if keys:
            first, last = words.indexes(*bounds)
            for key in keys:
                self.value_places.setdefault(key, []).append((base + first, base + last))

    @property
    def _is_month_first(self) -> bool:
        """Whether `11/1` is a day of November here: by the language, its region and the source's domain."""
        language = self.document.language.replace("_", "-")
        domain = self.document.source.casefold().rpartition(".")[2]
        is_american = language.upper().endswith("-US") or (
            language.upper() in {"EN", ""} and domain not in _DAY_FIRST_DOMAINS
        )
        return is_american or base_language(language) in _MONTH_FIRST_LANGUAGES - {"en", ""}

    def has(self, key: str) -> bool:
        """Return whether a key stands anywhere."""
        return key in self.places or key in self.value_places

    def positions(self, key: str) -> list[int]:
        """Return the words that have this key."""
        return self.places.get(key, _NONE)

    def position_set(self, key: str) -> set[int]:
        """Return the same as a set."""
        found = self._sets.get(key)
        if found is None:
            found = self._sets[key] = set(self.positions(key))
        return found

    def values(self, key: str) -> list[Hit]:
        """Return the places of a value."""
        return self.value_places.get(key, _NO_HITS)

    def narrowed(self, zone: str) -> View:
        """Return the view of one zone."""
        return Part(self, self.bounds(zone))

    def bounds(self, zone: str) -> tuple[tuple[int, int], ...]:
        """Return the half-open ranges of words of a zone; `opening` is the title and the lead."""
        match zone:
            case "title":
                return ((0, BODY),)
            case "body":
                return ((BODY, _END),)
            case "lead":
                return ((BODY, BODY + self.lead_words),)
        return ((0, BODY), (BODY, BODY + self.lead_words))

    @cached_property
    def lead_words(self) -> int:
        """How many words the lead has."""
        words = self._zones[1][2]
        first = next(iter(paragraphs(words.text)), None)
        return min(LEAD_WORDS, bisect_left(words.ranges, first[1], key=lambda bounds: bounds[0])) if first else 0

    def segment(self, unit: str, position: int) -> int:
        """Return the number of the sentence or paragraph a word stands in; those of the title come first."""
        base = BODY if position >= BODY else 0
        starts = self._segments.get((unit, base))
        if starts is None:
            words = self._zones[1 if base else 0][2]
            found = sentences(words.text) if unit == "SENT" else paragraphs(words.text)
            starts = [base + bisect_left(words.ranges, start, key=lambda bounds: bounds[0]) for start, _ in found]
            self._segments[unit, base] = starts
        return base + bisect_right(starts, position)

    def span(self, hit: Hit, clause: str) -> Span:
        """Return the words of a place as a span of their zone's text."""
        zone, base, words = self._zones[1 if hit[0] >= BODY else 0]
        start, end = words.ranges[hit[0] - base][0], words.ranges[hit[1] - base][1]
        return Span(zone=zone, start=start, end=end, text=words.text[start:end], clause=clause)


_NONE: list[int] = []
_NO_HITS: list[Hit] = []


class Part:
    """Some zones of a document."""

    def __init__(self, whole: Reading, ranges: tuple[tuple[int, int], ...]) -> None:
        self._whole = whole
        self._ranges = ranges

    @property
    def document(self) -> Document:
        """The document itself."""
        return self._whole.document

    def positions(self, key: str) -> list[int]:
        """Return the words of these zones that have this key."""
        found = self._whole.positions(key)
        return [
            position
            for low, high in self._ranges
            for position in found[bisect_left(found, low) : bisect_left(found, high)]
        ]

    def position_set(self, key: str) -> set[int]:
        """Return the same as a set."""
        return set(self.positions(key))

    def values(self, key: str) -> list[Hit]:
        """Return the places of a value in these zones."""
        return [
            hit for hit in self._whole.values(key) if any(low <= hit[0] and hit[1] < high for low, high in self._ranges)
        ]

    def segment(self, unit: str, position: int) -> int:
        """Return the number of the sentence or paragraph a word stands in."""
        return self._whole.segment(unit, position)

    def narrowed(self, zone: str) -> View:
        """Return the view of what is in a zone as well."""
        ranges = (
            (max(low, other_low), min(high, other_high))
            for low, high in self._ranges
            for other_low, other_high in self._whole.bounds(zone)
        )
        return Part(self._whole, tuple((low, high) for low, high in ranges if low < high))
