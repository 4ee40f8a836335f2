"""Feeds: the bytes of RSS, RDF, Atom, JSON Feed and sitemaps, and the links of pages, to `ParsedFeed`.

Pure: any bytes give a `ParsedFeed`, what is wrong with them is its `failure`. The only room that knows feedparser,
which is imported when a feed is to be read: by workers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.late import late
from monitor.parse.discovery import common_feeds, known_feeds
from monitor.parse.opml import BadOpml, FeedList, Outline, read_opml, write_opml
from monitor.parse.pages import feed_of_links
from monitor.parse.scan import name_encoding
from monitor.parse.words import has_chosen_word

if TYPE_CHECKING:
    from monitor.parse.feed import parse_feed
else:
    __getattr__ = late(__name__, {"parse_feed": "feed"})

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
