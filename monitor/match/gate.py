"""The gate of a small watchlist: whether a text can have what any topic needs, before its words are read.

It looks for letters, not for words, in English texts of ASCII; all other texts pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.match.nodes import Anchor, Cover
from monitor.model import Document
from monitor.text import base_language, english_traces

# Letters of which one must be in the text; for a topic one of each of several such.
_Letters = tuple[str, ...]
_Needs = tuple[_Letters, ...]


class Gate:
    """What each topic needs."""

    def __init__(self, needs: list[_Needs]) -> None:
        self._needs = needs

    def is_shut(self, document: Document) -> bool:
        """Return whether no topic can match a document."""
        text = f"{document.title}\n{document.text}"
        if not text.isascii() or base_language(document.language) != "en":
            return False
        text = text.lower().replace("'", "").replace(".", "")
        for needs in self._needs:
            for letters in needs:
                for part in letters:
                    if part in text:
                        break
                else:
                    break
            else:
                return False
        return True


def new_gate(topics: Iterable[tuple[Cover | None, frozenset[str]]]) -> Gate | None:
    """Return the gate of topics, given by their covers and required keys; None if one of them must always pass."""
    needs = []
    for cover, required in topics:
        anchors = None if cover is None else _letters_of_any(cover.anchors)
        if anchors is None:
            return None
        others = (letters for key in required if (letters := _letters(key)) is not None)
        # The longest first: they are the rarest.
        needs.append(tuple(sorted({anchors, *others}, key=lambda letters: -min(map(len, letters), default=0))))
    return Gate(needs)


def _letters_of_any(anchors: Iterable[Anchor]) -> _Letters | None:
    found: dict[str, None] = {}
    for anchor in anchors:
        of_keys = [_letters(key) for key in ((anchor,) if isinstance(anchor, str) else anchor)]
        known = [letters for letters in of_keys if letters is not None]
        if not known:
            return None
        found.update(dict.fromkeys(max(known, key=lambda letters: min(map(len, letters), default=0))))
    return tuple(found)


def _letters(key: str) -> _Letters | None:
    """Return letters of which some are in every ASCII text with a word of a key; None if that is not known."""
    kind, _, rest = key.partition(":")
    if kind == "i":
        language, _, word = rest.partition(":")
        return english_traces(word) if language in {"", "en"} else None
    parts = re.findall("[a-z]+", rest.lower()) if kind in {"w", "W"} else [rest.lower()]
    longest = max(parts, key=len, default="")
    is_plain = rest.isascii() and (kind in {"w", "W"} or rest.isalpha())
    return (longest,) if is_plain and kind in {"x", "c", "w", "W"} and len(longest) > 1 else None
