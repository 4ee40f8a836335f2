"""Keeps YAML from eating what people type in a watchlist.

`match: "phase one" OR "section 301"`, `*zoll* AND x`, `- Tariffs: the next round` are not YAML, or not the YAML that
was meant. The text after `match:` and the other keys of free text, and after `- `, is put in single quotes before YAML
sees it: lines keep their numbers, values the column of their first character. What is already quoted as a whole, a
block (`|`, `>`), a list or a mapping is left to YAML. ` # ` starts a comment, and `#` does after two spaces; ` #1` is
text.
"""

from __future__ import annotations

import re

from monitor.errors import ConfigError
from monitor.settings.spelling import nearest

_TOPIC_KEYS = (
    *("id", "name", "match", "not", "not_anywhere", "material", "where", "alert", "owner", "note", "was", "mode"),
    *("expires", "deadline", "examples"),
)
_HEAD = re.compile(
    r"(?P<indent> *)(?P<dash>- +)?(?P<key>(?:match|name|owner|note|not|reject) *:(?= |$) *)?(?P<value>.*)"
)
_KEY = re.compile(r"([A-Za-z_][\w-]*) *:(?: |$)")
_BLOCK = re.compile(r"[|>][-+\d]{0,2}")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'", re.DOTALL)
_STRING = r"\"(?:[^\"\\]|\\.)*\"|(?<!\w)'(?:[^']|'')*'(?!\w)"
_COMMENT = r"(?P<comment>(?:^|(?<=\s))#(?=[\s#]|$).*|(?<=\s\s)#.*)"
_TOKEN = re.compile(rf"{_STRING}|{_COMMENT}|[^\"'#]+|.")
_FLOW = re.compile(rf"{_STRING}|{_COMMENT}|[\[\]{{}}]")


def as_typed(text: str, file: str) -> tuple[str, frozenset[tuple[int, int]]]:
    """Put single quotes around what YAML would eat; returns also the 1-based (line, column) of each opening quote.

    Raises:
        ConfigError: a line is indented into the text above it.
    """
    scanner = _Scanner(text.splitlines(), file)
    index = 0
    while index < len(scanner.lines):
        index = scanner.step(index)
    return "\n".join(scanner.lines) + "\n", frozenset(scanner.quotes)


class _Scanner:
    """Goes over the lines; those of blocks and of open brackets are stepped over."""

    def __init__(self, lines: list[str], file: str) -> None:
        self.lines = lines
        self.quotes: set[tuple[int, int]] = set()
        self._file = file

    def step(self, index: int) -> int:
        """Read the line at `index`; returns the index of the next one to read."""
        head = _HEAD.fullmatch(self.lines[index])
        if head is None or not head[0].strip() or _is_comment(head[0]):
            return index + 1
        indent, value = len(head["indent"]), _without_comment(head["value"])
        column, start = indent + len(head["dash"] or ""), head.start("value")
        if head["key"] and not value:
            return self._below(index, column)
        if head["key"]:
            return self._structure_end(index, column, value) or self._quote(index, column, start)
        if head["dash"] and value and not self._is_mapping(value, index, indent):
            return self._structure_end(index, indent, value) or self._quote(index, indent, start)
        inner = value[found.end() :].lstrip() if (found := _KEY.match(value)) else value
        return self._structure_end(index, column, inner) or index + 1

    def _structure_end(self, index: int, indent: int, value: str) -> int:
        """Return the index after a block, list or mapping that begins here; 0 if none does."""
        if _BLOCK.fullmatch(value):
            return self._block_end(index, indent)
        return self._flow_end(index) if value[:1] in {"[", "{"} else 0

    def _block_end(self, index: int, indent: int) -> int:
        """Return the index after the lines that are indented deeper than `indent`."""
        for end in range(index + 1, len(self.lines)):
            line = self.lines[end]
            if line.strip() and _indent(line) <= indent:
                return end
        return len(self.lines)

    def _flow_end(self, index: int) -> int:
        depth = 0
        for end in range(index, len(self.lines)):
            for token in _FLOW.finditer(self.lines[end]):
                depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
            if depth <= 0:
                return end + 1
        return len(self.lines)

    def _below(self, index: int, indent: int) -> int:
        """Read what stands under a key without a value: a text, unless it looks like a list, mapping or block."""
        for start in range(index + 1, self._block_end(index, indent)):
            line = self.lines[start].strip()
            if not line or _is_comment(line):
                continue
            found = _KEY.match(line)
            if line[0] in "[{|>" or line.startswith("- ") or (found and nearest(found[1], ("score",))):
                return start
            return self._quote(start, indent, _indent(self.lines[start]))
        return index + 1

    def _is_mapping(self, value: str, index: int, indent: int) -> bool:
        if value.startswith(("- ", "<<")):
            return True
        if not (found := _KEY.match(value)):
            return False
        below = next(
            (line.lstrip() for line in self.lines[index + 1 : self._block_end(index, indent)] if line.strip()), ""
        )
        return _KEY.match(below) is not None or (found[1].islower() and bool(nearest(found[1], _TOPIC_KEYS)))

    def _quote(self, start: int, indent: int, column: int) -> int:
        """Quote the text from `column` of line `start` on, with the deeper lines that continue it."""
        parts = [_without_comment(self.lines[start][column:])]
        for index in range(start + 1, self._block_end(start, indent)):
            if _is_comment(self.lines[index]):
                break
            parts.append(_without_comment(self.lines[index]))
        while not parts[-1].strip():
            parts.pop()
        after = start + len(parts)
        if _QUOTED.fullmatch("\n".join(parts)):
            return after
        self._refuse_strays(start + 1, after)
        parts = [part.replace("'", "''") for part in parts]
        self.lines[start:after] = [f"{self.lines[start][:column]}'{parts[0]}", *parts[1:]]
        self.lines[after - 1] += "'"
        self.quotes.add((start + 1, column + 1))
        return after

    def _refuse_strays(self, start: int, end: int) -> None:
        for index in range(start, end):
            line = self.lines[index].lstrip()
            found = _KEY.match(line)
            if line.startswith("- ") or (found and found[1] in _TOPIC_KEYS):
                where = f"{self._file}:{index + 1}:{_indent(self.lines[index]) + 1}"
                hint = f"indent it like its neighbours, or put the text of line {start} in quotes"
                raise ConfigError("this line is indented into the text above it", where=where, hint=hint)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_comment(line: str) -> bool:
    return re.match(r"\s*#(?:[\s#]|$)", line) is not None


def _without_comment(value: str) -> str:
    if "#" not in value:
        return value.rstrip()
    start = next((token.start() for token in _TOKEN.finditer(value) if token["comment"]), len(value))
    return value[:start].rstrip()
