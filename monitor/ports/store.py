"""The port to everything that must survive."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from monitor.model import (
    Article,
    ArticleDraft,
    Entry,
    Failure,
    Feed,
    FeedSpec,
    Origin,
    OutboxDraft,
    OutboxRow,
    OutboxState,
    Phase,
    PollOutcome,
    PollSaved,
    Stage,
    StoredMatch,
)
from monitor.ports.feedback import FeedbackStore
from monitor.ports.values import (
    Added,
    Counts,
    Decide,
    EarlierText,
    FailingRecipient,
    FeedSync,
    KeptWatchlist,
    Lately,
    Pace,
    Plan,
    Poll,
    StoryRow,
    Studied,
    StudySaved,
    Warn,
)


class Store(FeedbackStore, Protocol):
    """Everything that must survive: feeds, articles, stories, matches, outbox, feedback, versions of the watchlist.

    Claims take rows whose lease is free or has run out, and lease them for `lease_s` seconds under a token that the
    rows carry; a write with another token than the row's changes nothing and says so (`is_stale`, False, 0).
    """

    # Feeds

    def sync_feeds(self, specs: Sequence[FeedSpec], now: datetime) -> FeedSync:
        """Make the enabled feeds be these; new ones are due at once, missing ones are kept but disabled."""

    def claim_due_feeds(self, now: datetime, *, limit: int, lease_s: float, everything: bool = False) -> list[Feed]:
        """Lease enabled feeds that are due, longest due first; all enabled ones if `everything`."""

    def save_poll(self, outcome: PollOutcome, plan: Plan | None = None) -> PollSaved:
        """Store new and changed entries as unstudied articles, and the feed's new state, in one transaction.

        The first successful fetch sets `baseline_at`; its entries are silent unless they were published after the feed
        was added, or the feed's `backfill` is `alert`. A known entry whose title, summary or content changed becomes a
        new revision of its article; one that changes without end only at the first reading of each hour.
        `plan` runs inside it, and what it gives goes before the outcome's `next_at` and `memory`.
        """

    def save_polls(self, polls: Sequence[Poll]) -> list[PollSaved]:
        """Save polls of several feeds, each as by `save_poll`, in one transaction: all of them or none."""

    def known_entries(self, feed: Feed, entries: Sequence[Entry]) -> frozenset[str]:
        """Return the keys of those entries that the feed brought before, be it under another key or as a link."""

    def put_off(self, feed: Feed, until: datetime) -> bool:
        """Ask a leased feed later, as if it had not been due: nothing else of it changes."""

    def feeds(self, *, enabled_only: bool = False) -> list[Feed]:
        """Return all feeds by name, then URL."""

    def feeds_bringing(self, host: str) -> list[Feed]:
        """Return the feeds that lie on a host (without `www.`) or below it, or that brought an article from it."""

    def first_imports(self, now: datetime) -> list[tuple[Feed, int, int]]:
        """Return feeds with `backfill: summary` whose first fetch is fully studied and was not reported yet.

        Each with the number of its first entries, and of those with a match. `mark_imports_reported` ends it.
        """

    def mark_imports_reported(self, feed_ids: Sequence[int], drafts: Sequence[OutboxDraft], now: datetime) -> None:
        """Remember that the first imports of these feeds were reported, and store the notices, in one transaction."""

    # Articles

    def add_articles(self, origin: Origin, drafts: Sequence[ArticleDraft], now: datetime) -> Added:
        """Store drafts as unstudied articles. The same key and text is known; another text is a revision."""

    def claim_new_articles(  # noqa: PLR0913 - how many, for how long, and which
        self,
        now: datetime,
        *,
        limit: int,
        lease_s: float,
        origin: Origin | None = None,
        phase: Phase | None = None,
        without_feeds: Collection[int] = (),
    ) -> list[Article]:
        """Lease unstudied articles with their bodies, oldest first; none of `without_feeds`.

        With `phase` TEASER those whose titles and teasers were not looked at yet: news of feeds, not what is silent.
        With `phase` FULL all others.
        """

    def save_study(self, studied: Studied, decide: Decide, now: datetime) -> StudySaved:
        """Place and store a studied article, its story, matches and outbox rows, in one transaction.

        `decide` runs inside it, one at a time over the whole store. An outbox key that exists is skipped. Matches of an
        earlier revision are replaced. What was studied by its teaser only waits for its page, as `teased`; if nothing
        was found in it, nothing else of it is stored, and `decide` does not run.
        """

    def save_rematch(self, found: Sequence[Studied], drafts: Sequence[OutboxDraft], now: datetime) -> int:
        """Store what topics found in studied articles later on, and the rows it makes, in one transaction.

        Each match takes the place of the topic's earlier one. An article that was revised meanwhile is left out, with
        its rows: it is studied again. An outbox key that exists is skipped; returns how many rows were new.
        """

    def set_aside(self, article: Article, failure: Failure, now: datetime, drafts: Sequence[OutboxDraft] = ()) -> bool:
        """Give up on an article: stage `failed`, with the reason, and store the notices of it, in one transaction."""

    def retry_set_aside(self) -> int:
        """Make all articles that were set aside unstudied again; returns how many."""

    def article(self, article_id: int) -> Article | None:
        """Return one article with its bodies."""

    def find_article(self, ref: str) -> Article | None:
        """Return the article with this id, given id, `seed:` name or URL."""

    def articles(
        self,
        *,
        limit: int | None = None,
        newest_first: bool = True,
        origin: Origin | None = None,
        stage: Stage | None = None,
        bodies: bool = False,
    ) -> Iterator[Article]:
        """Yield articles by first seen; texts only if `bodies`."""

    def copies(self, article_id: int) -> list[Article]:
        """Return the copies listed under an original, without bodies."""

    def earlier_texts(self, article_id: int) -> list[EarlierText]:
        """Return the texts an article had before its revisions, oldest first; the last 20 are kept."""

    def stories(self, *, newest_first: bool = False) -> Iterator[StoryRow]:
        """Yield all stories, oldest first unless `newest_first`."""

    def story(self, story_id: int) -> StoryRow | None:
        """Return one story."""

    def story_articles(self, story_id: int, *, bodies: bool = False) -> list[Article]:
        """Return the articles of a story, oldest first; texts only if `bodies`."""

    def matches(self, *, article_id: int | None = None) -> Iterator[StoredMatch]:
        """Yield matches, of one article or of all, oldest article first."""

    # Topics and configuration

    def sync_topics(self, topics: Sequence[tuple[str, str]], now: datetime) -> dict[str, int]:
        """Give each (id, was) its number: of that id, else of the id it was renamed from or to, else a new one."""

    def keep_watchlist(self, version: str, files: Mapping[str, str], now: datetime) -> None:
        """Remember the texts of a watchlist that was taken over, unless it is the last one kept.

        `version` is 12 hexadecimal digits; the last 50 stay.
        """

    def watchlists(self) -> list[KeptWatchlist]:
        """Return the watchlists kept, newest first."""

    def watchlist_files(self, kept_id: int) -> dict[str, str]:
        """Return the texts of a kept watchlist, in the order they were given."""

    # Outbox

    def put_outbox(self, drafts: Sequence[OutboxDraft], now: datetime) -> int:
        """Store rows whose key is new; returns how many were."""

    def tell_once(self, drafts: Sequence[OutboxDraft], now: datetime, *, note: str, before: str, after: str) -> bool:
        """Store rows together with the small fact that remembers them, in one transaction, if that is still `before`.

        False: another process was faster, nothing is stored.
        """

    def claim_messages(
        self,
        now: datetime,
        *,
        limit: int,
        lease_s: float,
        per_channel: int | None = None,
        pace: Pace | None = None,
    ) -> list[list[OutboxRow]]:
        """Lease up to `limit` groups of due rows, urgent ones first, then the longest due.

        A group is all due rows of one recipient and story, or the first 500 of one recipient and bundle.
        Operator notices are groups of one recipient. No channel has more than `per_channel` groups under lease, those
        of earlier claims included: one that never answers leaves room for the others.
        Before that, rows are held that are too much by `pace`.
        """

    def mark_sent(self, rows: Sequence[OutboxRow], message_id: str, now: datetime, *, thread: str = "") -> bool:
        """Mark rows as sent, durably (fsync) before it returns."""

    def mark_failed(  # noqa: PLR0913 - what failed, and what of it is stored together
        self,
        rows: Sequence[OutboxRow],
        error: str,
        now: datetime,
        *,
        next_at: datetime | None,
        drafts: Sequence[OutboxDraft] = (),
        warn: Warn | None = None,
    ) -> bool:
        """Count a failed try and set the next one; None: the rows are dead letters.

        In the same transaction the notices in `drafts` are stored, and those that `warn` makes of the recipient:
        once, until none of what was tried in vain before is left.
        """

    def failing(self) -> list[FailingRecipient]:
        """Return the recipients for whom alerts wait that were tried in vain, by name."""

    def sent_to(self, recipient: str, since: datetime) -> int:
        """Return how many rows were sent to a recipient since a time."""

    def outbox(
        self,
        *,
        state: OutboxState | None = None,
        story_id: int | None = None,
        article_ids: Sequence[int] = (),
        message_id: str = "",
        limit: int | None = 100,
    ) -> list[OutboxRow]:
        """Return rows, newest first; if `story_id` or `article_ids`, only those of the story or one of the articles.

        With a `message_id` only those sent as that message.
        """

    def first_message(self, recipient: str, story_id: int) -> list[OutboxRow]:
        """Return the rows of the first message that a recipient had on a story; of a bundle the first of them."""

    def outbox_keys(self, keys: Sequence[str]) -> set[str]:
        """Return those of the keys that rows have."""

    def outbox_row(self, row_id: int) -> OutboxRow | None:
        """Return one row."""

    def change_outbox(self, row_ids: Sequence[int], state: OutboxState, now: datetime) -> int:
        """Make rows pending (due at once, tried as long as a new one) or dropped; returns how many changed.

        Rows that were sent, or are being sent now (under a lease), stay as they are.
        """

    # The whole

    def hold_lock(self) -> AbstractContextManager[None]:
        """Hold the store for a daemon.

        On SQLite a file lock, and all leases are freed; on PostgreSQL several daemons share the work.

        Raises:
            StoreLocked: another process holds it.
        """

    def is_held(self) -> bool:
        """Return True while another process holds the store for a daemon (SQLite)."""

    def reap(self, now: datetime, *, given_up: Sequence[Feed | Article] = ()) -> int:
        """Free leases that ran out, and those of rows given up; returns how many ran out."""

    def counts(self, now: datetime) -> Counts:
        """Return totals."""

    def oldest_waiting(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """Return since when the oldest unstudied article waits, and the oldest alert that is due (see `Counts`)."""

    def lately(self, since: datetime) -> Lately:
        """Return what came and went since a time, and what waits."""

    def forget(self, now: datetime, *, articles_before: datetime, log_before: datetime) -> int:
        """Delete old unmatched articles (never seeds) and old fetch log; returns how many articles.

        A forgotten entry does not come back while its feed still lists it.
        """

    def backup(self, target: Path) -> Path:
        """Write a checked copy of the store to a file and return its path (SQLite only).

        Raises:
            StoreError: not possible, with what to use instead.
        """

    def check(self) -> list[str]:
        """Return what is wrong with the store, a line each; empty: nothing."""

    def note(self, name: str, value: str | None = None) -> str:
        """Return the small fact kept under `name` (empty: none), after setting it to `value` unless that is None."""

    def close(self) -> None:
        """Write what waits and close all connections."""
