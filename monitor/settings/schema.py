"""Types the texts of a tree: a reader takes a node and returns a value, or raises all that is wrong with it.

Readers are plain functions; `Keys` reads a mapping key by key and knows which keys nobody asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import ParamSpec, TypeVar, cast

from monitor.errors import ConfigError, ConfigErrors
from monitor.settings.spelling import near, nearest
from monitor.settings.tree import Items, Node, Pairs, Scalar

T = TypeVar("T")
D = TypeVar("D")
P = ParamSpec("P")
E = TypeVar("E", bound=StrEnum)
Reader = Callable[[Node], T]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[smhdw])+")
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


class Errors:
    """Collects what is wrong, so that the user sees all of it at once."""

    def __init__(self) -> None:
        self.found: list[ConfigError] = []

    def add(self, error: ConfigError) -> None:
        """Keep an error, or each of several."""
        self.found.extend(error.errors if isinstance(error, ConfigErrors) else (error,))

    def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return what a call returns, or None after keeping what it raised."""
        try:
            return call(*args, **kwargs)
        except ConfigError as error:
            self.add(error)
            return None

    def end(self) -> None:
        """Raise what was found, if anything."""
        if self.found:
            raise ConfigErrors(tuple(self.found))


class Keys:
    """Reads the keys of a mapping, then refuses those nobody asked for."""

    def __init__(self, node: Node, what: str) -> None:
        if not isinstance(node, Pairs):
            raise wrong(node, "a mapping", f"write what belongs to {what} as `key: value` lines or {{key: value}}")
        self._node, self._what = node, what
        self._pairs = {key.text: (key, value) for key, value in node.pairs}
        self._asked: list[str] = []
        self._missing: dict[str, ConfigError] = {}
        self._errors = Errors()

    def node(self, key: str) -> Node | None:
        """Return the value of a key as a node; None if it is not written."""
        self._asked.append(key)
        return self._pairs[key][1] if key in self._pairs else None

    def take(self, key: str, read: Reader[T], default: D) -> T | D:
        """Return a key's value, or `default` if it is not written or wrong."""
        if (node := self.node(key)) is None:
            return default
        value = self._errors.run(read, node)
        return default if value is None else value

    def need(self, key: str, read: Reader[T]) -> T:
        """Return a key's value. If it is missing or wrong, what is returned stands for nothing: `end` raises."""
        if (node := self.node(key)) is None:
            self._missing[key] = self._node.error(f"{self._what} has no {key!r}", f"add `{key}: …`")
            return cast("T", None)
        return cast("T", self._errors.run(read, node))

    def end(self) -> None:
        """Raise all that is wrong, with unknown keys among it; a key that is only misspelt is not missing too."""
        unknown = [name for name in self._pairs if name not in self._asked]
        meant = {nearest(name, self._asked) for name in unknown}
        for name, error in self._missing.items():
            if name not in meant:
                self._errors.add(error)
        for name in unknown:
            key, _ = self._pairs[name]
            self._errors.add(key.error(f"unknown key {name!r} in {self._what}", self._hint(name)))
        self._errors.end()

    def _hint(self, name: str) -> str:
        return near(name, self._asked) or f"known keys: {', '.join(self._asked)}"


def wrong(node: Node, expected: str, hint: str = "") -> ConfigError:
    """Return the error of a value that is not what was expected."""
    return node.error(f"{shown(node)} is not {expected}", hint)


def shown(node: Node) -> str:
    """Return a node as a message names it, cut to 60 characters."""
    if isinstance(node, Scalar):
        text = node.text if len(node.text) <= 60 else node.text[:59] + "…"
        return repr(text) if text else "an empty value"
    return "a list" if isinstance(node, Items) else "a mapping"


def text(node: Node) -> str:
    """Read a text that is not empty."""
    if isinstance(node, Scalar) and (value := node.text.strip()):
        return value
    raise wrong(node, "a text")


def boolean(node: Node) -> bool:
    """Read true, false, yes or no."""
    value = _TRUTH.get(node.text.casefold()) if isinstance(node, Scalar) else None
    if value is None:
        raise wrong(node, "true, false, yes or no")
    return value


def number(at_least: float, at_most: float = float("inf")) -> Reader[float]:
    """Make a reader of numbers in a range. Keys named `*_s` are read by it: they hold plain seconds."""

    def read(node: Node) -> float:
        if not (isinstance(node, Scalar) and _NUMBER.fullmatch(node.text)):
            seconds = duration_s(node.text) if isinstance(node, Scalar) else None
            raise wrong(node, "a number", "" if seconds is None else f"in seconds: {seconds:g}")
        return _in_range(node, float(node.text), at_least, at_most)

    return read


def whole(at_least: int, at_most: int) -> Reader[int]:
    """Make a reader of whole numbers in a range."""

    def read(node: Node) -> int:
        if not (isinstance(node, Scalar) and re.fullmatch(r"[+-]?\d{1,18}", node.text)):
            raise wrong(node, "a whole number")
        return int(_in_range(node, int(node.text), at_least, at_most))

    return read


def _in_range(node: Node, value: float, at_least: float, at_most: float) -> float:
    if at_least <= value <= at_most:
        return value
    span = f"at least {at_least:g}" if at_most == float("inf") else f"between {at_least:g} and {at_most:g}"
    raise node.error(f"{value:g} is out of range", f"it must be {span}")


def duration(at_least_s: float) -> Reader[float]:
    """Make a reader of durations: `10m`, `1h30m`, `365d`, or plain seconds."""

    def read(node: Node) -> float:
        seconds = duration_s(node.text) if isinstance(node, Scalar) else None
        if seconds is None:
            raise wrong(node, "a duration", "for example 30s, 10m, 1h30m, 14d or 2w")
        if seconds < at_least_s:
            raise node.error(f"{shown(node)} is {seconds:g} s, too short", f"it must be at least {at_least_s:g} s")
        return seconds

    return read


def duration_s(text: str) -> float | None:
    """Return the seconds of a duration as typed, or None if it is none."""
    text = text.strip().replace(" ", "")
    if re.fullmatch(r"\d{1,12}(?:\.\d+)?", text):
        return float(text)
    if len(text) > 40 or not _DURATION.fullmatch(text):
        return None
    return sum(float(count) * _UNITS[unit] for count, unit in _PART.findall(text))


def day(node: Node) -> date:
    """Read a day, as in 2025-11-01."""
    value = text(node)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise wrong(node, "a day of the calendar", "write year-month-day: 2025-11-01")


def choice(kind: type[E]) -> Reader[E]:
    """Make a reader of one of an enumeration's words."""

    def read(node: Node) -> E:
        try:
            return kind(text(node).casefold())
        except ValueError:
            raise wrong(node, f"one of {', '.join(kind)}", near(text(node), kind)) from None

    return read


def listed(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """Make a reader of lists; a single value is a list of one."""

    def read_all(node: Node) -> tuple[T, ...]:
        if isinstance(node, Scalar) and not node.text and not node.style:
            raise wrong(node, "a list", "write [] if it is meant to be empty")
        errors = Errors()
        nodes = node.nodes if isinstance(node, Items) else (node,)
        values = [errors.run(read, each) for each in nodes]
        errors.end()
        return tuple(value for value in values if value is not None)

    return read_all


def paired(read: Callable[[Scalar, Node], T]) -> Reader[tuple[T, ...]]:
    """Make a reader of mappings whose keys are the user's own names; `read` gets key and value."""

    def read_all(node: Node) -> tuple[T, ...]:
        if not isinstance(node, Pairs):
            raise wrong(node, "a mapping of names to values")
        errors = Errors()
        values = [errors.run(read, key, value) for key, value in node.pairs]
        errors.end()
        return tuple(value for value in values if value is not None)

    return read_all
