"""File locks: the one by which a daemon holds an SQLite store. The system frees them however the process dies."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import StoreLocked

_TRIES = 5
_PAUSE_S = 0.02


class FileLock:
    """A lock on `path`, which stays behind as an empty file: deleting it would let two processes in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_mine = False

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock.

        Raises:
            StoreLocked: another process, or another store of this one, holds it.
        """
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not self._take(file):
                raise self._refusal()
            _forget_in_children(file)
            os.ftruncate(file, 0)
            os.pwrite(file, str(os.getpid()).encode(), 0)
            self._is_mine = True
            yield
        finally:
            if self._is_mine:
                os.ftruncate(file, 0)
            self._is_mine = False
            os.close(file)

    def is_held_elsewhere(self) -> bool:
        """Return True while another holds it."""
        if self._is_mine or not self._path.exists():
            return False
        file = os.open(self._path, os.O_RDWR)
        try:
            return not _lock(file, fcntl.LOCK_SH)
        finally:
            os.close(file)

    def _take(self, file: int) -> bool:
        # One that only looks (is_held_elsewhere) has it for a moment: wait that long.
        pause = threading.Event()
        return any(_lock(file, fcntl.LOCK_EX) or pause.wait(_PAUSE_S) for _ in range(_TRIES))

    def _refusal(self) -> StoreLocked:
        pid = self._path.read_text("ascii", "replace").strip()
        holder = f"process {pid}" if pid else "another process"
        return StoreLocked(
            f"{self._path.with_suffix('')} is in use by {holder} (lock file {self._path})",
            hint="another daemon runs on this database: stop it first, or give this one its own `database`",
        )


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other process is here with the same folder, and keep others out."""
    file = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _lock(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _forget_in_children(file: int) -> None:
    """Close the file in forked children, else one that outlives its parent would hold on to the lock."""
    inode = os.fstat(file).st_ino

    def close() -> None:
        try:
            if os.fstat(file).st_ino == inode:
                os.close(file)
        except OSError:
            return

    os.register_at_fork(after_in_child=close)
