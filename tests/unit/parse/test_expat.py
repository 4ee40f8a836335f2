"""Texts that expat hands out whole change nothing of what feedparser finds."""

from __future__ import annotations

import feedparser
import pytest

from monitor.parse import parse_feed
from tests.unit.parse.corpus import CASES

URL = "http://news.example/feed"
ENTITIES = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>A &amp; B &#x2014; C</title>
<item><title>&lt;b&gt;One&lt;/b&gt;
two &amp;amp; three</title><description><![CDATA[<p>a</p>]]> &lt;p&gt;b&#10;c&lt;/p&gt; <!-- -->d</description></item>
</channel></rss>"""
BODIES = {"entities": ENTITIES} | {name: case.body for name, case in CASES.items()}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_whole_texts_bring_what_pieces_bring(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parse_feed(body, url=URL)
    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", [])
    assert parse_feed(body, url=URL) == whole


def test_feedparser_is_given_texts_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    take = feedparser.api.StrictFeedParser.characters

    def note(self: object, text: str) -> None:
        texts.append(text)
        take(self, text)

    monkeypatch.setattr(feedparser.api.StrictFeedParser, "characters", note)
    assert parse_feed(ENTITIES, url=URL).entries
    assert "<b>One</b>\ntwo &amp; three" in texts
