"""What the daemon does while its store is full or busy: it lets go of what it has in hand, and claims nothing.

Else it would fetch the same feeds and pages over and over, to no avail.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from monitor.errors import StoreError
from monitor.model import Article, Feed

_FIRST_S = 15.0
_LONGEST_S = 300.0


class StoreTrouble:
    """Counts failures of the store. Times are those of the running loop, which no change of the clock moves."""

    def __init__(self, first_s: float = _FIRST_S) -> None:
        self.given_up: list[Feed | Article] = []
        self.next_rest_s = self._first_s = first_s
        self._rests_until = 0.0

    @property
    def is_resting(self) -> bool:
        """True for a while after a failure: twice as long after each, five minutes at most."""
        return asyncio.get_running_loop().time() < self._rests_until

    @contextmanager
    def watching(self, rows: Sequence[Feed | Article]) -> Iterator[None]:
        """Give up the rows if the store fails inside: their leases are long, and can be freed when it works again."""
        try:
            yield
        except StoreError:
            self.given_up.extend(rows)
            if not self.is_resting:
                self._rests_until = asyncio.get_running_loop().time() + self.next_rest_s
                self.next_rest_s = min(2 * self.next_rest_s, _LONGEST_S)
            raise
        self.next_rest_s = self._first_s
