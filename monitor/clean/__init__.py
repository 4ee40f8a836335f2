"""Pages, plain texts and feed fragments to article text and metadata.

Pure: any input gives a result, what is wrong with it is its `problem`. The only room that knows trafilatura, lxml,
nh3, cssselect and cchardet; nothing here fetches anything. What needs these is imported when it is asked for: workers
do that, the daemon itself does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.clean.address import host
from monitor.clean.article import Brought, document, merge, merge_teaser
from monitor.clean.plain import clean_text
from monitor.late import late

if TYPE_CHECKING:
    from monitor.clean.alternates import NamedFeed, named_feeds
    from monitor.clean.fragment import clean_fragment
    from monitor.clean.links import PickedLink, PickedLinks, pick_links
    from monitor.clean.page import clean_page
    from monitor.clean.safe import safe_html
    from monitor.clean.selectors import BadSelector, xpath_of
    from monitor.clean.siterules import rule_xpath
else:
    __getattr__ = late(
        __name__,
        {
            **dict.fromkeys(("NamedFeed", "named_feeds"), "alternates"),
            "clean_fragment": "fragment",
            **dict.fromkeys(("PickedLink", "PickedLinks", "pick_links"), "links"),
            "clean_page": "page",
            "safe_html": "safe",
            **dict.fromkeys(("BadSelector", "xpath_of"), "selectors"),
            "rule_xpath": "siterules",
        },
    )

__all__ = [
    "BadSelector",
    "Brought",
    "NamedFeed",
    "PickedLink",
    "PickedLinks",
    "clean_fragment",
    "clean_page",
    "clean_text",
    "document",
    "host",
    "merge",
    "merge_teaser",
    "named_feeds",
    "pick_links",
    "rule_xpath",
    "safe_html",
    "xpath_of",
]
