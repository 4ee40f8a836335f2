"""Fingerprints: the URL key of an article and a hash of its words."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

from monitor.dedupe.urls import url_key
from monitor.model import Fingerprint

# Scripts without spaces count and compare by the character.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_MIN_WORDS = 8
_OWN_WORDS = 100


def fingerprint(*, url: str, canonical: str, title: str, text: str) -> Fingerprint:
    """Return the fingerprint of an article.

    Its key is that of `canonical`, the address its page is known to be its own, else of `url`. Texts under 8 words
    have no hash; under 100, where a teaser or a notice may stand on many pages, the title counts too.
    """
    key = url_key(canonical) or url_key(url)
    words = _words(text)
    if len(words) < _MIN_WORDS:
        return Fingerprint(url_key=key)
    if len(words) < _OWN_WORDS:
        words = [*_words(title), "\n", *words]
    digest = hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=16).digest()
    return Fingerprint(url_key=key, text_hash=digest)


def _words(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", html.unescape(text))).casefold()
    return _WORD.findall(text)
