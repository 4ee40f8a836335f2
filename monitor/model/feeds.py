"""Feeds: what the store knows, what a fetch brings, what a feed says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.problems import Failure
from monitor.model.subscriptions import Backfill, FeedAccess, Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMemory:
    """What polls learn of a feed: plain numbers, texts and lists, kept as they are. Times are seconds since 1970, UTC.

    `weight` and `exposure_days` are the decayed counts of new entries and of days, as of `counted_at`: the estimate of
    its rate. `fresh_s` is for how long answers stay as they are, as the last one said (`is_cached`: in a shared cache),
    and `ttl_s` as the feed says; `skip_hours` (UTC) and `skip_days` (0: Monday) are when it says not to ask.

    `reader` is as in `ParsedFeed`. `keyed_by` is `content` if the feed's ids change at every fetch. `page_entries` is
    how many entries it shows: the most of late. `overflow_*`: how often all that it showed was new, when that was last
    seen, and the span then in which entries may have come and gone unseen. `harmful_*`: how many of its pages had a
    worker killed over them, when that was last seen, and the page.

    `whole_at` is when it last answered with more than 304. `moved_to` is where it redirects for good, `moved_count`
    times in a row; `asks_at` is where it is asked instead of at its address. `advertised` is another feed that its
    site names, asked at `site_asked_at`, because this one fails or is silent.

    `brought_at` is the last poll that brought new entries; `gaps` are the longest before such a poll, in seconds, one a
    day, the last of `gap_day` (days since 1970); `weekend_polls` and `weekday_polls` are decayed counts of such polls.

    `hidden_count` is how many new entries whole answers had that were older than the last 304s, and `hiding_at` when
    that was last enough not to believe those. `readings` says how the pages of its last articles were read, a letter of
    `PageReading` each, and `short_*` since when they lack their text, by which problem, and the last such page.
    """

    weight: float = 0.0
    exposure_days: float = 0.0
    counted_at: float = 0.0
    keyed_by: str = ""
    reader: str = ""
    page_entries: float = 0.0
    overflow_count: int = 0
    overflow_at: float = 0.0
    overflow_from: float = 0.0
    overflow_to: float = 0.0
    fresh_s: float = 0.0
    is_cached: bool = False
    ttl_s: float = 0.0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    harmful_count: int = 0
    harmful_at: float = 0.0
    harmful_page: str = ""
    whole_at: float = 0.0
    moved_to: str = ""
    moved_count: int = 0
    asks_at: str = ""
    site_asked_at: float = 0.0
    advertised: str = ""
    brought_at: float = 0.0
    gaps: tuple[int, ...] = ()
    gap_day: int = 0
    weekend_polls: float = 0.0
    weekday_polls: float = 0.0
    hidden_count: int = 0
    hiding_at: float = 0.0
    readings: str = ""
    short_since: float = 0.0
    short_problem: str = ""
    short_page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as the store knows it. Times are aware UTC.

    `body_hash` is of the last body that was parsed; `baseline_at` the end of the first successful fetch;
    `failing_since` is set while `failure` is, but for a feed that was read and has no entries; `fail_streak` counts
    failures in a row; `kill_streak` how many of the last fetches in a row had a worker killed over them.
    """

    id: int
    url: str
    name: str = ""
    tags: tuple[str, ...] = ()
    every_s: float | None = None
    every_min_s: float | None = None
    every_max_s: float | None = None
    priority: Priority = Priority.NORMAL
    full_text: bool | None = None
    access: FeedAccess = field(default_factory=FeedAccess)
    language: str = ""
    backfill: Backfill = Backfill.SUMMARY
    is_enabled: bool = True
    title: str = ""
    site: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: bytes = b""
    added_at: datetime
    baseline_at: datetime | None = None
    next_at: datetime
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    newest_at: datetime | None = None
    failing_since: datetime | None = None
    failure: Failure | None = None
    fail_streak: int = 0
    kill_streak: int = 0
    entry_count: int = 0
    memory: FeedMemory = FeedMemory()
    lease_token: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One address to fetch. `max_*_bytes` bound the body as sent and as decoded; `timeout_s` bounds all of it.

    `headers` go to this address's origin only, never along a redirect to another. `user_agent` and `proxy`, if set,
    take the place of the fetcher's own and of none. `patience_s` is how long it waits for a host that wants to be left
    alone; `obeys_robots`: robots.txt is asked first.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    user_agent: str = ""
    proxy: str = field(default="", repr=False)
    accept: str = "*/*"
    max_raw_bytes: int = 5_000_000
    max_decoded_bytes: int = 10_000_000
    timeout_s: float = 30.0
    patience_s: float = 0.0
    obeys_robots: bool = False


FEED_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, */*;q=0.8"
PAGE_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.8"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchStep:
    """One step of a fetch, for a person who looks on. `name` is a word: dns, connect, tls, answer, headers."""

    name: str
    text: str
    elapsed_s: float | None = None


Tell = Callable[[FetchStep], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What came back. `error` is set for every failure, also an HTTP status of 400 and above; `body` is decoded.

    `max_age_s` and `retry_after_s` are seconds from the end of the fetch, as the answer's headers say. `cache_s` is set
    when a shared cache answered: for how long it keeps an answer before it asks anew. `moved_to` is where permanent
    redirects lead. `is_held_back`: nothing was asked, the host wants to be left alone for `retry_after_s`.
    """

    url: str
    final_url: str
    status: int = 0
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    max_age_s: float | None = None
    cache_s: float | None = None
    retry_after_s: float | None = None
    body: bytes = b""
    raw_bytes: int = 0
    elapsed_s: float = 0.0
    error: Failure | None = None
    moved_to: str = ""
    is_held_back: bool = False

    @property
    def is_unchanged(self) -> bool:
        """True for 304 Not Modified."""
        return self.status == 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item in a feed. `key` names it within its feed: guid, else link, else title and date.

    `content_key` names it without its guid, for feeds whose guids are worth nothing; empty: as `key`.
    `published` and `updated` are aware UTC or None; `published_raw` is the feed's own text. `title` is plain text;
    `content` and `summary` are HTML as the feed gave them.
    """

    key: str
    url: str = ""
    title: str = ""
    content: str = ""
    summary: str = ""
    published: datetime | None = None
    published_raw: str = ""
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str = ""
    content_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed says, newest first as the feed had it. `failure` is set when it is no feed or has no entries.

    `is_cut`: the body ended before the document did; what came of it is here, the rest is still to be had.
    `older_url` is the page of older entries that it names (RFC 5005: `next`, else `prev-archive`). `skip_hours` (UTC)
    and `skip_days` (0: Monday) are when it says not to ask.
    `format` is what it is written in: `rss20`, `atom10`, `json feed`, `sitemap`, `page`.
    `parts` are the addresses of the documents that hold the entries, of an index of sitemaps; `skipped` counts entries
    left out for want of the user's words, or because of them. `reader` is `plain` for a feed of which the short way
    read a whole body as feedparser does, `tried` where that was seen of some entries only, `feedparser` where not.
    """

    title: str = ""
    site: str = ""
    language: str = ""
    ttl_s: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    entries: tuple[Entry, ...] = ()
    failure: Failure | None = None
    is_cut: bool = False
    older_url: str = ""
    format: str = ""
    parts: tuple[str, ...] = ()
    skipped: int = 0
    reader: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """All that one poll of a feed changes; saved in one transaction.

    `parsed` is None when the body was unchanged or the fetch failed. `was_killed`: a worker had to be killed over it.
    `memory` takes the place of the feed's, if any. `held_back` are the keys of entries that older pages brought and
    that are as old as the feed's first import: stored in silence.
    """

    feed: Feed
    at: datetime
    next_at: datetime
    fetch: FetchResult
    parsed: ParsedFeed | None = None
    body_hash: bytes = b""
    failure: Failure | None = None
    was_killed: bool = False
    memory: FeedMemory | None = None
    held_back: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """When a feed is asked again, and what is known of it by then."""

    at: datetime
    memory: FeedMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSaved:
    """What a saved poll brought. `is_first`: it was the feed's first successful fetch.

    `is_overflow`: all that the feed shows is new, so more may have come and gone since the poll before.
    """

    new_articles: int = 0
    revised_articles: int = 0
    is_first: bool = False
    is_stale: bool = False
    is_overflow: bool = False
