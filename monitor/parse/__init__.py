"""Feeds: the bytes of RSS, RDF, Atom, JSON Feed and sitemaps, and the links of pages, to `ParsedFeed`.

Pure: any bytes give a `ParsedFeed`, what is wrong with them is its `failure`. The only room that knows feedparser.
"""

from monitor.parse.discovery import common_feeds, known_feeds
from monitor.parse.feed import parse_feed
from monitor.parse.opml import BadOpml, FeedList, Outline, read_opml, write_opml
from monitor.parse.pages import feed_of_links
from monitor.parse.scan import name_encoding
from monitor.parse.words import has_chosen_word

__all__ = [
    "BadOpml",
    "FeedList",
    "Outline",
    "common_feeds",
    "feed_of_links",
    "has_chosen_word",
    "known_feeds",
    "name_encoding",
    "parse_feed",
    "read_opml",
    "write_opml",
]
