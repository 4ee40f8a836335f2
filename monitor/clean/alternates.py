"""The feeds that a page names: in its head, else in links that look like feeds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

from monitor.clean.page import decode_page
from monitor.clean.tidy import tidy_line
from monitor.clean.tree import tree_of

_MAX = 50
_TYPE = re.compile(r"(?:application|text)/(?:(?:rss|atom|rdf|feed)(?:\+(?:xml|json))?|xml|json)\b", re.IGNORECASE)
_OEMBED = re.compile(r"oembed|wp-json|opensearch|manifest", re.IGNORECASE)
_LIKE_FEED = re.compile(r"(?:^|[/._=-])(?:rss|feeds?|atom|rdf)(?:[/._-]|\d|xml|$)", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|kommentar|comentario|commentaire", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFeed:
    """An address that a page calls a feed, with what it calls it."""

    url: str
    title: str = ""


def named_feeds(body: bytes, url: str, content_type: str = "") -> tuple[NamedFeed, ...]:
    """Return the feeds that a page names, each once, comments last, at most 50.

    Those of its head; if there are none, links on the page whose address or text look like a feed's.
    """
    tree = tree_of(decode_page(body, content_type))
    if tree is None:
        return ()
    base = urljoin(url, next((str(found) for found in tree.xpath("//base/@href")), ""))
    in_head = [link for link in tree.iter("link") if _is_alternate(link)]
    found = in_head or [link for link in tree.iter("a") if _is_like_feed(link)]
    feeds: dict[str, NamedFeed] = {}
    for link in found:
        if address := _address(link.get("href") or "", base):
            title = link.get("title") or (link.text_content() if link.tag == "a" else "")
            feeds.setdefault(address, NamedFeed(url=address, title=tidy_line(str(title))[:200]))
    listed = sorted(feeds.values(), key=lambda feed: bool(_COMMENTS.search(f"{feed.url} {feed.title}")))
    return tuple(feed for feed in listed if feed.url != url)[:_MAX]


def _is_alternate(link: HtmlElement) -> bool:
    relations = (link.get("rel") or "").lower().split()
    is_feed = bool(_TYPE.match((link.get("type") or "").strip())) and not _OEMBED.search(link.get("href") or "")
    return bool({"alternate", "feed"} & set(relations)) and (is_feed or "feed" in relations)


def _is_like_feed(link: HtmlElement) -> bool:
    href = link.get("href") or ""
    return bool(_LIKE_FEED.search(href.partition("#")[0].partition("://")[2] or href))


def _address(href: str, base: str) -> str:
    try:
        url = urldefrag(urljoin(base, href.strip()))[0]
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""
