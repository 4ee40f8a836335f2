"""RSS, RDF and Atom by feedparser, with everything that keeps it safe around it."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace
from typing import Any

import feedparser

from monitor.model import Entry, Failure, ParsedFeed, Problem
from monitor.parse import expat
from monitor.parse.dates import read_time
from monitor.parse.fields import capped_html, http_url, language_of, names, plain_title, without_control
from monitor.parse.jsonfeed import parse_json_feed
from monitor.parse.keys import with_keys
from monitor.parse.packed import unpacked
from monitor.parse.plain import read_plain
from monitor.parse.scan import MAX_ENTRIES, bounded, harm_in, is_cut, is_cut_in_entry, is_list, is_page, readable
from monitor.parse.sitemap import is_sitemap, parse_sitemap
from monitor.parse.skips import skips_in
from monitor.text.walls import is_challenge

expat.install()

Fields = dict[str, Any]
_MARKUP = re.compile(rb"<(?:body|div|head|html|title|p|a|h[1-6]|ul|table)[\s>]", re.IGNORECASE)
_PAGE_BYTES = 200_000
# By whom a feed is read: by feedparser; by the short way, of which some entries were compared, or a whole body was.
_FEEDPARSER, _TRIED, _PLAIN = "feedparser", "tried", "plain"
_SAMPLE = 4  # entries: the first two, which are new, and the last two
_CHECKED = {_TRIED: 10, _PLAIN: 50}  # one body of so many is read both ways
_JSON = re.compile(rb"[\xef\xbb\xbf\xff\xfe\0\s]*[\[{]")
_PERIODS_S = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


def parse_feed(body: bytes, *, url: str, content_type: str = "", reader: str = "") -> ParsedFeed:
    """Read a feed of any format. `url` is where it came from; relative links are resolved against it.

    Entries come in the feed's order, at most 2,000 of them, each with a key of its own. A date without a zone counts
    as UTC; an absurd or future date is given as it stands; one that is not understood to its last word is None, its
    text kept in `published_raw`.
    The half entry at the end of a truncated feed is dropped, and `is_cut` set: a later poll brings it whole.
    `reader` is that of the feed's last answer: a plain feed is read by the short way alone once both ways agreed on its
    head and some of its entries; of some later bodies the ways are compared on the whole.
    """
    try:
        body = unpacked(body)
    except ValueError as error:
        return ParsedFeed(failure=Failure(problem=Problem.PARSE, detail=str(error)))
    if not body.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return ParsedFeed(failure=Failure(problem=Problem.EMPTY))
    if _JSON.match(body):
        return parse_json_feed(body, url)
    try:
        return _parse_xml(body, url, content_type, reader)
    except MemoryError:
        raise  # the machine's business, not the feed's
    except Exception as error:  # noqa: BLE001 - feedparser promises nothing about hostile bytes, and no feed may stop its neighbours
        return ParsedFeed(failure=Failure(problem=Problem.PARSE, detail=f"{type(error).__name__} in the feed parser"))


def _parse_xml(body: bytes, url: str, content_type: str, reader: str) -> ParsedFeed:
    data, data_type = readable(body, content_type)
    if failure := _unfit(data):
        return ParsedFeed(failure=failure)
    if is_sitemap(data):
        return parse_sitemap(data, url)
    # Other bytes than UTF-8 may be of any encoding, which is left to feedparser.
    is_sure = data_type.endswith("charset=utf-8") and reader != _FEEDPARSER
    plain = read_plain(bounded(data)) if is_sure else None
    if not plain:
        return replace(_by_feedparser(data, data_type, url), reader=reader)
    short = _read(data, plain, url)
    if reader in _CHECKED and zlib.crc32(data) % _CHECKED[reader]:
        return replace(short, reader=reader)
    sample = data if reader in _CHECKED else bounded(data, _SAMPLE)
    if sample is not data and _is_same_both_ways(sample, data_type, url):
        return replace(short, reader=_TRIED)
    whole = _by_feedparser(data, data_type, url)
    return replace(whole, reader=_PLAIN if whole == short else _FEEDPARSER)


def _is_same_both_ways(data: bytes, data_type: str, url: str) -> bool:
    plain = read_plain(data)
    return plain is not None and _read(data, plain, url) == _by_feedparser(data, data_type, url)


def _unfit(data: bytes) -> Failure | None:
    """Return why `data` is not read: a page, a list of feeds, a danger."""
    if is_page(data):
        return _of_page(data)
    if is_list(data):
        return Failure(problem=Problem.PARSE, detail="an OPML list of feeds, not a feed")
    harm = harm_in(data)
    return Failure(problem=Problem.HARMFUL, detail=harm) if harm else None


def _by_feedparser(data: bytes, data_type: str, url: str) -> ParsedFeed:
    found = feedparser.parse(
        io.BytesIO(bounded(data)),
        # Without an address, or feedparser would resolve guids against it: they would change when the feed moves.
        response_headers={"content-type": data_type},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return _read(data, found, url)


def _read(data: bytes, found: Fields, url: str) -> ParsedFeed:
    """Return what feedparser, or the short way, found in a feed."""
    raw = found["entries"][:MAX_ENTRIES]
    if raw and found.get("bozo") and is_cut_in_entry(data):
        raw = raw[:-1]
    site = http_url(_of(found["feed"], "link"), url)
    base = url if found["version"].startswith("atom") else site or url
    language = language_of(_of(found["feed"], "language"))
    entries = with_keys([(_guid(entry), _entry(entry, base, language)) for entry in raw])
    skip_hours, skip_days = skips_in(data)
    return ParsedFeed(
        title=plain_title(_of(found["feed"], "title")),
        site=site,
        language=language,
        ttl_s=_ttl_s(found["feed"]),
        skip_hours=skip_hours,
        skip_days=skip_days,
        entries=entries,
        failure=None
        if entries
        else _why_empty(data, is_known=bool(found["version"]), had_entries=bool(found["entries"])),
        is_cut=is_cut(data),
        format=str(found["version"] or ""),
        older_url=_older_url(found["feed"], url),
    )


def _older_url(feed: Fields, url: str) -> str:
    """Return the address of the next older page, of a paged feed or else of an archived one. Source: RFC 5005."""
    links = {_of(link, "rel"): http_url(_of(link, "href"), url) for link in reversed(_parts(feed, "links"))}
    return links.get("next") or links.get("prev-archive") or ""


def _why_empty(data: bytes, *, is_known: bool, had_entries: bool) -> Failure:
    if had_entries:
        return Failure(problem=Problem.PARSE, detail="cut off inside its first entry")
    if is_known:
        return Failure(problem=Problem.NO_ENTRIES)
    if _MARKUP.search(data, 0, 100_000):
        return _of_page(data)
    return Failure(problem=Problem.PARSE, detail="neither RSS, RDF, Atom, JSON Feed nor a sitemap")


def _of_page(data: bytes) -> Failure:
    is_wall = is_challenge(data[:_PAGE_BYTES].decode("utf-8", "replace"))
    return Failure(problem=Problem.CHALLENGE if is_wall else Problem.HTML)


def _of(fields: Fields, name: str) -> object:
    # Not `fields.get`: feedparser answers some names with another field and a DeprecationWarning.
    return dict.get(fields, name)


def _parts(fields: Fields, name: str) -> list[Fields]:
    parts = _of(fields, name)
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _guid(raw: Fields) -> str:
    guid = _of(raw, "id")
    return without_control(guid).strip() if isinstance(guid, str) else ""


def _link(raw: Fields, base: str) -> str:
    link = _of(raw, "link")
    # A guid is a link only when it is a whole one, whatever `isPermaLink` says by default.
    is_bare_guid = link == _of(raw, "id") and not http_url(link, "")
    return http_url(_of(raw, "feedburner_origlink"), base) or ("" if is_bare_guid else http_url(link, base))


def _entry(raw: Fields, base: str, language: str) -> Entry:
    published, updated = (read_time(_of(raw, name), language) for name in ("published", "updated"))
    return Entry(
        key="",
        url=_link(raw, base),
        title=plain_title(_of(raw, "title")),
        content=max((capped_html(_of(part, "value")) for part in _parts(raw, "content")), key=len, default=""),
        summary=capped_html(_of(raw, "summary")),
        published=published or updated,
        published_raw=plain_title(_of(raw, "published") or _of(raw, "updated")),
        updated=updated,
        authors=_authors(raw),
        language=language_of(_of(raw, "language")),
    )


def _authors(raw: Fields) -> tuple[str, ...]:
    author, several = _of(raw, "author"), [_of(one, "name") for one in _parts(raw, "authors")]
    if len(several) < 2 and isinstance(author, str) and "@" in author:
        return names([author])  # feedparser knows no address of `.example` or `.media`, and leaves its end in the name
    return names(several) or names([author])


def _ttl_s(feed: Fields) -> float | None:
    """Return how long the feed says it stays fresh: RSS `ttl` in minutes, else the syndication module's period."""
    try:
        ttl_s = float(str(_of(feed, "ttl") or 0)) * 60
        period_s = _PERIODS_S.get(str(_of(feed, "sy_updateperiod") or "").strip().lower(), 0)
        every_s = ttl_s or period_s / max(1.0, float(str(_of(feed, "sy_updatefrequency") or 1)))
    except ValueError:
        return None
    return every_s if 0 < every_s < 1e9 else None
