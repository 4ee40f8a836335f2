"""What hostile texts cost: each is matched by the watchlist that comes with the program, and by a thousand topics.

Hostile are long texts, words that stand everywhere, and windows within windows over these.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from monitor.match import Watchlist, compile_watchlist
from monitor.model import Document, QueryText, TopicSpec, WatchlistSpec
from monitor.settings import load_config
from tests.bench.engines import compiled
from tests.bench.prose import Prose
from tests.bench.report import print_table, progress
from tests.bench.topics import TopicMaker

_LONGEST = 200_000  # characters: of a longer article no more is matched
_TOPICS = 1_000
_WINDOWS = (
    "rare NEAR/5 earth",
    "rare NEAR/200 earth NEAR/200 tariff",
    "rare PARA earth PARA tariff",
    "(rare NEAR/9 earth) PARA (tariff NEAR/9 duty)",
    "((rare NEAR/9 earth) PARA (tariff NEAR/9 duty)) SENT (rare NEAR/3 duty)",
    "(rare PARA earth) SENT (tariff PARA duty) SENT (rare SENT tariff)",
    "(rare NEAR/20 earth) NEAR/20 (tariff NEAR/20 duty) EXCEPT/5 (control NEAR/5 curb)",
    "2 OF (rare NEAR/5 earth, tariff PARA duty, duty SENT rare)",
    '"rare earth" PRE/50 "earth rare" PRE/50 tariff',
)


def run() -> None:
    """Run the bench and print its table."""
    texts = _texts()
    maker = TopicMaker([Document(text=text, language="en") for text in texts.values() if "\n" in text], seed=3)
    topics = compiled(maker.topics(_TOPICS))
    watchlists = {"packaged": _packaged(), f"{_TOPICS:,} topics": topics, "windows": _windows()}
    rows = []
    for name, text in texts.items():
        progress(f"hostile: {name}")
        rows.append([name, f"{len(text) / 1000:.0f}", *(_milliseconds(one, text) for one in watchlists.values())])
    print_table(
        "Hostile texts: CPU milliseconds for one",
        ["text", "kB", *watchlists],
        rows,
        "The second time it is met. Windows: nine topics with NEAR, SENT and PARA within each other, on words that"
        " abound.",
    )


def _packaged() -> Watchlist:
    watchlist, errors = compile_watchlist(load_config(Path("config"), {}).watchlist)
    assert not errors, errors
    return watchlist


def _windows() -> Watchlist:
    specs = (TopicSpec(id=query, name="", match=QueryText(text=query)) for query in _WINDOWS)
    watchlist, errors = compile_watchlist(WatchlistSpec(topics=tuple(specs)))
    assert not errors, errors
    return watchlist


def _texts() -> Mapping[str, str]:
    prose = Prose(5)
    return {
        "prose": prose.text(28_000)[:_LONGEST],
        "one word 20,000 times": "rare " * 20_000,
        "two words by turns": "rare earth " * 10_000,
        "four words by turns": "rare earth tariff duty " * 5_000,
        "the same, in sentences": "Rare earth, tariff; duty and other things. " * 4_500,
        "the same, in paragraphs": "Rare earth, tariff; duty and other things.\n\n" * 4_300,
        "4,000 near misses": "rare earth one two three four five six seven eight control " * 3_000,
        "no space": "rare-earth-tariff-duty-" * 8_500,
        "one word of 200 kB": "rareearth" * 22_000,
        "figures and signs": "$1,100.50 55 % (U.S.) — 1.5bn; " * 6_000,
        "Chinese": "稀土出口管制和关税。" * 20_000,
        "accents": "ràré éàrth tàrïff dùty " * 8_500,
    }


def _milliseconds(watchlist: Watchlist, text: str) -> str:
    document = Document(title="Rare earth tariff duty", text=text[:_LONGEST], language="en")
    watchlist.match(document)
    started = time.process_time()
    watchlist.match(document)
    return f"{(time.process_time() - started) * 1000:.0f}"
