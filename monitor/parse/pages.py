"""The links of a page that has no feed, as the entries of one."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urldefrag

from monitor.model import Entry, Failure, ParsedFeed, Problem
from monitor.parse.dates import read_time
from monitor.parse.fields import http_url, plain_title
from monitor.parse.keys import with_keys


def feed_of_links(title: str, links: Sequence[tuple[str, str, str]], *, url: str, all_links: int) -> ParsedFeed:
    """Make a feed of links, each with its title and date as the page has them; `all_links` counts those of the page.

    An entry is keyed by its address. Of several links to one address (picture, headline, "read more") the longest
    title stays; links to the page itself and other things than pages are left out.
    """
    here = urldefrag(url)[0]
    found: dict[str, Entry] = {}
    for href, text, date in links:
        address = urldefrag(http_url(href, url))[0]
        if not address or address == here:
            continue
        entry = Entry(key="", url=address, title=plain_title(text), published=read_time(date), published_raw=date[:200])
        known = found.get(address, entry)
        found[address] = max(known, entry, key=lambda one: (one.published is not None, len(one.title)))
    entries = with_keys(list(found.items()))
    failure = None if entries else Failure(problem=Problem.NO_LINKS, detail=_why(len(links), all_links))
    return ParsedFeed(title=plain_title(title), site=url, entries=entries, failure=failure, format="page")


def _why(picked: int, all_links: int) -> str:
    if picked:
        return f"the {picked} links that `links` finds lead to no other page"
    return f"`links` finds nothing; {all_links} links are on the page" if all_links else "there is no link on the page"
