"""Reads `watchlist.yaml` and `watchlist.d/*.yaml`: the topics as written. What a query means is not decided here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitor.errors import ConfigError
from monitor.model import (
    AlertGroup,
    AlertRule,
    Example,
    QueryText,
    ScoreSpec,
    TopicMode,
    TopicSpec,
    WatchlistSpec,
    Where,
)
from monitor.settings.channels import channel_names
from monitor.settings.schema import Errors, Keys, choice, day, duration, listed, number, paired, text, whole, wrong
from monitor.settings.tree import Items, Node, Pairs, Scalar

_ID = re.compile(r"\w[\w.-]*")
_DEFINE = re.compile(r"\w+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
# In double quotes these mean that the quotes are YAML's, not a phrase's.
_OPERATOR = re.compile(
    r'\b(?:AND|OR|NOT|SENT|PARA)\b|\b(?:NEAR|PRE|EXCEPT)/\d|\b(?:title|lead|body):|\b(?:date|pct|amount)\(|"|\$[A-Za-z_]'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What topics may name and fall back on: the channels (None: they cannot be read) and who is told by default."""

    channels: frozenset[str] | None
    fallback: tuple[str, ...]


def read_watchlist(files: Mapping[str, Node], around: Surroundings, version: str) -> WatchlistSpec:
    """Read the topics and definitions of all files, by name.

    The defaults of `watchlist.yaml` hold for all, those of a file in `watchlist.d` for its own topics.

    Raises:
        ConfigErrors: all that is wrong; ids and names given twice are named with both places.
    """
    errors = Errors()
    watchlist = _Watchlist(errors, AlertRule(to=around.fallback), around.channels)
    for name, node in files.items():
        errors.run(watchlist.add, node, is_main=name == "watchlist.yaml")
    if not watchlist.topics and not errors.found:
        first = next(iter(files.values()))
        errors.add(first.error("there is no topic", "add a line under topics: - the November 1 tariff"))
    watchlist.check_renames()
    errors.end()
    return WatchlistSpec(
        topics=tuple(watchlist.topics.values()),
        defines=tuple(watchlist.defines.items()),
        version=version,
        rematch_s=watchlist.rematch_s,
    )


class _Watchlist:
    """The watchlist so far."""

    def __init__(self, errors: Errors, rule: AlertRule, channels: frozenset[str] | None) -> None:
        self.topics: dict[str, TopicSpec] = {}
        self.defines: dict[str, tuple[QueryText, ...]] = {}
        self.rematch_s = WatchlistSpec().rematch_s
        self._errors, self._rule, self._channels = errors, rule, channels

    def add(self, node: Node, *, is_main: bool) -> None:
        """Add one file."""
        if isinstance(node, Items):
            raise node.error("the list of topics stands alone", "start the file with `topics:`")
        keys = Keys(node, "watchlist")
        keys.take("version", _version, 1)
        rule = keys.take("defaults", lambda node: self._defaults(node, is_main=is_main), self._rule)
        if is_main:
            self._rule = rule
        keys.take("define", paired(self._define), ())
        topics = keys.take("topics", listed(lambda topic: topic), ())
        for topic in topics:
            if spec := self._errors.run(_read_topic, topic, rule, self._channels):
                self._place(spec, topic)
        keys.end()

    def _defaults(self, node: Node, *, is_main: bool) -> AlertRule:
        keys = Keys(node, "defaults")
        if is_main:
            self.rematch_s = keys.take("rematch", duration(0), self.rematch_s)
        rule = keys.take("alert", lambda value: _alert(value, self._rule, self._channels), self._rule)
        keys.end()
        return rule

    def _define(self, name: Scalar, node: Node) -> str:
        if not _DEFINE.fullmatch(name.text):
            raise wrong(name, "a name that $ can stand before", "letters, digits and _ only")
        if earlier := self.defines.get(name.text):
            raise name.error(f"${name.text} is already defined in {_line(earlier[0])}", "rename one of the two")
        terms = listed(_term)(node)
        if not terms:
            raise node.error(f"${name.text} has no terms", "add one, or delete it")
        self.defines[name.text] = terms
        return name.text

    def _place(self, topic: TopicSpec, node: Node) -> None:
        if earlier := self.topics.get(topic.id):
            what = f"the topic {topic.id!r} is already in {earlier.where_written}"
            self._errors.add(node.error(what, "give one of the two another id"))
            return
        self.topics[topic.id] = topic

    def check_renames(self) -> None:
        """Refuse a `was` that names a topic which is still there, or that two topics claim."""
        claimed: dict[str, TopicSpec] = {}
        for topic in self.topics.values():
            rival = self.topics.get(topic.was) or claimed.get(topic.was)
            if topic.was and rival:
                what = f"was: {topic.was} is also a name of the topic in {rival.where_written}"
                self._errors.add(ConfigError(what, where=topic.where_written, hint="delete this `was`"))
            claimed.setdefault(topic.was, topic)


def _version(node: Node) -> int:
    if text(node) != "1":
        raise wrong(node, "a version this program reads", "version: 1")
    return 1


def _read_topic(node: Node, rule: AlertRule, channels: frozenset[str] | None) -> TopicSpec:
    where = f"{node.file}:{node.line}"
    if isinstance(node, Scalar):
        query = _query(node)
        return TopicSpec(id=_slug(node), name=query.text, match=query, alert=rule, where_written=where)
    keys = Keys(node, "topic")
    written = keys.take("id", _topic_id, "")
    name = keys.take("name", text, "")
    topic = TopicSpec(
        id=written,
        name=name or written,
        vetoes=keys.take("not", listed(_term), ()),
        not_anywhere=keys.take("not_anywhere", listed(_term), ()),
        where=keys.take("where", _where, Where()),
        alert=keys.take("alert", lambda value: _alert(value, rule, channels), rule),
        owner=keys.take("owner", text, ""),
        note=keys.take("note", text, ""),
        was=keys.take("was", _topic_id, ""),
        mode=keys.take("mode", choice(TopicMode), TopicMode.LIVE),
        expires=keys.take("expires", day, None),
        deadline=keys.take("deadline", day, None),
        examples=keys.take("examples", _examples, ()),
        where_written=where,
    )
    match = keys.need("match", _match)
    keys.end()
    if isinstance(match, ScoreSpec):
        topic = replace(topic, score=match)
    else:
        topic = replace(topic, match=match, name=topic.name or match.text)
    if not written:
        topic = replace(topic, id=_slug(keys.node("name") or keys.node("match") or node))
    return topic


def _topic_id(node: Node) -> str:
    value = text(node)
    if not _ID.fullmatch(value):
        raise wrong(node, "a topic's id", f"letters, digits, - _ and . only: {slug(value) or 'my-topic'}")
    return value


def _slug(node: Node) -> str:
    found = slug(node.text) if isinstance(node, Scalar) else ""
    if not found:
        raise node.error("this topic needs an id", "write {id: my-topic, match: '…'}")
    return found


def slug(value: str) -> str:
    """Return a text as an id: its words in lower case, joined by hyphens."""
    return "-".join(re.findall(r"\w+", value.casefold().replace("'", "").replace("’", "")))


def _match(node: Node) -> QueryText | ScoreSpec:
    if isinstance(node, Scalar):
        return _query(node)
    if not isinstance(node, Pairs):
        raise wrong(node, "a query", "join the parts by OR or AND in one text")
    keys = Keys(node, "match")
    score = keys.need("score", _score)
    keys.end()
    return score


def _score(node: Node) -> ScoreSpec:
    keys = Keys(node, "score")
    cap = keys.take("cap", whole(1, 1000), 1)
    threshold = keys.need("threshold", number(0.000_001))
    weight = number(float("-inf"))
    terms = keys.need("terms", paired(lambda key, value: (_term(key), weight(value))))
    keys.end()
    if not any(value > 0 for _, value in terms):
        raise node.error("no term of this score adds to it", "give at least one a weight above 0")
    return ScoreSpec(threshold=threshold, terms=terms, cap=cap)


def _query(node: Node) -> QueryText:
    """Read a query: in double quotes as a whole it is a phrase, unless an operator in it says that they are YAML's."""
    value = _positioned(node)
    is_phrase = isinstance(node, Scalar) and node.style == '"' and not _OPERATOR.search(value.text)
    return replace(value, is_phrase=is_phrase)


def _term(node: Node) -> QueryText:
    return replace(_positioned(node), is_phrase=True)


def _positioned(node: Node) -> QueryText:
    return QueryText(text=text(node), file=node.file, line=node.line, column=node.column)


def _where(node: Node) -> Where:
    keys = Keys(node, "where")
    where = Where(languages=keys.take("lang", listed(_language), ()), sources=keys.take("source", listed(text), ()))
    keys.end()
    return where


def _language(node: Node) -> str:
    value = text(node).lower()
    if not _LANGUAGE.fullmatch(value):
        raise wrong(node, "the code of a language", "two letters, such as en, de or zh")
    return value


def _alert(node: Node, rule: AlertRule, channels: frozenset[str] | None) -> AlertRule:
    keys = Keys(node, "alert")
    alert = AlertRule(
        to=keys.take("to", channel_names(channels), rule.to), group=keys.take("group", choice(AlertGroup), rule.group)
    )
    keys.end()
    return alert


def _examples(node: Node) -> tuple[Example, ...]:
    keys = Keys(node, "examples")
    good = keys.take("match", listed(_positioned), ())
    bad = keys.take("reject", listed(_positioned), ())
    keys.end()
    return (
        *(Example(text=value, must_match=True) for value in good),
        *(Example(text=value, must_match=False) for value in bad),
    )


def _line(query: QueryText) -> str:
    return f"{query.file}:{query.line}"
