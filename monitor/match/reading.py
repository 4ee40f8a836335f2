"""A document as the nodes of a query see it: where each key stands, in which zone, sentence and paragraph."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from monitor.match.capitals import is_common_word
from monitor.match.lexicon import Lexicon, PieceTable, languages_of
from monitor.match.nodes import MOST_HITS, Hit, Mark, Node, View, Windows
from monitor.match.occurrences import BODY, Occurrences, Place
from monitor.match.value_terms import ValueTerms
from monitor.model import Document, Span, Zone
from monitor.text import (
    Words,
    base_language,
    find_amounts,
    find_dates,
    find_percentages,
    paragraphs,
    sentences,
    words,
)

_END = 1 << 40
LEAD_WORDS = 60
_LONGEST_LEAD = 4_000
_DAY_FIRST_DOMAINS = ("uk", "au", "nz", "ie", "in", "za", "sg", "my", "hk", "eu", "ng", "ke", "pk", "int")
_MONTH_FIRST_LANGUAGES = frozenset({"en", "zh", "ja", "ko", "hu", "lt", ""})


class Reading:
    """A whole document, read once for all topics: its words at once, the rest at the first question."""

    def __init__(self, document: Document, lexicon: Lexicon, values: ValueTerms) -> None:
        self.document = document
        self._values = values
        self._languages = languages_of(document.language, f"{document.title}\n{document.text}")
        self.table: PieceTable = lexicon.table(self._languages)
        self._occurrences = Occurrences(document.title, document.text, self.table)
        self._places: dict[str, list[int]] = {}
        # The keys that stand anywhere, without those of values.
        self.present = self._occurrences.present
        for key in lexicon.doubtful.keys() & self.present:
            self._drop_common(key, lexicon.doubtful[key])
        self._hits: dict[int, tuple[Node, list[Hit]]] = {}
        self.windows: Windows = {}
        self._parts: dict[str, Part] = {}
        self._marks: dict[str, dict[Mark, Span]] = {}
        self._words: dict[int, Place] = {}
        self._kinds_read: set[str] = set()
        self.value_places: dict[str, list[Hit]] = {}
        self._value_ranges: dict[Hit, tuple[int, int]] = {}
        self._sets: dict[str, set[int]] = {}
        self._segments: dict[tuple[str, int], list[int]] = {}
        self._spans: dict[Mark, Span] = {}

    def _drop_common(self, key: str, name: str) -> None:
        """Drop the places of a name in capitals where it is a common word among other capitals."""
        occurrences = self._occurrences
        places = []
        for place in occurrences.positions(key):
            piece, before, after = occurrences.around(place)
            if "." in piece.rstrip(".") or not is_common_word(name, before, after):
                places.append(place)
        self._places[key] = places
        if not places:
            self.present -= {key}

    @property
    def coded(self) -> tuple[str, str]:
        """Title and text with a character for each word, by its keys."""
        return self._occurrences.coded

    @property
    def distinct(self) -> set[str]:
        """The characters of all words."""
        return self._occurrences.distinct

    def hits_of(self, node: Node, /) -> list[Hit]:
        """Return the places of a node, worked out once."""
        kept = self._hits.get(id(node))
        if kept is None:
            # With the node itself, so that no other gets its id.
            kept = self._hits[id(node)] = (node, node.hits(self))
        return kept[1]

    def has_row(self, keys: Sequence[str], /) -> bool:
        """Return whether words in a row have these keys."""
        if self._places.keys().isdisjoint(keys):
            found = self._occurrences.has_row(keys)
            if found is not None:
                return found
        others = [(offset, self.position_set(key)) for offset, key in enumerate(keys)]
        return any(all(first + offset in places for offset, places in others) for first in self.positions(keys[0]))

    def has(self, key: str, /) -> bool:
        """Return whether a word has this key."""
        return key in self.present

    def positions(self, key: str, /) -> list[int]:
        """Return the words that have this key."""
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self._occurrences.positions(key)
        return found

    @cached_property
    def _title(self) -> Words:
        return Words(self.document.title)

    @cached_property
    def _body(self) -> Words:
        return Words(self.document.text)

    def read_values(self, kind: str) -> None:
        """Look for values of a kind: `date`, `pct` or `amount`."""
        if kind in self._kinds_read:
            return
        self._kinds_read.add(kind)
        language, values = self._languages[0], self._values
        for base, text in ((0, self._title), (BODY, self._body)):
            if kind == "date" and values.has_dates:
                for date in find_dates(text, language, is_month_first=self._is_month_first, wanted=values.months):
                    self._add_values(base, text, (date.start, date.end), values.of_date(date, self.document.time))
            elif kind == "pct" and values.percentages:
                for number in find_percentages(text, language):
                    self._add_values(base, text, (number.start, number.end), values.of_percentage(number))
            elif kind == "amount" and values.amounts:
                for number in find_amounts(text, language, values.currencies):
                    self._add_values(base, text, (number.start, number.end), values.of_amount(number))

    def _add_values(self, base: int, words: Words, bounds: tuple[int, int], keys: list[str]) -> None:
        if keys:
            first, last = words.indexes(*bounds)
            for key in keys:
                self.value_places.setdefault(key, []).append((base + first, base + last))
            # With the signs around the words: `$` and `%`.
            self._value_ranges[base + first, base + last] = bounds

    @property
    def _is_month_first(self) -> bool:
        """Whether `11/1` is a day of November here: by the language, its region and the source's domain."""
        language = self.document.language.replace("_", "-")
        domain = self.document.source.casefold().rpartition(".")[2]
        is_american = language.upper().endswith("-US") or (
            language.upper() in {"EN", ""} and domain not in _DAY_FIRST_DOMAINS
        )
        return is_american or base_language(language) in _MONTH_FIRST_LANGUAGES - {"en", ""}

    def position_set(self, key: str) -> set[int]:
        """Return the same as a set."""
        found = self._sets.get(key)
        if found is None:
            found = self._sets[key] = set(self.positions(key))
        return found

    def values(self, key: str) -> list[Hit]:
        """Return the places of a value."""
        self.read_values(key.partition("(")[0])
        return self.value_places.get(key, _NO_HITS)

    def narrowed(self, zone: str) -> View:
        """Return the view of one zone."""
        part = self._parts.get(zone)
        if part is None:
            part = self._parts[zone] = Part(self, self.bounds(zone))
        return part

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
        text = self.document.text
        first = next(iter(paragraphs(text)), None)
        if first is None:
            return 0
        if len(words(text[: min(first[1], _LONGEST_LEAD)])) > LEAD_WORDS:
            return LEAD_WORDS
        return min(LEAD_WORDS, bisect_left(self._body.ranges, first[1], key=lambda bounds: bounds[0]))

    def segment(self, unit: str, position: int) -> int:
        """Return the number of the sentence or paragraph a word stands in; those of the title come first."""
        base = BODY if position >= BODY else 0
        starts = self._segments.get((unit, base))
        if starts is None:
            words = self._body if base else self._title
            found = sentences(words.text) if unit == "SENT" else paragraphs(words.text)
            starts = [base + bisect_left(words.ranges, start, key=lambda bounds: bounds[0]) for start, _ in found]
            self._segments[unit, base] = starts
        return base + bisect_right(starts, position)

    def marks(self, term: Node, clause: str) -> dict[Mark, Span]:
        """Return the places of a term, found under its clause, with their spans, `MOST_HITS` at most."""
        found = self._marks.get(clause)
        if found is None:
            hits = self.hits_of(term)
            if len(hits) > MOST_HITS:
                hits = hits[:MOST_HITS]
            new = self._new_span if clause in self.value_places else self._new_span_of_words
            found = self._marks[clause] = {(first, last, clause): new(first, last, clause) for first, last in hits}
        return found

    def span(self, mark: Mark) -> Span:
        """Return the words of a mark as a span of their zone's text."""
        span = self._spans.get(mark)
        if span is None:
            span = self._spans[mark] = self._new_span(*mark)
        return span

    def _new_span(self, first: int, last: int, clause: str) -> Span:
        span = self._new_span_of_words(first, last, clause)
        if clause not in self.value_places:
            return span
        start, end = self._value_ranges[first, last]
        return Span(span.zone, start, end, self._text_of(span.zone)[start:end], clause)

    def _new_span_of_words(self, first: int, last: int, clause: str) -> Span:
        place = self._words.get(first) or self._word(first)
        if last == first:
            return tuple.__new__(Span, (*place, clause))
        zone, start, end = place[0], place[1], (self._words.get(last) or self._word(last))[2]
        return Span(zone, start, end, self._text_of(zone)[start:end], clause)

    def _text_of(self, zone: Zone) -> str:
        return self.document.title if zone is Zone.TITLE else self.document.text

    def _word(self, word: int) -> Place:
        found = self._words[word] = self._occurrences.place_of(word)
        return found


_NO_HITS: list[Hit] = []


class Part:
    """Some zones of a document."""

    def __init__(self, whole: Reading, ranges: tuple[tuple[int, int], ...]) -> None:
        self._whole = whole
        self._ranges = ranges
        self._hits: dict[int, tuple[Node, list[Hit]]] = {}
        self.windows: Windows = {}

    @property
    def document(self) -> Document:
        """The document itself."""
        return self._whole.document

    @property
    def present(self) -> frozenset[str]:
        """The keys that words of these zones have."""
        return frozenset(key for key in self._whole.present if self.has(key))

    def has(self, key: str, /) -> bool:
        """Return whether a word of these zones has this key."""
        return any(low <= position < high for position in self._whole.positions(key) for low, high in self._ranges)

    def hits_of(self, node: Node, /) -> list[Hit]:
        """Return the places of a node, worked out once."""
        kept = self._hits.get(id(node))
        if kept is None:
            # With the node itself, so that no other gets its id.
            kept = self._hits[id(node)] = (node, node.hits(self))
        return kept[1]

    def has_row(self, keys: Sequence[str], /) -> bool:
        """Return whether words in a row of these zones have these keys."""
        if not self._whole.has_row(keys):
            return False
        others = [(offset, self.position_set(key)) for offset, key in enumerate(keys)]
        return any(all(first + offset in places for offset, places in others) for first in self.positions(keys[0]))

    def positions(self, key: str, /) -> list[int]:
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

    def marks(self, term: Node, clause: str) -> dict[Mark, Span]:
        """Return the places of a term, found under its clause, with their spans, `MOST_HITS` at most."""
        marks = ((first, last, clause) for first, last in term.hits(self)[:MOST_HITS])
        return {mark: self._whole.span(mark) for mark in marks}

    def span(self, mark: Mark) -> Span:
        """Return the words of a mark as a span of their zone's text."""
        return self._whole.span(mark)

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
