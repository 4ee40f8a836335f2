"""What it costs to tell copies and stories, with how much is stored: all of `study` but the fetching.

The store is filled in bulk with articles that resemble nothing; then some go the real way, one by one. Every fifth is a
copy of an earlier one, cut or extended. Beside it MinHash-LSH of datasketch, which tells copies only, in memory.
"""

from __future__ import annotations

import asyncio
import random  # noqa: TID251  # seeded: every run has the same texts
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

import storage
from monitor import dedupe
from monitor.match import compile_watchlist
from monitor.model import Article, ArticleDraft, Origin, Settings, WatchlistSpec
from monitor.pipeline import Context, Watch, study
from storage.sketches import holders_of
from tests.bench.prose import Prose
from tests.bench.report import print_table, progress
from tests.fakes import FakeClock, FakeFetcher, FakeSandbox, FakeSender

ARTICLES = 2_000
WORDS = 300
EVERY_COPY = 5
SIZES = (10_000, 100_000)
MILLION = 1_000_000
ROWS_EACH = 38
START = datetime(2025, 10, 1, tzinfo=UTC)

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "


def run(*, has_million: bool) -> None:
    """Run the bench and print its table."""
    drafts = list(_drafts())
    rows = []
    for size in (*SIZES, *([MILLION] if has_million else [])):
        progress(f"dedupe: {size:,} stored")
        rows.append(_monitor(size, drafts))
    if find_spec("datasketch"):
        rows.append(_datasketch(drafts))
    print_table(
        f"Telling copies and stories: {ARTICLES:,} articles of {WORDS} words, every fifth a copy",
        ["", "articles/s", "CPU ms an article", "look-up p50 ms", "p95 ms", "copies found"],
        rows,
        "Monitor: matched, told from copies, placed in a story, stored, one transaction each. datasketch: MinHash of\n"
        "128 values over 3 words, LSH at 0.3, in memory, nothing else stored"
        + ("." if find_spec("datasketch") else ": not measured, it is not installed."),
    )


def _drafts() -> Iterator[ArticleDraft]:
    prose, source = Prose(6), random.Random(7)
    texts: list[str] = []
    for number in range(ARTICLES):
        if number % EVERY_COPY == EVERY_COPY - 1:
            words = texts[source.randrange(len(texts))].split(" ")
            words = words[: len(words) * 2 // 3] if number % 2 else [*words, *prose.words(60)]
            said = " ".join(words)
        else:
            said = prose.text(WORDS)
            texts.append(said)
        at = START + timedelta(minutes=5 * number)
        yield ArticleDraft(
            key=f"b{number}",
            title=prose.title(),
            text=said,
            language="en",
            source=f"s{number % 50}.example",
            published=at,
        )


def _monitor(size: int, drafts: Sequence[ArticleDraft]) -> tuple[str, ...]:
    with _context() as context:
        _fill(context, size)
        context.store.add_articles(Origin.INGEST, drafts, context.clock())
        articles = context.store.claim_new_articles(context.clock(), limit=ARTICLES, lease_s=900)
        wall, cpu = time.monotonic(), time.process_time()
        asyncio.run(_one_by_one(context, articles))
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        found = sum(article.duplicate_of is not None for article in context.store.articles(origin=Origin.INGEST))
        waits = sorted(_look_up_ms(context, articles))
    return (
        f"Monitor, {size:,} stored",
        f"{ARTICLES / wall:,.0f}",
        f"{cpu * 1000 / ARTICLES:.2f}",
        f"{waits[len(waits) // 2]:.2f}",
        f"{waits[len(waits) * 95 // 100]:.2f}",
        f"{found} of {ARTICLES // EVERY_COPY}",
    )


@contextmanager
def _context() -> Iterator[Context]:
    with TemporaryDirectory() as folder:
        clock = FakeClock(START + timedelta(days=30))
        store = storage.open_store("sqlite:///monitor.db", state=Path(folder), clock=clock)
        watchlist, _ = compile_watchlist(WatchlistSpec())
        yield Context(
            store=store,
            fetcher=FakeFetcher(),
            sandbox=FakeSandbox(),
            sender=FakeSender(),
            clock=clock,
            jitter=lambda: 0.0,
            watch=Watch(settings=Settings(), watchlist=watchlist, numbers={}, rules={}),
        )
        store.close()


async def _one_by_one(context: Context, articles: Sequence[Article]) -> None:
    for article in articles:
        await study(context, [article])


def _look_up_ms(context: Context, articles: Sequence[Article]) -> Iterator[float]:
    for article in articles:
        mark = dedupe.fingerprint(url="", canonical="", title=article.title, text=article.text)
        with context.store._db.read() as conn:
            started = time.perf_counter()
            holders_of(conn, mark.sketch, but=article.id)
            yield (time.perf_counter() - started) * 1000


def _fill(context: Context, size: int) -> None:
    """Copy one studied article many times, each with hashes of its own."""
    pattern = ArticleDraft(key="pattern", title="A pattern", text=Prose(8).text(WORDS), language="en")
    context.store.add_articles(Origin.SEED, [pattern], context.clock())
    asyncio.run(_one_by_one(context, context.store.claim_new_articles(context.clock(), limit=1, lease_s=900)))
    own = {
        "id": "n.i",
        "key": "'k' || n.i",
        **dict.fromkeys(("key_hash", "url_hash", "url_key_hash"), "abs(random())"),
        "text_hash": "randomblob(16)",
    }
    with context.store._db._engine.begin() as conn:
        for table, changed in (("article", own), ("body", {"article_id": "n.i"})):
            names = [row.name for row in conn.execute(text(f"PRAGMA table_info({table})"))]
            chosen = ", ".join(changed.get(name, f"pattern.{name}") for name in names)
            source = f"FROM (SELECT * FROM {table} LIMIT 1) AS pattern, n"
            conn.execute(text(f"INSERT INTO {table} {_NUMBERS} SELECT {chosen} {source}"), {"count": size})
        hashes = (
            f"SELECT abs(random()) % {2**48} AS hash, n.i FROM n, (SELECT 1 FROM article LIMIT {ROWS_EACH}) ORDER BY 1"
        )
        conn.execute(text(f"INSERT OR IGNORE INTO fingerprint {_NUMBERS} {hashes}"), {"count": size})


def _datasketch(drafts: Sequence[ArticleDraft]) -> tuple[str, ...]:
    from datasketch import MinHash, MinHashLSH

    index, found, waits = MinHashLSH(threshold=0.3, num_perm=128), 0, []
    wall, cpu = time.monotonic(), time.process_time()
    for draft in drafts:
        words = draft.text.casefold().split()
        mark = MinHash(num_perm=128)
        mark.update_batch([" ".join(words[at : at + 3]).encode() for at in range(len(words) - 2)])
        started = time.perf_counter()
        found += bool(index.query(mark))
        waits.append((time.perf_counter() - started) * 1000)
        index.insert(draft.key, mark)
    wall, cpu, waits = time.monotonic() - wall, time.process_time() - cpu, sorted(waits)
    return (
        "datasketch, copies only",
        f"{ARTICLES / wall:,.0f}",
        f"{cpu * 1000 / ARTICLES:.2f}",
        f"{waits[len(waits) // 2]:.2f}",
        f"{waits[len(waits) * 95 // 100]:.2f}",
        f"{found} of {ARTICLES // EVERY_COPY}",
    )
