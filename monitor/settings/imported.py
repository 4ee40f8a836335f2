"""Writes topics that were imported into `watchlist.d/NAME.yaml`, which the program owns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import UsageError
from monitor.settings.atomic import locked, write_text
from monitor.settings.rollback import refuse_packaged

_NAME = re.compile(r"\w[\w-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedTopic:
    """A topic to be written: the line it was, and the query and vetoes it became."""

    id: str
    written: str
    line: int
    query: str
    vetoes: tuple[str, ...] = ()


def import_path(folder: Path, name: str) -> Path:
    """Return the file that imported topics of this name go to.

    Raises:
        UsageError: it is no name for a file.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a file", hint="--name: letters, digits, - and _ only")
    return folder / "watchlist.d" / f"{name}.yaml"


def write_topics(folder: Path, name: str, topics: Sequence[ImportedTopic], *, replace: bool) -> Path:
    """Write the topics, whole or not at all; returns the file.

    Raises:
        UsageError: the file is there and `replace` is not said, or `folder` belongs to the program.
        MonitorError: it cannot be written.
    """
    refuse_packaged(folder)
    path = import_path(folder, name)
    with locked(path.parent):
        if path.exists() and not replace:
            raise UsageError(f"{path} is there already", hint="overwrite it with --force, or choose another --name")
        lines = ["# Written by `monitor topics import`, which overwrites it with --force.", "topics:"]
        for topic in topics:
            lines += _lines(topic)
        write_text(path, "\n".join(lines) + "\n")
    return path


def _lines(topic: ImportedTopic) -> list[str]:
    written = "".join(character if character.isprintable() else " " for character in topic.written)
    lines = [
        f"  - id: {topic.id}",
        f"    name: {_quoted(written)} # line {topic.line}",
        f"    match: {_quoted(topic.query)}",
    ]
    if topic.vetoes:
        lines.append(f"    not_anywhere: [{', '.join(map(_quoted, topic.vetoes))}]")
    return lines


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
