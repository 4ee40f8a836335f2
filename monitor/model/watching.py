"""What the monitor finds wrong with its feeds and with itself, and what it has told of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.model.feeds import Feed
from monitor.model.problems import Problem


class TroubleKind(StrEnum):
    """What is wrong. The first five befall a feed, the others the monitor."""

    BROKEN = "broken"
    SILENT = "silent"
    PAGES = "pages"
    OVERFLOW = "overflow"
    HIDING = "hiding"
    NETWORK = "network"
    DISK = "disk"
    STORE = "store"
    STUDY = "study"
    DELIVERY = "delivery"
    RECIPIENT = "recipient"
    CLOCK = "clock"

    @property
    def is_of_feed(self) -> bool:
        """True if it befalls a feed."""
        return self in _OF_FEEDS


_OF_FEEDS = frozenset(
    {TroubleKind.BROKEN, TroubleKind.SILENT, TroubleKind.PAGES, TroubleKind.OVERFLOW, TroubleKind.HIDING}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is wrong since `since`, in seconds since 1970, UTC.

    `subject` is whom it befell: a feed's number, a folder, a recipient, or nobody in particular. `usual_s` is the
    longest silence that is usual; `count` how many feeds, articles, alerts, free bytes or seconds it is about.
    """

    kind: TroubleKind
    since: float
    subject: str = ""
    feed: Feed | None = None
    usual_s: float = 0.0
    count: int = 0

    @property
    def key(self) -> tuple[TroubleKind, str]:
        """Its name among all troubles; it has the same one while it lasts."""
        return self.kind, self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A trouble that was told. `name` is what the feed is called, `word` what it was in short, `link` its address.

    `well_at` is when it was first seen to be over, 0 while it lasts.
    """

    kind: TroubleKind
    since: float
    subject: str = ""
    name: str = ""
    word: str = ""
    link: str = ""
    well_at: float = 0.0

    @property
    def key(self) -> tuple[TroubleKind, str]:
        """The name of its trouble."""
        return self.kind, self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """How an article's page was read: `letter` is f (full text), t (the feed's words only) or w (a wall before it)."""

    letter: str
    problem: Problem | None = None
    url: str = ""
