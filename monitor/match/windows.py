"""Operators on places: NEAR, PRE, SENT, PARA and EXCEPT."""
# ruff: noqa: D102 - Node says what these methods do, and with what

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import ClassVar

from monitor.match.nodes import Binding, Cover, Hit, Marks, Node, View, cheapest
from monitor.match.nodes import Costs as CostsOf
from monitor.match.occurrences import BODY
from monitor.match.places import ANY_DISTANCE, count_between, find_nearest, find_pairs, find_windows

MOST_DISTANCE = 200
# A hostile text has more windows than anyone wants to see.
_MOST_WINDOWS = 2_000
_MOST_MARKED = 50


def _apart(window: tuple[Hit, ...], view: View) -> str:
    """Return how far from each other places are, and where."""
    distance = max(count_between(window), 0)
    apart = f"{distance} word{'' if distance == 1 else 's'} apart"
    first, last = min(window)[0], max(window)[0]
    if last < BODY:
        return f"{apart}, in the title"
    if first < BODY:
        return "one in the title, one in the text"
    low, high = (view.segment("PARA", place) - BODY for place in (first, last))
    return f"{apart}, paragraph {low}" if low == high else f"{apart}, paragraphs {low} and {high}"


def _is_wide(node: Node) -> bool:
    return isinstance(node, _Window) or any(map(_is_wide, node.children))


class _Window(Node):
    """Terms close to each other."""

    __slots__ = ()
    binding: ClassVar[Binding] = Binding.WINDOW
    items: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items

    @property
    def is_positional(self) -> bool:
        return True

    @property
    @abstractmethod
    def operator(self) -> str:
        """The operator as it is written."""

    @abstractmethod
    def windows(self, view: View) -> Iterator[tuple[Hit, ...]]:
        """Yield one place of each item for each time they are close."""

    def text(self) -> str:
        return f" {self.operator} ".join(item.in_place(Binding.EXCEPT) for item in self.items)

    def holds(self, view: View) -> bool:
        return next(self.windows(view), None) is not None

    def hits(self, view: View) -> list[Hit]:
        return sorted(self._by_extent(view))

    def _by_extent(self, view: View) -> dict[Hit, list[tuple[Hit, ...]]]:
        """Return the windows by their first and last word, worked out once for a view."""
        kept = view.windows.get(id(self))
        if kept is None:
            found: dict[Hit, list[tuple[Hit, ...]]] = {}
            for window in islice(self.windows(view), _MOST_WINDOWS):
                extent = (min(start for start, _ in window), max(end for _, end in window))
                found.setdefault(extent, []).append(window)
            # With the node itself, so that no other gets its id.
            kept = view.windows[id(self)] = (self, found)
        return kept[1]

    def mark(self, view: View, marks: Marks) -> None:
        for window in islice(self.windows(view), _MOST_MARKED):
            for item, hit in zip(self.items, window, strict=True):
                item.mark_at(view, hit, marks)

    def mark_at(self, view: View, hit: Hit, marks: Marks) -> None:
        for window in self._by_extent(view).get(hit, ())[:_MOST_MARKED]:
            for item, place in zip(self.items, window, strict=True):
                item.mark_at(view, place, marks)

    def cover(self, costs: CostsOf) -> Cover | None:
        return cheapest(item.cover(costs) for item in self.items)

    def required(self) -> frozenset[str]:
        return frozenset().union(*(item.required() for item in self.items))

    def miss(self, view: View) -> str:
        places = [view.hits_of(item) for item in self.items]
        missing = [item.text() for item, hits in zip(self.items, places, strict=True) if not hits]
        return f"not in the text: {', '.join(missing)}" if missing else self.nearest(places, view)

    @abstractmethod
    def nearest(self, places: list[list[Hit]], view: View) -> str:
        """Return how near the items came, all of them being in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near(_Window):
    """All items in one window, with at most `distance` other words in it."""

    items: tuple[Node, ...]
    distance: int
    is_ordered: bool = False

    @property
    def operator(self) -> str:
        return f"{'PRE' if self.is_ordered else 'NEAR'}/{self.distance}"

    def windows(self, view: View) -> Iterator[tuple[Hit, ...]]:
        places = [view.hits_of(item) for item in self.items]
        if len(places) == 2:
            return find_pairs(places[0], places[1], self.distance, is_ordered=self.is_ordered)
        return find_windows(places, self.distance, is_ordered=self.is_ordered)

    def english(self) -> str:
        words = f"within {self.distance} word{'s' if self.distance > 1 else ''} of each other"
        items = ", ".join(item.english_in_place() for item in self.items)
        return f"{items} {words}{', in this order' if self.is_ordered else ''}"

    def closeness(self, view: View) -> str:
        fewest = min(count_between(window) for window in islice(self.windows(view), _MOST_WINDOWS))
        return f"{fewest} word{'' if fewest == 1 else 's'} between"

    def nearest(self, places: list[list[Hit]], view: View) -> str:
        window = find_nearest(places)
        distance = count_between(window)
        if distance >= 1 << 19:
            return "never in the same zone"
        if distance > self.distance:
            return f"nearest {_apart(window, view)}"
        return "close enough, but in another order" if self.is_ordered else "close enough, but on the same words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Within(_Window):
    """All items in one sentence (`SENT`) or paragraph (`PARA`)."""

    items: tuple[Node, ...]
    unit: str

    @property
    def operator(self) -> str:
        return self.unit

    def windows(self, view: View) -> Iterator[tuple[Hit, ...]]:
        segments = [self._by_segment(view.hits_of(item), view) for item in self.items]
        for number, hits in segments[0].items():
            if all(number in segment for segment in segments):
                yield from self._together([hits, *(segment[number] for segment in segments[1:])])

    def _together(self, places: list[list[Hit]]) -> Iterator[tuple[Hit, ...]]:
        """Yield one place of each item; a window may hold another item's words between its own."""
        wide = [index for index, item in enumerate(self.items) if _is_wide(item)]
        narrow = [hits for index, hits in enumerate(places) if index not in wide]
        apart = find_windows(narrow, ANY_DISTANCE, is_ordered=False) if narrow else iter([()])
        for window in apart:
            for picked in product(*(places[index] for index in wide)):
                narrows, wides = iter(window), iter(picked)
                yield tuple(next(wides if index in wide else narrows) for index in range(len(places)))

    def _by_segment(self, hits: list[Hit], view: View) -> dict[int, list[Hit]]:
        found: dict[int, list[Hit]] = {}
        for hit in hits:
            number = view.segment(self.unit, hit[0])
            if hit[0] == hit[1] or view.segment(self.unit, hit[1]) == number:
                found.setdefault(number, []).append(hit)
        return found

    def english(self) -> str:
        return f"{', '.join(item.english_in_place() for item in self.items)} in one {self._unit_name}"

    @property
    def _unit_name(self) -> str:
        return "sentence" if self.unit == "SENT" else "paragraph"

    def nearest(self, places: list[list[Hit]], view: View) -> str:
        return f"never in one {self._unit_name}; nearest {_apart(find_nearest(places), view)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Except(Node):
    """The places of an item that have no unwanted one within `distance` words."""

    item: Node
    unwanted: Node
    distance: int
    binding: ClassVar[Binding] = Binding.EXCEPT

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.item, self.unwanted)

    @property
    def is_positional(self) -> bool:
        return True

    def text(self) -> str:
        return f"{self.item.in_place(Binding.EXCEPT)} EXCEPT/{self.distance} {self.unwanted.in_place(Binding.ATOM)}"

    def english(self) -> str:
        where = f"within {self.distance} words" if self.distance else "right beside it"
        return f"{self.item.english_in_place()} without {self.unwanted.english_in_place()} {where}"

    def holds(self, view: View) -> bool:
        return bool(self.hits(view))

    def hits(self, view: View) -> list[Hit]:
        hits = view.hits_of(self.item)
        unwanted = view.hits_of(self.unwanted) if hits else []
        if not unwanted:
            return hits
        longest = max(end - start for start, end in unwanted)
        return [hit for hit in hits if not self._is_disturbed(hit, unwanted, longest)]

    def _is_disturbed(self, hit: Hit, unwanted: list[Hit], longest: int) -> bool:
        first = bisect_left(unwanted, (hit[0] - self.distance - 1 - longest, 0))
        for start, end in islice(unwanted, first, None):
            if start > hit[1] + self.distance + 1:
                return False
            if end >= hit[0] - self.distance - 1:
                return True
        return False

    def mark(self, view: View, marks: Marks) -> None:
        for hit in view.hits_of(self)[:_MOST_MARKED]:
            self.item.mark_at(view, hit, marks)

    def mark_at(self, view: View, hit: Hit, marks: Marks) -> None:
        self.item.mark_at(view, hit, marks)

    def cover(self, costs: CostsOf) -> Cover | None:
        return self.item.cover(costs)

    def required(self) -> frozenset[str]:
        return self.item.required()

    def miss(self, view: View) -> str:
        if not self.item.hits(view):
            return f"not in the text: {self.item.text()}"
        return f"only beside {self.unwanted.text()}"
