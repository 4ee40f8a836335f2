from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import ParsedFeed, Problem
from monitor.parse import parse_feed

_URL = "https://feeds.example/f.xml"
_FEEDS = Path(__file__).parents[2] / "data" / "feeds"
_GOOD = [(_FEEDS / name).read_bytes() for name in ("rss20.xml", "atom10.xml", "rss10.rdf", "jsonfeed11.json")]


def _rss(items: str, extra: str = "") -> bytes:
    return f'<rss version="2.0"><channel><title>T</title>{extra}{items}</channel></rss>'.encode()


def _item(number: int, extra: str = "") -> str:
    return f"<item><guid>g{number}</guid><title>Title {number}</title>{extra}</item>"


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from(["", "text/xml", "application/json", "text/html; charset=punycode", ";;="])
)
def test_any_bytes_give_a_feed(body: bytes, content_type: str) -> None:
    feed = parse_feed(body, url=_URL, content_type=content_type)
    assert feed.entries or feed.failure


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(_GOOD), st.integers(0, 2000), st.binary(max_size=8), st.integers(0, 40))
def test_a_damaged_feed_gives_a_feed(body: bytes, at: int, junk: bytes, cut: int) -> None:
    feed = parse_feed(body[: at % len(body)] + junk + body[at % len(body) + cut :], url=_URL)
    assert feed.entries or feed.failure
    assert len({entry.key for entry in feed.entries}) == len(feed.entries)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(_GOOD), st.integers(0, 4000))
def test_a_feed_cut_anywhere_has_only_entries_it_had(body: bytes, end: int) -> None:
    titles = {entry.title for entry in parse_feed(body, url=_URL).entries}
    assert {entry.title for entry in parse_feed(body[:end], url=_URL).entries} <= titles


_JSON_FIELDS = ["items", "id", "url", "title", "authors", "author", "name", "content_text", "date_published"]
_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(_JSON_FIELDS), inner),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(_JSON)
def test_any_json_gives_a_feed(value: object) -> None:
    assert isinstance(parse_feed(json.dumps({"items": [value]}).encode(), url=_URL), ParsedFeed)


def test_text_that_looks_like_an_address_is_not_opened() -> None:
    for body in (b"http://127.0.0.1:9/feed", b"file:///etc/passwd", b"/etc/passwd"):
        failure = parse_feed(body, url=_URL).failure
        assert failure is not None
        assert failure.problem is Problem.PARSE


@pytest.mark.parametrize("entity", ["file:///etc/hostname", "http://127.0.0.1:9/x"])
def test_external_entities_are_not_read(entity: str) -> None:
    body = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "{entity}">]>'
        + _rss(_item(1, "<author>&x;</author>")).decode()
    )
    feed = parse_feed(body.encode(), url=_URL)
    assert [entry.title for entry in feed.entries] == ["Title 1"]
    assert feed.entries[0].authors in {(), ("&x",)}


def test_entity_bombs_do_not_grow() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<!DOCTYPE r [<!ENTITY e0 "lol">{entities}]>' + _rss(_item(1, "<description>&e11;</description>")).decode()
    feed = parse_feed(body.encode(), url=_URL)
    assert all(len(entry.summary) < 10_000 for entry in feed.entries)


@pytest.mark.parametrize(
    "body",
    [
        _rss(_item(1, "<x " + " ".join(f'a{n}="1"' for n in range(20_000)) + "/>")),
        _rss(_item(1, f"<author>{'a.' * 10_000}</author>")),
        _rss(_item(1, f"<dc:creator><![CDATA[{'a.' * 10_000}]]></dc:creator>")),
    ],
    ids=["attribute flood", "endless author", "endless creator"],
)
def test_bodies_that_take_minutes_are_refused(body: bytes) -> None:
    failure = parse_feed(body, url=_URL).failure
    assert failure is not None
    assert failure.problem is Problem.HARMFUL


def test_a_picture_inside_the_content_is_no_harm() -> None:
    picture = '<img src="data:image/png;base64,' + "iVBORw0K=" * 8_000 + '">'
    feed = parse_feed(_rss(_item(1, f"<description><![CDATA[{picture}]]></description>")), url=_URL)
    assert feed.entries[0].title == "Title 1"


def test_a_long_feed_keeps_both_ends() -> None:
    feed = parse_feed(_rss("".join(_item(n) for n in range(2_500))), url=_URL)
    assert len(feed.entries) == 2_000
    assert (feed.entries[0].key, feed.entries[999].key) == ("g0", "g999")
    assert (feed.entries[1_000].key, feed.entries[-1].key) == ("g1500", "g2499")


def test_fields_are_bounded() -> None:
    long = "word " * 100_000
    feed = parse_feed(
        _rss(f"<item><guid>{'g' * 5_000}</guid><title>{long}</title><description>{long}</description></item>"), url=_URL
    )
    entry = feed.entries[0]
    assert len(entry.title) <= 1_000
    assert entry.title.endswith("…")
    assert len(entry.summary) <= 256_000
    assert entry.key.startswith("hash:")


def test_the_charset_of_the_answer_counts_when_the_bytes_prove_nothing() -> None:
    body = _rss("<item><guid>1</guid><title>Šťastné a veselé říjnové ráno</title></item>").decode().encode("cp1250")
    feed = parse_feed(body, url=_URL, content_type="application/rss+xml; charset=windows-1250")
    assert feed.entries[0].title == "Šťastné a veselé říjnové ráno"


def test_a_false_charset_of_the_answer_does_not_spoil_utf8() -> None:
    body = _rss("<item><guid>1</guid><title>Zölle</title></item>")
    assert parse_feed(body, url=_URL, content_type="text/xml; charset=iso-8859-1").entries[0].title == "Zölle"


def test_keys_stay_when_the_feed_moves() -> None:
    body = (_FEEDS / "titles.xml").read_bytes()
    old, new = (parse_feed(body, url=url) for url in ("http://a.example/f", "https://b.example/g"))
    assert [entry.key for entry in old.entries] == [entry.key for entry in new.entries]


def test_keys_do_not_depend_on_what_else_is_in_the_feed() -> None:
    items = [f"<item><title>T{n}</title><pubDate>Wed, 22 Oct 2025 10:0{n}:00 GMT</pubDate></item>" for n in range(5)]
    whole = parse_feed(_rss("".join(items)), url=_URL).entries
    parts = [parse_feed(_rss(item), url=_URL).entries[0] for item in items]
    assert list(whole) == parts


def test_a_recurring_title_under_one_link_stays_several_items() -> None:
    items = [
        "<item><title>Morning brief</title><link>https://x.example/</link>"
        f"<pubDate>Wed, {n} Oct 2025 06:00:00 GMT</pubDate></item>"
        for n in (20, 21, 22)
    ]
    assert len(parse_feed(_rss("".join(items)), url=_URL).entries) == 3


def test_an_item_listed_under_two_guids_keeps_its_link() -> None:
    items = "".join(
        f"<item><guid>{n}</guid><title>One</title><link>https://x.example/1</link></item>" for n in range(4)
    )
    assert {entry.url for entry in parse_feed(_rss(items), url=_URL).entries} == {"https://x.example/1"}


@pytest.mark.parametrize(
    ("channel", "ttl_s"),
    [
        ("<ttl>15</ttl>", 900),
        ("<ttl>soon</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>nan</ttl>", None),
        ("", None),
        ('<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod>', 86_400),
    ],
)
def test_time_to_live_is_in_seconds(channel: str, ttl_s: float | None) -> None:
    assert parse_feed(_rss(_item(1), channel), url=_URL).ttl_s == ttl_s


@pytest.mark.parametrize(
    "opml",
    [
        '<?xml version="1.0"?><opml version="2.0"><body><outline xmlUrl="https://a.example/f.xml"/></body></opml>',
        "<!-- mine -->\n<OPML version='1.0'><body/></OPML>",
    ],
)
def test_a_list_of_feeds_is_named_as_one(opml: str) -> None:
    failure = parse_feed(opml.encode(), url=_URL).failure

    assert failure is not None
    assert (failure.problem, failure.detail) == (Problem.PARSE, "an OPML list of feeds, not a feed")


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("<skipHours><hour>0</hour><hour> 24 </hour><hour>7</hour><hour>99</hour></skipHours>", ((0, 7), ())),
        ("<skipDays>\n<day>Sunday</day><day>saturday</day><day>Someday</day></skipDays>", ((), (5, 6))),
        ("<skipHours><hour>x</hour></skipHours><hour>3</hour>", ((), ())),
        ("<skipHours><hour>٣</hour></skipHours>", ((), ())),
        ("<skipHours><hour>3</hour>", ((), ())),
    ],
)
def test_hours_and_days_to_skip_are_read(channel: str, expected: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    parsed = parse_feed(_rss(_item(1), channel), url=_URL)

    assert (parsed.skip_hours, parsed.skip_days) == expected


@pytest.mark.parametrize("body", [b"<p>No feed here.</p>", b"<html>", b"<h1>News</h1>", b"Go <a href='/'>home</a>"])
def test_a_piece_of_a_page_is_told_from_what_is_no_markup(body: bytes) -> None:
    failures = [
        parse_feed(text, url="https://news.example/", content_type="text/html").failure for text in (body, b"No.")
    ]
    assert [failure and failure.problem for failure in failures] == [Problem.HTML, Problem.PARSE]
