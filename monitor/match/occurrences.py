"""The words of a document: which of them have keys, and where they stand.

Words are numbered; those of the body from `BODY` on, so that nothing is near across zones.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, chain

from monitor.match.lexicon import LONGEST_PIECE, Keys, PieceTable
from monitor.text import pieces, words

BODY = 1 << 20
_NONE: list[str] = []
_NEAR = 3


class Occurrences:
    """Title and text cut into pieces, each of them looked up once; the rest is worked out at the first question.

    `pieces_of` tells which pieces have each key.
    """

    def __init__(self, title: str, text: str, table: PieceTable) -> None:
        self._texts = (title, text)
        self._table = table
        self._known = table.known
        self._zones = (pieces(title), pieces(text))
        self.pieces_of: dict[str, list[str]] = {}
        long = self._look_up()
        if long:
            # A word of this length has no keys, and no place in a table that is kept.
            title_pieces, text_pieces = ([*chain.from_iterable(map(_cut, zone))] for zone in self._zones)
            self._zones = (title_pieces, text_pieces)
            self.pieces_of = {}
            self._known = self._known | {word: table.learn(word) for word in self._look_up()}

    def _look_up(self) -> list[str]:
        """Look all pieces up but those too long to be words; returns these."""
        keys_of, learn, found = self._table.keys_of, self._table.learn, self.pieces_of
        long = []
        for piece in {*self._zones[0], *self._zones[1]}:
            keys = keys_of.get(piece)
            if keys is None:
                if len(piece) > LONGEST_PIECE:
                    long.append(piece)
                    continue
                learn(piece)
                keys = keys_of[piece]
            for key in keys:
                if key in found:
                    found[key].append(piece)
                else:
                    found[key] = [piece]
        return long

    @cached_property
    def _pieces(self) -> list[str]:
        return [*self._zones[0], *self._zones[1]]

    @cached_property
    def _starts(self) -> list[int]:
        """The first word of each piece; one more stands for the end."""
        title, text = (map(len, map(self._known.__getitem__, zone)) for zone in self._zones)
        return [*list(accumulate(title, initial=0))[:-1], *accumulate(text, initial=BODY)]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """The first word of each place of the pieces that have keys."""
        found: dict[str, list[int]] = {}
        keys_of = self._table.keys_of
        for start, piece in zip(self._starts, self._pieces, strict=False):
            if keys_of.get(piece):
                if piece in found:
                    found[piece].append(start)
                else:
                    found[piece] = [start]
        return found

    @cached_property
    def keys_by_word(self) -> list[Keys]:
        """The keys of each word, without any for one word between the zones."""
        title, text = (chain.from_iterable(map(self._known.__getitem__, zone)) for zone in self._zones)
        return [*title, (), *text]

    def positions(self, key: str) -> list[int]:
        """Return the words that have a key, in order."""
        found_in = self.pieces_of.get(key, _NONE)
        if len(found_in) == 1:
            return self._positions(found_in[0], key)
        found: list[int] = []
        for piece in found_in:
            found += self._positions(piece, key)
        found.sort()
        return found

    def _positions(self, piece: str, key: str) -> list[int]:
        keys = self._known[piece]
        starts = self._places[piece]
        if len(keys) == 1:
            return starts
        offsets = [offset for offset, of_word in enumerate(keys) if key in of_word]
        return [start + offset for start in starts for offset in offsets]

    def around(self, word: int) -> tuple[str, list[str], list[str]]:
        """Return the piece of a word, and the pieces before and after it in its zone."""
        number = bisect_right(self._starts, word) - 1
        zone = self._zones[0]
        if word >= BODY:
            number -= len(zone)
            zone = self._zones[1]
        return zone[number], zone[max(0, number - _NEAR) : number], zone[number + 1 : number + 1 + _NEAR]

    @cached_property
    def _offsets(self) -> list[int]:
        """Where each piece stands in its text."""
        found: list[int] = []
        for text, zone in zip(self._texts, self._zones, strict=True):
            find, end = text.index, 0
            found += [(start := find(piece, end), end := start + len(piece))[0] for piece in zone]
        return found

    def range_of(self, word: int) -> tuple[int, int]:
        """Return where a word stands in its text, as half-open code point offsets."""
        starts = self._starts
        number = bisect_right(starts, word) - 1
        start, end = self._table.ranges(self._pieces[number])[word - starts[number]]
        offset = self._offsets[number]
        return offset + start, offset + end


def _cut(piece: str) -> list[str]:
    return words(piece) if len(piece) > LONGEST_PIECE else [piece]
