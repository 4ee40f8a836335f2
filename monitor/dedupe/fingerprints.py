"""Fingerprints: the URL key of an article and a hash of its words."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

from monitor.dedupe.urls import canonical_url, url_key
from monitor.model import Fingerprint

# Scripts without spaces count and compare by the character.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_MIN_WORDS = 8
_OWN_WORDS = 100
# Second-level names that registries give to everybody: `example.co.uk` is a domain, `co.uk` is not.
_PUBLIC_SECOND = re.compile(r"ac|com?|edu|gob?|gov|gouv|ltd|mil|net?|org?|sch")


def fingerprint(*, url: str, canonical: str, title: str, text: str) -> Fingerprint:
    """Return the fingerprint of an article.

    Its key is that of `canonical`, the address the page gives itself, if on the same domain, else of `url`. Texts
    under 8 words have no hash; under 100, where a teaser or a notice may stand on many pages, the title counts too.
    """
    words = _words(text)
    if len(words) < _MIN_WORDS:
        return Fingerprint(url_key=_key(url, canonical))
    if len(words) < _OWN_WORDS:
        words = [*_words(title), "\n", *words]
    digest = hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=16).digest()
    return Fingerprint(url_key=_key(url, canonical), text_hash=digest)


def _key(url: str, canonical: str) -> str:
    own = url_key(url)
    stated = url_key(canonical)
    if not stated:
        return own
    return stated if not url or _domain(url) == _domain(canonical) else own


def _domain(url: str) -> str:
    """Return what is most likely the registered domain of a URL's host."""
    host = canonical_url(url).partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
    labels = host.split(".")
    is_public = len(labels) > 2 and len(labels[-1]) == 2 and bool(_PUBLIC_SECOND.fullmatch(labels[-2]))
    return ".".join(labels[-3 if is_public else -2 :])


def _words(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", html.unescape(text))).casefold()
    return _WORD.findall(text)
