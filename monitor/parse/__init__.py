"""Feeds: the bytes of RSS, RDF, Atom and JSON Feed to `ParsedFeed`.

Pure: any bytes give a `ParsedFeed`, what is wrong with them is its `failure`. The only room that knows feedparser.
"""

from monitor.parse.feed import parse_feed

__all__ = ["parse_feed"]
