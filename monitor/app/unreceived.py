"""Says why an address was never received: it is none, no feed covers its host, or the feeds did not list it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from monitor.clean import host
from monitor.model import Feed
from monitor.ports import Store

_URL = re.compile(r"[a-z][a-z0-9+.-]*:/+|www\.", re.IGNORECASE)
_BARE_URL = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}/\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReceived:
    """Why an address was never received, in a word and in lines; `feeds` are those that might have brought it."""

    url: str
    host: str
    reason: str
    lines: tuple[str, ...]
    feeds: tuple[Feed, ...] = ()


def is_address(name: str) -> bool:
    """Return whether a word is meant as the address of a page, right or wrong."""
    return bool(_URL.match(name) or _BARE_URL.fullmatch(name))


def not_received(store: Store, url: str) -> NotReceived:
    """Say why an address is not in the store: it is none, no feed covers its host, or the feeds did not list it."""
    name = _host_of(url)
    if not name:
        return NotReceived(
            url=url,
            host="",
            reason="bad-url",
            lines=(f"{url} is no http or https address", "next: name it as your browser shows it"),
        )
    feeds = tuple(store.feeds_bringing(name))
    active = [feed for feed in feeds if feed.is_enabled]
    if not active:
        gone = [f"{feed.url} was taken out of the configuration" for feed in feeds]
        lines = (f"no feed covers {name}", *gone, "next: find its feed, then `monitor feeds add URL`")
        return NotReceived(url=url, host=name, reason="no-feed", lines=lines, feeds=feeds)
    return NotReceived(
        url=url, host=name, reason="not-in-feed", lines=tuple(map(_absence, active)), feeds=tuple(active)
    )


def not_received_object(found: NotReceived) -> dict[str, Any]:
    """Return why an address was never received, as the command prints it in JSON."""
    feeds = [
        {
            "url": feed.url,
            "name": feed.name or feed.title or None,
            "enabled": feed.is_enabled,
            "polled_at": show_time(feed.polled_at) or None,
            "succeeded_at": show_time(feed.succeeded_at) or None,
            "problem": str(feed.failure) if feed.failure else None,
        }
        for feed in found.feeds
    ]
    return {"url": found.url, "host": found.host or None, "reason": found.reason, "feeds": feeds}


def show_time(moment: datetime | None) -> str:
    """Return a moment in RFC 3339, to the second; empty if there is none."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _host_of(url: str) -> str:
    full = url if _URL.match(url) and "://" in url else f"https://{url}" if not re.match(r"[a-z]+:/", url) else ""
    try:
        parts = urlsplit(full)
        _ = parts.port
    except ValueError:
        return ""
    return host(full) if parts.scheme.lower() in {"http", "https"} and "." in host(full) else ""


def _absence(feed: Feed) -> str:
    name = f"{feed.name or feed.title} ({feed.url})" if feed.name or feed.title else feed.url
    if feed.polled_at is None:
        return f"{name} was not polled yet, due at {show_time(feed.next_at)}"
    if feed.failure is not None:
        since = f" since {show_time(feed.failing_since)}" if feed.failing_since else ""
        read = f"last read at {show_time(feed.succeeded_at)}" if feed.succeeded_at else "never read"
        return f"{name} fails{since}: {feed.failure}; {read}"
    return f"not in {name} at {show_time(feed.polled_at)}; next poll {show_time(feed.next_at)}"
