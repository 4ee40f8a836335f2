"""Keeps, in the state folder, in what share of the articles each word is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from monitor.settings.atomic import write_text

_NAME = "word-shares.json"


def keep_shares(state: Path, shares: Mapping[str, float]) -> None:
    """Remember the shares of words, 0 to 1.

    Raises:
        MonitorError: the disk is full or the folder cannot be written.
    """
    rounded = {word: round(share, 5) for word, share in shares.items()}
    write_text(state / _NAME, json.dumps(rounded, ensure_ascii=False))


def kept_shares(state: Path) -> dict[str, float]:
    """Return the shares remembered; none if there are none, or they cannot be read."""
    try:
        found = json.loads((state / _NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict) or not all(isinstance(share, float) and 0 < share <= 1 for share in found.values()):
        return {}
    return found


def shares_kept_at(state: Path) -> float:
    """Return when they were remembered, in seconds since 1970; 0 if there are none."""
    try:
        return (state / _NAME).stat().st_mtime
    except OSError:
        return 0
