"""Which part of a host's name somebody registered, by the public suffix list that `tld` brings; nothing is fetched."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=16_384)
def registered_domain(host: str) -> str:
    """Return the registered domain of a host (`bbc.co.uk` of `feeds.bbc.co.uk`); the host itself if it has none."""
    from tld import get_fld  # the list takes a tenth of a second to read

    return get_fld(host, fix_protocol=True, fail_silently=True) or host


def outlet(source: str, site: str = "") -> str:
    """Return who published an article, one name for all hosts of a domain: by its source, else its site's name."""
    return registered_domain(source) if source else site
