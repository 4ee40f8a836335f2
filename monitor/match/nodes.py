"""What a query is made of: the base of its nodes, what they see of a document, and what they need of presearch.

A node knows all about itself: its text and plain English, whether it holds, where, why not, and what must be present
for it to hold. To add an operator, write a node and name it in the grammar of `parser`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Protocol

from monitor.model import Document, Span, Zone

# A place in a document: its first and its last word.
Hit = tuple[int, int]
# A place with the clause that was found there.
Mark = tuple[int, int, str]
# What must be present for a topic to hold: a key, or two keys on adjacent words.
Anchor = str | tuple[str, str]
# By the id of a node, which is kept so that no other gets its id: its windows by their first and last word.
Windows = dict[int, tuple["Node", dict[Hit, list[tuple[Hit, ...]]]]]
MOST_HITS = 50


class Binding(IntEnum):
    """How tightly an operator binds; what binds looser than its place asks for is set in parentheses."""

    OR = 0
    AND = 1
    NOT = 2
    WINDOW = 3
    EXCEPT = 4
    ATOM = 5


class View(Protocol):
    """A document, or some zones of it, as nodes see it. Words are numbered; a zone never borders on another."""

    @property
    def document(self) -> Document:
        """The document itself."""

    @property
    def present(self) -> frozenset[str]:
        """The keys that words have."""

    def has(self, key: str, /) -> bool:
        """Return whether a word has this key."""

    @property
    def windows(self) -> Windows:
        """The windows found so far."""

    def hits_of(self, node: Node, /) -> list[Hit]:
        """Return the places of a node, worked out once."""

    def has_row(self, keys: Sequence[str], /) -> bool:
        """Return whether words in a row have these keys."""

    def positions(self, key: str, /) -> list[int]:
        """Return the words that have this key, in order."""

    def position_set(self, key: str) -> frozenset[int] | set[int]:
        """Return the same as a set."""

    def marks(self, term: Node, clause: str) -> dict[Mark, Span]:
        """Return the places of a term, found under its clause, with their spans, `MOST_HITS` at most."""

    def span(self, mark: Mark) -> Span:
        """Return the words of a mark as a span of their zone's text."""

    def values(self, key: str) -> list[Hit]:
        """Return the places of a date, percentage or amount with this key, in order."""

    def segment(self, unit: str, position: int) -> int:
        """Return the number of the sentence or paragraph a word stands in."""

    def narrowed(self, zone: str) -> View:
        """Return the view of one zone of this."""


class Costs(Protocol):
    """How often what has a key is to be expected, as a share of documents."""

    def of(self, key: str) -> float:
        """Return the share for one key."""

    def of_pair(self, first: str, second: str) -> float:
        """Return the share for two keys on adjacent words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Anchors of which at least one is present wherever a node holds, and the share of documents to expect."""

    cost: float
    anchors: tuple[Anchor, ...]


class Testable(Protocol):
    """What can be asked whether it holds: a node, or what it was made into to be asked faster."""

    def holds(self, view: View) -> bool:
        """Return whether it holds in a document."""


class Marks:
    """Collects the places that made a query hold, with the clause of each; `MOST_HITS` for a clause."""

    __slots__ = ("_counts", "_found", "_is_sorted", "_view")

    def __init__(self, view: View) -> None:
        self._view = view
        self._found: dict[Mark, Span] = {}
        self._counts: dict[str, int] = {}
        self._is_sorted = True

    def add(self, hit: Hit, clause: str) -> None:
        """Keep a place of a clause."""
        mark = (hit[0], hit[1], clause)
        self._is_sorted = False
        if mark not in self._found and self._counts.get(clause, 0) < MOST_HITS:
            self._counts[clause] = self._counts.get(clause, 0) + 1
            self._found[mark] = self._view.span(mark)

    def add_all(self, marks: dict[Mark, Span], clause: str) -> None:
        """Keep all places of a clause, `MOST_HITS` at most."""
        if clause in self._counts:
            for first, last, _ in marks:
                self.add((first, last), clause)
        else:
            self._is_sorted = not self._counts
            self._counts[clause] = len(marks)
            self._found.update(marks)

    def spans(self) -> tuple[Span, ...]:
        """Return the spans: title first, then in the order of the text."""
        if self._is_sorted:
            return tuple(self._found.values())
        spans = sorted(self._found.values())
        if spans and spans[-1].zone is Zone.TITLE:
            spans.sort(key=_is_in_text)
        return tuple(spans)


def _is_in_text(span: Span) -> bool:
    return span.zone is not Zone.TITLE


class Node(ABC):
    """A part of a query. A *positional* one has places; the others only hold or not."""

    __slots__ = ()
    binding: ClassVar[Binding] = Binding.ATOM

    @property
    def children(self) -> tuple[Node, ...]:
        """The nodes it is made of."""
        return ()

    @property
    def is_positional(self) -> bool:
        """Whether it has places, so that it can stand in NEAR."""
        return False

    @abstractmethod
    def text(self) -> str:
        """Return the query text that parses to this node."""

    @abstractmethod
    def english(self) -> str:
        """Return it in plain English."""

    @abstractmethod
    def holds(self, view: View) -> bool:
        """Return whether it holds in a document."""

    def hits(self, view: View) -> list[Hit]:
        """Return its places in order; none unless it is positional."""
        del view
        return []

    @abstractmethod
    def mark(self, view: View, marks: Marks) -> None:
        """Collect the places of the terms that make it hold."""

    def mark_at(self, view: View, hit: Hit, marks: Marks) -> None:
        """Collect the places of the terms within one of its own places."""
        del view, hit, marks

    @abstractmethod
    def cover(self, costs: Costs) -> Cover | None:
        """Return its cheapest cover; None if it may hold where none of its terms is."""

    def required(self) -> frozenset[str]:
        """Return keys of words without which it cannot hold."""
        return frozenset()

    def unsettled(self) -> tuple[Testable, ...]:
        """Return what there is to test where all its required keys are present."""
        return (self,)

    def is_unknown(self, view: View) -> bool:
        """Return whether the document does not say enough to tell; then neither it nor its opposite rules it out."""
        del view
        return False

    def miss(self, view: View) -> str:
        """Return why it does not hold, as near as can be said; empty if its children say it."""
        del view
        return ""

    def closeness(self, view: View) -> str:
        """Return how close its parts stand where it holds; empty if it does not ask for that."""
        del view
        return ""

    def explained(self, view: View) -> tuple[Node, ...]:
        """Return the children worth explaining."""
        del view
        return self.children

    def within(self, view: View) -> View:
        """Return what its children see of a view."""
        return view

    def in_place(self, least: Binding) -> str:
        """Return its text, in parentheses where it binds looser than its place asks for."""
        return self.text() if self.binding >= least else f"({self.text()})"

    def english_in_place(self) -> str:
        """Return it in plain English, in parentheses unless it is an atom."""
        return self.english() if self.binding is Binding.ATOM else f"({self.english()})"


class Wrapper(Node):
    """A node around one other, whose words it needs."""

    __slots__ = ()
    item: Node

    @property
    def children(self) -> tuple[Node, ...]:
        """The one."""
        return (self.item,)

    @property
    def is_positional(self) -> bool:
        """Whether the other is."""
        return self.item.is_positional

    def cover(self, costs: Costs) -> Cover | None:
        """Return the cover of the other."""
        return self.item.cover(costs)

    def required(self) -> frozenset[str]:
        """Return what the other requires."""
        return self.item.required()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in no order that matters."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children)


def union(covers: Iterable[Cover | None]) -> Cover | None:
    """Return the cover of any of several; None if one of them has none."""
    cost = 0.0
    anchors: dict[Anchor, None] = {}
    for cover in covers:
        if cover is None:
            return None
        cost += cover.cost
        anchors.update(dict.fromkeys(cover.anchors))
    return Cover(cost=cost, anchors=tuple(anchors))


def cheapest(covers: Iterable[Cover | None]) -> Cover | None:
    """Return the cover of all of several: the cheapest there is."""
    return min((cover for cover in covers if cover), key=lambda cover: cover.cost, default=None)
