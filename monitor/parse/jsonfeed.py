"""JSON Feed 1 and 1.1, which feedparser does not read. Source: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from typing import Any

from monitor.model import Entry, Failure, ParsedFeed, Problem
from monitor.parse.dates import read_time
from monitor.parse.fields import capped_html, http_url, language_of, names, plain_title, without_control
from monitor.parse.keys import with_keys
from monitor.parse.scan import MAX_ENTRIES
from monitor.text.charset import decode_sure


def parse_json_feed(body: bytes, url: str) -> ParsedFeed:
    """Read a JSON Feed; a JSON document of another kind is `Problem.PARSE`."""
    text = decode_sure(body)
    text = body.decode("cp1252", "replace") if text is None else text
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        failure = Failure(problem=Problem.PARSE, detail=f"not valid JSON: {error}")
        return ParsedFeed(failure=failure, is_cut=not text.rstrip("\0 \t\r\n").endswith(("}", "]")))
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return ParsedFeed(
            failure=Failure(problem=Problem.PARSE, detail="a JSON document without the items of a JSON Feed")
        )
    items = [item for item in feed["items"] if isinstance(item, dict)]
    entries = with_keys([(_guid(item), _entry(item, url)) for item in items[:MAX_ENTRIES]])
    return ParsedFeed(
        title=plain_title(feed.get("title")),
        site=http_url(feed.get("home_page_url"), url),
        language=language_of(feed.get("language")),
        entries=entries,
        format="json feed",
        failure=None if entries else Failure(problem=Problem.NO_ENTRIES),
        older_url=http_url(feed.get("next_url"), url),
    )


def _guid(item: dict[str, Any]) -> str:
    guid = item.get("id")
    return without_control(str(guid)).strip() if isinstance(guid, str | int | float) else ""


def _entry(item: dict[str, Any], url: str) -> Entry:
    content = capped_html(item.get("content_html")) or _as_html(item.get("content_text"))
    published, updated = (_as_text(item.get(name)) for name in ("date_published", "date_modified"))
    return Entry(
        key="",
        url=http_url(item.get("url"), url) or http_url(item.get("external_url"), url),
        title=plain_title(item.get("title")),
        content=content,
        summary=capped_html(item.get("summary")),
        published=read_time(published) or read_time(updated),
        published_raw=plain_title(published) or plain_title(updated),
        updated=read_time(updated),
        authors=names(_author_names(item)),
        language=language_of(item.get("language")),
    )


def _author_names(item: dict[str, Any]) -> Iterable[object]:
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [item.get("author")]
    return (author.get("name") for author in listed if isinstance(author, dict))


def _as_text(when: object) -> object:
    """Return a time as text; seconds since 1970 come as numbers, too."""
    return str(when) if isinstance(when, int) and not isinstance(when, bool) else when


def _as_html(text: object) -> str:
    if not isinstance(text, str):
        return ""
    lines = (html.escape(line.strip(), quote=False) for line in text.splitlines())
    return capped_html("".join(f"<p>{line}</p>" for line in lines if line))
