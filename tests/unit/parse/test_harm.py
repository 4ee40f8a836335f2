"""Bodies made to take minutes: refused at a glance, or read in bounded time. What slips through dies in its worker."""

from __future__ import annotations

import time

import pytest

from monitor.model import ParsedFeed, Problem
from monitor.parse import parse_feed

HEAD = b'<?xml version="1.0"?><rss version="2.0"><channel><title>A feed</title>'
END = b"</channel></rss>"


def feed(inside: bytes) -> bytes:
    return HEAD + b"<item><guid>1</guid><title>One</title>" + inside + b"</item>" + END


def parse(body: bytes) -> ParsedFeed:
    return parse_feed(body, url="http://a.example/feed")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (feed(b"<x " + b" ".join(b'a%d="1"' % at for at in range(200_000)) + b"/>"), "more than 1000 attributes"),
        (feed(b"<x " + b" ".join(b'a%d=">"' % at for at in range(50_000)) + b"/>"), "more than 1000 attributes"),
        (feed(b"<x " + b" ".join(b"a%d=1" % at for at in range(50_000)) + b"/>"), "more than 1000 attributes"),
        (feed(b"<x " + b" ".join(b"a%d" % at for at in range(50_000)) + b"/>"), "more than 1000 attributes"),
        (feed(b"<author>" + b"a." * 20_000 + b"</author>"), "name has more than 4000 characters"),
        (feed(b"<author>" + b"&#97;." * 20_000 + b"</author>"), "name has more than 4000 characters"),
        (feed(b"<author><![CDATA[" + b"a@" * 20_000 + b"]]></author>"), "name has more than 4000 characters"),
        (feed(b"<a>" * 1_000_000), "nested more than 10000 deep"),
        (feed(b"<a>" * 1_000_000 + b"</a>" * 1_000_000), "nested more than 10000 deep"),
        (feed(b"<a b='>'><c/></d>" * 100_000 + b"<a><b>" * 10_000), "nested more than 10000 deep"),
    ],
)
def test_what_would_take_minutes_is_refused_at_a_glance(body: bytes, detail: str) -> None:
    started = time.process_time()
    failure = parse(body).failure

    assert failure is not None
    assert failure.problem is Problem.HARMFUL
    assert detail in failure.detail
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "inside",
    [
        b'<enclosure url="data:' + b"a b=c " * 5_000 + b'"/>',
        b"<description>" + b"&lt;p class='x'&gt;word " * 5_000 + b"</description>",
        b"<description>" + b'<![CDATA[<p class="x" id="y">word]]>' * 15_000 + b"</description>",
        b"<description><![CDATA[" + b"<br><p>" * 15_000 + b"]]></description>",
        b"<description>" + b"<p>word</p><br/>" * 15_000 + b"</description>",
        b"<!--" + b"<p>" * 15_000 + b"-->",
    ],
)
def test_long_texts_and_many_elements_are_no_harm(inside: bytes) -> None:
    found = parse(feed(inside))

    assert (found.failure, [entry.title for entry in found.entries]) == (None, ["One"])


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "lol">'
    + b"".join(b'<!ENTITY e%d "%s">' % (at, b"&e%d;" % (at - 1) * 10) for at in range(1, 12))
    + b']><rss version="2.0"><channel><item><guid>1</guid><title>&e11;</title></item></channel></rss>'
)
QUADRATIC = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "' + b"a" * 100_000 + b'">]><rss version="2.0"><channel>'
    b"<item><guid>1</guid><title>" + b"&a;" * 50_000 + b"</title></item></channel></rss>"
)


@pytest.mark.parametrize("body", [BOMB, QUADRATIC], ids=["billion laughs", "quadratic"])
def test_entities_are_not_multiplied(body: bytes) -> None:
    found = parse(body)

    assert sum(len(entry.title) for entry in found.entries) < 1_000_000


@pytest.mark.parametrize(
    "label", ["punycode", "utf-7", "idna", "rot13", "unicode_escape", "undefined", "zlib", "a" * 99]
)
def test_an_encoding_that_no_document_is_in_is_not_used(label: str) -> None:
    body = (
        b'<?xml version="1.0" encoding="' + label.encode() + b'"?>' + feed(b"<title>+ADw- \xe9t\xe9</title>" * 999)[21:]
    )
    started = time.process_time()
    found = parse(body)

    assert [entry.title for entry in found.entries] in (["+ADw- été"], ["One"])
    assert time.process_time() - started < 2


@pytest.mark.parametrize("depth", [1_000, 100_000, 2_000_000])
@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_json_nested_without_end_is_unreadable_and_nothing_worse(opening: bytes, depth: int) -> None:
    failure = parse(b'{"version":"https://jsonfeed.org/version/1.1","items":' + opening * depth).failure

    assert failure is not None
    assert failure.problem is Problem.PARSE


@pytest.mark.parametrize(
    "field",
    [
        b"<ttl>" + b"9" * 100_000 + b"</ttl>",
        b"<ttl>1e999</ttl>",
        b"<ttl>nan</ttl>",
        b"<pubDate>" + b"9" * 100_000 + b"</pubDate>",
        b"<pubDate>99999999999999999999-01-01T00:00:00Z</pubDate>",
        b"<pubDate>Thu, 99 Oct 99999999999 99:99:99 +9999</pubDate>",
    ],
)
def test_numbers_beyond_all_bounds_are_no_ttl_and_no_date(field: bytes) -> None:
    found = parse(HEAD + field + b"<item><guid>1</guid><title>One</title>" + field + b"</item>" + END)

    assert (found.failure, found.ttl_s, [entry.published for entry in found.entries]) == (None, None, [None])
