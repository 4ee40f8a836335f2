"""Reads `watchlist.yaml` and `watchlist.d/*.yaml`: the topics as written. What a query means is not decided here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from monitor.errors import ConfigError, ConfigErrors
from monitor.model import AlertRule, QueryText, RefusedDefine, RefusedTopic, TopicSpec, WatchlistSpec
from monitor.settings.routing import read_alert
from monitor.settings.schema import Errors, Keys, duration, listed, paired, text, wrong
from monitor.settings.topic import read_topic, term
from monitor.settings.tree import Items, Node, Pairs, Scalar, repeated_keys

_DEFINE = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What topics may name and fall back on: the channels (None: they cannot be read) and who is told by default."""

    channels: frozenset[str] | None
    fallback: tuple[str, ...]


def read_watchlist(files: Mapping[str, Node], around: Surroundings, version: str) -> WatchlistSpec:
    """Read the topics and definitions of all files, by name; a topic that is wrong is refused, and stops no other.

    The defaults of `watchlist.yaml` hold for all, those of a file in `watchlist.d` for its own topics.

    Raises:
        ConfigErrors: all that is wrong, if it is more than topics and definitions.
    """
    spec, errors = read_leniently(files, around, version)
    if errors:
        raise ConfigErrors((*errors, *spec.errors))
    return spec


def read_leniently(
    files: Mapping[str, Node], around: Surroundings, version: str
) -> tuple[WatchlistSpec, tuple[ConfigError, ...]]:
    """Return what can be read of all files, and what is wrong with the files; see `read_watchlist`."""
    errors = Errors()
    watchlist = _Watchlist(errors, AlertRule(to=around.fallback), around.channels)
    for name, node in files.items():
        errors.run(watchlist.add, node, is_main=name == "watchlist.yaml")
    if files and not watchlist.lines and not errors.found:
        first = next(iter(files.values()))
        errors.add(first.error("there is no topic", "add a line under topics: - the November 1 tariff"))
    watchlist.check_renames()
    return watchlist.spec(version), tuple(errors.found)


class _Watchlist:
    """The watchlist so far. `lines` says where each id is written, those of refused topics too."""

    def __init__(self, errors: Errors, rule: AlertRule, channels: frozenset[str] | None) -> None:
        self.topics: dict[str, TopicSpec] = {}
        self.lines: dict[str, str] = {}
        self._refused: list[RefusedTopic] = []
        self._renames: dict[str, str] = {}
        self._defines: dict[str, tuple[QueryText, ...]] = {}
        self._wrong_defines: dict[str, Errors] = {}
        self._rematch_s = WatchlistSpec().rematch_s
        self._errors, self._rule, self._channels = errors, rule, channels

    def spec(self, version: str) -> WatchlistSpec:
        """Return it as read."""
        return WatchlistSpec(
            topics=tuple(self.topics.values()),
            defines=tuple((name, terms) for name, terms in self._defines.items() if name not in self._wrong_defines),
            version=version,
            rematch_s=self._rematch_s,
            refused=tuple(self._refused),
            refused_defines=tuple(
                RefusedDefine(name=name, errors=tuple(errors.found)) for name, errors in self._wrong_defines.items()
            ),
        )

    def add(self, node: Node, *, is_main: bool) -> None:
        """Add one file."""
        if isinstance(node, Items):
            raise node.error("the list of topics stands alone", "start the file with `topics:`")
        keys = Keys(node, "watchlist")
        for error in _repeated(node):
            self._errors.add(error)
        keys.take("version", _version, 1)
        rule = keys.take("defaults", lambda node: self._defaults(node, is_main=is_main), self._rule)
        if is_main:
            self._rule = rule
        keys.take("define", paired(self._define), ())
        for topic in keys.take("topics", listed(lambda topic: topic), ()):
            self._add_topic(topic, rule)
        keys.end()

    def _add_topic(self, node: Node, rule: AlertRule) -> None:
        errors = Errors()
        topic = read_topic(node, rule, self._channels, errors)
        for error in repeated_keys(node):
            errors.add(error)
        if topic.id in self.lines:
            what = f"the topic {topic.id!r} is already in {self.lines[topic.id]}"
            errors.add(node.error(what, "give one of the two another id"))
        self.lines.setdefault(topic.id or topic.where_written, topic.where_written)
        if errors.found:
            self._refused.append(RefusedTopic(draft=topic, errors=tuple(errors.found)))
        else:
            self.topics[topic.id] = topic
            pairs = node.pairs if isinstance(node, Pairs) else ()
            self._renames[topic.id] = next((value.where for key, value in pairs if key.text == "was"), "")

    def _defaults(self, node: Node, *, is_main: bool) -> AlertRule:
        keys = Keys(node, "defaults")
        if is_main:
            self._rematch_s = keys.take("rematch", duration(0), self._rematch_s)
        rule = keys.take("alert", lambda value: read_alert(value, self._rule, self._channels), self._rule)
        keys.end()
        return rule

    def _define(self, name: Scalar, node: Node) -> str:
        errors = Errors()
        if not _DEFINE.fullmatch(name.text):
            errors.add(wrong(name, "a name that $ can stand before", "letters, digits and _ only"))
        if earlier := self._defines.get(name.text):
            what = f"${name.text} is already defined in {earlier[0].file}:{earlier[0].line}"
            errors.add(name.error(what, "rename one of the two"))
        terms = errors.run(listed(term), node)
        if terms == ():
            errors.add(node.error(f"${name.text} has no terms", "add one, or delete it"))
        if terms:
            self._defines.setdefault(name.text, terms)
        for error in errors.found:
            self._wrong_defines.setdefault(name.text, Errors()).add(error)
        return name.text

    def check_renames(self) -> None:
        """Refuse a topic whose `was` names one that is still there, or that another claims."""
        claimed: dict[str, str] = {}
        for topic in list(self.topics.values()):
            rival = (self.lines.get(topic.was) or claimed.get(topic.was)) if topic.was else None
            if rival:
                what = f"was: {topic.was} is also a name of the topic in {rival}"
                error = ConfigError(what, where=self._renames[topic.id], hint="delete this `was`")
                self._refused.append(RefusedTopic(draft=replace(topic, was=""), errors=(error,)))
                del self.topics[topic.id]
            else:
                claimed[topic.was] = topic.where_written


def _repeated(node: Node) -> Iterator[ConfigError]:
    """Yield an error for each key of a file that is written twice outside of its topics; these have their own."""
    if isinstance(node, Pairs):
        yield from node.repeated
        for key, value in node.pairs:
            if key.text != "topics":
                yield from repeated_keys(value)


def _version(node: Node) -> int:
    if text(node) != "1":
        raise wrong(node, "a version this program reads", "version: 1")
    return 1
