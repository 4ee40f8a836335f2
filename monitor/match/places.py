"""The search for places that stand together: one of each list, none overlapping, few other words between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from monitor.match.nodes import Hit

ANY_DISTANCE = 1 << 40
# A hostile text has more windows than anyone wants to see.
_MOST_TRIES = 100_000
_FEW = 8


def find_windows(places: Sequence[list[Hit]], distance: int, *, is_ordered: bool) -> Iterator[tuple[Hit, ...]]:
    """Yield one place of each list, none overlapping another, with at most `distance` other words between them.

    `is_ordered`: in the order of the lists. Gives up after 100,000 places tried in vain.
    """
    if all(places):
        yield from _Search(places, distance, is_ordered=is_ordered).windows()


def find_pairs(firsts: list[Hit], seconds: list[Hit], distance: int, *, is_ordered: bool) -> Iterator[tuple[Hit, Hit]]:
    """Yield what `find_windows` does for two lists."""
    longest = max((end - start for start, end in seconds), default=0)
    for first in firsts:
        start, end = first
        low = end + 1 if is_ordered else start - distance - 1 - longest
        for at in range(bisect_left(seconds, (low, 0)) if len(seconds) > _FEW else 0, len(seconds)):
            second = seconds[at]
            if second[0] > end + distance + 1:
                break
            if second[0] > end or (not is_ordered and start - distance - 1 <= second[1] < start):
                yield first, second


class _Search:
    def __init__(self, places: Sequence[list[Hit]], distance: int, *, is_ordered: bool) -> None:
        self._places = places
        self._distance = distance
        self._is_ordered = is_ordered
        self._order = sorted(range(len(places)), key=lambda index: len(places[index]))
        self._longest = [max(end - start + 1 for start, end in hits) for hits in places]
        self._span = distance + sum(self._longest)
        self._tries = 0

    def windows(self) -> Iterator[tuple[Hit, ...]]:
        chosen: dict[int, Hit] = {}
        first = self._order[0]
        for hit in self._places[first]:
            chosen[first] = hit
            yield from self._extended(chosen, 1)
            if self._tries > _MOST_TRIES:
                return

    def _extended(self, chosen: dict[int, Hit], depth: int) -> Iterator[tuple[Hit, ...]]:
        if depth == len(self._order):
            self._tries = 0
            yield tuple(chosen[index] for index in range(len(chosen)))
            return
        index = self._order[depth]
        hits = self._places[index]
        low = min(start for start, _ in chosen.values())
        high = max(end for _, end in chosen.values())
        for at in range(bisect_left(hits, (high + 1 - self._span, 0)), len(hits)):
            hit = hits[at]
            if hit[0] >= low + self._span or self._tries > _MOST_TRIES:
                return
            self._tries += 1
            if self._fits(chosen, index, hit, depth):
                chosen[index] = hit
                yield from self._extended(chosen, depth + 1)
                del chosen[index]

    def _fits(self, chosen: dict[int, Hit], index: int, hit: Hit, depth: int) -> bool:
        low, high = hit
        words = high - low + 1
        for other, (start, end) in chosen.items():
            if start <= hit[1] and hit[0] <= end:
                return False
            if self._is_ordered and (index < other) != (hit[1] < start):
                return False
            low, high = min(low, start), max(high, end)
            words += end - start + 1
        still = sum(self._longest[later] for later in self._order[depth + 1 :])
        return high - low + 1 - words - still <= self._distance


def count_between(window: Sequence[Hit]) -> int:
    """Return how many other words a window holds."""
    low, high = min(start for start, _ in window), max(end for _, end in window)
    return high - low + 1 - sum(end - start + 1 for start, end in window)


def find_nearest(places: Sequence[list[Hit]]) -> tuple[Hit, ...]:
    """Return one place of each list, with the fewest words between them; the first such. Each list must have one."""
    at = [0] * len(places)
    best, fewest = tuple(hits[0] for hits in places), ANY_DISTANCE
    while all(index < len(hits) for index, hits in zip(at, places, strict=True)):
        window = tuple(hits[index] for index, hits in zip(at, places, strict=True))
        between = count_between(window)
        if between < fewest:
            best, fewest = window, between
        at[window.index(min(window))] += 1
    return best
