"""Brings a database to the schema this program knows, before anything else touches it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import URL, Connection, inspect

from monitor.errors import StoreError, StoreLocked, StoreTooNew
from monitor.log import Log
from storage import migrations
from storage.copying import write_copy
from storage.database import make_engine
from storage.faults import Place, explained
from storage.lock import FileLock, one_at_a_time
from storage.tables import Base
from storage.writer import serialise

log = Log(__name__)


def prepare(url: URL, place: Place) -> None:
    """Create the database or migrate it to the head, after a copy of an older one was written beside it.

    Raises:
        StoreTooNew: a newer program wrote it.
        StoreLocked: it must be migrated, and a daemon runs on it.
        StoreFull: the disk has no room for it.
        StoreError: it cannot be used.
    """
    with explained(place), ExitStack() as stack:
        if place.path is not None:
            place.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Two processes that switch a new file to WAL at once are refused by SQLite, without waiting.
            stack.enter_context(one_at_a_time(place.path.parent))
        revision = _look(url, place)
        if revision == migrations.known()[-1]:
            return
        if revision is not None:
            _make_safe(place, revision)
        _migrate(url)
        if revision is not None:
            log.info("database migrated", database=place.name, was=revision, now=migrations.known()[-1])


def _look(url: URL, place: Place) -> str | None:
    """Return the revision of a database of ours; None for one without our tables."""
    engine = make_engine(url, is_reader=True)
    try:
        with engine.connect() as conn:
            revision = migrations.current(conn)
            if revision is None:
                _refuse_foreign(conn, place)
    finally:
        engine.dispose()
    if revision is not None and revision not in migrations.known():
        raise StoreTooNew(
            f"{place.name} has schema {revision}, this program knows up to {migrations.known()[-1]}",
            hint="install the newer version of the program again, or restore a backup made before it",
        )
    return revision


def _refuse_foreign(conn: Connection, place: Place) -> None:
    found = set(inspect(conn).get_table_names())
    # A server's database may have other tenants; a file may not.
    foreign = found if place.path else found & set(Base.metadata.tables)
    if foreign:
        raise StoreError(
            f"{place.name} holds tables of another program ({', '.join(sorted(foreign)[:3])})",
            hint="give this program a database of its own with `database` in monitor.yaml",
        )


def _make_safe(place: Place, revision: str) -> None:
    """Write a copy of a file that is about to be migrated. A server's database is its administrator's to back up."""
    if place.path is None:
        return
    if FileLock(Path(f"{place.path}.lock")).is_held_elsewhere():
        raise StoreLocked(
            f"{place.name} must be migrated from schema {revision}, and a daemon of the older version runs on it",
            hint="restart the daemon with this version first",
        )
    copy = write_copy(place.path, place.path.with_name(f"{place.path.name}.{revision}.backup"))
    log.info("database copied before it is migrated", database=place.name, copy=copy)


def _migrate(url: URL) -> None:
    engine = make_engine(url)
    try:
        with engine.connect() as conn:
            if engine.dialect.name == "sqlite":
                # Altering a table makes it anew: with the keys on, dropping the old one would take its children along.
                conn.connection.cursor().execute("PRAGMA foreign_keys=OFF").close()
            with conn.begin():
                serialise(conn)
                migrations.upgrade(conn)
    finally:
        engine.dispose()
