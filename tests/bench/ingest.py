"""What an archive costs: `monitor ingest` of 2,000 articles, from the file to the last one studied.

The command as its user runs it, in a process of its own. An archive of one article tells what of it is start-up.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor.model import Document
from tests.bench.prose import Prose
from tests.bench.report import print_table, progress
from tests.bench.topics import TopicMaker, for_monitor

ARTICLES = 2_000
TOPICS = 100
WORDS = 450


def run() -> None:
    """Run the bench and print its table."""
    prose = Prose(4)
    texts = [Document(title=prose.title(), text=prose.text(WORDS)) for _ in range(ARTICLES)]
    topics = [for_monitor(topic, is_exact=False) for topic in TopicMaker(texts, seed=5).topics(TOPICS)]
    progress(f"ingest: {ARTICLES} articles")
    start_cpu, start_wall = _ingest(texts[:1], topics)
    cpu, wall = _ingest(texts, topics)
    kilobytes = sum(len(text.text) for text in texts) / ARTICLES / 1000
    print_table(
        f"Ingesting {ARTICLES:,} articles of {kilobytes:.1f} kB with {TOPICS} topics",
        ["", "articles/s", "CPU ms an article", "wall s", "CPU s"],
        [
            ("with start-up", f"{ARTICLES / wall:,.0f}", f"{cpu * 1000 / ARTICLES:.2f}", f"{wall:.1f}", f"{cpu:.1f}"),
            (
                "without",
                f"{ARTICLES / (wall - start_wall):,.0f}",
                f"{(cpu - start_cpu) * 1000 / ARTICLES:.2f}",
                f"{wall - start_wall:.1f}",
                f"{cpu - start_cpu:.1f}",
            ),
        ],
        "`monitor ingest`: read, stored, language found, matched, told from copies, placed and stored, one by one.\n"
        "No peer does the same. Start-up is the same command with one article: imports, a new database, the language\n"
        f"model ({start_cpu:.1f} CPU s).",
    )


def _ingest(texts: list[Document], topics: list[str]) -> tuple[float, float]:
    """Return the CPU and wall seconds of ingesting these texts into a new store."""
    with TemporaryDirectory() as folder:
        archive = Path(folder, "archive.jsonl")
        lines = ({"id": str(at), "title": text.title, "text": text.text} for at, text in enumerate(texts))
        archive.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        Path(folder, "monitor.yaml").write_text("retention: {}\n", encoding="utf-8")
        Path(folder, "feeds.yaml").write_text("feeds: []\n", encoding="utf-8")
        written = "".join(f"  - id: t{at}\n    match: {json.dumps(topic)}\n" for at, topic in enumerate(topics))
        Path(folder, "watchlist.yaml").write_text(f"version: 1\ntopics:\n{written}", encoding="utf-8")
        command = [sys.executable, "-m", "monitor", "--config", folder, "ingest", str(archive)]
        before, started = _children(), time.monotonic()
        subprocess.run(command, env=os.environ | {"STATE_DIRECTORY": folder}, stdout=subprocess.DEVNULL, check=True)
        return _children() - before, time.monotonic() - started


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
