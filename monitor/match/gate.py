"""The gate of a small watchlist: whether a text can have what any topic needs, before its words are read.

It looks for beginnings of words, in English texts without accents; all other texts pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.match.logic import And
from monitor.match.nodes import Anchor, Costs, Node
from monitor.match.windows import Near, Within
from monitor.model import Document
from monitor.text import base_language, english_traces

# Of these one must be in the text, a space before it starts a word; for a topic one of each of several such.
_Letters = tuple[str, ...]
_Needs = tuple[_Letters, ...]
_FEWEST = 2
_LOWER = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
_NOT_PLAIN = re.compile("[^\x00-\x7f‘’“”–—…€£•\u00a0]")
_DOTTED = re.compile(r"\.[A-Za-z](?![A-Za-z0-9])")


class Gate:
    """What each topic needs."""

    def __init__(self, needs: list[_Needs]) -> None:
        self._needs = needs

    def is_shut(self, document: Document) -> bool:
        """Return whether no topic can match a document."""
        text = f" {document.title} {document.text} "
        if base_language(document.language) != "en":
            return False
        if not text.isascii():
            if _NOT_PLAIN.search(text):
                return False
            text = text.replace("’", "'").replace("‘", "'").encode("ascii", "replace").decode()
        text = _in_lower_case(text)
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


def _in_lower_case(text: str) -> str:
    """Return an ASCII text with a space before each word, and O'Neill as `oneill` and U.S. as `us` behind it."""
    others = []
    at = text.find("'")
    while at >= 0:
        others.append(text[text.rfind(" ", 0, at) : text.find(" ", at)].replace("'", ""))
        at = text.find("'", at + 1)
    for found in _DOTTED.finditer(text):
        at = found.start()
        others.append(text[text.rfind(" ", 0, at) : text.find(" ", at)].replace(".", ""))
    return f"{text}{''.join(others)}".translate(_LOWER)


def new_gate(queries: Iterable[Node], costs: Costs) -> Gate | None:
    """Return the gate of queries; None if one of them must always pass."""
    needs = []
    for query in queries:
        parts = query.children if isinstance(query, And | Near | Within) else (query,)
        covers = [cover for part in parts if (cover := part.cover(costs)) is not None]
        letters = {*map(_letters_of_any, (cover.anchors for cover in covers)), *map(_letters, query.required())}
        # The longest first: they are the rarest.
        known = sorted((some for some in letters if some), key=lambda some: -min(map(len, some)))
        if not known:
            return None
        needs.append(tuple(known))
    return Gate(needs)


def _letters_of_any(anchors: Iterable[Anchor]) -> _Letters | None:
    found: dict[str, None] = {}
    for anchor in anchors:
        of_keys = map(_letters, (anchor,) if isinstance(anchor, str) else anchor)
        longest = max((some for some in of_keys if some), key=lambda some: min(map(len, some)), default=None)
        if longest is None:
            return None
        found.update(dict.fromkeys(longest))
    return tuple(found)


def _letters(key: str) -> _Letters | None:
    """Return letters of which some are in every ASCII text with a word of a key; None if that is not known."""
    kind, _, rest = key.partition(":")
    if kind == "i":
        language, _, word = rest.partition(":")
        traces = english_traces(word) if language in {"", "en"} else None
        return tuple(f" {trace}" for trace in traces) if traces else None
    if kind in {"w", "W"}:
        parts = re.findall("[a-z]+", rest.lower())
        longest = max(parts, key=len, default="")
        if not rest.isascii() or len(longest) < _FEWEST:
            return None
        return (f" {longest}" if rest.lower().startswith(longest) else longest,)
    is_plain = kind in {"x", "c"} and rest.isascii() and rest.isalpha()
    if not is_plain:
        return None
    word = rest.lower()
    # What is left of `U. S.` without its dots.
    return (f" {word}", f" {word[0]}  {word[1]}") if len(word) == 2 else (f" {word}",)
