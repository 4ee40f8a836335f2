"""AND, OR, NOT, n OF, and definitions: nodes that count what holds."""
# ruff: noqa: D102, ARG002 - Node says what these methods do, and with what

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from monitor.match.nodes import Binding, Costs, Cover, Hit, Marks, Node, Testable, View, Wrapper, cheapest, union


@dataclass(frozen=True, slots=True, kw_only=True)
class And(Node):
    """Holds where all of its items do."""

    items: tuple[Node, ...]
    binding: ClassVar[Binding] = Binding.AND

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items

    def text(self) -> str:
        return " AND ".join(item.in_place(Binding.NOT) for item in self.items)

    def english(self) -> str:
        return " and ".join(item.english_in_place() for item in self.items)

    def holds(self, view: View) -> bool:
        for item in self.items:  # noqa: SIM110 - a generator would take as long as what it asks
            if not item.holds(view):
                return False
        return True

    def required(self) -> frozenset[str]:
        return frozenset().union(*(item.required() for item in self.items))

    def unsettled(self) -> tuple[Testable, ...]:
        return tuple(node for item in self.items for node in item.unsettled())

    def mark(self, view: View, marks: Marks) -> None:
        for item in self.items:
            item.mark(view, marks)

    def cover(self, costs: Costs) -> Cover | None:
        return cheapest(item.cover(costs) for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Or(Node):
    """Holds where any of its items does; positional if all of them are."""

    items: tuple[Node, ...]
    binding: ClassVar[Binding] = Binding.OR

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items

    @property
    def is_positional(self) -> bool:
        return all(item.is_positional for item in self.items)

    def text(self) -> str:
        return " OR ".join(item.in_place(Binding.AND) for item in self.items)

    def english(self) -> str:
        return " or ".join(item.english_in_place() for item in self.items)

    def holds(self, view: View) -> bool:
        for item in self.items:  # noqa: SIM110 - a generator would take as long as what it asks
            if item.holds(view):
                return True
        return False

    def hits(self, view: View) -> list[Hit]:
        found = [view.hits_of(item) for item in self.items]
        filled = [hits for hits in found if hits]
        # Lists in order are sorted faster than a set of them.
        return filled[0] if len(filled) == 1 else [*dict.fromkeys(sorted(chain.from_iterable(filled)))]

    def mark(self, view: View, marks: Marks) -> None:
        for item in self.items:
            if item.holds(view):
                item.mark(view, marks)

    def mark_at(self, view: View, hit: Hit, marks: Marks) -> None:
        for item in self.items:
            hits = view.hits_of(item)
            at = bisect_left(hits, hit)
            if at < len(hits) and hits[at] == hit:
                item.mark_at(view, hit, marks)

    def cover(self, costs: Costs) -> Cover | None:
        return union(item.cover(costs) for item in self.items)

    def unsettled(self) -> tuple[Testable, ...]:
        settled = [item for item in self.items if not item.unsettled()]
        keys = [item.required() for item in settled]
        if not settled or any(len(one) != 1 for one in keys):
            return (self,)
        rest = tuple(item for item in self.items if item.unsettled())
        return (_AnyPresent(keys=frozenset().union(*keys), rest=rest),)

    def miss(self, view: View) -> str:
        return "none of these is in the text" if self.is_positional else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnyPresent:
    """An OR ready to be tested: any of the words, asked for at once, or any of the rest."""

    keys: frozenset[str]
    rest: tuple[Node, ...]

    def holds(self, view: View) -> bool:
        """Return whether it holds in a document."""
        if not self.keys.isdisjoint(view.present):
            return True
        for item in self.rest:  # noqa: SIM110 - a generator would take as long as what it asks
            if item.holds(view):
                return True
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Node):
    """Holds where its item does not."""

    item: Node
    binding: ClassVar[Binding] = Binding.NOT

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.item,)

    def text(self) -> str:
        return f"NOT {self.item.in_place(Binding.NOT)}"

    def english(self) -> str:
        return f"no {self.item.english_in_place()}"

    def holds(self, view: View) -> bool:
        return self.item.is_unknown(view) or not self.item.holds(view)

    def mark(self, view: View, marks: Marks) -> None:
        del view, marks

    def cover(self, costs: Costs) -> Cover | None:
        del costs
        return None

    def miss(self, view: View) -> str:
        del view
        return "found, and must not be"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast(Node):
    """Holds where `count` of its items do."""

    count: int
    items: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items

    def text(self) -> str:
        return f"{self.count} OF ({', '.join(item.text() for item in self.items)})"

    def english(self) -> str:
        return f"at least {self.count} of: {'; '.join(item.english() for item in self.items)}"

    def holds(self, view: View) -> bool:
        missing = len(self.items) - self.count
        for item in self.items:
            if not item.holds(view):
                missing -= 1
                if missing < 0:
                    return False
        return True

    def mark(self, view: View, marks: Marks) -> None:
        for item in self.items:
            if item.holds(view):
                item.mark(view, marks)

    def cover(self, costs: Costs) -> Cover | None:
        # Any `count` items include one of any `len - count + 1`.
        covers = sorted(
            (cover.cost if cover else float("inf"), index, cover)
            for index, cover in enumerate(item.cover(costs) for item in self.items)
        )
        return union(cover for _, _, cover in covers[: len(self.items) - self.count + 1])

    def miss(self, view: View) -> str:
        return f"{sum(item.holds(view) for item in self.items)} of {self.count}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Wrapper):
    """A definition's alternatives, under its name."""

    name: str
    item: Node

    def text(self) -> str:
        return f"${self.name}"

    def english(self) -> str:
        return f"any of “{self.name.replace('_', ' ')}”"

    def holds(self, view: View) -> bool:
        return self.item.holds(view)

    def hits(self, view: View) -> list[Hit]:
        return self.item.hits(view)

    def mark(self, view: View, marks: Marks) -> None:
        self.item.mark(view, marks)

    def mark_at(self, view: View, hit: Hit, marks: Marks) -> None:
        self.item.mark_at(view, hit, marks)

    def unsettled(self) -> tuple[Testable, ...]:
        return self.item.unsettled()

    def explained(self, view: View) -> tuple[Node, ...]:
        """Return the alternatives found; a list of fifty that are not says nothing."""
        items = self.item.items if isinstance(self.item, Or) else (self.item,)
        return tuple(item for item in items if item.holds(view))

    def miss(self, view: View) -> str:
        return f"no word of ${self.name} in the text"
