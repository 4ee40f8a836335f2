"""What matching costs: articles per CPU second at 10 and 1,000 topics, beside SQLite FTS5 and a loop of regexes.

Half of the texts warm every engine up, the other half is measured: a daemon has met most words, and never the article.
All engines must find the same on topics in exact forms, else the bench fails.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence

from monitor.match import compile_watchlist
from monitor.model import Document, QueryText, TopicSpec, WatchlistSpec
from tests.bench.prose import Prose
from tests.bench.report import print_table, progress
from tests.bench.topics import Query, TopicMaker, for_fts5, for_monitor, for_regexes

TEXTS = 500
WORDS = 450
TOPICS = (10, 1_000)
_REGEX_SEARCHES = 60_000  # more would take minutes
_MATCHING = "SELECT topic.id FROM topic CROSS JOIN article WHERE article MATCH topic.query"

Hits = frozenset[int]
Engine = Callable[[Document], Hits]


def run() -> None:
    """Run the bench and print its table."""
    prose = Prose(2)
    texts = [Document(title=prose.title(), text=prose.text(WORDS), language="en") for _ in range(2 * TEXTS)]
    maker = TopicMaker(texts, seed=3)
    rows = [_row(count, maker.topics(count), texts) for count in TOPICS]
    words = sum(len(text.text.split()) for text in texts) / len(texts)
    print_table(
        f"Matching articles of {words:.0f} words on average, articles per CPU second",
        ["topics", "Monitor", "Monitor, exact forms", "FTS5", "regexes", "hits an article"],
        rows,
        f"{TEXTS} articles after {TEXTS} others to warm up, one by one, in one process. Monitor finds where the\n"
        "words stand; FTS5 (in memory, all topics in one statement) and the regexes tell only whether there is one.\n"
        "All found the same in exact forms; without them, Monitor also finds inflections.",
    )


def _row(count: int, topics: Sequence[Query], texts: Sequence[Document]) -> list[str]:
    warm, measured = texts[:TEXTS], texts[TEXTS:]
    rates, found = [], {}
    for name, make in _ENGINES.items():
        progress(f"match: {name}, {count} topics")
        engine = make(topics)
        some = max(20, _REGEX_SEARCHES // count) if name == "regexes" else TEXTS
        for text in warm[:some]:
            engine(text)
        started = time.process_time()
        found[name] = [engine(text) for text in measured[:some]]
        rates.append(len(found[name]) / (time.process_time() - started))
    _compare(topics, found)
    hits = sum(map(len, found["Monitor, exact forms"])) / TEXTS
    return [f"{count:,}", *(f"{rate:,.0f}" for rate in rates), f"{hits:.1f}"]


def _compare(topics: Sequence[Query], found: dict[str, list[Hits]]) -> None:
    for name in ("FTS5", "regexes"):
        for place, (own, other) in enumerate(zip(found["Monitor, exact forms"], found[name], strict=False)):
            queries = [for_monitor(topics[number], is_exact=True) for number in own ^ other]
            assert own == other, f"{name} and Monitor do not agree on text {place}: {queries}"


def _monitor(topics: Sequence[Query], *, is_exact: bool) -> Engine:
    specs = (
        TopicSpec(id=str(number), name=str(number), match=QueryText(text=for_monitor(topic, is_exact=is_exact)))
        for number, topic in enumerate(topics)
    )
    watchlist, errors = compile_watchlist(WatchlistSpec(topics=tuple(specs)))
    assert not errors, errors
    return lambda text: frozenset(int(match.topic) for match in watchlist.match(text))


def _inflected(topics: Sequence[Query]) -> Engine:
    return _monitor(topics, is_exact=False)


def _exact(topics: Sequence[Query]) -> Engine:
    return _monitor(topics, is_exact=True)


def _fts5(topics: Sequence[Query]) -> Engine:
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute("CREATE TABLE topic (id INTEGER PRIMARY KEY, query TEXT)")
    database.executemany("INSERT INTO topic VALUES (?, ?)", enumerate(map(for_fts5, topics)))
    database.execute("CREATE VIRTUAL TABLE article USING fts5(title, text, content='')")

    def match(text: Document) -> Hits:
        # Of four ways that were tried the fastest, by 15 times: no content, all in one transaction.
        database.execute("BEGIN")
        database.execute("INSERT INTO article (title, text) VALUES (?, ?)", (text.title, text.text))
        rows = database.execute(
            "SELECT topic.id FROM topic CROSS JOIN article WHERE article MATCH topic.query"
        ).fetchall()
        database.execute("INSERT INTO article (article) VALUES ('delete-all')")
        database.execute("COMMIT")
        return frozenset(row[0] for row in rows)

    return match


def _regexes(topics: Sequence[Query]) -> Engine:
    tests = list(map(for_regexes, topics))

    def match(text: Document) -> Hits:
        zones = (text.title.lower(), text.text.lower())
        return frozenset(number for number, test in enumerate(tests) if test(zones))

    return match


_ENGINES: dict[str, Callable[[Sequence[Query]], Engine]] = {
    "Monitor": _inflected,
    "Monitor, exact forms": _exact,
    "FTS5": _fts5,
    "regexes": _regexes,
}
