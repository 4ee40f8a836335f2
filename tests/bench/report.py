"""What the benches print: facts of the machine and tables to stdout, progress to stderr."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = ("feedparser", "aiohttp", "sqlalchemy", "pebble")


def progress(line: str) -> None:
    """Say what is being measured."""
    print(line, file=sys.stderr, flush=True)


def print_facts() -> None:
    """Print what the figures depend on."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    print(f"{len(os.sched_getaffinity(0))} cores of {_processor()}, load before {load}; {platform.system()}")
    print(f"monitor {version('monitor-daemon')}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    print(libraries)


def print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]], note: str = "") -> None:
    """Print a table in Markdown: the first column to the left, the others to the right."""
    cells = [[str(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    ruler = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    print(f"\n## {title}\n")
    for row in (cells[0], ruler, *cells[1:]):
        first, *others = zip(row, widths, strict=True)
        print(f"| {first[0].ljust(first[1])} | {' | '.join(cell.rjust(width) for cell, width in others)} |")
    if note:
        print(f"\n{note}")
    sys.stdout.flush()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
