"""How long news takes from its publication to its row in the outbox: the daemon over one feed, with `every: 2s`.

Once without pages, and with pages that come three seconds after they are asked for: for a topic, and for an urgent one.

A shorter interval than anybody's, so that the bench ends: what the program adds to the wait for the next poll is the
same at 60 s, where the wait itself is 30 s at the median. Time is the real one here.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread

from tests.bench.prose import Prose
from tests.bench.report import print_table, progress

_ROOT = Path(__file__).parents[2]
_EVERY_S = 2.0
_NEWS = 20
_PAGE_S = 3.0
_PATIENCE_S = 60.0
_ROWS = "SELECT count(DISTINCT article_id) FROM outbox WHERE article_id > 0"


@dataclass
class _Feed:
    """A feed of one host, when it was asked, and how late its pages are; None: there are none."""

    page_s: float | None = None
    items: list[str] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)

    def publish(self, number: int, port: int) -> float:
        """Add an item on the topic; returns when."""
        title, text = _words(number)
        link = "" if self.page_s is None else f"<link>http://127.0.0.1:{port}/{number}</link>"
        item = f"<item><guid>{number}</guid><title>{title}</title>{link}<description>{text}</description></item>"
        at = time.monotonic()
        self.items = [item, *self.items]
        return at

    def answer(self, path: str) -> tuple[str, str]:
        """Return the content type and the body of a path: the feed, or a page, late."""
        if path == "/feed":
            self.asked.append(time.monotonic())
            items = "".join(self.items)
            return "application/rss+xml", f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"
        time.sleep(self.page_s or 0)
        title, text = _words(int(path[1:]))
        return (
            "text/html",
            f"<html><title>{title}</title><article><h1>{title}</h1><p>{text} {text}</p></article></html>",
        )


def _words(number: int) -> tuple[str, str]:
    prose = Prose(number)
    return prose.title(), f"{' '.join(prose.words(40))}. The November 1 tariff {' '.join(prose.words(8))}."


def run() -> None:
    """Run the bench and print its table."""
    cases = [
        ("no page wanted", *_measure(_Feed(), "normal")),
        (f"its page comes after {_PAGE_S:g} s", *_measure(_Feed(page_s=_PAGE_S), "normal")),
        ("the same, for an urgent topic", *_measure(_Feed(page_s=_PAGE_S), "urgent")),
    ]
    print_table(
        f"From publication to the outbox, a feed polled every {_EVERY_S:g} s, {_NEWS} news each",
        ["news", "median s", "median s from the poll", "longest s from the poll"],
        [
            ["the half of the interval: the least possible", f"{_EVERY_S / 2:.2f}", "", ""],
            *([name, f"{median(all_s):.2f}", f"{median(ours):.2f}", f"{max(ours):.2f}"] for name, all_s, ours in cases),
        ],
        "The poll is the one that shows the news. Seconds of the clock, so they grow with the load of the machine.",
    )


def _measure(feed: _Feed, priority: str) -> tuple[list[float], list[float]]:
    """Return the seconds of each news, from its publication and from the poll that shows it."""
    random, delays, added = Prose(1).random, [], []
    with TemporaryDirectory() as folder, _served(feed) as port:
        feed.publish(0, port)
        with _daemon(Path(folder), port, priority, has_pages=feed.page_s is not None) as rows:
            _wait_until(lambda: len(feed.asked) > 1)
            for number in range(1, _NEWS + 1):
                progress(f"news: {number} of {_NEWS}, {priority}")
                time.sleep(random.uniform(0, _EVERY_S))
                at = feed.publish(number, port)
                _wait_until(lambda wanted=number: rows() >= wanted)
                done = time.monotonic()
                delays.append(done - at)
                added.append(done - min(asked for asked in feed.asked if asked > at))
    return delays, added


@contextmanager
def _served(feed: _Feed) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content_type, text = feed.answer(self.path)
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@contextmanager
def _daemon(folder: Path, port: int, priority: str, *, has_pages: bool) -> Iterator[Callable[[], int]]:
    config = folder / "config"
    config.mkdir()
    for name, text in {
        "feeds.yaml": f'feeds:\n  - {{url: "http://127.0.0.1:{port}/feed", every: 2s}}\n',
        "watchlist.yaml": f"version: 1\ndefaults: {{alert: {{group: article, priority: {priority}}}}}\n"
        "topics: [the November 1 tariff]\n",
        "monitor.yaml": f"allow_networks: [127.0.0.0/8]\nallow_ports: [{port}]\n"
        f"poll: {{host_gap_s: 0, min_s: 1, full_text: {'true' if has_pages else 'false'}}}\n",
    }.items():
        (config / name).write_text(text, encoding="utf-8")
    environment = os.environ | {"STATE_DIRECTORY": str(folder)}
    command = [sys.executable, "-m", "monitor", "--config", str(config), "run"]
    with (folder / "log").open("w") as log:
        daemon = subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_until((folder / "monitor.db").exists)
        with closing(sqlite3.connect(f"file:{folder}/monitor.db?mode=ro", uri=True)) as store:
            yield lambda: int(store.execute(_ROWS).fetchone()[0])
    finally:
        daemon.terminate()
        daemon.wait()


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, "nothing came within a minute"
        time.sleep(0.005)
