"""A text made plain, to look for values in: small letters without accents, one kind of digit, space, dash and quote.

A character becomes one character or none, so each place leads back to the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from monitor.text.han import SIMPLIFIED

# Marks of Latin, Greek, Cyrillic, Hebrew, Arabic and kana, tatweel, selectors; marks of other scripts make the word.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u180e\u3099\u309a"
    "\ufe00-\ufe0f]"
)
_LETTERS = dict(zip("øłđðħıىةٱکی", "olddhiيهاكي", strict=True))
_SIGNS = (
    dict.fromkeys("\u2007\u2009\u202f\u00a0", "\u00a0")
    | dict.fromkeys("‐‑‒–—―−－﹣", "-")
    | dict.fromkeys("～〜∼", "~")
    | dict.fromkeys("’‘ʼ＇′´`", "'")
    | dict.fromkeys("٪﹪％", "%")
    | {"٫": ".", "٬": ",", "⁄": "/", "∕": "/", "º": "o", "ª": "a", "﹩": "$", "￥": "¥"}
)


def _plain(char: str) -> str:
    """Return what one character is made."""
    if char in _SIGNS:
        return _SIGNS[char]
    if unicodedata.category(char) == "Cf" or _DROPPED.match(char):
        return ""
    if char.isspace():
        return "\n" if char in "\n\r\u2028\u2029" else " "
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    form = unicodedata.normalize("NFKC", char)
    folded = (form if len(form) == 1 else char).casefold()
    bare = _DROPPED.sub("", unicodedata.normalize("NFD", folded))
    if not bare:
        return ""
    # Syllables that come apart into letters stay, and so does ß.
    letter = bare if len(bare) == 1 else folded if len(folded) == 1 else char
    return _LETTERS.get(letter, letter).translate(SIMPLIFIED)[:1]


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = made = _plain(chr(code))
        return made


_TABLE = _Table()


class Flat:
    """A text made plain: its `text`, and where each character of it stands in the text as given."""

    def __init__(self, text: str) -> None:
        self.given = text
        self.text = text.lower() if text.isascii() else text.translate(_TABLE)
        self._has_moved = len(self.text) != len(text)

    @cached_property
    def _drops(self) -> tuple[list[int], list[int]]:
        """Where characters are missing in the plain text, and how many up to there."""
        counts: dict[int, int] = {}
        kept = accumulate(bool(_TABLE[ord(char)]) for char in self.given)
        for at, char in zip(kept, self.given, strict=True):
            if not _TABLE[ord(char)]:
                counts[at] = counts.get(at, 0) + 1
        return list(counts), list(accumulate(counts.values()))

    def given_range(self, start: int, end: int) -> tuple[int, int]:
        """Return where a range of the plain text stands in the text as given."""
        if not self._has_moved:
            return start, end
        return self._given(start), self._given(end - 1) + 1

    def _given(self, at: int) -> int:
        places, totals = self._drops
        number = bisect_right(places, at)
        return at + (totals[number - 1] if number else 0)


def flatten(text: str) -> str:
    """Return a text made plain, as `Flat` does: whatever is looked for goes through it too."""
    return Flat(text).text
