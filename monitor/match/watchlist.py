"""A watchlist ready to match: an immutable snapshot, exchanged as a whole when its file changes."""

from __future__ import annotations

import difflib
from functools import cached_property

from monitor.errors import NotFound, QueryError
from monitor.match.compile import Topic, compile_topics
from monitor.match.explain import Explanation, explain_topic, passes_where
from monitor.match.lexicon import Lexicon
from monitor.match.nodes import Marks
from monitor.match.presearch import Frequencies, Presearch
from monitor.match.reading import Reading, ValueTerms
from monitor.model import Document, Match, Phase, WatchlistSpec


def compile_watchlist(spec: WatchlistSpec) -> tuple[Watchlist, tuple[QueryError, ...]]:
    """Return the watchlist of the topics that are right, and what is wrong with the others, each with its position."""
    topics, errors = compile_topics(spec)
    return Watchlist(tuple(topics), version=spec.version), tuple(errors)


class Watchlist:
    """Topics, and what finds those that a document matches. Safe to share; holds no state but caches."""

    def __init__(self, topics: tuple[Topic, ...], *, version: str = "") -> None:
        self.topics = topics
        self.version = version
        self._by_id = {topic.id: topic for topic in topics}

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(node for topic in self.topics for node in (topic.query, *topic.vetoes))

    @cached_property
    def _values(self) -> ValueTerms:
        return ValueTerms(node for topic in self.topics for node in (topic.query, *topic.vetoes))

    @cached_property
    def _presearch(self) -> Presearch:
        frequencies = Frequencies()
        return Presearch(topic.query.cover(frequencies) for topic in self.topics)

    def topic(self, topic_id: str) -> Topic:
        """Return a topic.

        Raises:
            NotFound: there is none by that id.
        """
        topic = self._by_id.get(topic_id)
        if topic is None:
            near = difflib.get_close_matches(topic_id, list(self._by_id), 1)
            raise NotFound(
                f"no topic {topic_id!r} in the watchlist",
                hint=f"did you mean {near[0]}?" if near else "`monitor topics list` shows them",
            )
        return topic

    def match(self, document: Document, *, phase: Phase = Phase.FULL, ignore_where: bool = False) -> list[Match]:
        """Return the topics found in a document, in the order of the watchlist, each with the places of its words.

        `ignore_where` leaves out the topics' conditions on language and source.
        """
        reading = self._read(document)
        topics = (self.topics[number] for number in self._presearch.candidates(reading))
        return [match for topic in topics if (match := _match(topic, reading, phase, ignore_where=ignore_where))]

    def match_one(
        self, topic_id: str, document: Document, *, phase: Phase = Phase.FULL, ignore_where: bool = False
    ) -> Match | None:
        """Return the match of one topic, None if it is not found.

        Raises:
            NotFound: there is no such topic.
        """
        return _match(self.topic(topic_id), self._read(document), phase, ignore_where=ignore_where)

    def candidates(self, document: Document) -> list[Topic]:
        """Return the topics whose rarest words are in a document: all that match it, and those that nearly do."""
        return [self.topics[number] for number in self._presearch.candidates(self._read(document))]

    def explain(self, topic_id: str, document: Document) -> Explanation:
        """Return why a topic matches a document, or which clause failed and by how much.

        Raises:
            NotFound: there is no such topic.
        """
        return explain_topic(self.topic(topic_id), self._read(document))

    def _read(self, document: Document) -> Reading:
        return Reading(document, self._lexicon, self._values)


def _match(topic: Topic, reading: Reading, phase: Phase, *, ignore_where: bool) -> Match | None:
    if not topic.query.holds(reading):
        return None
    if not ignore_where and not passes_where(topic.spec.where, reading.document):
        return None
    if topic.vetoes:
        opening = reading.narrowed("opening")
        if any(veto.holds(opening) for veto in topic.vetoes):
            return None
    marks = Marks()
    topic.query.mark(reading, marks)
    # Title first, then in the order of the text: a position says both.
    spans = [reading.span((first, last), clause) for first, last, clause in sorted(marks.found)]
    return Match(topic=topic.id, spans=tuple(spans), phase=phase)
