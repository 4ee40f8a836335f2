"""Topics as stored queries: a query language, and the search for the topics that a document matches.

A watchlist is compiled once (`compile_watchlist`). Each document is read in one pass over its words; presearch finds
the topics it can match by their rarest words; those are verified on word positions, and explained from them.
"""

from __future__ import annotations

from monitor.match.compile import Topic
from monitor.match.examples import check_examples, failed_examples
from monitor.match.explain import Explanation, Kind
from monitor.match.misspelt import misspelt_words
from monitor.match.presearch import Frequencies
from monitor.match.suggesting import Suggestion, suggest_exclusions
from monitor.match.watchlist import Watchlist, compile_watchlist

__all__ = [
    "Explanation",
    "Frequencies",
    "Kind",
    "Suggestion",
    "Topic",
    "Watchlist",
    "check_examples",
    "compile_watchlist",
    "failed_examples",
    "misspelt_words",
    "suggest_exclusions",
]
