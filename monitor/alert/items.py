"""Makes what an outbox row says safe to store and to show, whoever wrote the words."""

from __future__ import annotations

from dataclasses import replace

from monitor.alert.evidence import safe_sentence
from monitor.alert.plain import one_line, several_lines, web_link
from monitor.model import AlertItem

_NAME = 100
_TITLE = 300
_CLAUSE = 200
_REASON = 300
_MAX_CLAUSES = 20
_MAX_REASONS = 6
_MAX_FACTS = 150
_VOCABULARY = 6_000


def safe_item(item: AlertItem) -> AlertItem:
    """Return the item with every text cleaned and cut, and its link only if it is a web address. Idempotent."""
    return replace(
        item,
        topic=one_line(item.topic, _NAME),
        topic_name=one_line(item.topic_name, _NAME) or one_line(item.topic, _NAME),
        note=one_line(item.note),
        owner=one_line(item.owner, _NAME),
        title=one_line(item.title, _TITLE),
        about=one_line(item.about, _TITLE),
        url=web_link(item.url),
        source=one_line(item.source, _NAME),
        published=one_line(item.published, 40),
        first_seen=one_line(item.first_seen, 40),
        sentences=tuple(map(safe_sentence, item.sentences)),
        clauses=tuple(dict.fromkeys(filter(None, (one_line(clause, _CLAUSE) for clause in item.clauses))))[
            :_MAX_CLAUSES
        ],
        problem=one_line(item.problem, _CLAUSE),
        watchlist_version=one_line(item.watchlist_version, _NAME),
        deadline=one_line(item.deadline, 60),
        instead_of=one_line(item.instead_of, _CLAUSE),
        body=several_lines(item.body),
        reasons=tuple(one_line(reason, _REASON) for reason in item.reasons[:_MAX_REASONS]),
        facts=tuple(one_line(fact, _NAME) for fact in item.facts[:_MAX_FACTS]),
        vocabulary=one_line(item.vocabulary, _VOCABULARY),
    )
