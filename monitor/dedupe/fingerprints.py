"""Fingerprints: the URL key of an article, a hash of its words, and its shingles."""

from __future__ import annotations

import hashlib

from monitor.dedupe.normal import normal_words
from monitor.dedupe.shingles import shingles, sketch
from monitor.dedupe.urls import url_key
from monitor.model import Fingerprint

_MIN_WORDS = 8
_OWN_WORDS = 100


def fingerprint(*, url: str, canonical: str, title: str, text: str) -> Fingerprint:
    """Return the fingerprint of an article.

    Its key is that of `canonical`, the address its page is known to be its own, else of `url`. Texts under 8 words
    have no hash; under 100, where a teaser or a notice may stand on many pages, the title counts too. Texts under 40
    words have no shingles.
    """
    key = url_key(canonical) or url_key(url)
    words = normal_words(text)
    if len(words) < _MIN_WORDS:
        return Fingerprint(url_key=key)
    found = shingles(words)
    if len(words) < _OWN_WORDS:
        words = [*normal_words(title), "\n", *words]
    digest = hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=16).digest()
    return Fingerprint(url_key=key, text_hash=digest, shingles=found, sketch=sketch(found))
