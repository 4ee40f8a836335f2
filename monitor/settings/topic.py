"""Reads one topic as written; what a query means is not decided here."""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.model import (
    AlertRule,
    Example,
    QueryText,
    ScoreSpec,
    TopicMode,
    TopicSpec,
    Where,
)
from monitor.settings.routing import read_alert
from monitor.settings.schema import Errors, Keys, choice, day, listed, number, paired, text, whole, wrong
from monitor.settings.tree import Node, Pairs, Scalar

_ID = re.compile(r"\w[\w.-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
# In double quotes these mean that the quotes are YAML's, not a phrase's.
_OPERATOR = re.compile(
    r'\b(?:AND|OR|NOT|SENT|PARA)\b|\b(?:NEAR|PRE|EXCEPT)/\d|\b(?:title|lead|body):|\b(?:date|pct|amount)\(|"|\$[A-Za-z_]'
)


def read_topic(node: Node, rule: AlertRule, channels: frozenset[str] | None, errors: Errors) -> TopicSpec:
    """Return a topic as far as it can be read; what is wrong with it goes to `errors`."""
    where = f"{node.file}:{node.line}"
    if isinstance(node, Scalar):
        query, name = errors.run(_query, node), errors.run(_slug, node)
        return TopicSpec(id=name or "", name=query.text if query else "", match=query, alert=rule, where_written=where)
    keys = errors.run(Keys, node, "topic")
    if keys is None:
        return TopicSpec(id="", name="", where_written=where)
    written = keys.take("id", _topic_id, "")
    name = keys.take("name", text, "")
    topic = TopicSpec(
        id=written,
        name=name or written,
        vetoes=keys.take("not", listed(term), ()),
        not_anywhere=keys.take("not_anywhere", listed(term), ()),
        material=keys.take("material", listed(term), ()),
        where=keys.take("where", _where, Where()),
        alert=keys.take("alert", lambda value: read_alert(value, rule, channels), rule),
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
    errors.run(keys.end)
    if isinstance(match, ScoreSpec):
        topic = replace(topic, score=match)
    elif match is not None:
        topic = replace(topic, match=match, name=topic.name or match.text)
    if keys.node("id") is None:
        found = (Errors() if errors.found else errors).run(_slug, keys.node("name") or keys.node("match") or node)
        topic = replace(topic, id=found or "")
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
    terms = keys.need("terms", paired(lambda key, value: (term(key), weight(value))))
    keys.end()
    if not any(value > 0 for _, value in terms):
        raise node.error("no term of this score adds to it", "give at least one a weight above 0")
    most = cap * sum(max(value, 0) for _, value in terms)
    if threshold > most and (written := keys.node("threshold")):
        what = f"the threshold is {threshold:g}, and the weights sum up to {most:g}"
        raise written.error(what, "lower the threshold, raise weights, or count a term more than once: cap: 3")
    return ScoreSpec(threshold=threshold, terms=terms, cap=cap)


def _query(node: Node) -> QueryText:
    """Read a query: in double quotes as a whole it is a phrase, unless an operator in it says that they are YAML's."""
    value = _positioned(node)
    is_phrase = isinstance(node, Scalar) and node.style == '"' and not _OPERATOR.search(value.text)
    return replace(value, is_phrase=is_phrase)


def term(node: Node) -> QueryText:
    """Read an item of a list of terms: several words are a phrase."""
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


def _examples(node: Node) -> tuple[Example, ...]:
    keys = Keys(node, "examples")
    good = keys.take("match", listed(_positioned), ())
    bad = keys.take("reject", listed(_positioned), ())
    keys.end()
    return (
        *(Example(text=value, must_match=True) for value in good),
        *(Example(text=value, must_match=False) for value in bad),
    )
