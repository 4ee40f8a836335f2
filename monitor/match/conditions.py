"""Conditions on zones, source and language, and the weighted list."""
# ruff: noqa: D102 - Node says what these methods do

from __future__ import annotations

from dataclasses import dataclass

from monitor.match.nodes import Costs, Cover, Hit, Marks, Node, View, Wrapper, union
from monitor.text import base_language, is_of_source

ZONES = ("title", "lead", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class InZone(Wrapper):
    """Its item within the title, the lead or the body."""

    zone: str
    item: Node

    def text(self) -> str:
        inner = self.item.text()
        return f"{self.zone}:{inner}" if not self.item.children or inner.startswith("$") else f"{self.zone}:({inner})"

    def english(self) -> str:
        return f"{self.item.english_in_place()} in the {self.zone}"

    def holds(self, view: View) -> bool:
        return self.item.holds(view.narrowed(self.zone))

    def hits(self, view: View) -> list[Hit]:
        return self.item.hits(view.narrowed(self.zone))

    def mark(self, view: View, marks: Marks) -> None:
        self.item.mark(view.narrowed(self.zone), marks)

    def mark_at(self, view: View, hit: Hit, marks: Marks) -> None:
        self.item.mark_at(view.narrowed(self.zone), hit, marks)

    def within(self, view: View) -> View:
        return view.narrowed(self.zone)

    def miss(self, view: View) -> str:
        return f"in the text, but not in the {self.zone}" if self.item.holds(view) else ""


class _Condition(Node):
    """A condition on what an article is: it has no places and no cover."""

    __slots__ = ()

    def mark(self, view: View, marks: Marks) -> None:
        del view, marks

    def cover(self, costs: Costs) -> Cover | None:
        del costs
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class FromSource(_Condition):
    """Holds for articles of a source and its subdomains; an unknown source is none."""

    pattern: str

    def text(self) -> str:
        return f'source:"{self.pattern}"'

    def english(self) -> str:
        return f"from {self.pattern}"

    def holds(self, view: View) -> bool:
        return is_of_source(view.document.source, self.pattern)

    def miss(self, view: View) -> str:
        return f"its source is {view.document.source or 'unknown'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InLanguage(_Condition):
    """Holds for articles in a language, and for those whose language is unknown."""

    code: str

    def text(self) -> str:
        return f"lang:{self.code}"

    def english(self) -> str:
        return f"in the language {self.code}"

    def holds(self, view: View) -> bool:
        return base_language(view.document.language) in {"", self.code}

    def is_unknown(self, view: View) -> bool:
        return not view.document.language

    def miss(self, view: View) -> str:
        return f"its language is {view.document.language}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Node):
    """Holds where the weights of its terms, each counted `cap` times at most, reach `threshold`."""

    threshold: float
    items: tuple[tuple[Node, float], ...]
    cap: int = 1

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(item for item, _ in self.items)

    def text(self) -> str:
        cap = f" CAP {self.cap}" if self.cap != 1 else ""
        items = ", ".join(f"{item.text()}^{weight:g}" for item, weight in self.items)
        return f"SCORE {self.threshold:g}{cap} OF ({items})"

    def english(self) -> str:
        items = "; ".join(f"{item.english()} ({weight:+g})" for item, weight in self.items)
        times = f", each counted up to {self.cap} times" if self.cap != 1 else ""
        return f"a score of {self.threshold:g} from: {items}{times}"

    def total(self, view: View) -> float:
        """Return the score of a document."""
        return sum(weight * self._count(item, view) for item, weight in self.items)

    def _count(self, item: Node, view: View) -> int:
        if self.cap == 1 or not item.is_positional:
            return int(item.holds(view))
        return min(self.cap, len(item.hits(view)))

    def holds(self, view: View) -> bool:
        return self.total(view) >= self.threshold

    def mark(self, view: View, marks: Marks) -> None:
        for item, weight in self.items:
            if weight > 0 and item.holds(view):
                item.mark(view, marks)

    def cover(self, costs: Costs) -> Cover | None:
        """Return the cover of its terms but for the costliest, as many as cannot reach the threshold alone."""
        covers = sorted(
            (
                (cover.cost if (cover := item.cover(costs)) else float("inf"), index)
                for index, (item, _) in enumerate(self.items)
            ),
            reverse=True,
        )
        left_out: set[int] = set()
        sum_left_out = 0.0
        for _, index in covers:
            weight = max(self.items[index][1], 0) * self.cap
            if sum_left_out + weight < self.threshold:
                sum_left_out += weight
                left_out.add(index)
        return union(item.cover(costs) for index, (item, _) in enumerate(self.items) if index not in left_out)

    def miss(self, view: View) -> str:
        return f"score {self.total(view):g} of {self.threshold:g}"
