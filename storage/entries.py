"""The entries of a poll as drafts of articles: under the keys they are known by, silent or news, all new or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monitor.model import ArticleDraft, Backfill, Entry, PollOutcome, TimeSource
from storage.feeds import host_of
from storage.intake import Incoming, Taken, incoming
from storage.recognition import Recognition
from storage.rows import memory_json, memory_of, rfc3339
from storage.writer import Tx

_BY_CONTENT = "content"
# A page of one entry says nothing of what came before it.
_PAGE_ENTRIES = 2
_PAGE_FADES = 0.98

# Clocks differ; a time further ahead than this is not believed.
AHEAD = timedelta(hours=1)


def recognised(tx: Tx, feed: dict[str, Any], outcome: PollOutcome, *, is_first: bool) -> tuple[list[Incoming], bool]:
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


def is_overflow(feed: dict[str, Any], outcome: PollOutcome, items: list[Incoming], taken: Taken) -> bool:
    """Tell whether all of a page is new: more may have come and gone. A page shorter than usual was emptied."""
    usual = memory_of(feed["memory"]).page_entries
    is_full = len(items) >= max(_PAGE_ENTRIES, int(usual))
    is_full = is_full and not _is_chosen(outcome)
    return is_full and len(taken.new) == len(items) and feed["entry_count"] > 0


def _is_chosen(outcome: PollOutcome) -> bool:
    """Tell whether entries were left out for their words: nobody knows whether they were new."""
    return outcome.parsed is not None and outcome.parsed.skipped > 0


def remembered(
    feed: dict[str, Any], outcome: PollOutcome, items: list[Incoming], *, is_by_content: bool, is_overflow: bool
) -> dict[str, Any]:
    """Return what the feed's memory becomes."""
    memory = outcome.memory or memory_of(feed["memory"])
    if outcome.parsed is not None:
        reader = outcome.parsed.reader or memory.reader
        usual = max(float(len(items)), round(memory.page_entries * _PAGE_FADES, 2))
        memory = replace(memory, page_entries=usual, keyed_by=_BY_CONTENT if is_by_content else "", reader=reader)
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
