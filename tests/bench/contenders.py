"""Who polls the farm, each in a process of its own: `python tests/bench/contenders.py NAME PORT FEEDS STARTED`.

Prints the seconds each mode took as JSON. Workers of a contender import this module again, and `reader` runs in an
environment of its own: it imports little by itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

START, FIRST, ALL_NEW, SAME, NOT_MODIFIED = MODES = ("start-up", "first contact", "all new", "same body", "304")
HOSTS = 50
WARM_UP = "warm-up"

_ROUNDS_304 = 3
_PATIENCE_S = 1_800


def address(port: int, name: str) -> str:
    """Return the address of a feed: a number, or the one more to warm up by. All of 127.0.0.0/8 is this machine."""
    host = int(name) % HOSTS + 1 if name != WARM_UP else 1
    return f"http://127.0.1.{host}:{port}/feed/{name}"


class Meter:
    """Seconds of CPU and of the clock by mode, a pair for each round; children and theirs are counted."""

    def __init__(self, started: float) -> None:
        self.spent: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.entries = 0
        self._started = started

    def note_start(self) -> None:
        """End the start-up: everything since the process was made."""
        self.spent[START].append((cpu_seconds(), time.monotonic() - self._started))

    @contextmanager
    def measured(self, mode: str) -> Iterator[None]:
        """Measure a round."""
        wall, cpu = time.monotonic(), cpu_seconds()
        yield
        self.spent[mode].append((cpu_seconds() - cpu, time.monotonic() - wall))

    def print(self) -> None:
        """Print everything that was measured; `peak_mb` is of this process without its children."""
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
        print(json.dumps({"spent": self.spent, "entries": self.entries, "peak_mb": peak_mb}))


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and all below it, user and system, so far."""
    import psutil

    ended = os.times()
    others = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    own = time.process_time() + ended.children_user + ended.children_system
    return own + sum(other.user + other.system + other.children_user + other.children_system for other in others)


def rounds(port: int) -> Iterator[str]:
    """Have the farm serve one round after the other; yields the mode of each.

    First contact is a round of its own: then Monitor reads each feed by two ways, and compares them.
    """
    order(port, "/serve/1")
    yield FIRST
    yield SAME
    order(port, "/serve/2/validated")  # some clients keep no validators of what is unchanged
    yield ALL_NEW
    yield from [NOT_MODIFIED] * _ROUNDS_304


def order(port: int, path: str) -> str:
    """Give the farm an order; returns its answer."""
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.1.1", port, timeout=_PATIENCE_S)
    connection.request("GET", path)
    answer = connection.getresponse().read().decode()
    connection.close()
    return answer


def poll_by_loop(port: int, feeds: int, meter: Meter) -> None:
    """Poll by what one would write first: `feedparser.parse(url)`, one feed after the other, nothing kept."""
    import feedparser

    feedparser.parse(address(port, WARM_UP))
    meter.note_start()
    urls = [address(port, str(number)) for number in range(feeds)]
    etags: dict[str, str | None] = {}
    for mode in rounds(port):
        found = {}
        with meter.measured(mode):
            for url in urls:
                one = feedparser.parse(url, etag=etags.get(url))
                found[url] = (one.get("etag"), len(one.entries))
        etags = {url: etag for url, (etag, _) in found.items()}
        if mode == FIRST:
            meter.entries = sum(count for _, count in found.values())


def poll_by_reader(port: int, feeds: int, meter: Meter) -> None:
    """Poll by the library `reader` with ten workers, which keeps feeds and entries in SQLite."""
    from reader import make_reader

    with TemporaryDirectory() as folder:
        reader = make_reader(str(Path(folder, "reader.db")))
        reader.add_feed(address(port, WARM_UP))
        reader.update_feeds(workers=10)
        reader.delete_feed(address(port, WARM_UP))
        for number in range(feeds):
            reader.add_feed(address(port, str(number)))
        meter.note_start()
        for mode in rounds(port):
            with meter.measured(mode):
                for result in reader.update_feeds_iter(workers=10, scheduled=False):
                    assert not isinstance(result.value, Exception), result
            if mode == FIRST:
                meter.entries = reader.get_entry_counts().total
        reader.close()


def poll_by_monitor(port: int, feeds: int, meter: Meter) -> None:
    """Poll by the program as it is: configuration, SQLite store, fetcher, workers."""
    from monitor import app as program
    from monitor.__main__ import look_for_rubbish_seldom

    look_for_rubbish_seldom()
    with TemporaryDirectory() as folder:
        place = program.find_place(write_config(Path(folder), port, feeds))
        with program.open_app(place) as app:
            asyncio.run(_poll(app, port, meter))


def write_config(folder: Path, port: int, feeds: int) -> Path:
    """Write a configuration that polls so many feeds of the farm, and point the state to `folder`."""
    os.environ["STATE_DIRECTORY"] = str(folder)
    config = folder / "config"
    config.mkdir()
    urls = "".join(f"  - {address(port, str(number))}\n" for number in range(feeds))
    (config / "feeds.yaml").write_text(f"feeds:\n{urls}", encoding="utf-8")
    (config / "watchlist.yaml").write_text("version: 1\ntopics: [the November 1 tariff]\n", encoding="utf-8")
    (config / "monitor.yaml").write_text(
        f"allow_networks: [127.0.0.0/8]\nallow_ports: [{port}]\npoll: {{host_gap_s: 0, full_text: false}}\n",
        encoding="utf-8",
    )
    return config


async def _poll(app: Any, port: int, meter: Meter) -> None:
    from monitor import app as program
    from monitor.model import FetchRequest

    fetched = await app.context.fetcher.fetch(FetchRequest(url=address(port, WARM_UP)))
    await asyncio.gather(*(app.context.sandbox.parse_feed(fetched) for _ in range(4)))
    meter.note_start()
    for mode in rounds(port):
        with meter.measured(mode):
            summary = await program.poll_due(app, everything=True, progress=lambda _count: None)
        assert not summary["failing"], summary
        assert summary["unchanged"] == (0 if mode in {FIRST, ALL_NEW} else summary["polled"]), summary
        if mode == FIRST:
            meter.entries = summary["new_entries"]
    await program.close(app)


CONTENDERS = {"loop": poll_by_loop, "reader": poll_by_reader, "monitor": poll_by_monitor}

if __name__ == "__main__":
    _name, _port, _feeds, _started = sys.argv[1:]
    _meter = Meter(float(_started))
    CONTENDERS[_name](int(_port), int(_feeds), _meter)
    _meter.print()
