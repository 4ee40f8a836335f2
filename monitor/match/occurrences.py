"""The words of a document: which of them have keys, and where they stand.

Words are numbered; those of the body from `BODY` on, so that nothing is near across zones. A zone is written as a
string with a character for each word, by its keys: to look for these is to look for the character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, chain, product
from math import prod

from monitor.match.lexicon import LONG, LONGEST_PIECE, PLAIN, PieceTable
from monitor.model import Zone
from monitor.text import SPACED_STARTS, pieces, words

BODY = 1 << 20
# A word's zone, its half-open code point offsets there, and itself.
Place = tuple[Zone, int, int, str]
_NEAR = 3
_MOST_ROWS = 12
# With more words asked for, it is cheaper to work out where all of them stand.
_MOST_SOUGHT = 4
# How many more are worked out with it: nearly always all.
_AHEAD = 1_000


class _Zone:
    """Title or text, cut into pieces, each of them looked up in the table; `first_word` is the number of its first."""

    def __init__(self, name: Zone, text: str, first_word: int, table: PieceTable) -> None:
        self._name = name
        self._text = text
        self._table = table
        self._first_word = first_word
        self.pieces: Sequence[str] = pieces(text)
        self._codes = [*map(table.__getitem__, self.pieces)]
        self.coded = "".join(self._codes)
        # Where pieces stand, as far as it was asked for, and where the last of these ends.
        self._offsets: list[int] = []
        self._end = 0
        self._sought = 0
        self._is_cut = False

    def cut(self) -> None:
        """Cut pieces too long to be kept in a table; a word of that length has no keys. `U. S.` becomes one."""
        self._is_cut = True
        is_spaced = not SPACED_STARTS.isdisjoint(self.pieces)
        self.pieces = words(self._text) if is_spaced else [*chain.from_iterable(map(_cut, self.pieces))]
        self._codes = [PLAIN if len(piece) > LONGEST_PIECE else self._table[piece] for piece in self.pieces]
        self.coded = "".join(self._codes)

    @property
    def distinct(self) -> set[str]:
        """The characters of its words."""
        return {*self.coded}

    @cached_property
    def _starts(self) -> list[int]:
        """How many words there are before each piece."""
        return [*accumulate(map(len, self._codes), initial=0)]

    def piece_of(self, word: int) -> tuple[int, int]:
        """Return the number of the piece a word is in, and which of its words that is."""
        at = word - self._first_word
        number = bisect_right(self._starts, at) - 1
        return number, at - self._starts[number]

    def place_of(self, word: int) -> Place:
        """Return where a word stands."""
        at, starts, offsets = word - self._first_word, self._starts, self._offsets
        number = bisect_right(starts, at) - 1
        piece = self.pieces[number]
        start, end = self._table.ranges(piece)[at - starts[number]]
        offset = offsets[number] if number < len(offsets) else self._offset(number)
        return self._name, offset + start, offset + end, piece[start:end]

    def _offset(self, number: int) -> int:
        """Return where a piece stands in its text.

        Between two there is one character at least, so it is known about where to look.
        """
        self._sought += 1
        if self._sought > _MOST_SOUGHT:
            return self._offset_in_order(number)
        piece, lengths, find, gap = self.pieces[number], self._lengths, self._text.find, self._gap
        low = lengths[number] + number * gap
        high = low + len(piece) + len(self._text) - lengths[-1] - (len(self.pieces) - 1) * gap
        at = find(piece, low, high)
        return at if find(piece, at + 1, high) < 0 else self._offset_in_order(number)

    @cached_property
    def _gap(self) -> int:
        """How many characters there are between two pieces at least."""
        return int(not self._is_cut and (self._text.isascii() or self.pieces == self._text.split()))

    @cached_property
    def _lengths(self) -> list[int]:
        """How many letters there are before each piece, and in all."""
        return [*accumulate(map(len, self.pieces), initial=0)]

    def _offset_in_order(self, number: int) -> int:
        """Return where a piece stands in its text, by where those before it do."""
        known = self._offsets
        if number >= len(known):
            new = self.pieces[len(known) : number + _AHEAD]
            find, end = self._text.index, self._end
            known += [(start := find(piece, end), end := start + len(piece))[0] for piece in new]
            self._end = end
        return known[number]


class Occurrences:
    """Where each key stands: worked out for those that are asked for."""

    def __init__(self, title: str, text: str, table: PieceTable) -> None:
        self._table = table
        self._title, self._body = _Zone(Zone.TITLE, title, 0, table), _Zone(Zone.BODY, text, BODY, table)
        if LONG in self._title.coded or LONG in self._body.coded:
            self._title.cut()
            self._body.cut()
        self.distinct = self._title.distinct | self._body.distinct
        # The keys that stand anywhere.
        self.present: frozenset[str] = frozenset().union(*map(table.keys_of.__getitem__, self.distinct))

    @property
    def coded(self) -> tuple[str, str]:
        """Title and text with a character for each word, by its keys."""
        return self._title.coded, self._body.coded

    def positions(self, key: str) -> list[int]:
        """Return the words that have a key, in order."""
        if key not in self.present:
            return []
        found: list[int] = []
        codes = self._table.codes_of[key] & self.distinct
        for code in codes:
            for first_word, coded in ((0, self._title.coded), (BODY, self._body.coded)):
                at = coded.find(code)
                while at >= 0:
                    found.append(first_word + at)
                    at = coded.find(code, at + 1)
        if len(codes) > 1:
            found.sort()
        return found

    def has_row(self, keys: Sequence[str]) -> bool | None:
        """Return whether words in a row have these keys, None if it takes long to tell."""
        if not self.present.issuperset(keys):
            return False
        codes = [self._table.codes_of[key] & self.distinct for key in keys]
        if prod(map(len, codes)) > _MOST_ROWS:
            return None
        title, body = self._title.coded, self._body.coded
        return any(row in body or row in title for row in map("".join, product(*codes)))

    def around(self, word: int) -> tuple[str, Sequence[str], Sequence[str]]:
        """Return the piece of a word, and the pieces before and after it in its zone."""
        zone = self._zone(word)
        number, _ = zone.piece_of(word)
        near = zone.pieces
        return near[number], near[max(0, number - _NEAR) : number], near[number + 1 : number + 1 + _NEAR]

    def place_of(self, word: int) -> Place:
        """Return where a word stands."""
        return (self._body if word >= BODY else self._title).place_of(word)

    def _zone(self, word: int) -> _Zone:
        return self._body if word >= BODY else self._title


def _cut(piece: str) -> list[str]:
    return words(piece) if len(piece) > LONGEST_PIECE else [piece]
