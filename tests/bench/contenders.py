"""Who polls the farm, each in a process of its own: `python -m tests.bench.contenders NAME PORT FEEDS STARTED`.

Prints the seconds each mode took as JSON. Workers of a contender import this module again: it imports little by itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

START, ALL_NEW, SAME, NOT_MODIFIED = MODES = ("start-up", "all new", "same body", "304")
ROUNDS = 3


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
        """Print everything that was measured."""
        print(json.dumps({"spent": self.spent, "entries": self.entries}))


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and all below it, user and system, so far."""
    import psutil

    ended = os.times()
    others = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    own = time.process_time() + ended.children_user + ended.children_system
    return own + sum(other.user + other.system + other.children_user + other.children_system for other in others)


def rounds(port: int) -> Iterator[str]:
    """Have the farm serve one round after the other; yields the mode of each. The round named `` is not counted."""
    for generation in range(1, ROUNDS + 1):
        order(port, f"/serve/{generation}")
        yield ALL_NEW
    yield from [SAME] * ROUNDS
    order(port, f"/serve/{ROUNDS}/validated")
    yield ""
    yield from [NOT_MODIFIED] * ROUNDS


def order(port: int, path: str) -> str:
    """Give the farm an order; returns its answer."""
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.1.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse().read().decode()
    connection.close()
    return answer


def poll_by_loop(port: int, feeds: int, meter: Meter) -> None:
    """Poll by what one would write first: `feedparser.parse(url)`, one feed after the other, nothing kept."""
    import feedparser

    from tests.bench.farm import WARM_UP, address

    feedparser.parse(address(port, WARM_UP))
    meter.note_start()
    urls = [address(port, str(number)) for number in range(feeds)]
    etags: dict[str, str | None] = {}
    for mode in rounds(port):
        with meter.measured(mode):
            found = {url: feedparser.parse(url, etag=etags.get(url)) for url in urls}
        etags = {url: one.get("etag") for url, one in found.items()}
        if mode == ALL_NEW:
            meter.entries += sum(len(one.entries) for one in found.values())


def poll_by_monitor(port: int, feeds: int, meter: Meter) -> None:
    """Poll by the program as it is: configuration, SQLite store, fetcher, workers."""
    from monitor import app as program
    from tests.bench.farm import address

    with TemporaryDirectory() as folder:
        os.environ["STATE_DIRECTORY"] = folder
        config = Path(folder, "config")
        config.mkdir()
        urls = "".join(f"  - {address(port, str(number))}\n" for number in range(feeds))
        Path(config, "feeds.yaml").write_text(f"feeds:\n{urls}", encoding="utf-8")
        Path(config, "watchlist.yaml").write_text("version: 1\ntopics: [the November 1 tariff]\n", encoding="utf-8")
        Path(config, "monitor.yaml").write_text(
            f"allow_networks: [127.0.0.0/8]\nallow_ports: [{port}]\npoll: {{host_gap_s: 0, full_text: false}}\n",
            encoding="utf-8",
        )
        with program.open_app(program.find_place(config)) as app:
            asyncio.run(_poll(app, port, meter))


async def _poll(app: Any, port: int, meter: Meter) -> None:
    from monitor import app as program
    from monitor.model import FetchRequest
    from tests.bench.farm import WARM_UP, address

    fetched = await app.context.fetcher.fetch(FetchRequest(url=address(port, WARM_UP)))
    await asyncio.gather(*(app.context.sandbox.parse_feed(fetched) for _ in range(4)))
    meter.note_start()
    for mode in rounds(port):
        with meter.measured(mode):
            summary = await program.poll_due(app, everything=True, progress=lambda _count: None)
        assert not summary["failing"], summary
        meter.entries += summary["new_entries"]
        assert summary["unchanged"] == (0 if mode == ALL_NEW else summary["polled"]), summary
    await program.close(app)


CONTENDERS = {"loop": poll_by_loop, "monitor": poll_by_monitor}

if __name__ == "__main__":
    _name, _port, _feeds, _started = sys.argv[1:]
    _meter = Meter(float(_started))
    CONTENDERS[_name](int(_port), int(_feeds), _meter)
    _meter.print()
