"""Engines that tell which stored queries a text matches, one shape for all."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from monitor.match import Frequencies, Watchlist, compile_watchlist
from monitor.model import Document, QueryText, TopicSpec, WatchlistSpec
from tests.bench.topics import Query, for_fts5, for_monitor, for_postgres, for_regexes

Hits = frozenset[int]


class Engine(Protocol):
    """Topics, ready to be matched."""

    def match(self, texts: Sequence[Document]) -> list[Hits]:
        """Return the numbers of the topics that each text matches."""

    def cpu_s(self) -> float:
        """Return the CPU seconds used so far by all processes of the engine."""


class _InProcess:
    def cpu_s(self) -> float:
        return time.process_time()


def compiled(topics: Sequence[Query], *, is_exact: bool = False, costs: Frequencies | None = None) -> Watchlist:
    """Return Monitor's watchlist of topics, filed by frequencies if they are known."""
    specs = tuple(
        TopicSpec(id=str(number), name="", match=QueryText(text=for_monitor(topic, is_exact=is_exact)))
        for number, topic in enumerate(topics)
    )
    watchlist, errors = compile_watchlist(WatchlistSpec(topics=specs), costs=costs)
    assert not errors, errors
    return watchlist


@contextmanager
def monitor(topics: Sequence[Query], *, is_exact: bool = False, costs: Frequencies | None = None) -> Iterator[Engine]:
    """Make this program's own engine."""
    yield _Monitor(compiled(topics, is_exact=is_exact, costs=costs))


class _Monitor(_InProcess):
    def __init__(self, watchlist: Watchlist) -> None:
        self._watchlist = watchlist

    def match(self, texts: Sequence[Document]) -> list[Hits]:
        return [frozenset(int(match.topic) for match in self._watchlist.match(text)) for text in texts]


@contextmanager
def fts5(topics: Sequence[Query], *, tokenize: str = "unicode61") -> Iterator[Engine]:
    """Make an index in memory that holds a batch of texts, asked for all topics in one statement."""
    yield _Fts5(topics, tokenize)


class _Fts5(_InProcess):
    # Of four ways that were tried the fastest, by 15 times: no content, all in one transaction.
    def __init__(self, topics: Sequence[Query], tokenize: str) -> None:
        self._database = sqlite3.connect(":memory:", isolation_level=None)
        self._database.execute("CREATE TABLE topic (id INTEGER PRIMARY KEY, query TEXT)")
        self._database.executemany("INSERT INTO topic VALUES (?, ?)", enumerate(map(for_fts5, topics)))
        self._database.execute(
            f"CREATE VIRTUAL TABLE article USING fts5(title, text, content='', tokenize='{tokenize}')"
        )

    def match(self, texts: Sequence[Document]) -> list[Hits]:
        found: list[set[int]] = [set() for _ in texts]
        rows = [(number, text.title, text.text) for number, text in enumerate(texts, 1)]
        self._database.execute("BEGIN")
        self._database.executemany("INSERT INTO article (rowid, title, text) VALUES (?, ?, ?)", rows)
        for number, topic in self._database.execute(
            "SELECT article.rowid, topic.id FROM topic CROSS JOIN article WHERE article MATCH topic.query"
        ):
            found[number - 1].add(topic)
        self._database.execute("INSERT INTO article (article) VALUES ('delete-all')")
        self._database.execute("COMMIT")
        return list(map(frozenset, found))


@contextmanager
def regexes(topics: Sequence[Query]) -> Iterator[Engine]:
    """Make a loop over compiled regular expressions."""
    yield _Regexes(topics)


class _Regexes(_InProcess):
    def __init__(self, topics: Sequence[Query]) -> None:
        self._tests = list(map(for_regexes, topics))

    def match(self, texts: Sequence[Document]) -> list[Hits]:
        return [self._match((text.title.lower(), text.text.lower())) for text in texts]

    def _match(self, zones: tuple[str, str]) -> Hits:
        return frozenset(number for number, test in enumerate(self._tests) if test(zones))


@contextmanager
def postgres(topics: Sequence[Query]) -> Iterator[Engine | None]:
    """Make a table of `tsquery` in a PostgreSQL server; None where there is no server."""
    import psycopg
    from sqlalchemy import make_url

    from tests.postgres import server

    with server() as running:
        if running is None:
            yield None
            return
        url = make_url(running.create()).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            yield _Postgres(connection, topics)
        running.drop(url)


class _Postgres:
    def __init__(self, connection: Any, topics: Sequence[Query]) -> None:
        import psutil

        self._connection = connection
        self._server = psutil.Process(connection.info.backend_pid)
        connection.execute("CREATE TABLE topic (id integer, query tsquery)")
        with connection.cursor().copy("COPY topic FROM STDIN") as copy:
            for number, topic in enumerate(topics):
                copy.write_row((number, for_postgres(topic)))
        connection.execute("ANALYZE topic")

    def match(self, texts: Sequence[Document]) -> list[Hits]:
        return [self._match(f"{text.title}\n{text.text}") for text in texts]

    def _match(self, text: str) -> Hits:
        rows = self._connection.execute(
            "SELECT id FROM topic, to_tsvector('simple', %s) AS words WHERE words @@ query", (text,)
        )
        return frozenset(row[0] for row in rows)

    def cpu_s(self) -> float:
        times = self._server.cpu_times()
        return float(time.process_time() + times.user + times.system)
