"""Reads strict YAML into a tree of texts, each with its place.

Every scalar is text: `no`, `012` and `22:00` stay as typed. Anchors, aliases, tags, merge keys, duplicate keys and tabs
in indentation are refused. The parser is asked for events, one at a time, and never for a document: so nesting is
refused as it opens, and its C code never recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from monitor.errors import ConfigError
from monitor.settings.astyped import as_typed

MAX_DEPTH = 24
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAB = re.compile(r"^ *\t+[ \t]*\S", re.MULTILINE)
_QUOTE_HINT = "put the whole value in single quotes, and double each ' inside it"

# What the parser complains of, as the user would say it, and the next action.
_WORDS = (
    ("mapping values are not allowed", "a second ': ' in one line, or a line that is indented too far", _QUOTE_HINT),
    ("found unexpected end of stream", "a quote or bracket is opened and never closed", "close it"),
    ("found unexpected document indicator", "a quote or bracket is opened and never closed", "close it"),
    ("expected node content", "a bracket that is opened and never closed, or a comma too many", "close it"),
    ("cannot start any token", "this character cannot start a value", _QUOTE_HINT),
    ("alphabetic or numeric", "`*` and `&` cannot start a value here", _QUOTE_HINT),
    ("could not find expected ':'", "a line without ': ' among lines with it", "write it as `key: value`"),
    (
        "did not find expected ',' or",
        "text after a value inside [ ] or { }, or a bracket that is not closed",
        _QUOTE_HINT,
    ),
    ("did not find expected '-'", "a line of a list that does not start with '- '", "indent it like its neighbours"),
    (
        "did not find expected key",
        "a line that fits neither the one above nor its key",
        "check its indentation and quotes",
    ),
    ("found unknown escape character", "an unknown \\ escape in double quotes", "use single quotes"),
    ("exceeded maximum nesting depth", "nested too deeply", f"at most {MAX_DEPTH} levels"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything in the tree. `file` is as shown to the user; `line` and `column` are 1-based, of its first character."""

    file: str
    line: int
    column: int

    @property
    def where(self) -> str:
        """`file:line:column`."""
        return f"{self.file}:{self.line}:{self.column}"

    def error(self, what: str, hint: str = "") -> ConfigError:
        """Return an error at this place."""
        return ConfigError(what, where=self.where, hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar(Node):
    """A text. `style` is the quote or block sign it was written with, empty for none."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Items(Node):
    """A list."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs(Node):
    """A mapping, in the order written; of keys written twice the first, and `repeated` says so."""

    pairs: tuple[tuple[Scalar, Node], ...]
    repeated: tuple[ConfigError, ...] = ()


def repeated_keys(node: Node) -> Iterator[ConfigError]:
    """Yield an error for each key that is written twice in a mapping, anywhere below a node."""
    if isinstance(node, Pairs):
        yield from node.repeated
        for _, value in node.pairs:
            yield from repeated_keys(value)
    elif isinstance(node, Items):
        for each in node.nodes:
            yield from repeated_keys(each)


def decode(raw: bytes, file: str, *, max_bytes: int) -> str:
    """Return a file's text.

    Raises:
        ConfigError: it is too large, empty, not UTF-8 or holds control characters.
    """
    if len(raw) > max_bytes:
        raise ConfigError(f"{len(raw)} bytes are too many", where=file, hint=f"at most {max_bytes} are read")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = len(raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        what = f"byte {error.start} (0x{raw[error.start]:02x}) is not UTF-8"
        raise ConfigError(what, where=f"{file}:{line}:{column}", hint="save the file as UTF-8") from None
    if not text.strip():
        raise ConfigError("the file is empty", where=file, hint="restore it, or run `monitor init` for a fresh one")
    return text


def read_tree(text: str, file: str, *, is_watchlist: bool = False) -> Node:
    """Read one YAML document; of a watchlist, what YAML would eat is read as typed, and keys written twice are left in.

    Raises:
        ConfigError: it is not the YAML read here.
    """
    _refuse_characters(text, file)
    quotes: frozenset[tuple[int, int]] = frozenset()
    if is_watchlist:
        text, quotes = as_typed(text, file)
    builder = _Builder(text, file, quotes)
    try:
        root = builder.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        raise _in_words(error, file, builder.brackets) from None
    except yaml.YAMLError as error:
        raise ConfigError(f"cannot be read: {error}", where=file) from None
    if not is_watchlist and (repeated := next(repeated_keys(root), None)):
        raise repeated
    return root


def _refuse_characters(text: str, file: str) -> None:
    if found := _UNPRINTABLE.search(text):
        what = f"the character U+{ord(found[0]):04X} is not allowed"
        raise ConfigError(what, where=_place(text, found.start(), file), hint="delete it")
    if found := _TAB.search(text):
        where = _place(text, found.start() + found[0].index("\t"), file)
        raise ConfigError("a tab in the indentation", where=where, hint="indent with spaces")


def _place(text: str, offset: int, file: str) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"{file}:{line}:{offset - text.rfind(chr(10), 0, offset)}"


def _in_words(error: yaml.MarkedYAMLError, file: str, brackets: list[tuple[int, int]]) -> ConfigError:
    problem = str(error.problem)
    what, hint = next(((what, hint) for sign, what, hint in _WORDS if sign in problem), (problem, ""))
    line, column = _place_of(error.problem_mark)
    # A quote or bracket that is not closed is noticed lines later; where it was opened is what the user looks for.
    if "closed" in what:
        opened = [place for place in (_place_of(error.context_mark), *brackets) if place[0] < line]
        line, column = max(opened, default=(line, column))
    return ConfigError(what, where=f"{file}:{line}:{column}", hint=hint)


class _Builder:
    """Builds the tree from the parser's events."""

    def __init__(self, text: str, file: str, quotes: frozenset[tuple[int, int]]) -> None:
        self._lines = text.splitlines()
        self._file = file
        self._quotes = quotes
        self.brackets: list[tuple[int, int]] = []

    def document(self, events: Iterator[yaml.Event]) -> Node:
        node: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and node is not None:
                raise self._error(event, "a second document", "delete the line `---`")
            if isinstance(event, yaml.NodeEvent):
                node = self._node(event, events, 1)
        if node is None:
            raise ConfigError("holds nothing but comments", where=self._file, hint="see the comments for what it takes")
        return node

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._error(event, "nested too deeply", f"at most {MAX_DEPTH} levels")
        self._refuse_extras(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        line, column = _start(event)
        if is_flow := bool(getattr(event, "flow_style", False)):
            self.brackets.append((line, column))
        node: Node
        if isinstance(event, yaml.SequenceStartEvent):
            node = Items(file=self._file, line=line, column=column, nodes=self._items(events, depth))
        else:
            pairs, repeated = self._pairs(events, depth)
            node = Pairs(file=self._file, line=line, column=column, pairs=pairs, repeated=repeated)
        if is_flow:
            self.brackets.pop()
        return node

    def _items(self, events: Iterator[yaml.Event], depth: int) -> tuple[Node, ...]:
        found = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.append(self._node(event, events, depth + 1))
        return tuple(found)

    def _pairs(
        self, events: Iterator[yaml.Event], depth: int
    ) -> tuple[tuple[tuple[Scalar, Node], ...], tuple[ConfigError, ...]]:
        found: dict[str, tuple[Scalar, Node]] = {}
        repeated = []
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            if not isinstance(key, Scalar):
                raise key.error("a list or mapping cannot be a key", _QUOTE_HINT)
            if key.text == "<<" and not key.style:
                raise key.error("merge keys (<<) are not read", "write the values out")
            if earlier := found.get(key.text):
                repeated.append(key.error(f"{key.text!r} is already in line {earlier[0].line}", "keep one of the two"))
            found.setdefault(key.text, (key, self._node(next(events), events, depth + 1)))
        return tuple(found.values()), tuple(repeated)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        (line, column), style = _start(event), event.style or ""
        if (line, column) in self._quotes:
            style = ""
        elif style in {"'", '"'}:
            column += 1
        elif style in {"|", ">"}:
            line, column = self._block_start(line, column)
        return Scalar(file=self._file, line=line, column=column, text=event.value, style=style)

    def _block_start(self, line: int, column: int) -> tuple[int, int]:
        for index in range(line, len(self._lines)):
            if body := self._lines[index].lstrip():
                return index + 1, len(self._lines[index]) - len(body) + 1
        return line, column

    def _refuse_extras(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._error(event, f"aliases (*{event.anchor}) are not read", _QUOTE_HINT)
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            raise self._error(event, f"anchors (&{event.anchor}) are not read", _QUOTE_HINT)
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag:
            raise self._error(event, f"tags ({event.tag}) are not read", _QUOTE_HINT)

    def _error(self, event: yaml.Event, what: str, hint: str) -> ConfigError:
        line, column = _start(event)
        return ConfigError(what, where=f"{self._file}:{line}:{column}", hint=hint)


def _start(event: yaml.Event) -> tuple[int, int]:
    """Return the 1-based line and column an event begins at."""
    return _place_of(event.start_mark)


def _place_of(mark: Any) -> tuple[int, int]:  # noqa: ANN401  # PyYAML has two classes of marks, one of them private
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
