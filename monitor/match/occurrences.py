"""The words of a document: which of them have keys, and where they stand.

Words are numbered; those of the body from `BODY` on, so that nothing is near across zones.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain, compress
from operator import attrgetter

from monitor.match.lexicon import LONG, LONGEST_PIECE, Entry, PieceTable
from monitor.text import SPACED_STARTS, pieces, words

BODY = 1 << 20
_KEYS = attrgetter("keys")
_NEAR = 3
_NOWHERE: list[int] = []
# With more words asked for, it is cheaper to work out where all of them stand.
_MOST_SOUGHT = 30


class _Zone:
    """Title or text, cut into pieces, each of them looked up in the table; `first_word` is the number of its first."""

    def __init__(self, text: str, first_word: int, table: PieceTable) -> None:
        self._text = text
        self._table = table
        self.first_word = first_word
        self.pieces: Sequence[str] = pieces(text)
        self.entries: list[Entry | None] = [*map(table.__getitem__, self.pieces)]
        self._sought = 0
        self._is_cut = False

    def cut(self) -> None:
        """Cut pieces too long to be kept in a table; a word of that length has no keys. `U. S.` becomes one."""
        self._is_cut = True
        is_spaced = not SPACED_STARTS.isdisjoint(self.pieces)
        self.pieces = words(self._text) if is_spaced else [*chain.from_iterable(map(_cut, self.pieces))]
        self.entries = [None if len(piece) > LONGEST_PIECE else self._table[piece] for piece in self.pieces]

    def told(self) -> Iterator[tuple[int, Entry]]:
        """Yield the number of each piece there is something to tell of, with what the table says."""
        entries = self.entries
        return zip(compress(range(len(entries)), entries), filter(None, entries), strict=True)

    @cached_property
    def _walked(self) -> tuple[dict[Entry, list[int]], list[tuple[int, int, int]]]:
        """The first word of each piece by entry; and of pieces that are not one word their first, number and last."""
        places: dict[Entry, list[int]] = {}
        odd = []
        shift = self.first_word
        for number, entry in self.told():
            if entry in places:
                places[entry].append(number + shift)
            else:
                places[entry] = [number + shift]
            if entry.more:
                odd.append((number + shift, number, number + shift + entry.more))
                shift += entry.more
        return places, odd

    def places(self, entry: Entry) -> list[int]:
        """Return the first words of the pieces with an entry, in order."""
        return self._walked[0].get(entry, _NOWHERE)

    def piece_of(self, word: int) -> tuple[int, int]:
        """Return the number of the piece a word is in, and which of its words that is."""
        odd = self._walked[1]
        at = bisect_right(odd, (word, len(self.pieces))) - 1
        if at < 0:
            return word - self.first_word, 0
        first, number, last = odd[at]
        return (number, word - first) if word <= last else (number + word - last, 0)

    def range_of(self, word: int) -> tuple[int, int]:
        """Return where a word stands in its text, as half-open code point offsets."""
        number, inside = self.piece_of(word)
        start, end = self._table.ranges(self.pieces[number])[inside]
        offset = self._offset(number)
        return offset + start, offset + end

    def _offset(self, number: int) -> int:
        """Return where a piece stands in its text.

        Between two there is one character at least, so it is known about where to look.
        """
        self._sought += 1
        if self._sought > _MOST_SOUGHT:
            return self._offsets[number]
        piece = self.pieces[number]
        low = self._lengths[number] + number * self._gap
        high = low + len(piece) + len(self._text) - self._lengths[-1] - (len(self.pieces) - 1) * self._gap
        at = self._text.find(piece, low, high)
        return at if self._text.find(piece, at + 1, high) < 0 else self._offsets[number]

    @cached_property
    def _gap(self) -> int:
        """How many characters there are between two pieces at least."""
        return int(not self._is_cut and (self._text.isascii() or self.pieces == self._text.split()))

    @cached_property
    def _lengths(self) -> list[int]:
        """How many letters there are before each piece, and in all."""
        return [*accumulate(map(len, self.pieces), initial=0)]

    @cached_property
    def _offsets(self) -> list[int]:
        find, end = self._text.index, 0
        found: list[int] = []
        found += [(start := find(piece, end), end := start + len(piece))[0] for piece in self.pieces]
        return found


class Occurrences:
    """Where each key stands: worked out for those that are asked for."""

    def __init__(self, title: str, text: str, table: PieceTable) -> None:
        self._table = table
        self._title, self._body = self.zones = (_Zone(title, 0, table), _Zone(text, BODY, table))
        self._entries = {*self._title.entries, *self._body.entries}
        if LONG in self._entries:
            for zone in self.zones:
                zone.cut()
            self._entries = {*self._title.entries, *self._body.entries}
        self._entries.discard(None)
        # The keys that stand anywhere.
        self.present: frozenset[str] = frozenset().union(*map(_KEYS, self._entries))

    def positions(self, key: str) -> list[int]:
        """Return the words that have a key, in order."""
        entries = self._table.entries_of[key] & self._entries if key in self.present else ()
        if len(entries) == 1:
            return self._positions(next(iter(entries)), key)
        found: list[int] = []
        for entry in entries:
            found += self._positions(entry, key)
        found.sort()
        return found

    def _positions(self, entry: Entry, key: str) -> list[int]:
        firsts = self._title.places(entry) + self._body.places(entry)
        if not entry.more:
            return firsts
        offsets = [offset for offset, keys in enumerate(entry.by_word) if key in keys]
        return [first + offset for first in firsts for offset in offsets]

    def around(self, word: int) -> tuple[str, Sequence[str], Sequence[str]]:
        """Return the piece of a word, and the pieces before and after it in its zone."""
        zone = self._zone(word)
        number, _ = zone.piece_of(word)
        near = zone.pieces
        return near[number], near[max(0, number - _NEAR) : number], near[number + 1 : number + 1 + _NEAR]

    def range_of(self, word: int) -> tuple[int, int]:
        """Return where a word stands in its text, as half-open code point offsets."""
        return self._zone(word).range_of(word)

    def _zone(self, word: int) -> _Zone:
        return self._body if word >= BODY else self._title


def _cut(piece: str) -> list[str]:
    return words(piece) if len(piece) > LONGEST_PIECE else [piece]
