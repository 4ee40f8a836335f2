"""What a poll costs: Monitor beside a plain loop of `feedparser.parse(url)`, over the same farm of feeds.

The farm, the loop and the program are a process each. The CPU of all processes of a contender counts, start-up apart.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import fmean
from typing import Any

from tests.bench.contenders import ALL_NEW, MODES, NOT_MODIFIED, ROUNDS, SAME, START, order
from tests.bench.report import print_table, progress

_NAMES = {"loop": "feedparser loop", "monitor": "Monitor"}


def run(feeds: int) -> None:
    """Run the bench and print its table."""
    with _farm(feeds) as port:
        size_kb = int(order(port, "/serve/0")) / 1000
        results = {}
        for name, title in _NAMES.items():
            progress(f"poll: {title}, {feeds} feeds")
            results[name] = _contend(name, port, feeds)
    entries = {name: result["entries"] for name, result in results.items()}
    assert entries["monitor"] == entries["loop"], f"not the same entries: {entries}"
    rows = [_row(mode, feeds, results) for mode in (ALL_NEW, SAME, NOT_MODIFIED)]
    starts = {name: _mean(result, START)[0] for name, result in results.items()}
    print_table(
        f"Polling {feeds} feeds of {size_kb:.0f} kB on average",
        ["what a poll finds", "loop ms", "Monitor ms", "ratio", "loop wall s", "Monitor wall s"],
        rows,
        f"CPU ms per feed, user and system of all processes, mean of {ROUNDS} rounds. {entries['loop']:,} entries.\n"
        "Monitor writes the entries to SQLite, the loop keeps nothing. Pages are not fetched (full_text: false).\n"
        f"Start-up apart: loop {starts['loop']:.2f} CPU s (interpreter, imports, one feed read), Monitor "
        f"{starts['monitor']:.2f} CPU s\n(the same, and configuration, a new database, TLS, two workers).",
    )


@contextmanager
def _farm(feeds: int) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.farm", str(feeds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as farm:
        assert farm.stdin is not None
        assert farm.stdout is not None
        yield int(farm.stdout.readline())
        farm.stdin.close()


def _contend(name: str, port: int, feeds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.contenders", name, str(port), str(feeds), str(time.monotonic())]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _mean(result: dict[str, Any], mode: str) -> tuple[float, float]:
    assert mode in MODES
    cpu, wall = zip(*result["spent"][mode], strict=True)
    return fmean(cpu), fmean(wall)


def _row(mode: str, feeds: int, results: dict[str, Any]) -> list[str]:
    (loop_cpu, loop_wall), (own_cpu, own_wall) = _mean(results["loop"], mode), _mean(results["monitor"], mode)
    per_feed = 1000 / feeds
    return [
        mode,
        f"{loop_cpu * per_feed:.2f}",
        f"{own_cpu * per_feed:.2f}",
        f"{own_cpu / loop_cpu:.2f}",
        f"{loop_wall:.2f}",
        f"{own_wall:.2f}",
    ]
