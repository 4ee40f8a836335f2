"""Older pages: a paged or archived feed is followed back until an entry that is known. Source: RFC 5005.

Only when all that a feed shows is new, and never far: what lies behind the bounds is reported as missed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from monitor.clean import host
from monitor.log import Log
from monitor.model import Backfill, Entry, Feed, ParsedFeed
from monitor.pipeline.context import Context
from monitor.pipeline.sources import feed_request, is_same_site, read_entries

_PAGES = 10
_ENTRIES = 1_000

_log = Log(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A feed with the entries of its older pages. `held_back` are keys of entries that are old, not news."""

    parsed: ParsedFeed
    held_back: frozenset[str] = frozenset()


async def follow_back(context: Context, feed: Feed, parsed: ParsedFeed, url: str) -> Followed:
    """Return what a feed at `url` says, with its older pages down to the first known entry.

    At most 10 pages and 1,000 entries, on the feed's own host, none twice. Of a feed that is read for the first time no
    page is followed. Entries as old as the feed's first import are held back like those; so are entries without
    a date if no known entry was found behind them.
    """
    if not parsed.older_url or not parsed.entries or feed.baseline_at is None or feed.entry_count == 0:
        return Followed(parsed=parsed)
    if await _known(context, feed, parsed.entries):
        return Followed(parsed=parsed)
    older, is_joined = await _older_entries(context, feed, parsed, url)
    here = {entry.key for entry in parsed.entries}
    older = [entry for entry in older if entry.key not in here]
    held_back = (
        frozenset()
        if feed.backfill is Backfill.ALERT
        else frozenset(
            entry.key for entry in older if (entry.published <= feed.added_at if entry.published else not is_joined)
        )
    )
    return Followed(parsed=replace(parsed, entries=(*parsed.entries, *older)), held_back=held_back)


async def _older_entries(context: Context, feed: Feed, parsed: ParsedFeed, url: str) -> tuple[list[Entry], bool]:
    """Return the entries of older pages, newest first, the first known one last; and whether there was one."""
    found: list[Entry] = []
    visited, page_url = {url, feed.url}, parsed.older_url
    for _ in range(_PAGES):
        if page_url in visited or host(page_url) != host(url):
            break
        visited.add(page_url)
        page = await _page(context, feed, page_url)
        known = await _known(context, feed, page.entries)
        for entry in page.entries:
            found.append(entry)
            if entry.key in known:
                return found, True
            if len(found) >= _ENTRIES - len(parsed.entries):
                return found, False
        page_url = page.older_url
        if not page_url:
            break
    return found, False


async def _page(context: Context, feed: Feed, url: str) -> ParsedFeed:
    request = feed_request(url, feed.access)
    if not is_same_site(feed.url, url):
        request = replace(request, headers=())  # they may hold a login
    result = await context.fetcher.fetch(request)
    if result.error is not None:
        _log.warning("older page not read", feed=feed.url, url=url, problem=result.error)
        return ParsedFeed(failure=result.error)
    return await read_entries(context.fetcher, context.sandbox, result, feed.access)


async def _known(context: Context, feed: Feed, entries: tuple[Entry, ...]) -> frozenset[str]:
    return await asyncio.to_thread(context.store.known_entries, feed, entries)
