"""What a poll brought, stored in one transaction with the feed's new state: a crash re-reads, and never skips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from monitor.model import (
    ArticleDraft,
    Backfill,
    Entry,
    Feed,
    Origin,
    PollOutcome,
    PollSaved,
    Problem,
    TimeSource,
)
from monitor.ports import Plan
from storage.feeds import host_of
from storage.intake import Incoming, Intake, Taken, incoming
from storage.leases import FREE
from storage.part import Part
from storage.recognition import Recognition, known_among
from storage.rows import failure_columns, memory_json, memory_of, rfc3339
from storage.tables import feeds, fetch_log, forgotten
from storage.writer import Tx

_BY_CONTENT = "content"
# A page of one entry says nothing of what came before it.
_PAGE_ENTRIES = 2
_PAGE_FADES = 0.98

# How old the mark of a forgotten entry may get before a poll that lists the entry renews it.
MARK_AGE = timedelta(days=1)
# Clocks differ; a time further ahead than this is not believed.
AHEAD = timedelta(hours=1)


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
        return self._db.write(lambda tx: _save(tx, outcome, plan))

    def known_entries(self, feed: Feed, entries: Sequence[Entry]) -> frozenset[str]:
        """Return the keys of those entries that the feed brought before, be it under another key or as a link."""
        with self._db.read() as conn:
            return known_among(conn, feed.id, entries)


def _save(tx: Tx, outcome: PollOutcome, plan: Plan | None) -> PollSaved:
    query = select(feeds).where(feeds.c.id == outcome.feed.id).with_for_update()
    row = tx.conn.execute(query).mappings().one_or_none()
    if row is None or row["lease_token"] != outcome.feed.lease_token:
        return PollSaved(is_stale=True)
    feed = dict(row)
    is_first = feed["baseline_at"] is None and _is_read(outcome)
    items, is_by_content = _recognised(tx, feed, outcome, is_first=is_first)
    intake = Intake(tx, Origin.FEED, outcome.feed.id, outcome.at, takes_all=_is_new_hour(feed, outcome.at))
    taken = intake.take(items)
    _renew_marks(tx, feed["id"], taken.forgotten, outcome.at)
    saved = PollSaved(
        new_articles=len(taken.new),
        revised_articles=len(taken.revised),
        is_first=is_first,
        is_overflow=not is_first and _is_overflow(feed, items, taken) and not _is_chosen(outcome),
    )
    if plan is not None:
        planned = plan(saved)
        outcome = replace(outcome, next_at=planned.at, memory=planned.memory)
    changes = _state(feed, outcome) | _news(feed, outcome, items, taken)
    changes |= _remembered(feed, outcome, items, is_by_content=is_by_content, is_overflow=saved.is_overflow)
    if taken.is_more_to_read:
        changes |= {"etag": "", "last_modified": "", "body_hash": b""}
    if is_first:
        changes |= _baseline(feed, outcome.at, has_entries=bool(items))
    tx.conn.execute(update(feeds).where(feeds.c.id == feed["id"]), changes)
    tx.conn.execute(insert(fetch_log), _log_row(tx, outcome, taken))
    return saved


def _recognised(tx: Tx, feed: dict[str, Any], outcome: PollOutcome, *, is_first: bool) -> tuple[list[Incoming], bool]:
    """Return the entries under the keys they are known by, and whether that is without their guids."""
    is_by_content = memory_of(feed["memory"]).keyed_by == _BY_CONTENT
    items = _incoming(feed, outcome, is_first=is_first, is_by_content=is_by_content)
    if is_first or not feed["entry_count"]:
        return items, is_by_content
    page = Recognition(tx, feed["id"], items)
    if page.unknown:
        page.follow_moves()
        is_changing = page.follow_guids(is_sure=is_by_content)
        if is_changing and not is_by_content:
            items, is_by_content = _incoming(feed, outcome, is_first=False, is_by_content=True), True
            Recognition(tx, feed["id"], items).follow_guids(is_sure=True)
    return items, is_by_content


def _is_overflow(feed: dict[str, Any], items: list[Incoming], taken: Taken) -> bool:
    """Tell whether all of a page is new: more may have come and gone. A page shorter than usual was emptied."""
    usual = memory_of(feed["memory"]).page_entries
    is_full = len(items) >= max(_PAGE_ENTRIES, int(usual))
    return is_full and len(taken.new) == len(items) and feed["entry_count"] > 0


def _is_chosen(outcome: PollOutcome) -> bool:
    """Tell whether entries were left out for their words: nobody knows whether they were new."""
    return outcome.parsed is not None and outcome.parsed.skipped > 0


def _remembered(
    feed: dict[str, Any], outcome: PollOutcome, items: list[Incoming], *, is_by_content: bool, is_overflow: bool
) -> dict[str, Any]:
    """Return what the feed's memory becomes."""
    memory = outcome.memory or memory_of(feed["memory"])
    if outcome.parsed is not None:
        usual = max(float(len(items)), round(memory.page_entries * _PAGE_FADES, 2))
        memory = replace(memory, page_entries=usual, keyed_by=_BY_CONTENT if is_by_content else "")
    if is_overflow:
        before = (feed["succeeded_at"] or feed["baseline_at"]).timestamp()
        oldest = min((item.draft.published or outcome.at).timestamp() for item in items)
        memory = replace(
            memory,
            overflow_count=memory.overflow_count + 1,
            overflow_at=outcome.at.timestamp(),
            overflow_from=before,
            overflow_to=oldest if oldest > before else outcome.at.timestamp(),
        )
    return {"memory": memory_json(memory)}


def _is_new_hour(feed: dict[str, Any], at: datetime) -> bool:
    before = feed["read_at"]
    return before is None or before.timestamp() // 3600 != at.timestamp() // 3600


def _is_read(outcome: PollOutcome) -> bool:
    return outcome.parsed is not None and all(
        failure is None or failure.problem is Problem.NO_ENTRIES
        for failure in (outcome.failure, outcome.parsed.failure)
    )


def _incoming(feed: dict[str, Any], outcome: PollOutcome, *, is_first: bool, is_by_content: bool) -> list[Incoming]:
    if outcome.parsed is None:
        return []
    keyed = ((entry.content_key if is_by_content else "") or entry.key for entry in outcome.parsed.entries)
    once = dict(reversed(list(zip(keyed, outcome.parsed.entries, strict=True))))
    return [
        incoming(
            _draft(feed, entry, key, is_silent=_is_silent(feed, outcome, entry, is_first=is_first)),
            *(entry.title, entry.summary, entry.content),
        )
        for key, entry in reversed(once.items())
    ]


def _is_silent(feed: dict[str, Any], outcome: PollOutcome, entry: Entry, *, is_first: bool) -> bool:
    if feed["backfill"] == Backfill.ALERT.value:
        return False
    return entry.key in outcome.held_back or (is_first and not _is_news(entry, feed["added_at"], outcome.at))


def _is_news(entry: Entry, added_at: datetime, at: datetime) -> bool:
    # A date ahead of the clock says nothing of when the entry came.
    return entry.published is not None and added_at < entry.published <= at + AHEAD


def _draft(feed: dict[str, Any], entry: Entry, key: str, *, is_silent: bool) -> ArticleDraft:
    return ArticleDraft(
        key=key,
        url=entry.url,
        title=entry.title,
        teaser=entry.content or entry.summary,
        published=entry.published,
        published_text=rfc3339(entry.published),
        published_from=TimeSource.FEED if entry.published else TimeSource.UNKNOWN,
        authors=entry.authors,
        language=feed["language"] or entry.language,
        source=(host_of(entry.url) or feed["host"]).removeprefix("www."),
        is_silent=is_silent,
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
