"""Adds and removes feeds in `feeds.d/added.yaml`, which the program owns. Files written by hand are never touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from monitor.errors import MonitorError, NotFound, UsageError
from monitor.model import Backfill, FeedSpec, Priority
from monitor.settings.atomic import locked, write_text
from monitor.settings.feeds import feed_nodes, read_feed
from monitor.settings.load import MAX_FEEDS_BYTES, read_feed_trees
from monitor.settings.rollback import refuse_packaged
from monitor.settings.schema import text

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
ADDED = "feeds.d/added.yaml"
_HEADER = "# Written by `monitor feeds add` and `monitor feeds import`; changed by `monitor feeds remove`.\n"


def add_feeds(
    folder: Path, wanted: Sequence[FeedSpec], *, is_trial: bool = False
) -> tuple[tuple[FeedSpec, ...], tuple[FeedSpec, ...]]:
    """Add those of these feeds that are not there, in one write; returns them, and those that are.

    With `is_trial`, nothing is written.

    Raises:
        UsageError: `folder` belongs to the program.
        ConfigErrors: the feeds that are there cannot be read.
        MonitorError: the file cannot be written, or would be too large to be read.
    """
    if is_trial:
        return _apart(wanted, _feeds(folder))
    refuse_packaged(folder)
    with locked(folder / "feeds.d"):
        feeds = _feeds(folder)
        added, known = _apart(wanted, feeds)
        if added:
            _write(folder, [*_own(feeds), *added])
    return added, known


def move_feed(folder: Path, old: str, new: str) -> None:
    """Give a feed that was added by command a new address; it keeps what the store knows of it.

    Raises:
        UsageError: it is in a file written by hand, or another feed has that address.
        ConfigErrors: the feeds cannot be read.
        MonitorError: there is no such feed, or the file cannot be written.
    """
    refuse_packaged(folder)
    with locked(folder / "feeds.d"):
        feeds = _feeds(folder)
        if (known := feeds.get(old)) is None:
            raise NotFound(f"{old}: no such feed", hint="run `monitor feeds list`")
        name, spec = known
        if (other := feeds.get(new)) is not None:
            raise UsageError(f"{new} is already in {other[1].where}", hint=f"remove the old one: {old}")
        if name != ADDED:
            raise UsageError(
                f"{old} is in {spec.where}, which you wrote", hint=f"write there: {_moved_line(spec, new)}"
            )
        _write(folder, [replace(one, url=new, was=old) if one.url == old else one for one in _own(feeds)])


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


def _apart(
    wanted: Sequence[FeedSpec], feeds: dict[str, tuple[str, FeedSpec]]
) -> tuple[tuple[FeedSpec, ...], tuple[FeedSpec, ...]]:
    added = {spec.url: spec for spec in wanted if spec.url not in feeds}
    return tuple(added.values()), tuple(feeds[spec.url][1] for spec in wanted if spec.url in feeds)


def _own(feeds: dict[str, tuple[str, FeedSpec]]) -> list[FeedSpec]:
    return [spec for name, spec in feeds.values() if name == ADDED]


def _write(folder: Path, feeds: list[FeedSpec]) -> None:
    body = {"feeds": [_row(feed) for feed in feeds]}
    text = _HEADER + yaml.dump(body, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=10_000)
    if (size := len(text.encode())) > MAX_FEEDS_BYTES:
        what = f"{folder / ADDED}: would have {size} bytes, at most {MAX_FEEDS_BYTES} are read"
        raise MonitorError(what, hint="add fewer feeds; nothing was changed")
    write_text(folder / ADDED, text)


def _moved_line(feed: FeedSpec, new: str) -> str:
    """Return how a feed is written that moved, as one line of YAML."""
    row = _row(replace(feed, url=new, was=feed.url))
    return yaml.safe_dump(row, allow_unicode=True, sort_keys=False, default_flow_style=True, width=10_000).strip()


def _row(feed: FeedSpec) -> str | dict[str, object]:
    kind = "page" if feed.picks else "sitemap" if feed.is_sitemap else "url"
    written: dict[str, object] = {
        "was": feed.was,
        "name": feed.name,
        "site": feed.site,
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
