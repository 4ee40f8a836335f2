"""The index of a watchlist's topics: what they look for, filed under what must be present.

It only grows: a watchlist that another was made of by one topic more shares it, and looks at its own topics only.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.match.compile import Topic
from monitor.match.gate import Gate, new_gate
from monitor.match.lexicon import Lexicon
from monitor.match.nodes import Costs, Testable
from monitor.match.presearch import Presearch
from monitor.match.reading import Reading
from monitor.match.value_terms import ValueTerms
from monitor.model import Document

# What a topic needs, and what is left to test: worked out when it is a candidate for the first time.
_Plan = tuple[frozenset[str], tuple[Testable, ...]]

# Where there are more, nearly every text has something of one of them.
_MOST_GATED = 50
# Where there are more, most words begin as one of the terms does.
_MOST_HEADED = 2_000
# It takes a fifth of a second to make these: not for one text.
_FEWEST_TEXTS = 50


class Index:
    """Topics by number, in the order they were added."""

    def __init__(self, topics: Iterable[Topic], costs: Costs) -> None:
        self.topics: list[Topic] = []
        # By id: one number, and another for each time it was replaced.
        self.numbers: dict[str, list[int]] = {}
        self.lexicon = Lexicon()
        self.values = ValueTerms()
        self.costs = costs
        self._presearch = Presearch()
        self._plans: list[_Plan | None] = []
        self._gate: Gate | None = None
        self._gate_of = 0
        self._met = 0
        for topic in topics:
            self.add(topic)

    def add(self, topic: Topic) -> int:
        """Add a topic; returns its number."""
        for node in (topic.query, *topic.vetoes, *topic.not_anywhere, *topic.material):
            self.lexicon.add(node)
            self.values.add(node)
        number = len(self.topics)
        self.topics.append(topic)
        self.numbers.setdefault(topic.spec.id, []).append(number)
        self._plans.append(None)
        self._presearch.add(number, topic.query.cover(self.costs))
        return number

    def is_shut_to(self, document: Document) -> bool:
        """Return whether no topic can match a document; asked for few topics, it is told without reading it."""
        if self._met < _FEWEST_TEXTS:
            self._met += 1
            return False
        if self.lexicon.heads is None and len(self.topics) <= _MOST_HEADED:
            self.lexicon.learn_heads()
        if len(self.topics) > _MOST_GATED:
            return False
        if self._gate_of != len(self.topics):
            self._gate_of = len(self.topics)
            self._gate = new_gate((topic.query for topic in self.topics), self.costs, self.lexicon)
        return self._gate is not None and self._gate.is_shut(document)

    def read(self, document: Document) -> Reading:
        """Read a document for these topics."""
        return Reading(document, self.lexicon, self.values)

    def candidates(self, reading: Reading) -> list[int]:
        """Return the topics that a document can match, in order."""
        return self._presearch.candidates(reading)

    def found(self, reading: Reading) -> list[int]:
        """Return the topics whose query holds in a document, in order."""
        present, plans = reading.present, self._plans
        found = []
        for number in self._presearch.candidates(reading):
            required, tests = plans[number] or self._plan(number)
            if required <= present:
                for test in tests:
                    if not test.holds(reading):
                        break
                else:
                    found.append(number)
        return found

    def _plan(self, number: int) -> _Plan:
        query = self.topics[number].query
        plan = self._plans[number] = (query.required(), query.unsettled())
        return plan
