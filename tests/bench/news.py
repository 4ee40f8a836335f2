"""How long news takes from its publication to its row in the outbox: the daemon over one feed, with `every: 2s`.

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
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread

from tests.bench.prose import Prose
from tests.bench.report import print_table, progress

_ROOT = Path(__file__).parents[2]
_EVERY_S = 2.0
_NEWS = 30
_PATIENCE_S = 60.0
_ROWS = "SELECT count(*) FROM outbox WHERE article_id > 0"


class _Feed:
    """A feed of one host, and when it was asked."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self.asked: list[float] = []

    def publish(self, number: int) -> float:
        """Add an item on the topic; returns when."""
        prose = Prose(number)
        text = f"{' '.join(prose.words(40))}. The November 1 tariff {' '.join(prose.words(8))}."
        item = f"<item><guid>{number}</guid><title>{prose.title()}</title><description>{text}</description></item>"
        at = time.monotonic()
        self.items = [item, *self.items]
        return at

    def body(self) -> bytes:
        self.asked.append(time.monotonic())
        items = "".join(self.items)
        return f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>".encode()


def run() -> None:
    """Run the bench and print its table."""
    random, feed = Prose(1).random, _Feed()
    feed.publish(0)
    with TemporaryDirectory() as folder, _served(feed) as port, _daemon(Path(folder), port) as rows:
        _wait_until(lambda: len(feed.asked) > 1)
        delays, added = [], []
        for number in range(1, _NEWS + 1):
            progress(f"news: {number} of {_NEWS}")
            time.sleep(random.uniform(0, _EVERY_S))
            at = feed.publish(number)
            _wait_until(lambda wanted=number: rows() >= wanted)
            done = time.monotonic()
            delays.append(done - at)
            added.append(done - min(asked for asked in feed.asked if asked > at))
    print_table(
        f"From publication to the outbox, a feed polled every {_EVERY_S:g} s, {_NEWS} news",
        ["what", "seconds"],
        [
            ["the half of the interval: the least possible median", f"{_EVERY_S / 2:.2f}"],
            ["median from publication to the outbox row", f"{median(delays):.2f}"],
            ["median from the poll that shows the news to the row", f"{median(added):.2f}"],
            ["the same, at most", f"{max(added):.2f}"],
        ],
        "Seconds of the clock, so they grow with the load of the machine.",
    )


@contextmanager
def _served(feed: _Feed) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = feed.body()
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
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
def _daemon(folder: Path, port: int) -> Iterator[Callable[[], int]]:
    config = folder / "config"
    config.mkdir()
    for name, text in {
        "feeds.yaml": f'feeds:\n  - {{url: "http://127.0.0.1:{port}/feed", every: 2s}}\n',
        "watchlist.yaml": "version: 1\ndefaults: {alert: {group: article}}\ntopics: [the November 1 tariff]\n",
        "monitor.yaml": f"allow_networks: [127.0.0.0/8]\nallow_ports: [{port}]\n"
        "poll: {host_gap_s: 0, min_s: 1, full_text: false}\n",
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
