"""`feeds`: what is read. Commands write a file of the program's own; hand-written ones are never touched."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from monitor import app as program
from monitor.cli import adding, lists
from monitor.cli.console import day_time, minute, put, put_json, put_table, say
from monitor.cli.options import ConfigFolder, JsonLines
from monitor.errors import MonitorError
from monitor.model import Feed, FeedSpec

feeds = typer.Typer(help="The feeds that are watched.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    adding.register(feeds)
    lists.register(feeds)
    app.add_typer(feeds, name="feeds")


@feeds.command("list")
def list_(
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """List all feeds with their state.

    The state is ok, or a problem word and since when. `overflow`: all that the feed showed in a poll of the last week
    was new, so entries may have come and gone unseen; ask it more often with `every:`. --json tells the span.

    Example: monitor feeds list
    """
    place = program.find_place(config)
    specs = program.stored_config(place)
    with program.open_store(specs, place) as store:
        known = {feed.url: feed for feed in store.feeds()}
    for spec in specs.feeds if as_json else ():
        put_json(_feed_object(spec, known.get(spec.url)))
    if not as_json:
        put_table(
            ["state", "since", "entries", "newest", "feed", "address"],
            [_feed_row(spec, known.get(spec.url)) for spec in specs.feeds],
        )
        if not specs.feeds:
            say("no feeds: add one with `monitor feeds add URL`")


@feeds.command("remove")
def remove(
    url: Annotated[str, typer.Argument(metavar="URL", help="The feed's address.")], config: ConfigFolder = None
) -> None:
    """Remove a feed that `feeds add` added. Its articles stay.

    Example: monitor feeds remove https://www.mining.com/feed/
    """
    place = program.find_place(config)
    if not program.remove_feed(place.config, url):
        raise MonitorError(f"{url}: no such feed", hint="run `monitor feeds list`")
    put(f"removed {url}")


def _feed_row(spec: FeedSpec, feed: Feed | None) -> tuple[str, ...]:
    label = spec.name or (feed.title if feed else "")
    if feed is None or feed.polled_at is None:
        return program.feed_state(feed), "", "", "", label, spec.url
    since = minute(feed.failing_since) if feed.failure else ""
    return program.feed_state(feed), since, str(feed.entry_count), minute(feed.newest_at), label, spec.url


def _feed_object(spec: FeedSpec, feed: Feed | None) -> dict[str, object]:
    failure = feed.failure if feed else None
    return {
        "url": spec.url,
        "name": spec.name or (feed.title if feed else ""),
        "tags": list(spec.tags),
        "state": program.feed_state(feed),
        "detail": failure.detail if failure else "",
        "failing_since": day_time(feed.failing_since) if feed and feed.failing_since else None,
        "entries": feed.entry_count if feed else 0,
        "overflows": feed.memory.overflow_count if feed else 0,
        "missed_from": _moment(feed.memory.overflow_from) if feed else None,
        "missed_to": _moment(feed.memory.overflow_to) if feed else None,
        "harmful_pages": feed.memory.harmful_count if feed else 0,
        "harmful_page": feed.memory.harmful_page if feed else "",
        "newest": day_time(feed.newest_at) if feed and feed.newest_at else None,
        "next_poll": day_time(feed.next_at) if feed else None,
        "file": spec.where,
    }


def _moment(seconds: float) -> str | None:
    return day_time(datetime.fromtimestamp(seconds, tz=UTC)) if seconds else None
