"""The short way reads plain feeds as feedparser does, leaves all others to it, and is left where the two disagree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.parse import feed as reading
from monitor.parse import parse_feed
from monitor.parse.dates import read_time
from monitor.parse.fields import _WHOLE_URL
from monitor.parse.plain import Fields, read_plain
from tests.unit.parse.corpus import CASES, URL, Case

TITLES = ["", " ", "A title", "Zölle & <b>Steuern</b>", "1 < 2", "稀土\n管制", "x&nbsp;y", "]]", "“so”", "a\u200bb"]
TEXTS = st.one_of(
    st.sampled_from(TITLES),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=30),
)
HTML = st.sampled_from(
    ["<p>a</p>", "plain", "<p>a &amp; b<br>c</p>", "<img src='/x.png'>", " <p> x</p> ", "&eacute; &lt;"]
)
MOMENTS = [
    "Wed, 22 Oct 2025 10:00:00 GMT",
    "2025-10-22T10:00:00Z",
    "yesterday",
    "",
    "22 Oct 2025 12:00 +0200",
    "1761127200",
]
DATES = st.sampled_from(MOMENTS)
LINKS = st.sampled_from(
    ["https://x.example/1", "https://x.example/?a=1&b=2", "/3", " https://x.example/4 ", "", "none"]
)
NAMES = st.sampled_from(["Ann", "ann@x.example (Ann)", "Ann <ann@x.example>", "", "Ann, Bob", "J. (Jim) Doe"])
PERMALINK = st.sampled_from(["", ' isPermaLink="false"', ' isPermaLink="true"'])
ENCLOSURE = st.sampled_from(["", '<enclosure url="https://x.example/a.mp3" length="1" type="audio/mpeg"/>'])
SOURCE = st.sampled_from(["", '<source url="https://s.example/">S</source>', "<comments>/c</comments>"])
PICTURE = st.sampled_from(["", '<media:thumbnail url="/t.jpg"/>', "<slash:comments>3</slash:comments>"])
SELF = st.sampled_from(["", '<atom:link rel="self" href="/f"/>', '<atom:link rel="next" href="/f?2"/>'])
IMAGE = st.sampled_from(["", "<image><url>https://x.example/i</url><title>I</title><link>/</link></image>"])
PERSON = st.sampled_from(["", "<author><name>Ann</name></author>"])
OTHER = st.sampled_from(["", "<author><name>B</name><email>b@x.example</email></author>", "<category term='x'/>"])
RELATED = st.sampled_from(["", '<link rel="self" href="/f"/>', '<link rel="next" href="/f?2"/>'])


def _tag(name: str, text: str | None, attributes: str = "", *, is_cdata: bool = False) -> str:
    if text is None:
        return ""
    inner = f"<![CDATA[{text}]]>" if is_cdata and "]]" not in text else escape(text)
    return f"<{name}{attributes}>{inner}</{name}>"


@st.composite
def rss(draw: st.DrawFn) -> bytes:
    def maybe(values: st.SearchStrategy[str]) -> str | None:
        return draw(st.none() | values)

    items = []
    for _ in range(draw(st.integers(0, 4))):
        parts = [
            _tag("title", maybe(TEXTS), is_cdata=draw(st.booleans())),
            _tag("link", maybe(LINKS)),
            _tag("guid", maybe(LINKS | TEXTS), draw(PERMALINK)),
            _tag("description", maybe(HTML), is_cdata=draw(st.booleans())),
            _tag("content:encoded", maybe(HTML), is_cdata=draw(st.booleans())),
            _tag("pubDate", maybe(DATES)),
            _tag(draw(st.sampled_from(["dc:creator", "author"])), maybe(NAMES)),
            _tag("category", maybe(TEXTS)),
            draw(ENCLOSURE),
            draw(SOURCE),
            draw(PICTURE),
        ]
        items.append(f"<item>{''.join(draw(st.permutations(parts)))}</item>")
    head = [
        _tag("title", draw(TEXTS)),
        _tag("link", draw(LINKS)),
        _tag("description", maybe(TEXTS)),
        _tag("language", maybe(st.sampled_from(["en-us", "DE", "", "x"]))),
        _tag("ttl", maybe(st.sampled_from(["60", "soon", ""]))),
        draw(SELF),
        draw(IMAGE),
    ]
    spaces = {"content": "rss/1.0/modules/content/", "dc": "dc/elements/1.1/", "slash": "rss/1.0/modules/slash/"}
    names = " ".join(f'xmlns:{name}="http://purl.org/{path}"' for name, path in spaces.items())
    names += ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
    inner = "".join(draw(st.permutations([*head, "".join(items)])))
    return f'<rss version="2.0" {names}><channel>{inner}</channel></rss>'.encode()


@st.composite
def atom(draw: st.DrawFn) -> bytes:
    def maybe(values: st.SearchStrategy[str]) -> str | None:
        return draw(st.none() | values)

    kinds = st.sampled_from(["", ' type="html"', ' type="text"'])
    entries = []
    for number in range(draw(st.integers(0, 4))):
        parts = [
            _tag("id", draw(st.sampled_from([f"urn:{number}", f"https://x.example/{number}", f" urn:x{number} "]))),
            _tag("title", maybe(TEXTS), draw(kinds)),
            f'<link href="{escape(draw(LINKS))}"/>',
            draw(st.sampled_from(["", '<link rel="enclosure" href="https://x.example/a.mp3"/>'])),
            _tag("summary", maybe(HTML), draw(kinds)),
            _tag("content", maybe(HTML), draw(kinds)),
            _tag("published", maybe(DATES)),
            _tag("updated", maybe(DATES)),
            draw(PERSON),
            draw(OTHER),
        ]
        entries.append(f"<entry>{''.join(draw(st.permutations(parts)))}</entry>")
    head = [_tag("title", draw(TEXTS), draw(kinds)), f'<link href="{escape(draw(LINKS))}"/>', "<id>urn:f</id>"]
    head += [draw(RELATED), draw(PERSON)]
    language = draw(st.sampled_from(["", ' xml:lang="de-AT"']))
    inner = "".join(draw(st.permutations([*head, "".join(entries)])))
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{language}>{inner}</feed>'.encode()


@settings(max_examples=400, deadline=None)
@given(rss() | atom())
def test_both_ways_bring_the_same(body: bytes) -> None:
    assert parse_feed(body, url=URL).reader in {"plain", ""}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_both_ways_bring_the_same_of_the_corpus(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_SAMPLE", 10_000)
    assert parse_feed(case.body, url=URL, content_type=case.content_type).reader in {"plain", ""}


@pytest.mark.parametrize("title", ["Â¡", "ZÃ¶lle", "&#194;&#161;", "Zölle", "Zölle Ã¶", "Ã¶ 稀土"])
def test_a_text_encoded_twice_is_read_alike_both_ways(title: str) -> None:
    assert parse_feed(_body(1).replace(b"A 1", title.encode()), url=URL).reader == "plain"


PLAIN = CASES["rss20.xml"].body


def test_a_plain_feed_is_read_by_the_short_way_once_both_agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    body = _body_not_checked_again()
    first = parse_feed(body, url=URL)
    assert first.reader == "plain"
    monkeypatch.setattr(reading, "_by_feedparser", _refuse)
    assert parse_feed(body, url=URL, reader="plain") == first


def test_some_bodies_are_read_both_ways_again_and_a_feed_that_disagrees_stays_with_feedparser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "_CHECKED", {"plain": 1})
    found = read_plain(_body(1))
    assert found is not None
    monkeypatch.setattr(reading, "read_plain", lambda _data: found | {"feed": {"title": "Another"}})
    feed = parse_feed(_body(1), url=URL, reader="plain")
    assert (feed.reader, feed.title) == ("feedparser", "T")
    assert parse_feed(_body(1), url=URL, reader="feedparser") == feed


def test_a_long_feed_is_tried_on_some_entries_first_and_compared_as_a_whole_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bytes] = []
    by_feedparser = reading._by_feedparser
    monkeypatch.setattr(reading, "_by_feedparser", lambda data, *more: asked.append(data) or by_feedparser(data, *more))
    body = _body(*range(30))
    first = parse_feed(body, url=URL)
    assert (first.reader, len(first.entries)) == ("tried", 30)
    [sample] = asked
    assert [entry.title for entry in parse_feed(sample, url=URL).entries] == ["A 0", "A 1", "A 28", "A 29"]
    monkeypatch.setattr(reading, "_CHECKED", {"tried": 1})
    later = parse_feed(body, url=URL, reader=first.reader)
    assert (later.reader, later.entries, asked[-1]) == ("plain", first.entries, body)


def test_a_long_feed_whose_sample_cannot_be_read_the_short_way_is_compared_as_a_whole() -> None:
    body = _body(*range(30)).replace(b"A 1<", b"A <![CDATA[ <item> ]]><", 1)
    feed = parse_feed(body, url=URL)
    assert (feed.reader, len(feed.entries)) == ("plain", 30)


def test_a_long_feed_that_is_read_otherwise_the_short_way_stays_with_feedparser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def misread(data: bytes) -> Fields | None:
        found = read_plain(data)
        return found and found | {"feed": {"title": "Another"}}

    monkeypatch.setattr(reading, "read_plain", misread)
    feed = parse_feed(_body(*range(30)), url=URL)
    assert (feed.reader, feed.title, len(feed.entries)) == ("feedparser", "T", 30)


def test_what_is_not_plain_is_left_to_feedparser() -> None:
    assert read_plain(_body(1)) is not None
    for before, after in (
        (b"<rss", b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss"),
        (b"</title>", b"<b>x</b></title>"),
        (b"<item>", b"<item><unheard>1</unheard>"),
        (b"<item>", b"<item><title>again</title>"),
        (b"<item>", b"<item xml:base='https://y.example/'>"),
        (b"2.0", b"0.92"),
        (b"</rss>", b""),
    ):
        assert read_plain(_body(1).replace(before, after)) is None


def _body(*numbers: int) -> bytes:
    items = [f"<item><title>A {one}</title><link>https://x.example/{one}</link></item>" for one in numbers]
    head = "<title>T</title><link>https://x.example/</link>"
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def _body_not_checked_again() -> bytes:
    import zlib

    return next(_body(number) for number in range(99) if zlib.crc32(_body(number)) % reading._CHECKED["plain"])


def _refuse(*_: object) -> None:
    raise AssertionError("feedparser was asked")


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1)), st.integers(-13 * 60, 13 * 60))
def test_the_time_of_mail_is_read_to_the_second(moment: datetime, offset: int) -> None:
    sign, (hours, minutes) = "+-"[offset < 0], divmod(abs(offset), 60)
    text = f"{format_datetime(moment).rpartition(' ')[0]} {sign}{hours:02}{minutes:02}"
    assert read_time(text) == moment.replace(microsecond=0, tzinfo=UTC) - timedelta(minutes=offset)


@settings(max_examples=200, deadline=None)
@given(st.from_regex(_WHOLE_URL, fullmatch=True))
def test_whole_links_need_no_resolving(link: str) -> None:
    assert urljoin("https://b.example/a/b?c#d", link) == link
