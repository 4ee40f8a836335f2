"""Adds and removes feeds in `feeds.d/added.yaml`, which the program owns. Files written by hand are never touched."""

from __future__ import annotations

from pathlib import Path

import yaml

from monitor.errors import UsageError
from monitor.model import Backfill, FeedSpec, Priority
from monitor.settings.atomic import locked, write_text
from monitor.settings.feeds import feed_nodes, read_feed
from monitor.settings.load import read_feed_trees
from monitor.settings.rollback import refuse_packaged
from monitor.settings.schema import text

ADDED = "feeds.d/added.yaml"
_HEADER = "# Written by `monitor feeds add` and `monitor feeds import`; changed by `monitor feeds remove`.\n"


def add_feed(folder: Path, feed: FeedSpec) -> None:
    """Add a feed.

    Raises:
        UsageError: the feed is already there, or `folder` belongs to the program.
        ConfigErrors: the feeds that are there cannot be read.
        MonitorError: the file cannot be written.
    """
    refuse_packaged(folder)
    with locked(folder / "feeds.d"):
        feeds = _feeds(folder)
        if (known := feeds.get(feed.url)) is not None:
            raise UsageError(f"{feed.url} is already in {known[1].where}", hint="edit it there")
        _write(folder, [*_own(feeds), feed])


def remove_feed(folder: Path, url: str) -> bool:
    """Remove a feed that was added by command; returns False if no feed has that address.

    Raises:
        UsageError: it is in a file written by hand.
        ConfigErrors: the feeds cannot be read.
        MonitorError: the file cannot be written.
    """
    refuse_packaged(folder)
    with locked(folder / "feeds.d"):
        feeds = _feeds(folder)
        if (known := feeds.get(url)) is None:
            return False
        name, spec = known
        if name != ADDED:
            raise UsageError(f"{url} is in {spec.where}, which you wrote", hint="delete it there")
        _write(folder, [feed for feed in _own(feeds) if feed.url != url])
    return True


def _feeds(folder: Path) -> dict[str, tuple[str, FeedSpec]]:
    """Return all feeds by address, with the file each is in; references to secrets stay references."""
    found: dict[str, tuple[str, FeedSpec]] = {}
    for name, tree in read_feed_trees(folder).items():
        for node in feed_nodes(tree):
            spec = read_feed(node, text)
            found.setdefault(spec.url, (name, spec))
    return found


def _own(feeds: dict[str, tuple[str, FeedSpec]]) -> list[FeedSpec]:
    return [spec for name, spec in feeds.values() if name == ADDED]


def _write(folder: Path, feeds: list[FeedSpec]) -> None:
    body = {"feeds": [_row(feed) for feed in feeds]}
    write_text(folder / ADDED, _HEADER + yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=10_000))


def _row(feed: FeedSpec) -> str | dict[str, object]:
    kind = "page" if feed.picks else "sitemap" if feed.is_sitemap else "url"
    written: dict[str, object] = {
        "was": feed.was,
        "name": feed.name,
        **({"links": feed.picks.links, "title": feed.picks.title, "date": feed.picks.date} if feed.picks else {}),
        "tags": list(feed.tags),
        "every": _seconds(feed.every_s),
        "every_min": _seconds(feed.every_min_s),
        "every_max": _seconds(feed.every_max_s),
        "priority": "" if feed.priority is Priority.NORMAL else feed.priority.value,
        "full_text": {None: "", True: "yes", False: "no"}[feed.full_text],
        "headers": dict(feed.headers),
        "cookies": dict(feed.cookies),
        "auth": dict(zip(("user", "password"), feed.auth, strict=True)) if feed.auth else {},
        "user_agent": feed.user_agent,
        "contact": feed.contact,
        "proxy": feed.proxy,
        "keep": list(feed.keep),
        "skip": list(feed.skip),
        "language": feed.language,
        "backfill": "" if feed.backfill is Backfill.SUMMARY else feed.backfill.value,
    }
    row = {kind: feed.url} | {key: value for key, value in written.items() if value}
    return row if len(row) > 1 or kind != "url" else feed.url


def _seconds(count: float | None) -> str:
    return "" if count is None else f"{count:g}s"
