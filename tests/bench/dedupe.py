"""What it costs to tell copies and stories, with how much is stored: all of `study` but the fetching.

The store is filled in bulk with articles that resemble nothing; then some go the real way, one by one. Every fifth is a
copy of an earlier one, cut or extended. Beside it MinHash-LSH of datasketch, which tells copies only, in memory, and
is filled with as many. Each runs in a process of its own, so that its memory can be told.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random  # noqa: TID251  # seeded: every run has the same texts
import resource
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text

import storage
from monitor import dedupe
from monitor.match import compile_watchlist
from monitor.model import Article, ArticleDraft, Origin, Settings, WatchlistSpec
from monitor.pipeline import Context, Watch, study
from storage.sketches import holders_of
from tests.bench.peers import peer_python
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

# Rows go in by the hundred thousand, in the order of their keys, so that filling takes neither memory nor sorting.
CHUNK = 100_000
PEER_BYTES_EACH = 15_000
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) "


def run(*, has_million: bool) -> None:
    """Run the bench and print its table."""
    sizes = (*SIZES, *([MILLION] if has_million else []))
    rows = []
    for size in sizes:
        progress(f"dedupe: {size:,} stored")
        with TemporaryDirectory() as folder:
            _in_a_process(_fill, folder, size)
            rows.append(_in_a_process(_monitor, folder, size))
    python = peer_python("datasketch")
    if python is not None:
        texts = json.dumps([draft.text for draft in _drafts()])
        for size in sizes:
            if size * PEER_BYTES_EACH > os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"):
                progress(f"dedupe: datasketch with {size:,} stored is left out: it needs more memory than is free")
                continue
            progress(f"dedupe: datasketch, {size:,} stored")
            rows.append(_datasketch(python, size, texts))
    print_table(
        f"Telling copies and stories: {ARTICLES:,} articles of {WORDS} words, every fifth a copy",
        ["", "articles/s", "CPU ms an article", "look-up p50 ms", "p95 ms", "copies found", "peak MB"],
        rows,
        "Monitor: matched, told from copies, placed in a story, stored, one transaction each. datasketch: MinHash of\n"
        "128 values over 3 words, LSH at 0.3, in memory, nothing else stored"
        + ("." if python is not None else ": not measured, it is not installed."),
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


def _in_a_process(do: Callable[[str, int], Any], folder: str, size: int) -> Any:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as own:
        return own.submit(do, folder, size).result()


def _monitor(folder: str, size: int) -> tuple[str, ...]:
    with _context(folder) as context:
        context.store.add_articles(Origin.INGEST, list(_drafts()), context.clock())
        articles = context.store.claim_new_articles(context.clock(), limit=ARTICLES, lease_s=900)
        wall, cpu = time.monotonic(), time.process_time()
        asyncio.run(_one_by_one(context, articles))
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        found = sum(article.duplicate_of is not None for article in context.store.articles(origin=Origin.INGEST))
        waits = sorted(_look_up_ms(context, articles))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    return _row(f"Monitor, {size:,} stored", wall, cpu, waits, found, peak_mb)


def _datasketch(python: Path, size: int, texts: str) -> tuple[str, ...]:
    command = [str(python), str(Path(__file__).with_name("minhash.py")), str(size)]
    done = subprocess.run(command, input=texts, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    return _row(f"datasketch, {size:,} stored", **found)


def _row(name: str, wall: float, cpu: float, waits: Sequence[float], found: int, peak_mb: float) -> tuple[str, ...]:
    return (
        name,
        f"{ARTICLES / wall:,.0f}",
        f"{cpu * 1000 / ARTICLES:.2f}",
        f"{waits[len(waits) // 2]:.2f}",
        f"{waits[len(waits) * 95 // 100]:.2f}",
        f"{found} of {ARTICLES // EVERY_COPY}",
        f"{peak_mb:,.0f}",
    )


@contextmanager
def _context(folder: str) -> Iterator[Context]:
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


def _fill(folder: str, size: int) -> None:
    """Copy one studied article many times, each with hashes of its own."""
    with _context(folder) as context:
        pattern = ArticleDraft(key="pattern", title="A pattern", text=Prose(8).text(WORDS), language="en")
        context.store.add_articles(Origin.SEED, [pattern], context.clock())
        asyncio.run(_one_by_one(context, context.store.claim_new_articles(context.clock(), limit=1, lease_s=900)))
        _copy_pattern(context, size)
        rows = size * ROWS_EACH
        _insert(context, rows, f"fingerprint {_NUMBERS} SELECT {_rising(rows)}, 1 + abs(random()) % {size} FROM n")


def _copy_pattern(context: Context, size: int) -> None:
    own = {"id": "n.i", "key": "'k' || n.i", **dict.fromkeys(("key_hash", "url_hash", "url_key_hash"), _rising(size))}
    own["text_hash"] = f"CAST(printf('%016x', {_rising(size)}) AS BLOB)"
    for table, changed in (("article", own), ("body", {"article_id": "n.i"})):
        with context.store._db._engine.begin() as conn:
            names = [row.name for row in conn.execute(text(f"PRAGMA table_info({table})"))]
        chosen = ", ".join(changed.get(name, f"pattern.{name}") for name in names)
        _insert(context, size, f"{table} {_NUMBERS} SELECT {chosen} FROM (SELECT * FROM {table} LIMIT 1) AS pattern, n")


def _rising(count: int) -> str:
    """Return random numbers of 48 bits that differ, and rise with `n.i`."""
    step = 2**48 // (count + 1)
    return f"n.i * {step} + abs(random()) % {step}"


def _insert(context: Context, count: int, what: str) -> None:
    for first in range(1, count + 1, CHUNK):
        with context.store._db._engine.begin() as conn:
            conn.execute(text(f"INSERT INTO {what}"), {"first": first, "last": min(count, first + CHUNK - 1)})
