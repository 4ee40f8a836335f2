"""What a poll costs: Monitor beside a plain loop of `feedparser.parse(url)` and the library `reader`, over one farm.

The farm and the contenders are a process each. The CPU of all processes of a contender counts. Each polls so many
feeds, and in another process half of them: the difference is what a feed costs, start-up and all that is done once
taken off.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.contenders import MODES, START, order, write_config
from tests.bench.report import print_table, progress

_ROOT = Path(__file__).parents[2]
_PEERS = ("reader==3.26", "sgmllib3k", "psutil")
_MANY = 5_000
_FEW = 20


@dataclass(frozen=True)
class Cost:
    """CPU milliseconds a feed by mode; seconds of the clock for all feeds; CPU seconds of the start."""

    cpu_ms: dict[str, float]
    wall_s: dict[str, float]
    start_s: float


def run(feeds: int, peer_feeds: int) -> None:
    """Run the bench and print its tables. The peers poll `peer_feeds`: they are slow, and each feed costs the same."""
    with TemporaryDirectory() as folder, _farm(feeds) as port:
        size_kb = int(order(port, "/serve/1")) / 1000
        pythons = {"loop": sys.executable, "reader": _peer_python(Path(folder)), "monitor": sys.executable}
        counts = {"loop": peer_feeds, "reader": peer_feeds, "monitor": feeds}
        costs = {name: _cost(python, name, port, counts[name]) for name, python in pythons.items() if python}
        _print_costs(costs, counts, size_kb)
        _print_frame(port)


def _print_costs(costs: dict[str, Cost], counts: dict[str, int], size_kb: float) -> None:
    rows = []
    for mode in MODES[1:]:
        spent = {name: cost.cpu_ms[mode] for name, cost in costs.items()}
        own = spent["monitor"]
        reader = [f"{spent['reader']:.2f}", f"{spent['reader'] / own:.1f}x"] if "reader" in spent else ["-", "-"]
        rows.append([mode, f"{spent['loop']:.2f}", *reader, f"{own:.2f}", f"{own / spent['loop']:.2f}"])
    walls = ", ".join(f"{mode} {costs['monitor'].wall_s[mode]:.1f}" for mode in MODES[1:])
    starts = ", ".join(f"{name} {cost.start_s:.2f}" for name, cost in costs.items())
    sizes = ", ".join(f"{name} {counts[name]:,} less {counts[name] // 2:,}" for name in costs)
    print_table(
        f"Polling feeds of {size_kb:.0f} kB on average, on 50 hosts",
        ["what a poll finds", "loop ms", "reader ms", "reader / Monitor", "Monitor ms", "Monitor / loop"],
        rows,
        f"CPU ms per feed, user and system of all processes, start-up removed: {sizes} feeds.\n"
        "Monitor and reader (10 workers) write the entries to SQLite, the loop keeps nothing. Pages are not fetched.\n"
        f"Wall s of Monitor: {walls}. CPU s of the start of the contenders: {starts}.",
    )


def _print_frame(port: int) -> None:
    """Print what the program takes by itself: at its start, and with many feeds."""
    progress(f"poll: Monitor, {_MANY} feeds")
    many = _contend(sys.executable, "monitor", port, _MANY)
    with TemporaryDirectory() as folder:
        config = write_config(Path(folder), port, _FEW)
        first, not_due, unchanged = _once(config), _once(config), _once(config, "--all")
    print_table(
        "What the program takes by itself",
        ["what", "figure"],
        [
            [f"first `monitor once --only poll`: new store, seeds studied, {_FEW} feeds read", f"{first:.2f} CPU s"],
            ["`monitor once --only poll`, no feed is due", f"{not_due:.2f} CPU s"],
            [f"`monitor once --only poll --all`, {_FEW} feeds unchanged", f"{unchanged:.2f} CPU s"],
            [f"memory of the main process after {_MANY:,} feeds, at most", f"{many['peak_mb']:.0f} MB"],
        ],
    )


def _once(config: Path, *options: str) -> float:
    before = os.times()
    command = [sys.executable, "-m", "monitor", "--config", str(config), "once", "--only", "poll", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=_ROOT)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@contextmanager
def _farm(feeds: int) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.farm", str(feeds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as farm:
        assert farm.stdin is not None
        assert farm.stdout is not None
        yield int(farm.stdout.readline())
        farm.stdin.close()


def _peer_python(folder: Path) -> str:
    """Return the interpreter of an environment that has `reader`, made anew; empty if it cannot be had."""
    progress("poll: installs reader in an environment of its own")
    python = folder / "peers" / "bin" / "python"
    steps = (
        [sys.executable, "-m", "venv", str(folder / "peers")],
        [str(python), "-m", "pip", "install", "-q", *_PEERS],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            progress(f"poll: without reader, as it cannot be installed: {done.stderr.strip()[-300:]}")
            return ""
    return str(python)


def _cost(python: str, name: str, port: int, feeds: int) -> Cost:
    progress(f"poll: {name}, {feeds} feeds, and half of them")
    order(port, "/serve/1")
    wanted = [int(order(port, f"/entries/{count}")) for count in (feeds, feeds // 2)]
    whole, half = (_contend(python, name, port, count) for count in (feeds, feeds // 2))
    assert [whole["entries"], half["entries"]] == wanted, f"{name} found other entries: {wanted}"
    modes = MODES[1:]
    cpu = {mode: _mean(whole, mode)[0] - _mean(half, mode)[0] for mode in modes}
    return Cost(
        cpu_ms={mode: 1000 * seconds / (feeds - feeds // 2) for mode, seconds in cpu.items()},
        wall_s={mode: _mean(whole, mode)[1] for mode in modes},
        start_s=_mean(whole, START)[0],
    )


def _contend(python: str, name: str, port: int, feeds: int) -> dict[str, Any]:
    command = [python, str(_ROOT / "tests/bench/contenders.py"), name, str(port), str(feeds), str(time.monotonic())]
    environment = os.environ | {"PYTHONPATH": str(_ROOT)}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=_ROOT, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _mean(result: dict[str, Any], mode: str) -> tuple[float, float]:
    cpu, wall = zip(*result["spent"][mode], strict=True)
    return fmean(cpu), fmean(wall)
