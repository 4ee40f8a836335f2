"""Runs the benches, all or those named: `python -m tests.bench [poll] [cadence] … [--feeds N] [--texts FILE]`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.bench import (
    cadence,
    charset,
    clean,
    dedupe,
    hostile,
    ingest,
    match,
    month,
    news,
    poll,
    selfwatch,
    silence,
    waiting,
)
from tests.bench.report import print_facts
from tests.bench.stream import BESIDE


def main() -> None:
    """Run the benches that were named."""
    names = (
        "poll",
        "news",
        "waiting",
        "match",
        "hostile",
        "ingest",
        "dedupe",
        "cadence",
        "clean",
        "charset",
        "silence",
        "selfwatch",
        "month",
    )
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What the program costs.")
    parser.add_argument("bench", nargs="*", metavar="|".join(names), help="which; all if none is named")
    parser.add_argument("--feeds", type=int, default=2_000, help="how many feeds are polled (2000)")
    parser.add_argument("--peer-feeds", type=int, default=400, help="how many the slow peers poll (400)")
    parser.add_argument("--texts", type=Path, help="JSONL of articles to match (those beside the checkout, or made up)")
    parser.add_argument(
        "--million", action="store_true", help="also tell copies among a million articles (minutes, 3 GB)"
    )
    parser.add_argument(
        "--pages", type=Path, help="folder of labelled pages for `clean` and `charset` (that beside the checkout)"
    )
    options = parser.parse_args()
    pages = options.pages or (clean.BESIDE if clean.BESIDE.exists() else None)
    benches: dict[str, Callable[[], None]] = {
        "poll": partial(poll.run, options.feeds, options.peer_feeds),
        "news": news.run,
        "waiting": waiting.run,
        "match": partial(match.run, options.texts or (BESIDE if BESIDE.exists() else None)),
        "hostile": hostile.run,
        "ingest": ingest.run,
        "dedupe": partial(dedupe.run, has_million=options.million),
        "cadence": cadence.run,
        "silence": silence.run,
        "selfwatch": selfwatch.run,
        "month": month.run,
        "clean": partial(clean.run, pages),
        "charset": partial(charset.run, pages),
    }
    if unknown := set(options.bench) - set(names):
        parser.error(f"no bench {unknown.pop()!r}: there are {', '.join(names)}")
    print_facts()
    for name in options.bench or names:
        benches[name]()


if __name__ == "__main__":
    main()
