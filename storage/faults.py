"""What a database refused, as an error for the user: one line, the next action, never a password."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from monitor.errors import StoreError, StoreFull

_FULL_BELOW_BYTES = 256 * 1024
_FREE_SPACE = "free some space there: the store goes on by itself"
# Faults of this program, which need their stack: not translated.
_BUGS = (IntegrityError, ProgrammingError, DataError)
_RETRYABLE = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a store is, as a user may see it. `path` is the file of SQLite, else None."""

    name: str
    path: Path | None = None


def is_retryable(error: BaseException) -> bool:
    """Return True when PostgreSQL asks for the transaction to be tried again."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _RETRYABLE


@contextmanager
def explained(place: Place) -> Iterator[None]:
    """Turn what the database or the disk refuses inside into a `StoreError`."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error, _BUGS):
            raise
        raise store_error(error.orig or error, place) from error
    except (sqlite3.DatabaseError, OSError) as error:
        raise store_error(error, place) from error
    except PoolTimeout as error:
        raise StoreError(f"{place.name}: all connections are in use", hint="try again") from error


def store_error(error: BaseException, place: Place) -> StoreError:
    """Return the error that tells a user what `error` means for the store at `place`."""
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, place)
    if isinstance(error, OSError):
        return _of_disk(error, place)
    return _of_postgres(error, place)


def _of_disk(error: OSError, place: Place) -> StoreError:
    where = error.filename or place.name
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StoreFull(f"{where}: no space is left on the disk", hint=_FREE_SPACE)
    hint = "check its owner and permissions, or choose another place with `database` in monitor.yaml"
    return StoreError(f"{where}: {error.strerror or error}", hint=hint)


def _of_sqlite(error: sqlite3.Error, place: Place) -> StoreError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_FULL or (code in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN} and _is_full(place)):
        return StoreFull(f"{place.name}: no space is left on the disk", hint=_FREE_SPACE)
    what, hint = _SQLITE.get(code, (str(error), ""))
    return StoreError(f"{place.name}: {what}", hint=hint)


def _is_full(place: Place) -> bool:
    try:
        return place.path is not None and shutil.disk_usage(place.path.parent).free < _FULL_BELOW_BYTES
    except OSError:
        return False


_REPLACE = "restore a backup (monitor db backup makes them), or move the file away to start anew"
_ALLOW = "check that this user may read and write it and its folder"
_SQLITE = {
    sqlite3.SQLITE_NOTADB: ("the file is not a database", _REPLACE),
    sqlite3.SQLITE_CORRUPT: ("the database is damaged", _REPLACE),
    sqlite3.SQLITE_CANTOPEN: ("the file cannot be opened", _ALLOW),
    sqlite3.SQLITE_READONLY: ("the file cannot be written", _ALLOW),
    sqlite3.SQLITE_PERM: ("the file cannot be opened", _ALLOW),
    sqlite3.SQLITE_IOERR: ("the disk has a fault", "look at the system's log, and restore a backup if it is damaged"),
    sqlite3.SQLITE_BUSY: ("another process keeps it busy", "end that process, or try again"),
    sqlite3.SQLITE_LOCKED: ("another process keeps it busy", "end that process, or try again"),
}


def _of_postgres(error: BaseException, place: Place) -> StoreError:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = next((line for line in lines if "FATAL" in line), lines[0] if lines else type(error).__name__)
    if getattr(error, "sqlstate", None) == "53100":
        return StoreFull(f"{place.name}: no space is left on the server's disk", hint=_FREE_SPACE)
    return StoreError(f"{place.name}: {text}", hint=_postgres_hint(text))


def _postgres_hint(text: str) -> str:
    if "password" in text or "authentication" in text or "role" in text:
        return "check user and password in `database` of monitor.yaml"
    if "does not exist" in text:
        return "create the database (createdb), or correct its name in `database` of monitor.yaml"
    return "check that the PostgreSQL server runs and can be reached from here"
