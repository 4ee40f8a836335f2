"""What matching costs: articles per CPU second from 10 to 100,000 topics, beside what else could match stored queries.

Each engine runs at each size in a process of its own, until the articles or its seconds are used up. Half of the texts
warm it up: a daemon has met most words, and never the article. As it does, Monitor files topics by how often words are
in texts of earlier: that half. What was made until then is no garbage: no engine's time goes into searching it.
All must find the same in exact forms, on texts without anything that one cuts into words otherwise than another, else
the bench fails. Porter's stems find more in English, and not what ours do.
"""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from monitor.match import Frequencies
from monitor.model import Document
from tests.bench import engines
from tests.bench.engines import Engine, Hits
from tests.bench.prose import Prose
from tests.bench.report import print_table, progress
from tests.bench.stream import first_texts
from tests.bench.topics import Query, TopicMaker, for_monitor, plain_words

TEXTS = 2_000
WORDS = 260
SIZES = (10, 100, 1_000, 10_000, 100_000)
_BUDGET_S = 6.0
_WARM_UP_S = 12.0
_COMPARED = 100
_TOO_SLOW = "–"


@dataclass(frozen=True)
class Contender:
    """An engine of the table: how it is made of topics, the most topics it is tried with, how many texts at a time."""

    make: Callable[..., Engine]
    most: int = SIZES[-1]
    together: int = 1
    is_exact: bool = True
    learns: bool = False


_STEMMED = partial(engines.fts5, tokenize="porter unicode61")
CONTENDERS = {
    "Monitor": Contender(engines.monitor, is_exact=False, learns=True),
    "Monitor, exact forms": Contender(partial(engines.monitor, is_exact=True), learns=True),
    "SQLite FTS5": Contender(engines.fts5),
    "SQLite FTS5, 100 at a time": Contender(engines.fts5, together=100),
    "SQLite FTS5, porter": Contender(_STEMMED, is_exact=False),
    "SQLite FTS5, porter, 100 at a time": Contender(_STEMMED, together=100, is_exact=False),
    "PostgreSQL, stored tsquery": Contender(engines.postgres, most=10_000),
    "regular expressions": Contender(engines.regexes, most=10_000),
}


@dataclass(frozen=True)
class Measured:
    """What one engine did at one size: articles a second, seconds until ready, memory, and what it found."""

    rate: float = 0.0
    ready_s: float = 0.0
    memory_mb: float = 0.0
    slowest_ms: float = 0.0
    hits: tuple[Hits, ...] = ()
    hits_each: float = 0.0


def run(path: Path | None = None) -> None:
    """Run the bench and print its tables; the articles are those of a JSONL file, or made up."""
    texts = first_texts(path, TEXTS) if path else _made_up()
    maker = TopicMaker(texts[: TEXTS // 2], seed=3)
    topics = maker.topics(SIZES[-1])
    costs = Frequencies.of_texts(f"{text.title}\n{text.text}" for text in texts[: TEXTS // 2])
    found = {name: [_measured(name, topics[:size], texts, costs) for size in SIZES] for name in CONTENDERS}
    for number, size in enumerate(SIZES):
        _compare(topics, {name: columns[number] for name, columns in found.items() if columns[number]}, size)
    words = sum(len(text.text.split()) for text in texts) / len(texts)
    source = "made up" if path is None else "of a news agency"
    print_table(
        f"Matching articles of {words:.0f} words on average, {source}: articles per CPU second",
        ["topics", *(f"{size:,}" for size in SIZES)],
        [[name, *(f"{one.rate:,.0f}" if one else _TOO_SLOW for one in row)] for name, row in found.items()],
        f"One process, after {TEXTS // 2:,} other articles or {_WARM_UP_S:.0f} s to warm up; {TEXTS // 2:,} articles or"
        f" {_BUDGET_S:.0f} s are measured.\nMonitor finds where the words stand, and inflections unless it says exact"
        " forms; the others tell only whether\nthere is a match, and found the same as the exact forms."
        f" {_TOO_SLOW}: it would take minutes to set up or to run.",
    )
    monitor = [one for one in found["Monitor"] if one]
    print_table(
        "Monitor by the number of topics",
        ["topics", *(f"{size:,}" for size in SIZES)],
        [
            ["ready, CPU seconds", *(f"{one.ready_s:.2f}" for one in monitor)],
            ["memory, MB", *(f"{one.memory_mb:.0f}" for one in monitor)],
            ["99 of 100 articles take at most, ms", *(f"{one.slowest_ms:.1f}" for one in monitor)],
            ["topics found in an article", *(f"{one.hits_each:.1f}" for one in monitor)],
        ],
        "Ready: from queries as text in memory to the first article matched. Memory: what that adds to the process.",
    )


def _made_up() -> list[Document]:
    prose = Prose(2)
    return [Document(title=prose.title(), text=prose.text(WORDS), language="en") for _ in range(TEXTS)]


def _measured(name: str, topics: Sequence[Query], texts: Sequence[Document], costs: Frequencies) -> Measured | None:
    if len(topics) > CONTENDERS[name].most:
        return None
    progress(f"match: {name}, {len(topics):,} topics")
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(CONTENDERS[name], topics, texts, costs, sender))
    process.start()
    measured: Measured | None = receiver.recv()
    process.join()
    return measured


def _work(
    contender: Contender, topics: Sequence[Query], texts: Sequence[Document], costs: Frequencies, sender: Any
) -> None:
    before, started = _memory_mb(), time.process_time()
    with contender.make(topics, **({"costs": costs} if contender.learns else {})) as engine:
        if engine is None:
            sender.send(None)
            return
        engine.match(texts[:1])
        ready_s, memory_mb = time.process_time() - started, _memory_mb() - before
        gc.freeze()
        half = len(texts) // 2
        _timed(engine, texts[:half], contender.together, _WARM_UP_S if contender.learns else 0.5)
        times, hits = _timed(engine, texts[half:], contender.together, _BUDGET_S)
        simple = [Document(text=" ".join(plain_words(text.text)), language="en") for text in texts[half:]]
        compared = _timed(engine, simple[:_COMPARED], contender.together, _BUDGET_S)[1] if contender.is_exact else []
    sender.send(
        Measured(
            rate=len(hits) / sum(times),
            ready_s=ready_s,
            memory_mb=memory_mb,
            slowest_ms=sorted(times)[int(len(times) * 0.99)] * 1000,
            hits=tuple(compared),
            hits_each=sum(map(len, hits)) / len(hits),
        )
    )


def _timed(engine: Engine, texts: Sequence[Document], together: int, budget_s: float) -> tuple[list[float], list[Hits]]:
    """Match texts, so many at a time, until they or the CPU seconds are used up; returns seconds and what was found."""
    left = iter(texts)
    times: list[float] = []
    hits: list[Hits] = []
    while sum(times) < budget_s and (batch := list(islice(left, together))):
        started = engine.cpu_s()
        hits += engine.match(batch)
        times.append(engine.cpu_s() - started)
    return times, hits


def _compare(topics: Sequence[Query], found: dict[str, Measured], size: int) -> None:
    own = found["Monitor, exact forms"].hits
    for name, one in found.items():
        for place, (mine, other) in enumerate(zip(own, one.hits, strict=False)):
            queries = [for_monitor(topics[number], is_exact=True) for number in mine ^ other]
            assert mine == other, f"{size} topics: {name} and Monitor do not agree on text {place}: {queries}"


def _memory_mb() -> float:
    import psutil

    gc.collect()
    return float(psutil.Process().memory_full_info().uss / 1e6)
