"""The one thread that writes: it takes pieces of work from a queue and commits what waits there together.

A lone piece is committed at once; pieces that queue up during a commit share the next one. When a group
fails, each of its pieces is run again alone, so that one failing piece never undoes its neighbours: a piece must do
nothing but read and write through its transaction.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from monitor.errors import StoreError
from monitor.ports import Clock
from storage.faults import Place, explained, is_retryable
from storage.ids import NodeLease

T = TypeVar("T")

_GROUP = 64  # pieces a commit: 20 to 50 ms of work
_TRIES = 4
# An arbitrary number that names this program's lock among all advisory locks of a PostgreSQL database.
_ADVISORY = 7_305_812_004_417


def serialise(conn: Connection) -> None:
    """Let no other process past this point until the transaction on `conn` ends. SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY})


@dataclass(frozen=True, slots=True)
class Tx:
    """A write transaction, as a piece of work sees it."""

    conn: Connection
    new_id: Callable[[], int]

    def serialise(self) -> None:
        """Let no other process of the store past this point until the commit."""
        serialise(self.conn)

    def insert_new(self, table: Table, row: dict[str, Any]) -> bool:
        """Insert a row unless one of its unique keys exists; returns whether it was new."""
        insert = postgresql.insert if self.conn.dialect.name == "postgresql" else sqlite.insert
        key = next(iter(table.primary_key.columns))
        statement = insert(table).on_conflict_do_nothing().returning(key)
        return self.conn.execute(statement, row).first() is not None


Piece = Callable[[Tx], T]


@dataclass(frozen=True, slots=True)
class _Job:
    piece: Piece[Any]
    is_durable: bool
    future: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs pieces in transactions, one after another.

    On PostgreSQL each piece has its own: a longer one would hold its locks longer, against the other processes.
    """

    def __init__(self, engine: Engine, place: Place, clock: Clock) -> None:
        self._engine = engine
        self._place = place
        self._nodes = NodeLease(clock)
        self._is_grouping = engine.dialect.name == "sqlite"
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._is_closed = False
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def run(self, piece: Piece[T], *, is_durable: bool = False) -> T:
        """Run a piece and return what it returns, once that is committed; to the disk itself if `is_durable`.

        Raises:
            StoreError: it could not be written; nothing of it was.
        """
        assert threading.current_thread() is not self._thread, "a piece of work must not write by the store"
        job = _Job(piece, is_durable)
        with self._gate:
            if self._is_closed:
                raise StoreError(f"{self._place.name}: the store is closed")
            self._jobs.put(job)
        with explained(self._place):
            result: T = job.future.result()
        return result

    def close(self) -> None:
        """Write what waits, give the node number back and end the thread."""
        with self._gate:
            if self._is_closed:
                return
            self._is_closed = True
            self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        is_open = True
        while is_open:
            taken = self._take()
            jobs = [job for job in taken if job is not None]
            is_open = len(jobs) == len(taken)
            if jobs:
                self._commit(jobs)
        with suppress(SQLAlchemyError):  # else the number comes back by itself when its lease ends
            self._nodes.give_back(self._serial)

    def _take(self) -> list[_Job | None]:
        """Wait for a job, and return it with those that wait behind it."""
        jobs = [self._jobs.get()]
        while self._is_grouping and len(jobs) < _GROUP and not self._jobs.empty():
            jobs.append(self._jobs.get())
        return jobs

    def _commit(self, jobs: Sequence[_Job]) -> None:
        try:
            results = self._transact(jobs)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the thread that waits for it
            self._commit_alone(jobs, error)
        else:
            for job, result in zip(jobs, results, strict=True):
                job.future.set_result(result)

    def _commit_alone(self, jobs: Sequence[_Job], error: Exception) -> None:
        """Run each job of a failed group again; a job that was alone has its answer."""
        if len(jobs) == 1:
            jobs[0].future.set_exception(error)
        else:
            for job in jobs:
                self._commit([job])

    def _transact(self, jobs: Sequence[_Job]) -> list[Any]:
        for _ in range(_TRIES - 1):
            try:
                return self._try(jobs)
            except DBAPIError as error:
                if not is_retryable(error):
                    raise
        return self._try(jobs)

    def _try(self, jobs: Sequence[_Job]) -> list[Any]:
        self._nodes.ensure(self._serial)
        with self._engine.connect() as conn:
            if self._is_grouping:
                level = "FULL" if any(job.is_durable for job in jobs) else "NORMAL"
                conn.connection.cursor().execute(f"PRAGMA synchronous={level}").close()
            with conn.begin():
                tx = Tx(conn, self._nodes.new_id)
                return [job.piece(tx) for job in jobs]

    @contextmanager
    def _serial(self) -> Iterator[Connection]:
        with self._engine.begin() as conn:
            serialise(conn)
            yield conn
