"""What to warn of in topics that are allowed: probably not meant, or dear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.errors import QueryError
from monitor.match.compile import Topic, place_of
from monitor.match.lexer import has_syntax, scan
from monitor.match.nodes import Costs
from monitor.match.refusals import ENDS
from monitor.model import QueryText

_LOWER_OPERATOR = re.compile(r"(?<!\S)(?:and|or|not|without)(?!\S)", re.IGNORECASE)


def cautions(topic: Topic, costs: Costs) -> Iterator[QueryError]:
    """Yield what to warn of in a topic, each with its place."""
    texts = [
        text for text in (topic.spec.match, *topic.spec.vetoes, *topic.spec.not_anywhere, *topic.spec.material) if text
    ]
    if topic.spec.score:
        texts += [text for text, _ in topic.spec.score.terms]
    for text in texts:
        yield from _of_text(topic.id, text)
    if topic.query.cover(costs) is None:
        yield QueryError(
            f"topic {topic.id}: it has no anchor, a word that must be there: it runs on every article",
            where=_where(topic),
            hint="join a word or phrase to it by AND",
        )


def _where(topic: Topic) -> str:
    if topic.spec.match:
        return topic.spec.match.where
    return topic.spec.score.terms[0][0].where if topic.spec.score else topic.spec.where_written


def _of_text(topic_id: str, text: QueryText) -> Iterator[QueryError]:
    if text.is_phrase and not has_syntax(text.text):
        return
    if not has_syntax(text.text):
        for found in _LOWER_OPERATOR.finditer(text.text):
            operator = "AND NOT" if found[0].casefold() in {"not", "without"} else found[0].upper()
            yield QueryError(
                f"topic {topic_id}: in plain words {found[0]!r} is left out, and all the others are searched for",
                where=place_of(text, found.start()),
                hint=f"write a query: first {operator} second; or take the word away",
            )
        return
    for offset in _mixed(text.text):
        yield QueryError(
            f"topic {topic_id}: AND and OR are mixed without parentheses; AND binds first",
            where=place_of(text, offset),
            hint="set what belongs together in parentheses: (a AND b) OR c, or a AND (b OR c)",
        )


def _mixed(text: str) -> Iterator[int]:
    """Yield the offset of each operator that is the first to differ from the others in its parentheses."""
    operators: list[set[str]] = [set()]
    before = ""
    for lexeme in scan(text):
        # `a NOT b` is `a AND NOT b`.
        kind = "_AND" if lexeme.type == "_NOT" and before in ENDS else lexeme.type
        before = lexeme.type
        match kind:
            case "_OPEN":
                operators.append(set())
            case "_CLOSE":
                operators.pop()
            case "_COMMA":
                operators[-1].clear()
            case "_AND" | "_OR":
                if operators[-1] and kind not in operators[-1]:
                    yield lexeme.offset
                operators[-1].add(kind)
