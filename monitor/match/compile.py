"""From the watchlist as written to queries: plain words or the query language; errors carry their positions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.errors import ConfigError, QueryError
from monitor.match.lexer import Wrong, has_syntax
from monitor.match.logic import Or
from monitor.match.nodes import Hit, Mark, Node, View, Windows
from monitor.match.parser import MOST_CHARACTERS, make_score, parse
from monitor.match.plain import read_plain
from monitor.match.reader import read_term
from monitor.match.refusals import unknown_name
from monitor.match.terms import Form
from monitor.model import Document, QueryText, RefusedDefine, ScoreSpec, Span, TopicSpec, WatchlistSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic ready to match: as written, its query, and its vetoes."""

    spec: TopicSpec
    query: Node
    vetoes: tuple[Node, ...] = ()
    not_anywhere: tuple[Node, ...] = ()
    material: tuple[Node, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing but its query to pass."""
        return not (self.vetoes or self.not_anywhere or self.spec.where.languages or self.spec.where.sources)

    @property
    def id(self) -> str:
        """The topic's id."""
        return self.spec.id

    @property
    def query_text(self) -> str:
        """What it became: a query that parses to itself."""
        return self.query.text()

    @property
    def english(self) -> str:
        """What it asks for, in plain English."""
        text = self.query.english()
        if self.vetoes:
            text += f"; but not with {' or '.join(veto.english() for veto in self.vetoes)} in title or lead"
        if self.not_anywhere:
            text += f"; but not with {' or '.join(node.english() for node in self.not_anywhere)} anywhere"
        where = self.spec.where
        if where.languages:
            text += f"; in {' or '.join(where.languages)}"
        if where.sources:
            text += f"; from {' or '.join(where.sources)}"
        return text


class Definitions:
    """The definitions of a watchlist, read when first used; those within each other too."""

    def __init__(
        self, defines: tuple[tuple[str, tuple[QueryText, ...]], ...], refused: Iterable[RefusedDefine] = ()
    ) -> None:
        self._written: Mapping[str, tuple[QueryText, ...]] = dict(defines)
        self._nodes: dict[str, Node] = {}
        self._open: list[str] = []
        self._wrong: dict[str, ConfigError] = {one.name: one.errors[0] for one in refused}
        self._refused = frozenset(self._wrong)

    def __call__(self, name: str) -> Node:
        """Return what a name stands for.

        Raises:
            Wrong: it is not defined, is defined by itself, or its definition is wrong.
        """
        if name in self._nodes:
            return self._nodes[name]
        if name not in self._written and name not in self._refused:
            raise unknown_name(name, self._written)
        if name in self._open:
            circle = " → ".join(f"${part}" for part in (*self._open[self._open.index(name) :], name))
            raise Wrong(f"${name} is defined by itself: {circle}", 0, "take one of them out of the other")
        if name not in self._wrong:
            self._read(name)
        if name in self._wrong:
            raise Wrong(
                f"${name} is wrong, see {self._wrong[name].where or 'its definition'}", 0, "repair the definition"
            )
        return self._nodes[name]

    def _read(self, name: str) -> None:
        self._open.append(name)
        try:
            items = [read_query(text, self) for text in self._written[name]]
            if not items:
                self._wrong[name] = QueryError(
                    f"define {name}: the list is empty", hint="add a word, or take the name away"
                )
            else:
                flat = tuple(part for item in items for part in (item.items if isinstance(item, Or) else (item,)))
                self._nodes[name] = Or(items=flat) if len(flat) > 1 else flat[0]
        except QueryError as error:
            self._wrong[name] = QueryError(f"define {name}: {error.what}", where=error.where, hint=error.hint)
        finally:
            self._open.pop()

    def errors(self) -> list[QueryError]:
        """Return what is wrong with the query of any definition, used or not."""
        for name in self._written:
            if name not in self._nodes and name not in self._wrong:
                self._read(name)
        return [error for error in self._wrong.values() if isinstance(error, QueryError)]


def read_query(text: QueryText, define: Definitions) -> Node:
    """Return the query that a text stands for: plain words, a phrase, or the query language.

    Raises:
        QueryError: what is wrong with it, and where.
    """
    try:
        if (
            has_syntax(text.text)
            or (text.is_phrase and len(text.text.split()) == 1)
            or len(text.text) > MOST_CHARACTERS
        ):
            return parse(text.text, define)
        return read_term(text.text, Form.INFLECTED, 0) if text.is_phrase else read_plain(text.text)
    except Wrong as error:
        raise QueryError(error.message, where=place_of(text, error.offset), hint=error.hint) from None


def place_of(text: QueryText, offset: int) -> str:
    """Return `file:line:column` of an offset of a query, empty if its file is not known."""
    if not text.file:
        return ""
    before = text.text[:offset]
    lines = before.count("\n")
    column = len(before) - before.rindex("\n") if lines else text.column + offset
    return f"{text.file}:{text.line + lines}:{column}"


class Compiler:
    """Compiles topics by the definitions of their watchlist."""

    def __init__(self, spec: WatchlistSpec) -> None:
        self._define = Definitions(spec.defines, spec.refused_defines)

    def all(self, specs: Iterable[TopicSpec]) -> tuple[list[Topic], list[QueryError]]:
        """Return the topics that are right, and what is wrong with the others and with the definitions."""
        topics: dict[str, Topic] = {}
        errors: list[QueryError] = []
        for spec in specs:
            try:
                if spec.id in topics:
                    raise _taken(spec, topics[spec.id].spec)
                topics[spec.id] = self.topic(spec)
            except QueryError as error:
                errors.append(
                    QueryError(
                        f"topic {spec.id}: {error.what}", where=error.where or spec.where_written, hint=error.hint
                    )
                )
        return list(topics.values()), [*self._define.errors(), *errors]

    def topic(self, spec: TopicSpec) -> Topic:
        """Return a topic.

        Raises:
            QueryError: what is wrong with it.
        """
        define = self._define
        if spec.match is not None:
            query, where = read_query(spec.match, define), spec.match.where
        elif spec.score is not None:
            query, where = _read_score(spec.score, define), spec.where_written
        else:
            raise QueryError(
                "it has nothing to match", where=spec.where_written, hint="add match: with words or a query"
            )
        if query.holds(_NOTHING):
            raise QueryError(
                "it matches articles that have none of its words",
                where=where,
                hint="add what must be there: a AND NOT b",
            )
        if not (spec.vetoes or spec.not_anywhere or spec.material):
            return Topic(spec=spec, query=query)
        return Topic(
            spec=spec,
            query=query,
            vetoes=tuple(read_query(text, define) for text in spec.vetoes),
            not_anywhere=tuple(read_query(text, define) for text in spec.not_anywhere),
            material=tuple(read_query(text, define) for text in spec.material),
        )


def _taken(spec: TopicSpec, other: TopicSpec) -> QueryError:
    by = f" by the one at {other.where_written}" if other.where_written else ""
    return QueryError(f"its id is taken{by}", where=spec.where_written, hint="give it another id")


def _read_score(score: ScoreSpec, define: Definitions) -> Node:
    items = tuple((read_query(text, define), weight) for text, weight in score.terms)
    if not items:
        raise QueryError("score has no terms", hint="add terms: {word: 15}")
    try:
        return make_score(score.threshold, items, score.cap, 0)
    except Wrong as error:
        raise QueryError(f"score: {error.message}", hint=error.hint) from None


class _Nothing:
    """A document that has no word, a language no one asks for, and no source."""

    document = Document(language="zxx")
    present: frozenset[str] = frozenset()

    def has(self, key: str, /) -> bool:
        del key
        return False

    @property
    def windows(self) -> Windows:
        return {}

    def hits_of(self, node: Node, /) -> list[Hit]:
        return node.hits(self)

    def has_row(self, keys: Sequence[str], /) -> bool:
        del keys
        return False

    def positions(self, key: str, /) -> list[int]:
        del key
        return []

    def position_set(self, key: str) -> set[int]:
        del key
        return set()

    def marks(self, term: object, clause: str) -> dict[Mark, Span]:
        del term, clause
        return {}

    def span(self, mark: Mark) -> Span:
        raise AssertionError(mark)

    def values(self, key: str) -> list[Hit]:
        del key
        return []

    def segment(self, unit: str, position: int) -> int:
        del unit
        return position

    def narrowed(self, zone: str) -> View:
        del zone
        return self


_NOTHING = _Nothing()
