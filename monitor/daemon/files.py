"""Tells whether files of the configuration changed, where no event says so."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

Stamps = list[tuple[str, int, int, int, int]]


def take_stamps(folder: Path, secrets: Sequence[Path]) -> Stamps:
    """Return what tells that a file of the configuration is not the one it was; links are followed."""
    found = []
    for path in (*folder.glob("*.yaml"), *folder.glob("*.d/*.yaml"), *secrets):
        with suppress(OSError):
            about = path.stat()
            # The time of change is there for permissions, too.
            found.append((str(path), about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino))
    return sorted(found)


def is_config(_change: object, path: str) -> bool:
    """Tell whether a changed file may be of the configuration."""
    return path.endswith((".yaml", ".yml"))
