"""The store: one object that implements the whole port, and the one way to open it."""

from __future__ import annotations

from pathlib import Path

from monitor.ports import Clock, Store
from storage.articles import Articles
from storage.database import Database, locate
from storage.facts import Facts
from storage.faults import explained
from storage.feedback import Feedback
from storage.feeds import Feeds
from storage.opening import prepare
from storage.outbox import Outbox
from storage.polls import Polls
from storage.stories import Stories
from storage.study import Study
from storage.tallies import Tallies
from storage.threads import Threads
from storage.upkeep import Upkeep


class SqlStore(Feeds, Polls, Articles, Study, Stories, Facts, Outbox, Threads, Feedback, Tallies, Upkeep, Store):
    """The store in an SQL database: SQLite for one machine, PostgreSQL for more."""


def has_store(url: str, *, state: Path) -> bool:
    """Return whether the file of the store at `url` is there; a PostgreSQL database is taken to be.

    Raises:
        StoreError: it is no URL of a store.
    """
    _, place = locate(url, state)
    return place.path is None or place.path.exists()


def open_store(url: str, *, state: Path, clock: Clock) -> SqlStore:
    """Open the store at `url`, creating or migrating it first. `sqlite:///FILE` is relative to the folder `state`.

    Raises:
        StoreTooNew: a newer program wrote it.
        StoreFull: the disk has no room for it.
        StoreError: it cannot be used; message and hint say why and what to do.
    """
    at, place = locate(url, state)
    prepare(at, place)
    with explained(place):
        return SqlStore(Database(at, place, clock))
