"""The dates, percentages and amounts that a watchlist asks for: which of them a value found in a text is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.match.nodes import Node, walk
from monitor.match.values import Amount, DateIn, Percentage, months_of
from monitor.text import CURRENCIES, FoundDate, FoundNumber


class ValueTerms:
    """The dates, percentages and amounts that a watchlist asks for, with their keys."""

    def __init__(self, nodes: Iterable[Node] = ()) -> None:
        self._days: dict[tuple[int, int], dict[DateIn, str]] = {}
        self._ranges: dict[DateIn, str] = {}
        self.percentages: dict[Percentage, str] = {}
        self.amounts: dict[Amount, str] = {}
        for node in nodes:
            self.add(node)

    def add(self, root: Node) -> None:
        """Add the values of a query."""
        for node in walk(root):
            match node:
                case DateIn() if node.first == node.last:
                    self._days.setdefault((node.first.month, node.first.day), {})[node] = node.text()
                case DateIn():
                    self._ranges[node] = node.text()
                case Percentage():
                    self.percentages[node] = node.text()
                case Amount():
                    self.amounts[node] = node.text()

    @property
    def has_dates(self) -> bool:
        """Whether there are dates."""
        return bool(self._days or self._ranges)

    @property
    def months(self) -> frozenset[int]:
        """The months that dates are in."""
        found = {month for month, _ in self._days}
        for dates in self._ranges:
            found |= months_of(dates)
        return frozenset(found)

    @property
    def currencies(self) -> frozenset[str]:
        """The currencies that amounts are in."""
        asked = [term.currencies for term in self.amounts]
        return CURRENCIES if () in asked else frozenset(code for codes in asked for code in codes)

    def of_date(self, found: FoundDate, time: datetime | None) -> list[str]:
        """Return the keys of a day found in an article of that time."""
        days = self._days.get((found.month, found.day), {}) | self._ranges
        return [key for date, key in days.items() if date.accepts(found, time)]

    def of_percentage(self, found: FoundNumber) -> list[str]:
        """Return the keys of a percentage found."""
        return [key for term, key in self.percentages.items() if term.accepts(found)]

    def of_amount(self, found: FoundNumber) -> list[str]:
        """Return the keys of an amount found."""
        return [key for term, key in self.amounts.items() if term.accepts(found)]
