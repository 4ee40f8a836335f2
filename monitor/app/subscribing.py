"""Lists of feeds in and out as OPML, and feeds that got another address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from monitor import settings
from monitor.app.compose import Place, open_store, stored_config
from monitor.errors import ConfigError, MonitorError
from monitor.model import Config, FeedSpec
from monitor.parse import BadOpml, FeedList, Outline, read_opml, write_opml

_MAX_BYTES = 20_000_000
_LOGIN = re.compile(r"//[^/@]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFeed:
    """A line of a list that became no feed."""

    line: int
    feed: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFeeds:
    """What a list of feeds came to."""

    added: tuple[FeedSpec, ...]
    known: tuple[FeedSpec, ...]
    refused: tuple[RefusedFeed, ...]


def import_feeds(place: Place, file: Path, *, is_trial: bool) -> ImportedFeeds:
    """Add the feeds of an OPML file to those that the program owns; with `is_trial`, only say what would be.

    Raises:
        ConfigError: it is no OPML; it is named with the line.
        MonitorError: it cannot be read, or the feeds cannot be written.
    """
    found = _read(file)
    specs, refused = [], [RefusedFeed(line=line, feed=title, why="no address") for line, title in found.refused]
    seen: dict[str, int] = {}
    for outline in found.feeds:
        url = _plain_scheme(outline.url)
        if why := _fault(url):
            refused.append(RefusedFeed(line=outline.line, feed=_LOGIN.sub("//***@", url), why=why))
        elif url in seen:
            refused.append(RefusedFeed(line=outline.line, feed=url, why=f"the same as line {seen[url]}"))
        else:
            seen[url] = outline.line
            specs.append(_spec(outline, url))
    added, known = settings.add_feeds(place.config, specs, is_trial=is_trial)
    return ImportedFeeds(added=added, known=known, refused=tuple(sorted(refused, key=lambda one: (one.line, one.feed))))


def export_feeds(place: Place) -> tuple[str, int, int]:
    """Return the feeds as OPML, how many those are, and how many pages without a feed had to be left out."""
    config = stored_config(place)
    known = _titles(config, place)
    feeds = [spec for spec in config.feeds if spec.picks is None]
    outlines = [_outline(spec, *known.get(spec.url, ("", ""))) for spec in feeds]
    return write_opml(outlines, "Feeds of Monitor"), len(feeds), len(config.feeds) - len(feeds)


def _titles(config: Config, place: Place) -> Mapping[str, tuple[str, str]]:
    with open_store(config, place) as store:
        return {feed.url: (feed.title, feed.site) for feed in store.feeds()}


def _outline(spec: FeedSpec, title: str, site: str) -> Outline:
    return Outline(url=spec.url, title=spec.name or title, site=spec.site or site, tags=spec.tags)


def _spec(outline: Outline, url: str) -> FeedSpec:
    site = outline.site if not settings.address_fault(outline.site) else ""
    name = outline.title if outline.title != outline.url else ""
    return FeedSpec(url=url, name=name, site=site, tags=outline.tags)


def _fault(url: str) -> str:
    if why := settings.address_fault(url):
        return why
    return "a login stands in its address: add it by hand, with `auth`" if urlsplit(url).username else ""


def _plain_scheme(url: str) -> str:
    """Return an address without the `feed:` that some readers put before it."""
    if url[:5].lower() != "feed:":
        return url
    rest = url[5:]
    return f"http:{rest}" if rest.startswith("//") else rest


def _read(file: Path) -> FeedList:
    try:
        with file.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise MonitorError(f"{file}: cannot be read: {error.strerror}", hint="name an OPML file") from error
    if len(data) > _MAX_BYTES:
        raise MonitorError(f"{file}: over {_MAX_BYTES // 1_000_000} MB", hint="import it in parts")
    try:
        found = read_opml(data)
    except BadOpml as error:
        where = f"{file}:{error.line}" if error.line else str(file)
        hint = "export the list from the other reader again, as OPML"
        raise ConfigError(str(error), where=where, hint=hint) from error
    if not found.feeds and not found.refused:
        raise ConfigError("no feeds in it", where=str(file), hint="a feed is an <outline> with an xmlUrl")
    return found
