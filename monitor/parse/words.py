"""The words by which a user keeps or skips entries of a feed, before anything is stored or fetched of them."""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.model import Entry
from monitor.parse.fields import plain_title
from monitor.text import fold

_TEASER_CHARS = 20_000
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")


def has_chosen_word(entry: Entry, keep: tuple[str, ...], skip: tuple[str, ...]) -> bool:
    """Tell whether title or teaser has one of the words `keep`, if there are any, and none of `skip`.

    Words and phrases stand by themselves, in any case, with or without accents; a script without spaces anywhere.
    """
    teaser = _TAG.sub(" ", (entry.summary or entry.content)[:_TEASER_CHARS])
    text = _folded(f"{entry.title} | {plain_title(teaser)}")
    is_kept = not keep or any(_pattern(word).search(text) for word in keep)
    return is_kept and not any(_pattern(word).search(text) for word in skip)


@lru_cache(maxsize=4_096)
def _pattern(word: str) -> re.Pattern[str]:
    folded = _folded(word)
    start = r"(?<!\w)" if _needs_bound(folded[:1]) else ""
    end = r"(?!\w)" if _needs_bound(folded[-1:]) else ""
    return re.compile(start + re.escape(folded) + end)


def _needs_bound(char: str) -> bool:
    # Of Thai and what lies beyond Latin, Greek, Cyrillic, Arabic and Indic scripts, words are not told apart by spaces.
    return char.isalnum() and not ("\u0e00" <= char <= "\u0eff" or "\u1000" <= char <= "\u109f" or char >= "\u2e80")


def _folded(text: str) -> str:
    return " ".join(fold(part) for part in _SPACE.split(text) if part)
