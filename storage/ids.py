"""Ids of 64 bits, made here and not by the database: sortable by time, unique over all processes of a store.

`seconds << 22 | node << 12 | counter`. A node number is leased in the store, so that two processes never share one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from monitor.errors import StoreError
from monitor.ports import Clock
from storage.tables import articles, nodes, outbox, stories

_NODES = 1024
_COUNTERS = 4096
_LEASE = timedelta(minutes=10)

# Opens a transaction that no other process of the store is in at the same time.
Transaction = Callable[[], AbstractContextManager[Connection]]


class IdMaker:
    """Makes ids that only grow, also when the clock goes back. `floor` is an id that all must exceed."""

    def __init__(self, node: int, floor: int = 0) -> None:
        self._node = node
        self._seconds = floor >> 22
        self._counter = _COUNTERS - 1

    def make(self, seconds: int) -> int:
        """Return the next id, for a clock that reads `seconds` since 1970."""
        if seconds > self._seconds:
            self._seconds, self._counter = seconds, 0
        elif self._counter < _COUNTERS - 1:
            self._counter += 1
        else:
            self._seconds, self._counter = self._seconds + 1, 0
        return self.last

    @property
    def last(self) -> int:
        """The id made last."""
        return self._seconds << 22 | self._node << 12 | self._counter


class NodeLease:
    """The node number of this process: leased when the first id is wanted, renewed, and given back at the end.

    A row's `until` names its holder: who finds another value there has lost the number.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._node: int | None = None
        self._until = clock()
        self._ids = IdMaker(0)

    def new_id(self) -> int:
        """Return a new id; the lease must have been made sure of."""
        return self._ids.make(int(self._clock().timestamp()))

    def ensure(self, transaction: Transaction) -> None:
        """Lease a number, or renew the lease when half of it is over.

        Raises:
            StoreError: all numbers are taken.
        """
        now = self._clock()
        if self._node is not None and self._until - now > _LEASE / 2:
            return
        until = now + _LEASE
        with transaction() as conn:
            node, ids = self._node, self._ids
            if not self._keep(conn, until):
                node, ids = _take(conn, now, until)
        self._node, self._ids, self._until = node, ids, until

    def give_back(self, transaction: Transaction) -> None:
        """Let another process have the number at once; its ids go on from here."""
        if self._node is not None:
            with transaction() as conn:
                self._keep(conn, self._clock())

    def _keep(self, conn: Connection, until: datetime) -> bool:
        mine = (nodes.c.no == self._node) & (nodes.c.until == self._until)
        return bool(conn.execute(update(nodes).where(mine).values(until=until, last_id=self._ids.last)).rowcount)


def _take(conn: Connection, now: datetime, until: datetime) -> tuple[int, IdMaker]:
    rows = {row.no: row for row in conn.execute(select(nodes))}
    no = next((no for no in range(_NODES) if no not in rows or rows[no].until <= now), None)
    if no is None:
        raise StoreError("all 1024 node numbers of the store are taken", hint="end some processes, or wait 10 min")
    floor = max(_newest_id(conn), rows[no].last_id if no in rows else 0)
    if no in rows:
        conn.execute(update(nodes).where(nodes.c.no == no).values(until=until, last_id=floor))
    else:
        conn.execute(insert(nodes).values(no=no, until=until, last_id=floor))
    return no, IdMaker(no, floor)


def _newest_id(conn: Connection) -> int:
    return max(conn.scalar(select(func.max(table.c.id))) or 0 for table in (articles, stories, outbox))
