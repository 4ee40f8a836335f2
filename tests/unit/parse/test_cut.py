"""A feed whose body ends before its end."""

from __future__ import annotations

import pytest

from monitor.parse import parse_feed

_URL = "https://feeds.example/f.xml"
_ITEMS = "<item><title>One</title><guid>1</guid></item><item><title>Two</title><guid>2</guid></item>"
_RSS = f"<rss version='2.0'><channel><title>F</title>{_ITEMS}</channel></rss>"
_ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><entry><id>1</id><title>One</title></entry></feed>"
_RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    "<channel><title>F</title></channel><item><title>One</title><link>https://x.example/1</link></item></rdf:RDF>"
)


@pytest.mark.parametrize(
    ("body", "is_cut"),
    [
        (_RSS, False),
        (_RSS + "<!-- served in 3 ms -->\n", False),
        (_RSS.replace("</rss>", ""), False),
        (_RSS + "<script>junk", False),
        (_RSS[: _RSS.index("Two") + 1], True),
        (_RSS[: _RSS.index("</channel>")], True),
        (_RSS[: _RSS.index("One")], True),
        (_RSS[: _RSS.index("</channel>") + 5], True),
        (_ATOM, False),
        (_ATOM.replace("</feed>", ""), True),
        (_RDF, False),
        (_RDF.replace("</rdf:RDF>", ""), True),
        (_RDF[:-20], True),
        ("<rss version='2.0'><channel><title>F</title>", True),
        ("<rss version='2.0'><channel/></rss>", False),
        ("<rss version='2.0'/>", False),
        ("not a feed", False),
        ("<html><body>page", False),
        ("", False),
        ('{"items": [{"id": "1", "title": "One"}]}', False),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "One"}, {"id', True),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1" "title": "One"}]}', False),
    ],
)
def test_a_feed_is_cut_when_its_document_is_not_closed(body: str, is_cut: bool) -> None:
    assert parse_feed(body.encode(), url=_URL).is_cut is is_cut


def test_a_long_feed_bounded_by_us_is_not_cut() -> None:
    items = "".join(f"<item><title>T{number}</title><guid>{number}</guid></item>" for number in range(2_100))

    assert not parse_feed(f"<rss><channel>{items}</channel></rss>".encode(), url=_URL).is_cut
