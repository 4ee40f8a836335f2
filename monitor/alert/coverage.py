"""What a digest says of what it may lack: feeds that fail or are silent, what is muted, articles read in part only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from monitor.alert.muting import live_mute_lines
from monitor.alert.plain import one_line
from monitor.alert.view import show_time
from monitor.model import Completeness, Feed, Mute, OutboxRow

_MOST = 10  # feeds named
_NAME = 100


def uncovered(
    rows: Sequence[OutboxRow],
    feeds: Sequence[Feed],
    silent: Sequence[Feed],
    timezone: tzinfo,
    mutes: Sequence[Mute] = (),
) -> tuple[str, ...]:
    """Return a line for each thing that a digest of these rows does not cover.

    `feeds` are those that are polled, `silent` those of them that bring nothing for longer than is usual; `mutes` are
    those that are live.
    """
    muted = list(live_mute_lines(mutes, timezone))
    muted[_MOST:] = [f"and {len(muted) - _MOST} more mutes: monitor mute"] if len(muted) > _MOST else []
    lines = [*_failing(feeds, timezone), *_silent(silent, timezone)]
    more = [f"and {len(lines) - _MOST} more feeds: monitor feeds list"] if len(lines) > _MOST else []
    return (*lines[:_MOST], *more, *muted, *_in_part(rows))


def _failing(feeds: Sequence[Feed], timezone: tzinfo) -> Iterator[str]:
    for feed in feeds:
        if feed.failure is not None and feed.failing_since is not None:
            since = show_time(feed.failing_since.isoformat(), timezone)
            yield f"{_name(feed)}: failing since {since} ({feed.failure.problem})"


def _silent(feeds: Sequence[Feed], timezone: tzinfo) -> Iterator[str]:
    for feed in feeds:
        if feed.newest_at is not None:
            yield f"{_name(feed)}: nothing new since {show_time(feed.newest_at.isoformat(), timezone)}"


def _in_part(rows: Sequence[OutboxRow]) -> list[str]:
    by_article = {row.article_id: row.item.completeness for row in rows}
    count = sum(one is not Completeness.FULL for one in by_article.values())
    return [f"{count} of these {len(by_article)} articles: only the feed's own words were matched"] if count else []


def _name(feed: Feed) -> str:
    return one_line(feed.name or feed.title or feed.url, _NAME)
