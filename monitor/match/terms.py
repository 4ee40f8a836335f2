"""Terms: words, wildcards and phrases."""
# ruff: noqa: D102, ARG002 - Node says what these methods do, and with what

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar

from monitor.match.nodes import Binding, Cover, Hit, Marks, Node, Testable, View
from monitor.match.nodes import Costs as CostsOf
from monitor.text import fold, spellings, strip_accents

_BARE = re.compile(
    r"(?!(?:AND|OR|NOT|NEAR|PRE|EXCEPT|SENT|PARA|OF|SCORE|CAP)$)(?:[^\W_]|['’.,\-](?=[^\W_])|(?<=[A-Z])\.$|[\u0300-\u036f])+"
)


# A word this rare leads to few topics in vain: to look for a pair at every word costs more.
_RARE = 0.004


class Form(StrEnum):
    """What of a word must be equal; the value is the mark it is written with."""

    INFLECTED = ""
    EXACT = "'"
    CASED = "="


class Term(Node):
    """A node with places of its own, found under its clause."""

    __slots__ = ()

    written_text: str

    @property
    def is_positional(self) -> bool:
        return True

    def text(self) -> str:
        """Return its text, which is asked for at every match: made once."""
        text = self.written_text
        if not text:
            text = self._written()
            object.__setattr__(self, "written_text", text)
        return text

    @abstractmethod
    def _written(self) -> str: ...

    def holds(self, view: View) -> bool:
        return bool(self.hits(view))

    def mark(self, view: View, marks: Marks) -> None:
        clause = self.written_text or self.text()
        marks.add_all(view.marks(self, clause), clause)

    def mark_at(self, view: View, hit: Hit, marks: Marks) -> None:
        marks.add(hit, self.text())

    def miss(self, view: View) -> str:
        del view
        return "not in the text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word(Term):
    """One word. `written` is as typed; `language` is set if the term brings its own."""

    written: str
    form: Form = Form.INFLECTED
    language: str = ""
    key: str = field(init=False, compare=False, repr=False)
    written_text: str = field(init=False, default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        first = spellings(self.written)[0]
        if self.form is Form.CASED:
            key = f"c:{strip_accents(first)}"
        elif self.form is Form.EXACT:
            key = f"x:{fold(first)}"
        else:
            key = f"i:{self.language}:{first.casefold()}"
        object.__setattr__(self, "key", key)

    def _written(self) -> str:
        if self.form is Form.EXACT:
            return f"'{self.written}'"
        is_bare = _BARE.fullmatch(self.written)
        word = self.written if is_bare else f'"{self.written}"'
        return f"{self.language}:{word}" if self.language else f"{self.form}{word}"

    def english(self) -> str:
        match self.form:
            case Form.EXACT:
                return f"“{self.written}” in exactly this form"
            case Form.CASED:
                return f"“{self.written}” in exactly this case"
        return f"“{self.written}”" + (f" ({self.language})" if self.language else "")

    def holds(self, view: View) -> bool:
        return view.has(self.key)

    def required(self) -> frozenset[str]:
        return frozenset((self.key,))

    def unsettled(self) -> tuple[Testable, ...]:
        return ()

    def hits(self, view: View) -> list[Hit]:
        return [(position, position) for position in view.positions(self.key)]

    def cover(self, costs: CostsOf) -> Cover | None:
        return Cover(cost=costs.of(self.key), anchors=(self.key,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wild(Term):
    """A word with `*` (any run of characters) or `?` (one character) in it."""

    written: str
    form: Form = Form.INFLECTED
    key: str = field(init=False, compare=False, repr=False)
    written_text: str = field(init=False, default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        parts = re.split(r"([*?])", self.written)
        plain = strip_accents if self.form is Form.CASED else fold
        pattern = "".join(part if part in {"*", "?"} else plain(part) for part in parts)
        object.__setattr__(self, "key", f"{'W' if self.form is Form.CASED else 'w'}:{pattern}")

    def _written(self) -> str:
        return f"'{self.written}'" if self.form is Form.EXACT else f"{self.form}{self.written}"

    def english(self) -> str:
        start = self.written.rstrip("*")
        if not re.search(r"[*?]", start):
            return f"words that begin with “{start}”"
        return f"words like “{self.written}”"

    def holds(self, view: View) -> bool:
        return view.has(self.key)

    def required(self) -> frozenset[str]:
        return frozenset((self.key,))

    def unsettled(self) -> tuple[Testable, ...]:
        return ()

    def hits(self, view: View) -> list[Hit]:
        return [(position, position) for position in view.positions(self.key)]

    def cover(self, costs: CostsOf) -> Cover | None:
        return Cover(cost=costs.of(self.key), anchors=(self.key,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase(Term):
    """Words in a row, whatever stands between them. `written` is as typed, without its quotes."""

    written: str
    items: tuple[Word | Wild, ...]
    form: Form = Form.INFLECTED
    language: str = ""
    written_text: str = field(init=False, default="", compare=False, repr=False)

    binding: ClassVar[Binding] = Binding.ATOM

    def _written(self) -> str:
        if self.form is Form.EXACT:
            return f"'{self.written}'"
        return f'{self.language}:"{self.written}"' if self.language else f'{self.form}"{self.written}"'

    def english(self) -> str:
        match self.form:
            case Form.EXACT:
                return f"“{self.written}” in exactly this form"
            case Form.CASED:
                return f"“{self.written}” in exactly this case"
        return f"“{self.written}”" + (f" ({self.language})" if self.language else "")

    def holds(self, view: View) -> bool:
        return view.has_row([item.key for item in self.items])

    def hits(self, view: View) -> list[Hit]:
        lists = [view.positions(item.key) for item in self.items]
        if not all(lists):
            return []
        rarest = min(range(len(lists)), key=lambda index: len(lists[index]))
        others = [
            (offset - rarest, view.position_set(item.key)) for offset, item in enumerate(self.items) if offset != rarest
        ]
        found = lists[rarest]
        for offset, places in others:
            found = [position for position in found if position + offset in places]
        last = len(self.items) - 1 - rarest
        return [(position - rarest, position + last) for position in found]

    def cover(self, costs: CostsOf) -> Cover | None:
        singles = [Cover(cost=costs.of(item.key), anchors=(item.key,)) for item in self.items]
        rarest = min(singles, key=lambda cover: cover.cost)
        if rarest.cost <= _RARE:
            return rarest
        pairs = [
            Cover(cost=costs.of_pair(first.key, second.key), anchors=((first.key, second.key),))
            for first, second in pairwise(self.items)
        ]
        return min([rarest, *pairs], key=lambda cover: cover.cost)

    def required(self) -> frozenset[str]:
        return frozenset(item.key for item in self.items)

    def miss(self, view: View) -> str:
        missing = [item.text() for item in self.items if not item.holds(view)]
        return f"not in the text: {', '.join(missing)}" if missing else "its words are in the text, but not in a row"
