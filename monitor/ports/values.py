"""What the store is given and gives back, beside the values of `monitor.model`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.model import (
    Article,
    Candidate,
    Fingerprint,
    Forgotten,
    Hold,
    Match,
    NextPoll,
    OpenStory,
    OutboxDraft,
    OutboxRow,
    Phase,
    Placement,
    PollOutcome,
    PollSaved,
    Profile,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSync:
    """What a changed list of feeds came to."""

    added: int = 0
    kept: int = 0
    disabled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of the drafts given to `add_articles`, by their place in the sequence."""

    new: tuple[int, ...] = ()
    revised: tuple[int, ...] = ()
    known: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """A studied article with its matches, before it is placed. `topics` maps each matched topic id to its number.

    `phase` TEASER: its page was not read yet, and it will be studied again.
    """

    article: Article
    fingerprint: Fingerprint
    profile: Profile = field(default_factory=Profile)
    matches: tuple[Match, ...] = ()
    topics: tuple[tuple[str, int], ...] = ()
    watchlist_version: str = ""
    phase: Phase = Phase.FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to store of a studied article beside itself. `story` is the one it joins, with the article in it."""

    placement: Placement
    drafts: tuple[OutboxDraft, ...] = ()
    story: OpenStory | None = None


class StudyView(Protocol):
    """What a decision may look at, inside the transaction that will store it."""

    def candidates(self, fingerprint: Fingerprint) -> Sequence[Candidate]:
        """Return stored, placed articles with this URL key or text hash, or whose texts share most of the sketch.

        Oldest first, the article itself left out.
        """

    def forgotten(self, fingerprint: Fingerprint) -> Forgotten | None:
        """Return what retention deleted that had this URL key or text hash."""

    def articles_with(self, language: str, terms: Sequence[int]) -> tuple[int, Mapping[int, int]]:
        """Return how many articles of a language were placed, and in how many of them each of these terms was."""

    def open_stories(self, terms: Sequence[int]) -> Sequence[OpenStory]:
        """Return the open stories that have most of these terms; 16 at most."""

    def new_story(self) -> int:
        """Return the id for a story of its own."""

    def story(self, story_id: int) -> OpenStory | None:
        """Return a story that articles may still join; None if it is closed, or nothing is known of its words."""

    def told_of_story(self, story_id: int, topics: Sequence[int]) -> Sequence[OutboxRow]:
        """Return the alerts and updates that a story has on these topics by number, oldest first; 500 at most."""

    def sources(self, story_id: int) -> Sequence[str]:
        """Return who published the story's articles beside this one, copies left out, each once."""

    def matched(self) -> frozenset[int]:
        """Return the numbers of the topics that an earlier revision of the article matched."""

    def articles_on(self, story_id: int, topic_no: int) -> Sequence[Article]:
        """Return the story's articles that match a topic, without bodies, copies and this one; the 500 newest."""

    def own_alerts(self) -> Sequence[OutboxRow]:
        """Return the alerts and updates of the article itself, oldest first, whatever became of them."""


Decide = Callable[[Studied, StudyView], Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySaved:
    """Where a studied article went. `queued` is how many outbox rows were new."""

    story_id: int
    duplicate_of: int | None
    queued: int
    is_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Totals of the store, for `status`.

    `withheld` are the articles whose pages robots.txt keeps programs from: known by their teasers only.
    `pending` are the outbox rows that are to be sent now, `held` those that wait for a time of their own.
    `oldest_due` is when the oldest unsent outbox row was written that is due, or was tried in vain.
    """

    articles: int
    unstudied: int
    set_aside: int
    withheld: int
    stories: int
    matches: int
    pending: int
    held: int
    dead: int
    sent: int
    oldest_due: datetime | None
    last_sent: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What came and went of late: articles first seen, without seeds, and alerts sent, without notices.

    `waiting` is how many rows are due.
    """

    articles: int
    alerts: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A row that is due, was not tried yet and belongs to no bundle."""

    id: int
    recipient: str
    topic_no: int
    story_id: int
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A message on a topic that was sent lately, or is being sent. `is_flood`: it joined what was very much at once."""

    recipient: str
    topic_no: int
    at: datetime
    is_flood: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """Rows that are held as one bundle."""

    hold: Hold
    row_ids: tuple[int, ...]


Pace = Callable[[Sequence[Waiting], Sequence[Recent]], Sequence[Surplus]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingRecipient:
    """A recipient that alerts were tried in vain for: how many wait, the first of them and its time, the last error."""

    recipient: str
    waiting: int
    first_id: int
    since: datetime
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """A story as `export` gives it.

    `outlets` counts who is known to have published it, `unsourced` the articles of which nobody is; `texts` counts its
    articles without copies.
    """

    id: int
    title: str
    first_seen: datetime
    last_seen: datetime
    outlets: int
    unsourced: int
    texts: int
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierText:
    """What an article said as its `revision`, until another one came."""

    revision: int
    until: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWatchlist:
    """A version of the watchlist that was taken over, and when. The same version may have been so more than once."""

    id: int
    version: str
    loaded_at: datetime


Plan = Callable[[PollSaved], NextPoll]
# What is saved of a poll, and its plan if it has one.
Poll = tuple[PollOutcome, Plan | None]

Warn = Callable[[FailingRecipient], Sequence[OutboxDraft]]
