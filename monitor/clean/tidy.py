"""Characters that look like nothing or like a space but keep words from matching."""

from __future__ import annotations

import re
import unicodedata

# Soft hyphen, zero-width space and joiner, byte order mark, direction marks, controls.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# Joiners are part of Persian or Hindi words, and of none in Latin letters.
_LATIN_JOINER = re.compile(r"(?<=[\x00-\u024f])[\u200c\u200d]|[\u200c\u200d](?=[\x00-\u024f])")


def tidy_line(text: str) -> str:
    """Return `text` as one line in NFC: every run of white space one space, invisible characters out."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _LATIN_JOINER.sub("", text))
    return " ".join(_INVISIBLE.sub("", text).split())


def tidy_lines(text: str) -> list[str]:
    """Return the lines of `text` that hold something, each tidy."""
    return [line for line in map(tidy_line, text.splitlines()) if line]
