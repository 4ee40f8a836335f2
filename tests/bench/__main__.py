"""Runs the benches: `python -m tests.bench [poll] [match] [ingest] [--feeds N] [--texts FILE]`, all without a name."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.bench import ingest, match, poll
from tests.bench.report import print_facts
from tests.bench.stream import BESIDE


def main() -> None:
    """Run the benches that were named."""
    names = ("poll", "match", "ingest")
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What the program costs.")
    parser.add_argument("bench", nargs="*", metavar="|".join(names), help="which; all if none is named")
    parser.add_argument("--feeds", type=int, default=200, help="how many feeds are polled (200)")
    parser.add_argument("--texts", type=Path, help="JSONL of articles to match (those beside the checkout, or made up)")
    options = parser.parse_args()
    benches: dict[str, Callable[[], None]] = {
        "poll": partial(poll.run, options.feeds),
        "match": partial(match.run, options.texts or (BESIDE if BESIDE.exists() else None)),
        "ingest": ingest.run,
    }
    if unknown := set(options.bench) - set(names):
        parser.error(f"no bench {unknown.pop()!r}: there are {', '.join(names)}")
    print_facts()
    for name in options.bench or names:
        benches[name]()


if __name__ == "__main__":
    main()
