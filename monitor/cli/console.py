"""Output of the commands: data to stdout, talk to stderr. Nothing a feed says can style or steer the terminal."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from monitor.errors import MonitorError
from monitor.model import Sentence

out = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)


def say(line: str = "") -> None:
    """Print a line of talk to stderr."""
    err.print(plain(line))


def tell(error: MonitorError) -> None:
    """Print an error and its next action to stderr."""
    err.print(f"monitor: {plain(error.message)}")
    if error.hint:
        err.print(f"  → {plain(error.hint)}")


def put(line: str = "") -> None:
    """Print a line of data to stdout."""
    out.print(plain(line))


def put_json(value: Any) -> None:  # noqa: ANN401  # whatever JSON can hold
    """Print one JSON value as one line to stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def put_table(headings: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> None:
    """Print a table to stdout; cut to the terminal, whole in a pipe. Empty headings are left out."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=any(headings))
    for heading in headings:
        table.add_column(heading, overflow="ellipsis" if out.is_terminal else "fold", no_wrap=out.is_terminal)
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(plain(cell)) for cell in row))
    if rows:
        Console(highlight=False, width=None if out.is_terminal else 10_000).print(table)


def marked(sentence: Sentence) -> Text:
    """Return a sentence with its words marked."""
    text = Text(plain(sentence.text))
    for start, end in sentence.marks:
        text.stylize("bold yellow", start, end)
    return text


def plain(text: str) -> str:
    """Return the text with control and direction characters as spaces of the same length; line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if character != "\n" and _is_unsafe(character) else character for character in text)


def day_time(moment: datetime | None) -> str:
    """Return a moment in RFC 3339, to the second, in UTC; empty if there is none."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[Any]:
    """Show a progress bar on stderr, none if that is not a terminal; yields a function to call with steps done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda steps: progress.advance(task, steps)


def _is_unsafe(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
