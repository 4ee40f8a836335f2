"""Watchlists and documents for the tests of matching, in one line each."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.errors import QueryError
from monitor.match import Watchlist, compile_watchlist
from monitor.model import Document, QueryText, TopicSpec, WatchlistSpec

FILE = "watchlist.yaml"


def query(text: str, *, line: int = 1, column: int = 1, is_phrase: bool = False) -> QueryText:
    return QueryText(text=text, file=FILE, line=line, column=column, is_phrase=is_phrase)


def topic(text: str, topic_id: str = "topic", **fields) -> TopicSpec:
    return TopicSpec(id=topic_id, name=topic_id, match=query(text), **fields)


def watchlist(*topics: TopicSpec | str, **defines: list[str]) -> Watchlist:
    found, errors = compile_with_errors(*topics, **defines)
    assert not errors, [error.message for error in errors]
    return found


def compile_with_errors(*topics: TopicSpec | str, **defines: list[str]) -> tuple[Watchlist, tuple[QueryError, ...]]:
    specs = tuple(
        topic(item, f"topic-{number}") if isinstance(item, str) else item for number, item in enumerate(topics)
    )
    lists = tuple(
        (name, tuple(query(item, line=50, is_phrase=True) for item in items)) for name, items in defines.items()
    )
    return compile_watchlist(WatchlistSpec(topics=specs, defines=lists, version="v1"))


def article(text: str = "", *, title: str = "", language: str = "en", **fields) -> Document:
    return Document(title=title, text=text, language=language, **fields)


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def is_match(text: str, document: Document, **defines: list[str]) -> bool:
    return bool(watchlist(text, **defines).match(document))


def found(text: str, document: Document, **defines: list[str]) -> list[str]:
    matches = watchlist(text, **defines).match(document)
    return [span.text for span in matches[0].spans] if matches else []
