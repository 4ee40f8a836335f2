"""Checked copies of an SQLite database, made while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from monitor.errors import StoreError
from storage.faults import Place, explained


def write_copy(source: Path, target: Path) -> Path:
    """Write a copy of the database `source` to `target` and return its path; an older file there is replaced.

    The copy appears under its name only when it is whole, checked and on the disk.

    Raises:
        StoreError: it could not be written; StoreFull if the disk has no room.
    """
    partial = target.with_name(f"{target.name}.partial")
    with explained(Place(name=str(target), path=target)):
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        try:
            _copy(source, partial)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    return target


def _copy(source: Path, partial: Path) -> None:
    with closing(sqlite3.connect(source)) as conn:
        conn.execute("VACUUM INTO ?", (str(partial),))
    partial.chmod(source.stat().st_mode & 0o777)
    with closing(sqlite3.connect(partial)) as conn:
        found = [row[0] for row in conn.execute("PRAGMA quick_check")]
    if found != ["ok"]:
        raise StoreError(f"{source} is damaged: its copy fails the check ({found[0]})", hint="run: monitor db check")
    with partial.open("rb") as file:
        os.fsync(file.fileno())
