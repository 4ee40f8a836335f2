"""The versions of the watchlist that were taken over: which there were, how they differ, and the way back to one.

Only the watchlist's own files are kept: they hold no secrets. Who wrote a version is not known.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor import settings
from monitor.app.changes import Changes, compare, nothing
from monitor.app.compose import Place, load, now
from monitor.app.kept import live_under
from monitor.app.settling import Refusals
from monitor.errors import ConfigErrors, NotFound
from monitor.ports import KeptWatchlist, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version, with what changed against the one before it. `is_present`: it is what the files say now."""

    kept: KeptWatchlist
    topics: int
    changes: Changes
    is_present: bool

    def as_object(self) -> dict[str, Any]:
        """Return it as the command prints it in JSON."""
        return {
            "version": self.kept.version,
            "loaded_at": self.kept.loaded_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "topics": self.topics,
            "added": list(self.changes.added),
            "removed": list(self.changes.removed),
            "changed": list(self.changes.changed),
            "is_present": self.is_present,
        }


def version_rows(store: Store, place: Place, limit: int) -> list[VersionRow]:
    """Return the newest versions, newest first, each with the topics that were live under it."""
    kept = store.watchlists()
    present = _present_version(place)
    read = [live_under(store, place, one).watchlist for one in kept[: limit + 1]]
    earlier = [*read[1:], nothing()]
    return [
        VersionRow(
            kept=one,
            topics=len(watchlist.topics),
            changes=compare(before, watchlist),
            is_present=one.version == present,
        )
        for one, watchlist, before in zip(kept[:limit], read, earlier, strict=False)
    ]


def is_taken_over(store: Store, place: Place) -> bool:
    """Return whether the files say now what was taken over last."""
    kept = store.watchlists()
    return bool(kept) and kept[0].version == _present_version(place)


def find_version(store: Store, place: Place, wanted: str = "") -> tuple[KeptWatchlist, dict[str, str]]:
    """Return the newest version of this name, or the beginning of one; without a name the last that differs from now.

    Raises:
        NotFound: there is none, or several names begin so.
    """
    kept = store.watchlists()
    present = _present_version(place)
    found = [one for one in kept if (one.version.startswith(wanted.lower()) if wanted else one.version != present)]
    if not found:
        what = (
            f"no version {wanted!r} of the watchlist is kept" if wanted else "no other version of the watchlist is kept"
        )
        raise NotFound(what, hint="`monitor topics log` shows them")
    if wanted and len({one.version for one in found}) > 1:
        raise NotFound(f"{wanted!r} begins the names of several versions", hint="give more of its digits")
    return found[0], store.watchlist_files(found[0].id)


def diff_lines(place: Place, kept: KeptWatchlist, files: Mapping[str, str]) -> list[str]:
    """Return how the watchlist's files differ now from that version, as a unified diff."""
    present = settings.watchlist_texts(place.config)
    lines: list[str] = []
    for name in dict.fromkeys([*files, *present]):
        old, new = files.get(name), present.get(name)
        lines += difflib.unified_diff(
            (old or "").splitlines(),
            (new or "").splitlines(),
            f"{name} ({kept.version}, {kept.loaded_at:%Y-%m-%dT%H:%M:%SZ})" if old is not None else "/dev/null",
            f"{name} (now)" if new is not None else "/dev/null",
            lineterm="",
        )
    return lines


def check_version(place: Place, files: Mapping[str, str]) -> Refusals | None:
    """Make sure that a version would load beside the other files as they are now; returns the bad topics of it.

    Raises:
        ConfigErrors: what is wrong with it, or with them, or no topic of it is good.
    """
    loaded = load(place, texts=settings.other_texts(place.config) | dict(files))
    if loaded.refusals is not None and not loaded.watchlist.topics:
        raise ConfigErrors(loaded.refusals.errors)
    return loaded.refusals


def roll_back(place: Place, files: Mapping[str, str]) -> list[Path]:
    """Make these the watchlist's files; returns the backups of what was there. A daemon takes it over by itself."""
    return settings.restore_watchlist(place.config, files, f"{now():%Y%m%dT%H%M%SZ}")


def _present_version(place: Place) -> str:
    return settings.watchlist_version(settings.watchlist_texts(place.config))
