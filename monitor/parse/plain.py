"""Plain feeds by a short way: RSS 2.0 and Atom 1.0 without surprises, as feedparser reads them, but in C.

Only elements that are listed here, each at most once where order would count, in well-formed XML without a document
type. Whatever else there is in a feed makes it None, and feedparser's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

Fields = dict[str, Any]

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_SLASH = "{http://purl.org/rss/1.0/modules/slash/}"
_SY = "{http://purl.org/rss/1.0/modules/syndication/}"
_WFW = "{http://wellformedweb.org/CommentAPI/}"
_THREAD = "{http://purl.org/syndication/thread/1.0}"

# Entities of its own, addresses against which others are relative, and letters that feedparser takes for Windows'.
_SURPRISES = (b"<!DOCTYPE", b"<!ENTITY", b"xml:base", b"xml:space")
_WINDOWS = re.compile(rb"\xc2[\x80-\x9f]|&#(?:1[2-5]\d|x[89])")

_RSS_TEXTS = {"title": "title", "pubDate": "published", "description": "summary", f"{_CONTENT}encoded": "content"}
_RSS_SILENT = {
    *("category", "comments", "enclosure", "source", f"{_SLASH}comments", f"{_WFW}commentRss"),
    *(f"{_MEDIA}content", f"{_MEDIA}thumbnail", "{com-wordpress:feed-additions:1}post-id"),
}
_RSS_CHANNEL_TEXTS = {
    "title": "title",
    "link": "link",
    "language": "language",
    "ttl": "ttl",
    f"{_SY}updatePeriod": "sy_updateperiod",
    f"{_SY}updateFrequency": "sy_updatefrequency",
}
_RSS_CHANNEL_SILENT = {
    *("description", "lastBuildDate", "pubDate", "generator", "docs", "copyright", "managingEditor", "webMaster"),
    *("category", "cloud", "skipHours", "skipDays", f"{_SY}updateBase"),
}
_ATOM_SILENT = {f"{_ATOM}category", f"{_ATOM}rights", f"{_THREAD}total", f"{_MEDIA}thumbnail"}
_ATOM_FEED_SILENT = {
    f"{_ATOM}{name}"
    for name in ("id", "updated", "subtitle", "generator", "icon", "logo", "author", "category", "rights")
}
_HTML_TYPES = {"", "text", "html", "text/html", "text/plain"}


def read_plain(data: bytes) -> Fields | None:
    """Return what feedparser finds in UTF-8 `data`: `version`, `feed` and `entries`; None: it is not that plain."""
    if any(surprise in data for surprise in _SURPRISES) or _WINDOWS.search(data):
        return None
    try:
        root = ET.fromstring(data)  # noqa: S314 - no document type, so there are no entities to expand
    except ET.ParseError:
        return None
    try:
        return _read_rss(root) if root.tag == "rss" else _read_atom(root)
    except _Surprise:
        return None


class _Surprise(Exception):
    """Something that this way does not know."""


def _read_rss(root: ET.Element) -> Fields:
    _expect(root.attrib == {"version": "2.0"} and [child.tag for child in root] == ["channel"])
    channel = root[0]
    _expect(not channel.attrib)
    feed: Fields = {"links": []}
    entries = []
    for child in channel:
        if child.tag == "item":
            entries.append(_rss_item(child))
        elif child.tag == f"{_ATOM}link":
            feed["links"].append(dict(child.attrib))
        elif child.tag == "image":
            _expect({one.tag for one in child} <= {"url", "title", "link", "width", "height", "description"})
        elif child.tag in _RSS_CHANNEL_TEXTS:
            _put(feed, _RSS_CHANNEL_TEXTS[child.tag], child)
        else:
            _expect(child.tag in _RSS_CHANNEL_SILENT)
    _expect(bool(feed.get("link")) and not any(link.get("rel") == "alternate" for link in feed["links"]))
    return {"version": "rss20", "feed": feed, "entries": entries}


def _rss_item(item: ET.Element) -> Fields:
    _expect(not item.attrib)
    entry: Fields = {}
    for child in item:
        if child.tag in _RSS_TEXTS:
            _put(entry, _RSS_TEXTS[child.tag], child)
        elif child.tag == "link":
            _put(entry, "link", child)
        elif child.tag == "guid":
            _expect(set(child.attrib) <= {"isPermaLink"})
            _put(entry, "id", child, has_attributes=True)
            entry["is_permalink"] = child.get("isPermaLink", "true") == "true"
        elif child.tag in {"author", f"{_DC}creator"}:
            _put(entry, "author", child)
        else:
            _expect(child.tag in _RSS_SILENT and not len(child))
    if entry.pop("is_permalink", False):
        entry.setdefault("link", entry["id"])
    _expect(bool(entry.get("link")))
    return _finished(entry)


def _read_atom(root: ET.Element) -> Fields:
    _expect(root.tag == f"{_ATOM}feed" and set(root.attrib) <= {_LANG})
    feed: Fields = {"links": []}
    if language := root.get(_LANG):
        feed["language"] = language
    entries = []
    for child in root:
        if child.tag == f"{_ATOM}entry":
            entries.append(_atom_entry(child))
        elif child.tag == f"{_ATOM}title":
            _put_text(feed, "title", child)
        elif child.tag == f"{_ATOM}link":
            _put_link(feed, child)
            feed["links"].append(dict(child.attrib))
        else:
            _expect(child.tag in _ATOM_FEED_SILENT or child.tag.startswith(("{http://a9.com/", "{http://purl.org/")))
    return {"version": "atom10", "feed": feed, "entries": entries}


_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def _atom_entry(item: ET.Element) -> Fields:
    _expect(not item.attrib)
    entry: Fields = {}
    take: dict[str, Callable[[Fields, str, ET.Element], None]] = {
        **dict.fromkeys(("id", "updated", "published"), _put),
        **dict.fromkeys(("title", "summary", "content"), _put_text),
    }
    for child in item:
        name = child.tag.removeprefix(_ATOM)
        if name in take:
            take[name](entry, name, child)
        elif name == "link":
            _put_link(entry, child)
        elif name == "author":
            _expect("authors" not in entry)
            _put_author(entry, child)
        else:
            _expect(child.tag in _ATOM_SILENT)
    _expect(bool(entry.get("id")) and bool(entry.get("link")))
    return _finished(entry)


def _put_author(entry: Fields, person: ET.Element) -> None:
    found: Fields = {}
    for child in person:
        name = child.tag.removeprefix(_ATOM)
        _expect(name in {"name", "email", "uri"})
        _put(found, name, child)
    name, email = found.get("name", ""), found.get("email", "")
    _expect(bool(name))
    entry["author"] = f"{name} ({email})" if email else name
    entry["authors"] = [{"name": name}]


def _put_link(fields: Fields, link: ET.Element) -> None:
    relation, kind = link.get("rel", "alternate"), link.get("type", "text/html")
    _expect(":" not in relation and not len(link) and (kind == "text/html" or relation != "alternate"))
    if relation == "alternate":
        _expect("link" not in fields and "href" in link.attrib)
        fields["link"] = link.attrib["href"].strip()


def _put_text(fields: Fields, name: str, child: ET.Element) -> None:
    _expect(set(child.attrib) <= {"type", _LANG} and child.get("type", "") in _HTML_TYPES)
    _put(fields, name, child, has_attributes=True)


def _put(fields: Fields, name: str, child: ET.Element, has_attributes: bool = False) -> None:  # noqa: FBT001, FBT002
    _expect(name not in fields and not len(child) and (has_attributes or not child.attrib))
    text = (child.text or "").strip()
    fields[name] = text if text.isascii() else _encoded_once(text)


def _encoded_once(text: str) -> str:
    """Return `text` without the second of two encodings in UTF-8, which feedparser takes back too."""
    try:
        return text.encode("iso-8859-1").decode()
    except UnicodeError:
        return text


def _finished(entry: Fields) -> Fields:
    """Return an entry with its content as feedparser has it: in a list, and as its summary if it has no other."""
    if "content" in entry:
        entry.setdefault("summary", entry["content"])
        entry["content"] = [{"value": entry["content"]}]
    if "author" in entry:
        entry.setdefault("authors", [{"name": entry["author"]}])
    return entry


def _expect(fact: bool) -> None:  # noqa: FBT001
    if not fact:
        raise _Surprise
