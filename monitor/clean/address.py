"""The address an article is known by, as far as a page can be trusted with it.

Pages lie about their address: templates name one canonical link for all articles of a site, and many links end at one
page that asks for consent. What is in doubt names nothing; equal words still make a copy.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from monitor.clean.likeness import is_same_line, share_held
from monitor.model import Article, PageText

_SAME_TITLE = 0.5
_SAME_TEASER = 0.6
# The last part of a path that can only mean one article: a number of 4 digits or more, or three words or more.
_TELLING = re.compile(r"\d{4}|[^\W_]+[-_][^\W_]+[-_][^\W_]")
# Second-level names that registries give to everybody: `example.co.uk` is a domain, `co.uk` is not.
_PUBLIC_SECOND = re.compile(r"ac|com?|edu|gob?|gov|gouv|ltd|mil|net?|org?|sch")


def host(url: str) -> str:
    """Return the host of an address in lower case without `www.`, or empty."""
    try:
        name = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    return name.removeprefix("www.")


def is_elsewhere(url: str, final_url: str) -> bool:
    """Tell whether a fetch of `url` ended at another page: more than a scheme, `www.`, slash or query changed."""
    return bool(url and final_url) and _place(url) != _place(final_url)


def is_about(page: PageText, article: Article, teaser: str) -> bool:
    """Tell whether a page holds the title or the teaser of an entry; True if these are too short to tell."""
    title = share_held(article.title, f"{page.title}\n{page.text}")
    words = share_held(teaser, page.text)
    known = [share >= least for share, least in ((title, _SAME_TITLE), (words, _SAME_TEASER)) if share is not None]
    return any(known) or not known


def page_address(url: str, final_url: str, page: PageText, *, title: str) -> str:
    """Return the address that a page shows to be the article's own; empty: there is none beside `url`.

    Where a redirect ended counts if that page bears the entry's title. The canonical link counts if it differs from
    the address the page came from by host, folder and query only, and its last part can only mean one article.
    """
    here = final_url or url
    if is_elsewhere(url, final_url) and not _has_title(page, title):
        return ""
    if page.canonical and _names_same(here, page.canonical):
        return page.canonical
    return final_url if is_elsewhere(url, final_url) else ""


def _has_title(page: PageText, title: str) -> bool:
    return is_same_line(page.title, title) or (share_held(title, page.title) or 0.0) >= _SAME_TITLE


def _names_same(here: str, canonical: str) -> bool:
    if not here:
        return True
    last = _place(canonical).rpartition("/")[2]
    is_same = last == _place(here).rpartition("/")[2]
    return is_same and bool(_TELLING.search(last)) and _domain(here) == _domain(canonical)


def _place(url: str) -> str:
    try:
        return host(url) + urlsplit(url).path.rstrip("/")
    except ValueError:
        return url


def _domain(url: str) -> str:
    """Return what is most likely the registered domain of a URL's host."""
    labels = host(url).split(".")
    is_public = len(labels) > 2 and len(labels[-1]) == 2 and bool(_PUBLIC_SECOND.fullmatch(labels[-2]))
    return ".".join(labels[-3 if is_public else -2 :])
