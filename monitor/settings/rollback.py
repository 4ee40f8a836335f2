"""Puts an earlier watchlist in the place of the present one; what was there is kept beside it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from monitor import resources
from monitor.errors import MonitorError, UsageError
from monitor.settings.atomic import locked, write_text
from monitor.settings.load import WATCHLIST


def restore_watchlist(folder: Path, files: Mapping[str, str], stamp: str) -> list[Path]:
    """Make the watchlist in `folder` be these files; returns the backups, each named like its file and `stamp`.

    Raises:
        UsageError: `folder` belongs to the program.
        MonitorError: a file cannot be read or written.
    """
    refuse_packaged(folder)
    with locked(folder):
        present = _present(folder)
        backups = [_back_up(path, stamp) for name, path in present.items() if not _is(path, files.get(name))]
        # The main file last: what it takes from the others is there by then.
        for name, text in reversed(list(files.items())):
            if not _is(folder / name, text):
                (folder / name).parent.mkdir(exist_ok=True)
                write_text(folder / name, text)
        for name in present.keys() - files.keys():
            present[name].unlink()
    return backups


def refuse_packaged(folder: Path) -> None:
    """Refuse to write into the configuration that came with the program.

    Raises:
        UsageError: it is that.
    """
    if folder.resolve() == resources.folder("config").resolve():
        raise UsageError(f"{folder} belongs to the program", hint="make your own first: monitor init")


def _present(folder: Path) -> dict[str, Path]:
    main, more = folder / WATCHLIST, sorted((folder / "watchlist.d").glob("[!.]*.yaml"))
    return {str(path.relative_to(folder)): path for path in ([main] if main.exists() else []) + more}


def _is(path: Path, text: str | None) -> bool:
    return text is not None and path.exists() and path.read_bytes() == text.encode()


def _back_up(path: Path, stamp: str) -> Path:
    """Keep a file as it is, whatever is in it."""
    backup = path.with_name(f"{path.name}.{stamp}.bak")
    try:
        shutil.copy2(path, backup)
    except OSError as error:
        raise MonitorError(f"{backup}: cannot be written: {error.strerror}", hint="nothing was changed") from None
    return backup
