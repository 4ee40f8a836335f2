"""Sitemaps, news sitemaps and indexes of sitemaps as feeds. Source: sitemaps.org/protocol, Google's news extension."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.parsers import expat

from monitor.model import Entry, Failure, ParsedFeed, Problem
from monitor.parse.dates import read_time
from monitor.parse.fields import http_url, language_of, plain_title
from monitor.parse.keys import with_keys

MAX_PARTS = 6
MAX_PAGES = 1_000
_MAX_CHARS = 4_000
_HEAD_BYTES = 4_096
_ROOT = re.compile(
    rb"(?>\s+|<\?[^>]*>|<!--.*?-->)*+(?:<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)?<(?:[\w-]+:)?(?:urlset|sitemapindex)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_NEVER = datetime(1, 1, 1, tzinfo=UTC)

# What is read, by the names of an element and of the one around it, without prefixes: they are often wrong.
_FIELDS = {
    ("url", "loc"): "loc",
    ("url", "lastmod"): "lastmod",
    ("sitemap", "loc"): "loc",
    ("sitemap", "lastmod"): "lastmod",
    ("news", "title"): "title",
    ("news", "publication_date"): "published",
    ("publication", "language"): "language",
    ("publication", "name"): "name",
}


def is_sitemap(data: bytes) -> bool:
    """Tell whether this is a sitemap or an index of them."""
    return bool(_ROOT.match(data[:_HEAD_BYTES]))


def parse_sitemap(data: bytes, url: str) -> ParsedFeed:
    """Read a sitemap in UTF-8: its pages are entries, newest first, keyed by address, at most 1,000.

    Of an index, `parts` are its newest sitemaps, at most 6; one that does not say when they changed counts as cut, so
    that it is read again. The time of a page is its news date; `lastmod` is when it was changed.
    """
    reading = _Reading()
    try:
        reading.read(data)
    except _DoctypeError:
        return ParsedFeed(failure=Failure(problem=Problem.HARMFUL, detail="a sitemap with a document type"))
    except expat.ExpatError as error:
        if not reading.rows:
            detail = f"not valid XML: {expat.errors.messages[error.code]}, line {error.lineno}"
            return ParsedFeed(failure=Failure(problem=Problem.PARSE, detail=detail))
        reading.is_cut = True
    if reading.is_index:
        return _index(reading, url)
    return _pages(reading, url)


def _index(reading: _Reading, url: str) -> ParsedFeed:
    rows = [(http_url(row.get("loc"), url), read_time(row.get("lastmod"))) for row in reading.rows]
    parts = {address: when for address, when in reversed(rows) if address and address != url}
    is_dated = all(parts.values())
    # Without dates: news first by name, else the last, where new ones are appended.
    order = sorted(parts, key=lambda one: (parts[one] or _NEVER, "news" in one.lower()), reverse=True)
    failure = None if parts else Failure(problem=Problem.NO_ENTRIES, detail="an index without sitemaps")
    return ParsedFeed(
        site=url,
        parts=tuple(order[:MAX_PARTS]),
        failure=failure,
        is_cut=reading.is_cut or not is_dated,
        format="index of sitemaps",
    )


def _pages(reading: _Reading, url: str) -> ParsedFeed:
    found = {entry.url: entry for entry in (_entry(row, url) for row in reversed(reading.rows)) if entry.url}
    entries = _newest(reversed(found.values()))
    failure = None if entries else Failure(problem=Problem.NO_ENTRIES, detail="a sitemap without pages")
    return ParsedFeed(
        title=next((plain_title(row["name"]) for row in reading.rows if row.get("name")), ""),
        site=url,
        entries=with_keys([(entry.url, entry) for entry in entries]),
        failure=failure,
        is_cut=reading.is_cut,
        format="sitemap",
    )


def _entry(row: dict[str, str], url: str) -> Entry:
    published, changed = read_time(row.get("published")), read_time(row.get("lastmod"))
    return Entry(
        key="",
        url=http_url(row.get("loc"), url),
        title=plain_title(row.get("title")),
        published=published,
        published_raw=plain_title(row.get("published")),
        updated=changed,
        language=language_of(row.get("language")),
    )


def _newest(entries: Iterable[Entry]) -> list[Entry]:
    listed = list(entries)
    if any(entry.published or entry.updated for entry in listed):
        listed.sort(key=lambda entry: entry.published or entry.updated or _NEVER, reverse=True)
    elif len(listed) > MAX_PAGES:
        # Whichever end is new stays.
        listed = listed[: MAX_PAGES // 2] + listed[-MAX_PAGES // 2 :]
    return listed[:MAX_PAGES]


class _DoctypeError(Exception):
    """A document type: it could declare entities, which a sitemap needs none of."""


@dataclass(slots=True)
class _Reading:
    """What was read so far: a row of fields for each page or sitemap."""

    rows: list[dict[str, str]] = field(default_factory=list)
    is_index: bool = False
    is_cut: bool = False
    path: list[str] = field(default_factory=list)
    row: dict[str, str] = field(default_factory=dict)
    text: str = ""

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.add
        parser.StartDoctypeDeclHandler = self.refuse
        parser.Parse(data, True)  # noqa: FBT003  # expat takes no keywords

    def refuse(self, *_: object) -> None:
        raise _DoctypeError

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        if not self.path:
            self.is_index = local == "sitemapindex"
        self.path.append(local)
        self.text = ""
        if local in {"url", "sitemap"} and len(self.path) == 2:
            self.row = {}

    def add(self, text: str) -> None:
        if len(self.text) < _MAX_CHARS:
            self.text += text[:_MAX_CHARS]

    def end(self, _name: str) -> None:
        local = self.path.pop()
        around = self.path[-1] if self.path else ""
        if (name := _FIELDS.get((around, local))) and self.text.strip():
            self.row.setdefault(name, self.text.strip())
        if local in {"url", "sitemap"} and len(self.path) == 1:
            self.rows.append(self.row)
        self.text = ""
