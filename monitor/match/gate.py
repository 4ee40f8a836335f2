"""The gate of a small watchlist: whether a text can have what any topic needs, before its words are read.

It looks for letters in English texts without accents, and at the words around those it finds; all other texts pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.match.lexicon import ENGLISH, LONG, LONGEST_PIECE, Lexicon
from monitor.match.logic import And
from monitor.match.nodes import Anchor, Costs, Node
from monitor.match.windows import Near, Within
from monitor.model import Document
from monitor.text import base_language, english_traces

# Letters, and the key of the words that are looked for by them.
_Sought = tuple[str, str]
_FEWEST = 2
# Outside ASCII, no part of a word and no accent of one.
_HARMLESS = {"’": "'", "‘": "'"} | dict.fromkeys("“”–—…€£•\u00a0", " ")
_SPACE = re.compile(r"\s")
# With more of them, the text is read.
_MOST_OCCURRENCES = 50
# Acronyms that are also written `U. S.`.
_SPACED = frozenset({"us", "uk", "un", "eu"})


@dataclass(frozen=True, slots=True)
class _Need:
    """What is sought, of which one must be in the text; and the letters of which one is then in it."""

    sought: tuple[_Sought, ...]
    letters: tuple[str, ...]


class _Plain:
    """An ASCII text; `squeezed` is in lower case and has no dots and apostrophes, as the spellings of words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = text.lower()
        self.squeezed = self.lower.replace(".", "").replace("'", "")

    def pieces_with(self, letters: str) -> Iterator[str]:
        """Yield the pieces of the text with letters in them; an empty one if these may not be all."""
        text, count = self.text, 0
        for at in _occurrences(letters, self.lower):
            count += 1
            first = max(at - LONGEST_PIECE, 0)
            start = at
            while start > first and not text[start - 1].isspace():
                start -= 1
            if count > _MOST_OCCURRENCES or (first and start == first):
                yield ""
                return
            yield text[start : _end_of_piece(text, at)]
        if count != sum(1 for _ in _occurrences(letters, self.squeezed)):
            yield ""


def _end_of_piece(text: str, at: int) -> int:
    end = _SPACE.search(text, at)
    return end.start() if end else len(text)


def _occurrences(letters: str, text: str) -> Iterator[int]:
    at = text.find(letters)
    while at >= 0:
        yield at
        at = text.find(letters, at + 1)


class Gate:
    """What each topic needs."""

    def __init__(self, needs: list[tuple[_Need, ...]], lexicon: Lexicon) -> None:
        self._needs = needs
        self._lexicon = lexicon

    def is_shut(self, document: Document) -> bool:
        """Return whether no topic can match a document."""
        if document.language != "en" and base_language(document.language) != "en":
            return False
        text = f"{document.title}\n{document.text}"
        if not text.isascii():
            for sign, instead in _HARMLESS.items():
                text = text.replace(sign, instead)
            if not text.isascii():
                return False
        plain = _Plain(text)
        squeezed = plain.squeezed
        for needs in self._needs:
            for need in needs:
                for letters in need.letters:
                    if letters in squeezed:
                        break
                else:
                    break
            else:
                if all(self._is_met(need, plain) for need in needs):
                    return False
        return True

    def _is_met(self, need: _Need, plain: _Plain) -> bool:
        """Return whether a text may have a word that is sought."""
        table = self._lexicon.table(ENGLISH)
        for letters, key in need.sought:
            for piece in plain.pieces_with(letters):
                codes = table[piece]
                if not codes or codes == LONG or any(key in table.keys_of[code] for code in codes):
                    return True
        return False


def new_gate(queries: Iterable[Node], costs: Costs, lexicon: Lexicon) -> Gate | None:
    """Return the gate of queries; None if one of them must always pass."""
    needs = []
    for query in queries:
        parts = query.children if isinstance(query, And | Near | Within) else (query,)
        covers = [cover for part in parts if (cover := part.cover(costs)) is not None]
        sought = {*map(_sought_of_any, (cover.anchors for cover in covers)), *map(_sought, query.required())}
        known = [_Need(sought=some, letters=_shortest(some)) for some in sought if some]
        if not known:
            return None
        # First what is found out soonest; the longest letters are the rarest.
        known.sort(key=lambda need: (len(need.letters), -min(map(len, need.letters)), need.letters))
        needs.append(tuple(known))
    return Gate(needs, lexicon)


def _shortest(sought: tuple[_Sought, ...]) -> tuple[str, ...]:
    """Return the letters of all that is sought, without those that have others of them in them."""
    found: list[str] = []
    for letters in sorted({letters for letters, _ in sought}, key=lambda letters: (len(letters), letters)):
        if not any(other in letters for other in found):
            found.append(letters)
    return tuple(found)


def _sought_of_any(anchors: Iterable[Anchor]) -> tuple[_Sought, ...] | None:
    found: dict[_Sought, None] = {}
    for anchor in anchors:
        of_keys = map(_sought, (anchor,) if isinstance(anchor, str) else anchor)
        longest = max((some for some in of_keys if some), key=_fewest_letters, default=None)
        if longest is None:
            return None
        found.update(dict.fromkeys(longest))
    return tuple(found)


def _fewest_letters(sought: tuple[_Sought, ...]) -> int:
    return min(len(letters) for letters, _ in sought)


def _sought(key: str) -> tuple[_Sought, ...] | None:
    """Return letters of which some are in every ASCII text with a word of a key; None if that is not known."""
    kind, _, rest = key.partition(":")
    letters: tuple[str, ...] = ()
    if kind == "i":
        language, _, word = rest.partition(":")
        letters = (english_traces(word) or ()) if language in {"", "en"} else ()
    elif kind in {"w", "W"} and rest.isascii():
        longest = max(re.findall("[a-z]+", rest.lower()), key=len, default="")
        letters = (longest,) if len(longest) >= _FEWEST else ()
    elif kind in {"x", "c"} and rest.isascii() and rest.isalpha():
        letters = (rest.lower(),)
    spaced = tuple(f"{one[0]}{gap}{one[1]}" for one in letters if one in _SPACED for gap in " \n")
    return tuple((one, key) for one in (*letters, *spaced)) or None
