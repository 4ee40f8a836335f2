"""What the parts of the store have in common: the open database."""

from __future__ import annotations

from monitor.model import FeedSpec
from storage.database import Database


class Part:
    """A part of the store: its methods read and write by the database."""

    def __init__(self, database: Database) -> None:
        self._db = database
        # By address. Headers may hold a login: they live in the configuration and in memory, never in the database.
        self._specs: dict[str, FeedSpec] = {}
