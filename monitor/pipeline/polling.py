"""Polls feeds: fetch, read, store what is new. 304 and an unchanged body stop before parsing."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from monitor import cadence
from monitor.log import Log
from monitor.model import Feed, FeedMemory, FetchRequest, FetchResult, PollOutcome, PollSaved, Problem
from monitor.pipeline.addresses import poll_request, with_address
from monitor.pipeline.context import Context
from monitor.pipeline.lookout import with_site
from monitor.pipeline.older import follow_back
from monitor.pipeline.places import Place
from monitor.pipeline.sources import read_entries
from monitor.ports import Plan

_log = Log(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What polling some feeds came to. `problems` counts the failing feeds by problem word."""

    feeds: int = 0
    unchanged: int = 0
    new_articles: int = 0
    problems: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Polled) -> Polled:
        return Polled(
            feeds=self.feeds + other.feeds,
            unchanged=self.unchanged + other.unchanged,
            new_articles=self.new_articles + other.new_articles,
            problems=self.problems + other.problems,
        )


async def poll(context: Context, feeds: Sequence[Feed]) -> Polled:
    """Fetch these leased feeds side by side and store what is new in each, a transaction a feed."""
    return sum(await asyncio.gather(*(poll_feed(context, feed) for feed in feeds)), Polled())


async def poll_feed(context: Context, feed: Feed) -> Polled:
    """Fetch one leased feed and store what is new in it."""
    context.feeds[feed.id] = feed
    async with context.places.place() as place:
        context.saver.expect()
        try:
            polled = await _poll(context, feed, place)
        finally:
            context.saver.forget()
    if polled is None:
        return Polled()
    outcome, saved = polled
    context.reach("after-poll")
    _log_poll(outcome, saved)
    return Polled(
        feeds=1,
        unchanged=int(outcome.parsed is None and outcome.failure is None),
        new_articles=saved.new_articles,
        problems=Counter([str(outcome.failure.problem)] if outcome.failure else []),
    )


async def _poll(context: Context, feed: Feed, place: Place) -> tuple[PollOutcome, PollSaved] | None:
    """Return what a poll came to; None: the host wants to be left alone, and the feed is asked later."""
    found = await _fetch_and_read(context, feed, place)
    if found is None:
        return None
    if found[0].parsed is None:
        place.give_back()
    return found[0], await context.saver.save(context.store, found)


async def _fetch_and_read(context: Context, feed: Feed, place: Place) -> tuple[PollOutcome, Plan | None] | None:
    request = poll_request(feed, context.watch.settings.poll.timeout_s, context.clock())
    result = await place.wait_for(context.fetcher.fetch(request))
    context.reach("after-fetch")
    if result.is_held_back:
        await asyncio.to_thread(context.store.put_off, feed, _after_the_pause(context, result))
        return None
    return await _read_feed(context, feed, request, result)


def _after_the_pause(context: Context, result: FetchResult) -> datetime:
    # A little apart from each other: all feeds of the host wait for the same moment.
    wait_s = (result.retry_after_s or 0.0) * (1 + 0.1 * abs(context.jitter())) + 1
    return context.clock() + timedelta(seconds=wait_s)


async def _read_feed(
    context: Context, feed: Feed, request: FetchRequest, result: FetchResult
) -> tuple[PollOutcome, Plan | None]:
    """Return what an answer says; and the plan of the next poll, where that hangs on what is new."""
    parsed, held_back = None, frozenset[str]()
    body_hash = hashlib.blake2b(result.body, digest_size=16).digest() if result.body else b""
    failure = result.error
    if failure is None and not result.is_unchanged and (not body_hash or body_hash != feed.body_hash):
        parsed = await read_entries(context.fetcher, context.sandbox, result, feed.access, reader=feed.memory.reader)
        followed = await follow_back(context, feed, parsed, result.final_url)
        parsed, held_back, failure = followed.parsed, followed.held_back, parsed.failure
    result = replace(result, body=b"")  # what waits to be stored holds it no longer
    now = context.clock()
    hidden = cadence.count_hidden(feed, parsed) if _is_checked(feed, request, now) else None
    feed = _with_pages(context, feed, now)
    is_failure = failure is not None and failure.problem is not Problem.NO_ENTRIES
    feed = _with_memory(feed, with_address(feed, result, now, is_failure=is_failure))
    feed = _with_memory(feed, await with_site(context, feed, failure, now))
    answer = cadence.Answer(
        feed=feed, fetch=result, at=now, failure=failure, parsed=parsed, jitter=context.jitter(), hidden=hidden
    )
    plan = partial(cadence.plan, answer, poll=context.watch.settings.poll, pace=context.pace)
    planned = plan(PollSaved())
    outcome = PollOutcome(
        feed=feed,
        at=now,
        next_at=planned.at,
        memory=planned.memory,
        fetch=result,
        parsed=parsed,
        body_hash=body_hash,
        failure=failure,
        was_killed=failure is not None and failure.problem is Problem.HARMFUL,
        held_back=held_back,
    )
    return outcome, plan if parsed else None


def _with_memory(feed: Feed, memory: FeedMemory) -> Feed:
    return feed if memory is feed.memory else replace(feed, memory=memory)


def _is_checked(feed: Feed, request: FetchRequest, now: datetime) -> bool:
    """Tell whether a feed was asked for all of it only to see whether its 304s are true."""
    has_validators = bool(feed.etag or feed.last_modified)
    return has_validators and not (request.etag or request.last_modified or cadence.is_distrusted(feed.memory, now))


def _with_pages(context: Context, feed: Feed, now: datetime) -> Feed:
    """Return a feed that knows how its pages were read since its last poll."""
    feed = _with_harm(feed, context.harmful_pages.pop(feed.id, []), now)
    return _with_memory(feed, cadence.remember_readings(feed.memory, context.readings.pop(feed.id, []), now))


def _with_harm(feed: Feed, pages: Sequence[str], now: datetime) -> Feed:
    if not pages:
        return feed
    count = feed.memory.harmful_count + len(pages)
    memory = replace(feed.memory, harmful_count=count, harmful_at=now.timestamp(), harmful_page=pages[-1])
    return replace(feed, memory=memory)


def _log_poll(outcome: PollOutcome, saved: PollSaved) -> None:
    fields: dict[str, object] = {
        "feed": outcome.feed.url,
        "status": outcome.fetch.status,
        "new": saved.new_articles,
        "bytes": outcome.fetch.raw_bytes,
        "elapsed_ms": round(outcome.fetch.elapsed_s * 1000),
    }
    if outcome.parsed is not None and outcome.parsed.skipped:
        fields["skipped"] = outcome.parsed.skipped
    if outcome.failure:
        # One summary line tells of all failing feeds (daemon); each by itself would bury the rest.
        _log.debug("feed failed", **fields, problem=outcome.failure)
    else:
        _log.info("feed polled", **fields)
    if saved.is_overflow:
        _log.info("feed shows only new entries, some may be missed", feed=outcome.feed.url, new=saved.new_articles)
