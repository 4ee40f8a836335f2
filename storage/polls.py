"""What a poll brought, stored in one transaction with the feed's new state: a crash re-reads, and never skips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from monitor.model import (
    Backfill,
    Entry,
    Feed,
    Origin,
    PollOutcome,
    PollSaved,
    Problem,
)
from monitor.ports import Plan, Poll
from storage.entries import is_overflow, recognised, remembered
from storage.feeds import host_of
from storage.intake import Incoming, Intake, Taken
from storage.leases import FREE, is_free
from storage.part import Part
from storage.recognition import known_among
from storage.rows import failure_columns, memory_json
from storage.tables import feeds, fetch_log, forgotten
from storage.writer import Tx

_BUSY = frozenset({429, 503})
_LONGEST_PAUSE_S = 86_400.0

# How old the mark of a forgotten entry may get before a poll that lists the entry renews it.
MARK_AGE = timedelta(days=1)


class Polls(Part):
    """The polls' part of the store."""

    def save_poll(self, outcome: PollOutcome, plan: Plan | None = None) -> PollSaved:
        """Store new and changed entries as unstudied articles, and the feed's new state, in one transaction.

        The first successful fetch sets `baseline_at`; its entries are silent unless they were published after the feed
        was added, or the feed's `backfill` is `alert`. A feed without entries is fetched successfully, too: what it
        brings later is news. A known entry whose title, summary or content changed becomes a new revision; one that
        changes without end only at the first reading of each hour.
        `plan` runs inside the transaction, and what it gives goes before the outcome's `next_at` and `memory`.
        """
        return self.save_polls([(outcome, plan)])[0]

    def save_polls(self, polls: Sequence[Poll]) -> list[PollSaved]:
        """Save polls of several feeds, each as by `save_poll`, in one transaction: all of them or none."""
        return self._db.write(lambda tx: _save(tx, polls))

    def put_off(self, feed: Feed, until: datetime) -> bool:
        """Ask a leased feed later, as if it had not been due: nothing else of it changes."""
        mine = (feeds.c.id == feed.id) & (feeds.c.lease_token == feed.lease_token)
        changes = FREE | {"next_at": until}
        return self._db.write(lambda tx: tx.conn.execute(update(feeds).where(mine), changes).rowcount > 0)

    def known_entries(self, feed: Feed, entries: Sequence[Entry]) -> frozenset[str]:
        """Return the keys of those entries that the feed brought before, be it under another key or as a link."""
        with self._db.read() as conn:
            return known_among(conn, feed.id, entries)


@dataclass(frozen=True, slots=True)
class _Change:
    """What a poll makes of its feed and of the log."""

    feed: dict[str, Any]
    log: dict[str, Any]


def _save(tx: Tx, polls: Sequence[Poll]) -> list[PollSaved]:
    """Save polls with few statements: most of them found nothing, and change no more than their feed."""
    wanted = feeds.c.id.in_([outcome.feed.id for outcome, _ in polls])
    query = select(feeds).where(wanted).order_by(feeds.c.id).with_for_update()
    stored = {row["id"]: dict(row) for row in tx.conn.execute(query).mappings()}
    saved: list[PollSaved] = []
    changes: list[_Change] = []
    for outcome, plan in polls:
        feed = stored.get(outcome.feed.id)
        if feed is None or feed["lease_token"] != outcome.feed.lease_token:
            saved.append(PollSaved(is_stale=True))
            continue
        result, change = _take(tx, feed, outcome, plan)
        feed["lease_token"] = change.feed["lease_token"]
        saved.append(result)
        changes.append(change)
    _write(tx, changes)
    for outcome, _ in polls:
        if outcome.feed.id in stored:
            _hold_back_neighbours(tx, stored[outcome.feed.id], outcome)
    return saved


def _write(tx: Tx, changes: Sequence[_Change]) -> None:
    alike: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        alike[frozenset(change.feed)].append(change.feed)
    for rows in alike.values():
        tx.conn.execute(update(feeds).where(feeds.c.id == bindparam("of_feed")), rows)
    if changes:
        tx.conn.execute(insert(fetch_log), [change.log for change in changes])


def _take(tx: Tx, feed: dict[str, Any], outcome: PollOutcome, plan: Plan | None) -> tuple[PollSaved, _Change]:
    if outcome.parsed is None and plan is None:
        return PollSaved(), _unread(tx, feed, outcome)
    is_first = feed["baseline_at"] is None and _is_read(outcome)
    items, is_by_content = recognised(tx, feed, outcome, is_first=is_first)
    intake = Intake(tx, Origin.FEED, outcome.feed.id, outcome.at, takes_all=_is_new_hour(feed, outcome.at))
    taken = intake.take(items)
    _renew_marks(tx, feed["id"], taken.forgotten, outcome.at)
    saved = PollSaved(
        new_articles=len(taken.new),
        revised_articles=len(taken.revised),
        is_first=is_first,
        is_overflow=not is_first and is_overflow(feed, outcome, items, taken),
    )
    if plan is not None:
        planned = plan(saved)
        outcome = replace(outcome, next_at=planned.at, memory=planned.memory)
    changes = {"of_feed": feed["id"]} | _state(feed, outcome) | _news(feed, outcome, items, taken)
    changes |= remembered(feed, outcome, items, is_by_content=is_by_content, is_overflow=saved.is_overflow)
    if taken.is_more_to_read:
        changes |= {"etag": "", "last_modified": "", "body_hash": b""}
    if is_first:
        changes |= _baseline(feed, outcome.at, has_entries=bool(items))
    return saved, _Change(changes, _log_row(tx, outcome, taken))


def _unread(tx: Tx, feed: dict[str, Any], outcome: PollOutcome) -> _Change:
    """Return what a poll changes that brought nothing to read, as most do."""
    changes = {"of_feed": feed["id"]} | _state(feed, outcome)
    if outcome.memory is not None:
        changes["memory"] = memory_json(outcome.memory)
    return _Change(changes, _log_row(tx, outcome, Taken()))


def _hold_back_neighbours(tx: Tx, feed: dict[str, Any], outcome: PollOutcome) -> None:
    """Let a pause that a host asked for hold for all its feeds, also over a restart."""
    pause_s = outcome.fetch.retry_after_s
    if outcome.fetch.status not in _BUSY or not pause_s or host_of(outcome.fetch.final_url) != feed["host"]:
        return
    until = outcome.at + timedelta(seconds=min(pause_s, _LONGEST_PAUSE_S))
    c = feeds.c
    others = (c.host == feed["host"]) & (c.id != feed["id"])
    sooner = select(c.id).where(others, c.next_at < until, is_free(feeds, outcome.at))
    # Skipping what is locked: two feeds of a host must not wait for each other.
    chosen = sooner.with_for_update(skip_locked=True)
    tx.conn.execute(update(feeds).where(c.id.in_(chosen)).values(next_at=until))


def _is_new_hour(feed: dict[str, Any], at: datetime) -> bool:
    before = feed["read_at"]
    return before is None or before.timestamp() // 3600 != at.timestamp() // 3600


def _is_read(outcome: PollOutcome) -> bool:
    return outcome.parsed is not None and all(
        failure is None or failure.problem is Problem.NO_ENTRIES
        for failure in (outcome.failure, outcome.parsed.failure)
    )


def _state(feed: dict[str, Any], outcome: PollOutcome) -> dict[str, Any]:
    """Return what every poll changes of its feed. A feed that has no entries was read: it does not fail."""
    is_failing = outcome.failure is not None and outcome.failure.problem is not Problem.NO_ENTRIES
    changes = (
        FREE
        | failure_columns(outcome.failure)
        | {
            "polled_at": outcome.at,
            "next_at": outcome.next_at,
            "fail_streak": feed["fail_streak"] + 1 if is_failing else 0,
            "kill_streak": feed["kill_streak"] + 1 if outcome.was_killed else 0,
            "failing_since": (feed["failing_since"] or outcome.at) if is_failing else None,
        }
    )
    if not is_failing:
        changes["succeeded_at"] = outcome.at
    if outcome.failure is None:
        changes |= _validators(feed, outcome)
    return changes


def _validators(feed: dict[str, Any], outcome: PollOutcome) -> dict[str, Any]:
    """Return what makes the next fetch conditional; only of a body read whole, else its rest would be skipped."""
    fetch = outcome.fetch
    if outcome.parsed is not None and outcome.parsed.is_cut:
        return {"etag": "", "last_modified": "", "body_hash": b""}
    found = {"etag": fetch.etag, "last_modified": fetch.last_modified, "body_hash": outcome.body_hash}
    if outcome.parsed is not None:
        return found
    return {name: value or feed[name] for name, value in found.items()}


def _news(feed: dict[str, Any], outcome: PollOutcome, items: list[Incoming], taken: Taken) -> dict[str, Any]:
    """Return what a body that was read says of its feed."""
    if outcome.parsed is None:
        return {}
    times = [min(items[place].draft.published or outcome.at, outcome.at) for place in taken.new]
    newest = max([*times, *([feed["newest_at"]] if feed["newest_at"] else [])], default=None)
    return {
        "title": outcome.parsed.title or feed["title"],
        "site": outcome.parsed.site or feed["site"],
        "read_at": outcome.at,
        "newest_at": newest,
        "entry_count": feed["entry_count"] + len(taken.new),
    }


def _baseline(feed: dict[str, Any], at: datetime, *, has_entries: bool) -> dict[str, Any]:
    is_to_report = has_entries and feed["backfill"] == Backfill.SUMMARY.value
    return {"baseline_at": at, "import_reported_at": None if is_to_report else at}


def _renew_marks(tx: Tx, feed_id: int, key_hashes: list[int], at: datetime) -> None:
    c = forgotten.c
    for start in range(0, len(key_hashes), 500):
        hashes = key_hashes[start : start + 500]
        listed = (c.feed_id == feed_id) & c.key_hash.in_(hashes) & (c.seen_at < at - MARK_AGE)
        tx.conn.execute(update(forgotten).where(listed).values(seen_at=at))


def _log_row(tx: Tx, outcome: PollOutcome, taken: Taken) -> dict[str, Any]:
    return {
        "id": tx.new_id(),
        "feed_id": outcome.feed.id,
        "at": outcome.at,
        "status": outcome.fetch.status,
        "ms": round(outcome.fetch.elapsed_s * 1000),
        "size_bytes": outcome.fetch.raw_bytes,
        "new": len(taken.new),
        "revised": len(taken.revised),
        **failure_columns(outcome.failure),
    }
