"""Remembers, in the state folder, the texts of the last configuration that loaded without an error."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from monitor.errors import MonitorError

_NAME = "last-good-config.json"


def keep_last_good(state: Path, files: Mapping[str, str]) -> None:
    """Remember these texts by their file names, readable by their owner alone; secrets may stand in them.

    Raises:
        MonitorError: the disk is full or the folder cannot be written.
    """
    target = state / _NAME
    temporary = target.with_suffix(".tmp")
    try:
        state.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(dict(files), out, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(target)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        hint = "make room on its disk" if error.errno == errno.ENOSPC else "check its owner and permissions"
        raise MonitorError(f"{target}: cannot be written: {error.strerror}", hint=hint) from None


def last_good(state: Path) -> dict[str, str] | None:
    """Return the remembered texts, or None: there are none, or they cannot be read."""
    try:
        texts = json.loads((state / _NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(texts, dict):
        return None
    return {str(name): str(text) for name, text in texts.items()}
