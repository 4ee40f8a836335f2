"""A database as the parts of the store use it: connections that read, one writer, and errors a user can read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from monitor.errors import StoreError
from monitor.ports import Clock
from storage.faults import Place, explained
from storage.lock import FileLock
from storage.writer import Piece, Writer

T = TypeVar("T")

_SQLITE_AT_LEAST = (3, 35)  # RETURNING
_HINT = "use sqlite:///monitor.db or postgresql://user@host/name in `database` of monitor.yaml"


class Database:
    """An open database. Reads may run in any thread; each write waits until it is committed."""

    def __init__(self, url: URL, place: Place, clock: Clock) -> None:
        self.place = place
        self.clock = clock
        self.lock = FileLock(Path(f"{place.path}.lock")) if place.path else None
        self._reader = make_engine(url, is_reader=True)
        self._engine = make_engine(url)
        self._writer = Writer(self._engine, place, clock)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection on which each statement sees what is committed."""
        with explained(self.place), self._reader.connect() as conn:
            yield conn

    def write(self, piece: Piece[T], *, is_durable: bool = False) -> T:
        """Run `piece` in a transaction; see `Writer.run`."""
        return self._writer.run(piece, is_durable=is_durable)

    def close(self) -> None:
        """Write what waits and close all connections."""
        self._writer.close()
        self._reader.dispose()
        self._engine.dispose()


def locate(text: str, state: Path) -> tuple[URL, Place]:
    """Return the URL to connect to, and the place to name in messages. Relative SQLite files are below `state`.

    Raises:
        StoreError: it is no URL, or of an engine that cannot be used.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise StoreError(f"database: {text.split(':', 1)[0]}…: not a database URL", hint=_HINT) from error
    if url.get_backend_name() in {"postgresql", "postgres"}:
        shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
        return url.set(drivername="postgresql+psycopg"), Place(name=shown.render_as_string())
    if url.get_backend_name() != "sqlite":
        raise StoreError(f"database: {url.get_backend_name()} is not supported", hint=_HINT)
    if url.database in {None, "", ":memory:"}:
        raise StoreError("database: a database in memory keeps nothing", hint=_HINT)
    if sqlite3.sqlite_version_info < _SQLITE_AT_LEAST:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old", hint="use a Python with SQLite 3.35 or later")
    path = Path(os.path.abspath(state / Path(str(url.database)).expanduser()))  # noqa: PTH100 - keeps symbolic links
    return url.set(drivername="sqlite+pysqlite", database=str(path)), Place(name=str(path), path=path)


def make_engine(url: URL, *, is_reader: bool = False) -> Engine:
    """Make an engine. A reader commits each statement; else transactions of SQLite begin IMMEDIATE."""
    options: dict[str, Any] = {"hide_parameters": True}
    if is_reader:
        options |= {"isolation_level": "AUTOCOMMIT", "pool_size": 8, "max_overflow": 24}
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10}, **options)
    engine = create_engine(url, connect_args={"timeout": 10}, **options)
    event.listen(engine, "connect", _set_up_reader if is_reader else _set_up_writer)
    if not is_reader:
        event.listen(engine, "begin", _begin_immediate)
    return engine


# SQLite's own cache of pages, for each connection. The system keeps the file in memory, too, and that is one for all.
_CACHE_KIB = 8_000
_READER_CACHE_KIB = 2_000


def _set_up_writer(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # else the driver begins transactions itself, as it sees fit
    # An article touches some hundred pages: at SQLite's thousand, every few commits would wait for the disk.
    for pragma in (
        *("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "journal_size_limit=67108864"),
        "wal_autocheckpoint=8000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()
    _set_up(connection, _CACHE_KIB)


def _set_up_reader(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA query_only=ON").close()
    _set_up(connection, _READER_CACHE_KIB)


def _set_up(connection: sqlite3.Connection, cache_kib: int) -> None:
    for pragma in (f"cache_size=-{cache_kib}", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
