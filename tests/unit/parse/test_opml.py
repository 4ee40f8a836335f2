"""Lists of feeds in OPML, in and out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.parse import BadOpml, Outline, read_opml, write_opml

LIST = """<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.1"><head><title>Mine</title></head><body>
<outline text="M&#228;rkte &amp; Metalle">
 <outline title="B&#246;rse" text="Seltene" TYPE="rss" xmlURL="https://a.example/1" htmlUrl="https://a.example/"/>
 <outline text="inner"><outline text="Two" xmlUrl="https://a.example/2?a=1&b=2"/></outline>
</outline>
<outline text="Other"><outline text="again" xmlUrl="https://a.example/1"/><outline text="An empty folder"/></outline>
<outline type="rss" text="No address"/>
<outline text="Plain" xmlUrl="https://a.example/3"/>
</body></opml>"""


def test_folders_are_tags_and_a_feed_in_two_folders_is_one() -> None:
    found = read_opml(LIST.encode("latin-1"))

    assert found.feeds == (
        Outline(
            url="https://a.example/1",
            title="Seltene",
            site="https://a.example/",
            tags=("Märkte & Metalle", "Other"),
            line=4,
        ),
        Outline(url="https://a.example/2?a=1&b=2", title="Two", tags=("Märkte & Metalle/inner",), line=5),
        Outline(url="https://a.example/3", title="Plain", line=9),
    )
    assert found.refused == ((8, "No address"),)


@pytest.mark.parametrize(
    ("data", "what", "line"),
    [
        (b"", "not valid XML: no element found", 1),
        (b"not xml at all", "not valid XML: syntax error", 1),
        (b"<rss><channel/></rss>", "the document is <rss>, not <opml>", 1),
        (b"<opml><body>\n<outline text='a'>", "not valid XML: no element found", 2),
        (b'<!DOCTYPE opml [\n<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml>&b;</opml>', "it declares entities", 2),
        (b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml>&x;</opml>', "it declares entities", 1),
        (b'<!DOCTYPE opml [<!ENTITY % x SYSTEM "http://a.example/x"> %x;]><opml/>', "it declares entities", 1),
        (b"<opml>" + b"<outline text='a'>" * 101, "folders in folders, more than 100 deep", 1),
    ],
)
def test_what_is_wrong_with_a_list_is_named_with_its_line(data: bytes, what: str, line: int) -> None:
    with pytest.raises(BadOpml) as caught:
        read_opml(data)

    assert str(caught.value).startswith(what)
    assert caught.value.line == line


def test_more_feeds_than_anybody_has_are_refused() -> None:
    rows = "".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(50_001))

    with pytest.raises(BadOpml, match="more than 50000 feeds"):
        read_opml(f"<opml>{rows}</opml>".encode())


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zs", "Zl", "Zp", "Cn"]), max_size=20)
NAME = st.lists(TEXT.filter(bool), min_size=1, max_size=3).map(" ".join)
TAG = st.lists(NAME.filter(lambda name: "/" not in name), min_size=1, max_size=4).map("/".join)


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.integers(0, 99), st.tuples(NAME, st.lists(TAG, unique=True, max_size=3), st.booleans()), max_size=12
    )
)
def test_a_list_that_is_written_is_read_as_it_was(rows: dict[int, tuple[str, list[str], bool]]) -> None:
    feeds = {
        f"https://a.example/{number}?a=1&b='\"<>": (name, frozenset(tags), "https://a.example/" if has_site else "")
        for number, (name, tags, has_site) in rows.items()
    }
    text = write_opml(
        [
            Outline(url=url, title=name, tags=tuple(sorted(tags)), site=site)
            for url, (name, tags, site) in feeds.items()
        ],
        "A list",
    )

    found = read_opml(text.encode())
    assert {feed.url: (feed.title, frozenset(feed.tags), feed.site) for feed in found.feeds} == feeds
    assert found.refused == ()
