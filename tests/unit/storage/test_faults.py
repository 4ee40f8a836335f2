from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from monitor.errors import StoreError, StoreFull
from storage.faults import Place, explained, is_retryable

PLACE = Place(name="/srv/monitor.db", path=Path("/srv/monitor.db"))
SERVER = Place(name="postgresql://me@host/news")


def said(error: Exception, place: Place = PLACE) -> StoreError:
    with pytest.raises(StoreError) as found, explained(place):
        raise error
    return found.value


def sqlite_error(code: int, text: str = "some words") -> OperationalError:
    original = sqlite3.OperationalError(text)
    original.sqlite_errorcode = code  # type: ignore[misc]
    return OperationalError("SELECT :secret", {"secret": "geheim"}, original)


def postgres_error(text: str, sqlstate: str | None = None) -> OperationalError:
    original = psycopg.OperationalError(text)
    original.sqlstate = sqlstate
    return OperationalError("SELECT :secret", {"secret": "geheim"}, original)


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (sqlite3.SQLITE_NOTADB, "not a database"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "damaged"),
        (sqlite3.SQLITE_READONLY, "cannot be written"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "cannot be written"),
        (sqlite3.SQLITE_BUSY, "busy"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "busy"),
        (sqlite3.SQLITE_PERM, "cannot be opened"),
    ],
)
def test_what_sqlite_refuses_is_said_with_the_file_and_the_next_action(code: int, what: str) -> None:
    error = said(sqlite_error(code))
    assert error.message.startswith("/srv/monitor.db: ")
    assert what in error.message
    assert error.hint
    assert "geheim" not in error.message + error.hint


@pytest.mark.parametrize(
    "error",
    [
        sqlite_error(sqlite3.SQLITE_FULL),
        OSError(errno.ENOSPC, "No space left on device", "/srv/monitor.db"),
        OSError(errno.EDQUOT, "Disk quota exceeded", "/srv/monitor.db"),
    ],
)
def test_a_full_disk_is_an_error_of_its_own(error: Exception) -> None:
    found = said(error)
    assert isinstance(found, StoreFull)
    assert "/srv/monitor.db" in found.message
    assert "free some space" in found.hint


def test_a_full_disk_of_the_server_is_one_too() -> None:
    assert isinstance(said(postgres_error("could not extend file", "53100"), SERVER), StoreFull)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('connection failed: FATAL:  password authentication failed for user "me"', "user and password"),
        ('connection failed: FATAL:  role "me" does not exist', "user and password"),
        ('connection failed: FATAL:  database "news" does not exist', "createdb"),
        ("connection failed: Connection refused\n\tIs the server running?", "server runs"),
        ("", "server runs"),
    ],
)
def test_what_postgres_refuses_is_one_line_with_the_next_action(text: str, hint: str) -> None:
    error = said(postgres_error(text), SERVER)
    assert error.message.startswith("postgresql://me@host/news: ")
    assert "\n" not in error.message
    assert hint in error.hint


def test_faults_of_the_program_keep_their_stack() -> None:
    with pytest.raises(IntegrityError), explained(PLACE):
        raise IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE constraint failed"))
    with pytest.raises(KeyError), explained(PLACE):
        raise KeyError


def test_only_what_postgres_wants_repeated_is_repeated() -> None:
    assert is_retryable(postgres_error("deadlock detected", "40P01"))
    assert not is_retryable(postgres_error("gone"))
    assert not is_retryable(ValueError())
