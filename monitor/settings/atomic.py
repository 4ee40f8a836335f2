"""Writes files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from monitor.errors import MonitorError


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other commands from changing the files in `folder` meanwhile; makes the folder.

    Raises:
        MonitorError: it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise MonitorError(f"{folder}: cannot be written: {error.strerror}", hint="check its permissions") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Replace a file: a temporary one beside it, fsync, rename.

    Raises:
        MonitorError: the disk is full or the folder cannot be written.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise MonitorError(f"{path}: cannot be written: {error.strerror}", hint="nothing was changed") from None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
