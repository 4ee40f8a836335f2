"""A slow reference for matching: the tree of a query taken literally, on every topic, by trying all combinations."""

from __future__ import annotations

from itertools import product

from monitor.match.conditions import FromSource, InLanguage, InZone, Score
from monitor.match.logic import And, AtLeast, Named, Not, Or
from monitor.match.nodes import Node
from monitor.match.reading import BODY, Reading
from monitor.match.terms import Phrase, Wild, Word
from monitor.match.values import Value
from monitor.match.windows import Except, Near, Within

Hit = tuple[int, int]


class SlowMatcher:
    """One document; `zones` are the names of the zones looked at."""

    def __init__(self, reading: Reading, zones: tuple[str, ...] = ()) -> None:
        self._reading = reading
        self._zones = zones

    def holds(self, node: Node) -> bool:
        match node:
            case And():
                return all(self.holds(item) for item in node.items)
            case Or():
                return any(self.holds(item) for item in node.items)
            case Not():
                return not self.holds(node.item)
            case AtLeast():
                return sum(self.holds(item) for item in node.items) >= node.count
            case Named():
                return self.holds(node.item)
            case InZone():
                return SlowMatcher(self._reading, (*self._zones, node.zone)).holds(node.item)
            case Score():
                return sum(weight * self._count(item, node.cap) for item, weight in node.items) >= node.threshold
            case FromSource() | InLanguage():
                return node.holds(self._reading)
        return bool(self.hits(node))

    def hits(self, node: Node) -> set[Hit]:
        match node:
            case Word() | Wild():
                return {(at, at) for at in self._reading.positions(node.key) if self._is_inside((at, at))}
            case Phrase():
                return self._phrase(node)
            case Value():
                return {hit for hit in self._reading.values(node.text()) if self._is_inside(hit)}
            case Or():
                return {hit for item in node.items for hit in self.hits(item)}
            case Named():
                return self.hits(node.item)
            case InZone():
                return SlowMatcher(self._reading, (*self._zones, node.zone)).hits(node.item)
            case Near():
                return {_extent(window) for window in self._windows(node.items) if _is_near(window, node)}
            case Within():
                return {_extent(window) for window in self._loose(node.items) if self._is_one_unit(window, node.unit)}
            case Except():
                unwanted = self.hits(node.unwanted)
                return {
                    hit
                    for hit in self.hits(node.item)
                    if all(_between(hit, other) > node.distance for other in unwanted)
                }
        raise AssertionError(node)

    def _count(self, node: Node, cap: int) -> int:
        return min(cap, len(self.hits(node))) if node.is_positional else int(self.holds(node))

    def _phrase(self, node: Phrase) -> set[Hit]:
        last = len(node.items) - 1
        starts = {at - offset for offset, item in enumerate(node.items) for at in self._reading.positions(item.key)}
        return {
            (start, start + last)
            for start in starts
            if all(start + offset in self._reading.positions(item.key) for offset, item in enumerate(node.items))
            and self._is_inside((start, start + last))
        }

    def _is_inside(self, hit: Hit) -> bool:
        return all(
            any(low <= at < high for low, high in self._reading.bounds(zone)) for zone in self._zones for at in hit
        )

    def _windows(self, items: tuple[Node, ...]) -> list[tuple[Hit, ...]]:
        windows = product(*(self.hits(item) for item in items))
        return [
            window for window in windows if all(_between(a, b) >= 0 for i, a in enumerate(window) for b in window[:i])
        ]

    def _loose(self, items: tuple[Node, ...]) -> list[tuple[Hit, ...]]:
        """All windows whose narrow items stand apart; what holds a window may lie around them."""
        narrow = [index for index, item in enumerate(items) if not _has_window(item)]
        return [
            window
            for window in product(*(self.hits(item) for item in items))
            if all(_between(window[a], window[b]) >= 0 for a in narrow for b in narrow if a < b)
        ]

    def _is_one_unit(self, window: tuple[Hit, ...], unit: str) -> bool:
        return len({self._reading.segment(unit, at) for hit in window for at in hit}) == 1


def _has_window(node: Node) -> bool:
    return isinstance(node, Near | Within) or any(_has_window(child) for child in node.children)


def _extent(window: tuple[Hit, ...]) -> Hit:
    return min(start for start, _ in window), max(end for _, end in window)


def _between(hit: Hit, other: Hit) -> int:
    """Return how many words stand between two places, negative if they overlap."""
    return max(other[0] - hit[1], hit[0] - other[1]) - 1


def _is_near(window: tuple[Hit, ...], node: Near) -> bool:
    start, end = _extent(window)
    is_one_zone = (start >= BODY) == (end >= BODY)
    others = end - start + 1 - sum(last - first + 1 for first, last in window)
    is_in_order = list(window) == sorted(window)
    return is_one_zone and others <= node.distance and (is_in_order or not node.is_ordered)
