"""The seams of the program: what `pipeline` and the commands need of the outside, as Protocols.

Every port has a contract suite in `tests/contract`, run over each implementation, and a fake in `tests/fakes.py`.
Times are aware UTC; `now` is given, never read. Store methods are synchronous, may be called from any thread, and may
raise `StoreError`; each write is one transaction.
"""

from __future__ import annotations

from monitor.ports.feedback import FeedbackStore, MuteSaved, TopicTally, Wanted
from monitor.ports.outside import Clock, Fetcher, Sandbox, Sender
from monitor.ports.store import Store
from monitor.ports.values import (
    Added,
    Counts,
    Decide,
    Decision,
    EarlierText,
    FailingRecipient,
    FeedSync,
    KeptWatchlist,
    Lately,
    Pace,
    Plan,
    Poll,
    Recent,
    StoryRow,
    Studied,
    StudySaved,
    StudyView,
    Surplus,
    Waiting,
    Warn,
)

__all__ = [
    "Added",
    "Clock",
    "Counts",
    "Decide",
    "Decision",
    "EarlierText",
    "FailingRecipient",
    "FeedSync",
    "FeedbackStore",
    "Fetcher",
    "KeptWatchlist",
    "Lately",
    "MuteSaved",
    "Pace",
    "Plan",
    "Poll",
    "Recent",
    "Sandbox",
    "Sender",
    "Store",
    "StoryRow",
    "Studied",
    "StudySaved",
    "StudyView",
    "Surplus",
    "TopicTally",
    "Waiting",
    "Wanted",
    "Warn",
]
