"""Reads `feeds.yaml` and `feeds.d/*.yaml`: which feeds are watched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from math import inf
from urllib.parse import unquote, urlsplit

from monitor.model import Backfill, FeedSpec, Priority
from monitor.settings.access import (
    read_address,
    read_agent,
    read_auth,
    read_cookie,
    read_header,
    read_picks,
    read_proxy,
)
from monitor.settings.references import References
from monitor.settings.schema import Errors, Keys, Reader, boolean, choice, duration, listed, paired, text, wrong
from monitor.settings.service import read_contact
from monitor.settings.tree import Items, Node, Scalar

_SECRET_HEADER = re.compile(r"auth|cookie|key|token|secret|session|password", re.IGNORECASE)


def read_feeds(nodes: Iterable[Node], references: References) -> tuple[FeedSpec, ...]:
    """Read the feeds of all files.

    Raises:
        ConfigErrors: all that is wrong; a feed written twice is named with both places.
    """
    errors = Errors()
    specs: dict[str, FeedSpec] = {}
    places: dict[str, Node] = {}
    for node in nodes:
        for feed in errors.run(feed_nodes, node) or ():
            if (spec := errors.run(read_feed, feed, references.text)) is None:
                continue
            if earlier := specs.get(spec.url):
                errors.add(feed.error(f"{spec.url} is already in {earlier.where}", "delete one of the two"))
            specs.setdefault(spec.url, spec)
            _hide_secrets(spec, references)
            places[spec.url] = feed
    for spec in specs.values():
        if spec.was in specs:
            what = f"`was: {spec.was}` is the address of a feed in {specs[spec.was].where}"
            errors.add(places[spec.url].error(what, "delete that feed, or this `was`"))
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


def read_feed(node: Node, secret: Reader[str]) -> FeedSpec:
    """Read one feed; `secret` reads what may be a reference to a secret.

    Raises:
        ConfigErrors: all that is wrong.
    """
    where = f"{node.file}:{node.line}"
    if isinstance(node, Scalar):
        return _without_login(node, FeedSpec(url=read_address(node), where=where))
    keys = Keys(node, "feed")
    kinds = [kind for kind in ("page", "sitemap", "url") if keys.node(kind) is not None]
    is_page = "page" in kinds
    spec = FeedSpec(
        url=keys.need(kinds[0] if kinds else "url", read_address),
        was=keys.take("was", read_address, ""),
        name=keys.take("name", text, ""),
        site=keys.take("site", read_address, ""),
        tags=keys.take("tags", listed(text), ()),
        every_s=keys.take("every", duration(1), None),
        every_min_s=keys.take("every_min", duration(1), None),
        every_max_s=keys.take("every_max", duration(1), None),
        priority=keys.take("priority", choice(Priority), Priority.NORMAL),
        full_text=keys.take("full_text", boolean, None),
        headers=keys.take("headers", paired(lambda key, value: read_header(key, value, secret)), ()),
        cookies=keys.take("cookies", paired(lambda key, value: read_cookie(key, value, secret)), ()),
        auth=keys.take("auth", lambda node: read_auth(node, secret), None),
        user_agent=keys.take("user_agent", read_agent, ""),
        contact=keys.take("contact", read_contact, ""),
        proxy=keys.take("proxy", lambda node: read_proxy(node, secret), ""),
        picks=read_picks(keys, is_page=is_page),
        is_sitemap="sitemap" in kinds,
        keep=keys.take("keep", listed(_word), ()),
        skip=keys.take("skip", listed(_word), ()),
        language=keys.take("language", text, ""),
        backfill=keys.take("backfill", choice(Backfill), Backfill.SUMMARY),
        where=where,
    )
    keys.end()
    _refuse_contradictions(node, spec, kinds)
    return _without_login(node, spec)


def _without_login(node: Node, spec: FeedSpec) -> FeedSpec:
    """Return a feed with the login that stands in its address as `auth`: addresses are stored and shown."""
    parts = urlsplit(spec.url)
    if parts.username is None:
        return spec
    if spec.auth or any(name.lower() == "authorization" for name, _ in spec.headers):
        raise node.error("the address has a login, and there is another one beside it", "keep one of them")
    url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return replace(spec, url=url, auth=(unquote(parts.username), unquote(parts.password or "")))


def _refuse_contradictions(node: Node, spec: FeedSpec, kinds: list[str]) -> None:
    if len(kinds) > 1:
        raise node.error(f"a feed is one of {' and '.join(kinds)}", "keep one of them")
    if spec.contact and spec.user_agent:
        raise node.error("`contact` is part of the program's own user agent", "write it into `user_agent`")
    if spec.auth and any(name.lower() == "authorization" for name, _ in spec.headers):
        raise node.error("`auth` is sent as the header Authorization, which stands in `headers`", "keep one of them")
    if spec.cookies and any(name.lower() == "cookie" for name, _ in spec.headers):
        raise node.error("`cookies` are sent as the header Cookie, which stands in `headers`", "keep one of them")
    if (spec.every_min_s or 0) > (spec.every_max_s or inf):
        raise node.error("every_min is longer than every_max", "swap them")
    if spec.was == spec.url:
        raise node.error("`was` is the address the feed had before", "delete it")


def _word(node: Node) -> str:
    value = text(node)
    if not any(char.isalnum() for char in value):
        raise wrong(node, "a word or a phrase")
    return value


def _hide_secrets(spec: FeedSpec, references: References) -> None:
    """Have what a feed's login is never be shown, also where it was written in the file itself."""
    for password in (urlsplit(spec.url).password, urlsplit(spec.proxy).password, spec.auth and spec.auth[1]):
        if password:
            references.hide(unquote(password))
            references.hide(password)
    if spec.auth:
        references.hide(":".join(spec.auth))  # as it is sent, in Base64
    for name, value in (*spec.headers, *(("cookie", value) for _, value in spec.cookies)):
        if _SECRET_HEADER.search(name):
            references.hide(value)
