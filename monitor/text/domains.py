"""Whose a host is: the part of its name that somebody registered, and whether it is of a source that a user names.

The public suffix list is the one that `tld` brings; nothing is fetched.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache


@lru_cache(maxsize=16_384)
def registered_domain(host: str) -> str:
    """Return the registered domain of a host (`bbc.co.uk` of `feeds.bbc.co.uk`); the host itself if it has none."""
    from tld import get_fld  # the list takes a tenth of a second to read

    return get_fld(host, fix_protocol=True, fail_silently=True) or host


def outlet(source: str, site: str = "") -> str:
    """Return who published an article, one name for all hosts of a domain: by its source, else its site's name."""
    return registered_domain(source) if source else site


def is_of_source(source: str, pattern: str) -> bool:
    """Return whether a source is the one of a pattern: a domain and what is below it, one with `*`, or a name."""
    source = source.casefold().strip().rstrip(".")
    wanted = pattern.casefold().strip()
    if not source:
        return False
    if "*" in wanted or "?" in wanted:
        return fnmatchcase(source, wanted)
    return source == wanted or source.endswith(f".{wanted}")
