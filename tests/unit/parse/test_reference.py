"""feedparser as it comes is the reference: equal entries, ids, dates, titles, links, contents, save for good reason."""

from __future__ import annotations

import io
from calendar import timegm
from typing import Any

import feedparser
import pytest

from monitor.model import Entry
from monitor.parse import parse_feed
from monitor.parse.fields import capped_html, plain_title, without_control
from tests.unit.parse.corpus import CASES, URL, Case

_DATES = (
    "its date readers make up what they do not know: 24:00, zones, week days; ours reads a date whole or not at all"
)
_HALF = "the half entry at the end of a cut feed is dropped, a later poll brings it whole"
_SAME = "an item listed twice is one entry"
_LIST = "a link of three items and more leads to a list, and is dropped"
_BYTES = "what the bytes prove goes before what a label claims"
# Why we differ, by case. A case that does not differ must not stand here.
DIFFERENCES = {
    "bad_entities.xml": "a bare & is taken as it is, not as the beginning of an entity",
    "broken:bare_ampersands": "a bare & is taken as it is, not as the beginning of an entity",
    "broken:cut_inside_cdata": _HALF,
    "broken:cut_inside_a_tag": _HALF,
    "broken:atom_cut_inside_an_entry": _HALF,
    "truncated_first_entry.xml": _HALF,
    "truncated_in_entry.xml": _HALF,
    "nothing_unique.xml": _SAME,
    "repeated_guid.xml": _SAME,
    "identity:nothing_but_words": _SAME,
    "identity:guids_of_one_item_twice": _SAME,
    "identity:guids_of_different_items": "a guid that different items bear is no key",
    "one_link_for_all.xml": _LIST,
    "identity:links_to_one_list": _LIST,
    "origlink.xml": "a link through a counter is taken for the page that it names",
    "stray_byte.xml": _BYTES,
    "punycode.xml": _BYTES,
    "encodings:utf-8_declared_as_utf-16": _BYTES,
    "encodings:utf-8_declared_as_windows-1251": _BYTES,
    "encodings:utf-7_is_not_read_as_such": "UTF-7 hides markup in plain letters, and is no encoding of documents",
    "identity:dates_of_mail": _DATES,
    "identity:dates_of_standards": _DATES,
    "identity:dates_of_people": _DATES,
    "identity:dates_that_are_none": _DATES,
    "links.xml": "what is no address is no link",
}
# feedparser reads no JSON.
XML = {name: case for name, case in CASES.items() if "json" not in name}


def _reference(case: Case) -> list[dict[str, Any]]:
    found = feedparser.parse(
        io.BytesIO(case.body),
        response_headers={"content-type": case.content_type or "application/xml"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return [_fields(entry) for entry in found.entries]


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    link = dict.get(entry, "link") or ""
    when = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    contents = [part["value"] for part in dict.get(entry, "content") or []]
    return {
        "id": dict.get(entry, "id") or "",
        "title": plain_title(dict.get(entry, "title")),
        "link": link if link.startswith(("http://", "https://")) and " " not in link else "",
        "date": timegm(when) if when and when[0] > 0 else None,
        "summary": capped_html(dict.get(entry, "summary")),
        "content": capped_html(max(contents, key=len, default="")),
    }


def _own(entry: Entry, other: dict[str, Any]) -> dict[str, Any]:
    """Return an entry as the reference has it. It has links that are not addresses, and ids only where the feed has."""
    return {
        "id": without_control(entry.key) if other["id"] else "",
        "title": entry.title,
        "link": entry.url if other["link"] else "",
        "date": int(entry.published.timestamp()) if entry.published else None,
        "summary": entry.summary,
        "content": entry.content,
    }


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
@pytest.mark.parametrize(
    "case", [case for case in CASES.values() if "json" not in case.name], ids=lambda case: case.name
)
def test_entries_are_those_of_feedparser(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = parse_feed(case.body, url=URL, content_type=case.content_type).entries
    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", ["drv_libxml2"])
    try:
        theirs = _reference(case)
    except UnicodeError:
        theirs = []
    own = [_own(entry, other) for entry, other in zip(ours, theirs, strict=False)]
    is_equal = len(ours) == len(theirs) and own == theirs
    if case.name in DIFFERENCES:
        assert not is_equal, "no longer a difference: take it off the list"
    else:
        assert own == theirs
        assert len(ours) == len(theirs)


def test_every_difference_is_of_a_case() -> None:
    assert DIFFERENCES.keys() <= CASES.keys()
