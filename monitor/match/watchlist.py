"""A watchlist ready to match: an immutable snapshot, exchanged as a whole when its file changes."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property

from monitor.errors import NotFound, QueryError
from monitor.match.cautions import cautions
from monitor.match.compile import Compiler, Topic
from monitor.match.explain import Explanation, explain_topic, passes_where
from monitor.match.index import Index
from monitor.match.nodes import Costs, Marks
from monitor.match.presearch import Frequencies
from monitor.match.reading import Reading
from monitor.model import Document, Match, Phase, Span, TopicSpec, WatchlistSpec

_MOST_GONE = 1_000


def compile_watchlist(spec: WatchlistSpec, *, costs: Costs | None = None) -> tuple[Watchlist, tuple[QueryError, ...]]:
    """Return the watchlist of the topics that are right, and what is wrong with the others, each with its position.

    `costs` are the frequencies of words in what is to be matched, if known; they decide how fast it is, nothing else.
    """
    with _without_collections():
        compiler = Compiler(spec)
        topics, errors = compiler.all(spec.topics)
        return Watchlist(topics, version=spec.version, compiler=compiler, costs=costs), tuple(errors)


@contextmanager
def _without_collections() -> Iterator[None]:
    """Make objects by the million, all of which stay, without a search for garbage among them again and again."""
    is_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_enabled:
            gc.enable()


class Watchlist:
    """Topics, and what finds those that a document matches. Safe to share; holds no state but caches.

    It is the topics of an index from 0 to `end`, without those whose numbers are in `gone`.
    """

    def __init__(
        self,
        topics: Iterable[Topic] = (),
        *,
        version: str = "",
        compiler: Compiler | None = None,
        costs: Costs | None = None,
    ) -> None:
        self.version = version
        self._compiler = compiler or Compiler(WatchlistSpec())
        self._index = Index(topics, costs or Frequencies())
        self._end = len(self._index.topics)
        self._gone: frozenset[int] = frozenset()

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """The topics, in the order of the file; those added later come last."""
        topics = self._index.topics[: self._end]
        return tuple(topic for number, topic in enumerate(topics) if number not in self._gone)

    @cached_property
    def warnings(self) -> tuple[QueryError, ...]:
        """What is allowed in these topics, and is dear or probably not meant; each with its place."""
        return tuple(caution for topic in self.topics for caution in cautions(topic, self._index.costs))

    def topic(self, topic_id: str) -> Topic:
        """Return a topic.

        Raises:
            NotFound: there is none by that id.
        """
        number = self._number(topic_id)
        if number is None:
            near = difflib.get_close_matches(topic_id, [topic.id for topic in self.topics], 1)
            raise NotFound(
                f"no topic {topic_id!r} in the watchlist",
                hint=f"did you mean {near[0]}?" if near else "`monitor topics list` shows them",
            )
        return self._index.topics[number]

    def _number(self, topic_id: str) -> int | None:
        numbers = self._index.numbers.get(topic_id, ())
        return next((number for number in numbers if number < self._end and number not in self._gone), None)

    def with_topic(self, spec: TopicSpec) -> Watchlist:
        """Return this watchlist with one topic more, in place of the one by its id if there is one; in milliseconds.

        Raises:
            QueryError: what is wrong with the topic.
        """
        topic = self._compiler.topic(spec)
        old = self._number(spec.id)
        number = self._index.add(topic)
        others = range(self._end, number)  # of watchlists that were made of this one too
        gone = self._gone.union(others, () if old is None else (old,))
        return self._derived(number + 1, gone)

    def without_topic(self, topic_id: str) -> Watchlist:
        """Return this watchlist without one topic; in milliseconds.

        Raises:
            NotFound: there is none by that id.
        """
        topic = self.topic(topic_id)
        return self._derived(self._end, self._gone.union(self._index.numbers[topic.id]))

    def _derived(self, end: int, gone: frozenset[int]) -> Watchlist:
        other = Watchlist(version=self.version, compiler=self._compiler)
        other._index, other._end, other._gone = self._index, end, gone
        if len(gone) > max(_MOST_GONE, end // 2):
            other._index = Index(other.topics, self._index.costs)
            other._end, other._gone = len(other.topics), frozenset()
        return other

    def match(self, document: Document, *, phase: Phase = Phase.FULL, ignore_where: bool = False) -> list[Match]:
        """Return the topics found in a document, in the order of the watchlist, each with the places of its words.

        `ignore_where` leaves out the topics' conditions on language and source.
        """
        if self._index.is_shut_to(document):
            return []
        reading = self._read(document)
        topics, end, gone = self._index.topics, self._end, self._gone
        return [
            _matched(topics[number], reading, phase)
            for number in self._index.found(reading)
            if number < end
            and number not in gone
            and (topics[number].is_bare or _is_wanted(topics[number], reading, ignore_where=ignore_where))
        ]

    def match_one(
        self, topic_id: str, document: Document, *, phase: Phase = Phase.FULL, ignore_where: bool = False
    ) -> Match | None:
        """Return the match of one topic, None if it is not found.

        Raises:
            NotFound: there is no such topic.
        """
        topic, reading = self.topic(topic_id), self._read(document)
        is_found = topic.query.holds(reading) and _is_wanted(topic, reading, ignore_where=ignore_where)
        return _matched(topic, reading, phase) if is_found else None

    def candidates(self, document: Document) -> list[Topic]:
        """Return the topics whose rarest words are in a document: all that match it, and those that nearly do."""
        numbers = self._index.candidates(self._read(document))
        return [self._index.topics[number] for number in numbers if number < self._end and number not in self._gone]

    def explain(self, topic_id: str, document: Document) -> Explanation:
        """Return why a topic matches a document, or which clause failed and by how much.

        Raises:
            NotFound: there is no such topic.
        """
        return explain_topic(self.topic(topic_id), self._read(document))

    def _read(self, document: Document) -> Reading:
        return self._index.read(document)


def _is_wanted(topic: Topic, reading: Reading, *, ignore_where: bool) -> bool:
    """Return whether a topic found in a document passes its conditions and is not vetoed."""
    if not ignore_where and not passes_where(topic.spec.where, reading.document):
        return False
    if any(node.holds(reading) for node in topic.not_anywhere):
        return False
    opening = reading.narrowed("opening")
    return not any(veto.holds(opening) for veto in topic.vetoes)


def _matched(topic: Topic, reading: Reading, phase: Phase) -> Match:
    marks = Marks(reading)
    topic.query.mark(reading, marks)
    return Match(topic=topic.spec.id, spans=marks.spans(), phase=phase, material=_material(topic, reading))


def _material(topic: Topic, reading: Reading) -> tuple[Span, ...]:
    """Return where the words stand that make a later article an update."""
    if not topic.material:
        return ()
    marks = Marks(reading)
    for node in topic.material:
        if node.holds(reading):
            node.mark(reading, marks)
    return marks.spans()
