"""The name of a site at the end of a window's title: `US - China talks | The Daily`.

One part goes at most, and only one that is the site's: a dash stands in headlines too.
"""

from __future__ import annotations

import re

from monitor.clean.address import host

_LAST_PART = re.compile(r"(?P<title>.*\S)\s+(?P<mark>[|–—•·»-])\s+(?P<last>\S.*)")
_MAX_WORDS = 4
_MAX_CHARS = 40
# Marks that part a title from what is around it, and stand in no headline.
_SURE_MARKS = "|•·»"
# What many sites add to their name, and no name by itself.
_COMMON = frozenset(
    {"business", "co", "com", "daily", "english", "live", "media", "net", "news", "online", "org", "tv"}
)
_LETTERS = re.compile(r"[^\W_]+")


def without_site(title: str, sites: tuple[str, ...], url: str) -> str:
    """Return a window's title without its last part, if that is one of `sites`, like the host, or after a bar."""
    found = _LAST_PART.fullmatch(title)
    if found is None:
        return title
    last = found["last"]
    is_short = len(last.split()) <= _MAX_WORDS and len(last) <= _MAX_CHARS and len(last) <= len(found["title"])
    is_site = any(_joined(last) == _joined(site) for site in sites if site) or _is_like_host(last, host(url))
    return found["title"] if is_site or (is_short and found["mark"] in _SURE_MARKS) else title


def _is_like_host(name: str, host: str) -> bool:
    """Tell whether a name is that of a host: `BBC News` of bbc.co.uk, `Financial Times` of ft.com."""
    words = _LETTERS.findall(name.casefold())
    if not words or len(words) > _MAX_WORDS:
        return False
    labels = {label for label in host.split(".")[:-1] if len(label) > 1}
    names = {"".join(words), "".join(word[0] for word in words)}
    if _COMMON.issuperset(words[1:]):
        names.add(words[0])
    return name.casefold() == host or bool(labels & names - _COMMON)


def _joined(name: str) -> str:
    return "".join(_LETTERS.findall(name.casefold()))
