"""The words of a text as copies are compared: without case, width, punctuation and what cannot be seen."""

from __future__ import annotations

import html
import re
import unicodedata

# Scripts without spaces count and compare by the character.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_PLAIN_WORD = re.compile(r"[a-z0-9]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def normal_words(text: str) -> list[str]:
    """Return the words of a text, characters where a script sets no spaces."""
    text = html.unescape(text)
    if text.isascii():
        return _PLAIN_WORD.findall(text.lower())
    return _WORD.findall(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold())
