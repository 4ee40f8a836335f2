"""Reads `feeds.yaml` and `feeds.d/*.yaml`: which feeds are watched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import inf
from urllib.parse import urlsplit

from monitor.model import Backfill, FeedSpec, Priority
from monitor.settings.references import References
from monitor.settings.schema import Errors, Keys, Reader, boolean, choice, duration, listed, paired, text, wrong
from monitor.settings.tree import Items, Node, Scalar

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def read_feeds(nodes: Iterable[Node], references: References) -> tuple[FeedSpec, ...]:
    """Read the feeds of all files.

    Raises:
        ConfigErrors: all that is wrong; a feed written twice is named with both places.
    """
    errors = Errors()
    specs: dict[str, FeedSpec] = {}
    for node in nodes:
        for feed in errors.run(feed_nodes, node) or ():
            if (spec := errors.run(read_feed, feed, references.text)) is None:
                continue
            if earlier := specs.get(spec.url):
                errors.add(feed.error(f"{spec.url} is already in {earlier.where}", "delete one of the two"))
            specs.setdefault(spec.url, spec)
            if password := urlsplit(spec.url).password:
                references.hide(password)
    errors.end()
    return tuple(specs.values())


def feed_nodes(node: Node) -> tuple[Node, ...]:
    """Return the feeds of a file, unread."""
    if isinstance(node, Items):
        raise node.error("the list of feeds stands alone", "start the file with `feeds:`")
    keys = Keys(node, "feeds")
    feeds = keys.need("feeds", listed(lambda feed: feed))
    keys.end()
    return feeds


def read_feed(node: Node, header: Reader[str]) -> FeedSpec:
    """Read one feed; `header` reads the value of a header.

    Raises:
        ConfigErrors: all that is wrong.
    """
    where = f"{node.file}:{node.line}"
    if isinstance(node, Scalar):
        return FeedSpec(url=_url(node), where=where)
    keys = Keys(node, "feed")
    spec = FeedSpec(
        name=keys.take("name", text, ""),
        tags=keys.take("tags", listed(text), ()),
        every_s=keys.take("every", duration(1), None),
        every_min_s=keys.take("every_min", duration(1), None),
        every_max_s=keys.take("every_max", duration(1), None),
        priority=keys.take("priority", choice(Priority), Priority.NORMAL),
        full_text=keys.take("full_text", boolean, None),
        headers=keys.take("headers", paired(lambda key, value: _header(key, value, header)), ()),
        language=keys.take("language", text, ""),
        backfill=keys.take("backfill", choice(Backfill), Backfill.SUMMARY),
        where=where,
        url=keys.need("url", _url),
    )
    keys.end()
    if (spec.every_min_s or 0) > (spec.every_max_s or inf):
        raise node.error("every_min is longer than every_max", "swap them")
    return spec


def _url(node: Node) -> str:
    url = text(node)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise wrong(node, "an address") from None
    if parts.scheme.lower() == "feed":
        raise wrong(node, "an address that can be fetched", "write https:// instead of feed://")
    if parts.scheme.lower() not in {"http", "https"} or not host or re.search(r"\s", url):
        raise wrong(node, "an address of a feed", "it starts with https:// or http://")
    return url


def _header(name: Scalar, node: Node, read: Reader[str]) -> tuple[str, str]:
    if not _HEADER.fullmatch(name.text):
        raise wrong(name, "the name of a header", "for example Authorization")
    value = read(node)
    if not value.isprintable():
        raise node.error("a header's value is one line of printable characters")
    return name.text, value
