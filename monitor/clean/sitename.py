"""The names of site and section at the end of a title: `US - China talks - Politics | The Daily`.

Only what is the site's goes: a dash stands in headlines too.
"""

from __future__ import annotations

import re

from monitor.clean.address import host

_LAST_PART = re.compile(r"(?P<title>.*\S)\s+(?P<mark>[|–—•·»-])\s+(?P<last>\S.*)")
# Bars that part without spaces, too; the first is a Korean letter.
_CLOSE_BAR = re.compile(r"(?P<title>.*\S)\s*(?P<mark>[ㅣ|｜│丨])\s*(?P<last>\S[^ㅣ|｜│丨]*)")
_CLOSE_DASH = re.compile(r"(?P<title>.*\S)\s*(?P<mark>[-–—:/])\s*(?P<last>\S[^-–—:/]*)")
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
    is_site = _is_one_of(last, sites) or _is_like_host(last, host(url))
    return found["title"] if is_site or (is_short and found["mark"] in _SURE_MARKS) else title


def without_names(title: str, sites: tuple[str, ...], section: str) -> str:
    """Return a title as the page states it, without one of `sites` at its end and its section before that."""
    parts = (pattern.fullmatch(title) for pattern in (_LAST_PART, _CLOSE_BAR))
    bare = next((part["title"] for part in parts if part and _is_one_of(part["last"], sites)), "")
    if not bare:
        return title
    before = _CLOSE_DASH.fullmatch(bare) or _CLOSE_BAR.fullmatch(bare)
    return before["title"] if before and _is_one_of(before["last"], (section,)) else bare


def _is_one_of(name: str, names: tuple[str, ...]) -> bool:
    joined = _joined(name)
    return bool(joined) and any(joined == _joined(one) for one in names)


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
