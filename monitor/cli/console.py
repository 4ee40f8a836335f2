"""Output of the commands: data to stdout, talk to stderr. Nothing a feed says can style or steer the terminal."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from monitor.errors import ConfigError, ConfigErrors, MonitorError
from monitor.model import Sentence

out = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)

_LEAST_ROOM = 24

# All of the Unicode categories Cc, Cf, Cs, Zl and Zp: what moves the cursor, changes direction or is not seen.
_UNSAFE = re.compile(
    "[\0-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064"
    "\u2066-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)


def say(line: str = "") -> None:
    """Print a line of talk to stderr."""
    err.print(plain(line))


def tell(error: MonitorError) -> None:
    """Print an error and its next action to stderr. A place comes first, so that an editor can jump there."""
    for one in error.errors if isinstance(error, ConfigErrors) else (error,):
        has_place = isinstance(one, ConfigError) and bool(one.where)
        say(one.message if has_place else f"monitor: {one.message}")
        if hint := one.hint or ("correct it, then run `monitor check`" if has_place else ""):
            say(f"  → {hint}")


def put(line: str = "") -> None:
    """Print a line of data to stdout."""
    out.print(plain(line))


def put_json(value: Any) -> None:  # noqa: ANN401  # whatever JSON can hold
    """Print one JSON value as one line to stdout; what could steer a terminal is escaped, which JSON reads back."""
    line = json.dumps(value, ensure_ascii=False)
    sys.stdout.write(_UNSAFE.sub(lambda found: json.dumps(found[0])[1:-1], line) + "\n")


def put_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table to stdout, nothing if there are no rows. A terminal cuts its last column; a pipe gets it whole."""
    if not rows:
        return
    lines = [[_cell(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    room = max(_LEAST_ROOM, out.width - sum(width + 2 for width in widths[:-1])) if out.is_terminal else None
    for number, line in enumerate(lines):
        cells = [cell + " " * (width - cell_len(cell)) for cell, width in zip(line[:-1], widths, strict=False)]
        last = line[-1] if room is None or cell_len(line[-1]) <= room else f"{set_cell_size(line[-1], room - 1)}…"
        out.print("  ".join([*cells, last]).rstrip(), style="bold" if number == 0 else None)


def put_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Print names and values to stdout, a line each; what has no value is left out."""
    shown = [(name.replace("_", " "), _cell(_words(value))) for name, value in facts]
    width = max((len(name) for name, value in shown if value), default=0)
    for name, value in shown:
        if value:
            put(f"{name:<{width}}  {value}")


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
    return _UNSAFE.sub(lambda found: found[0] if found[0] == "\n" else " ", text)


def day_time(moment: datetime | None) -> str:
    """Return a moment in RFC 3339, to the second, in UTC; empty if there is none."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def minute(moment: datetime | None) -> str:
    """Return a moment in RFC 3339, to the minute, in UTC, for tables; empty if there is none."""
    return moment.strftime("%Y-%m-%dT%H:%MZ") if moment else ""


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[Any]:
    """Show a progress bar on stderr, none if that is not a terminal; yields a function to call with steps done."""
    if not err.is_terminal:
        yield lambda _steps: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda steps: progress.advance(task, steps)


def _cell(text: str) -> str:
    return plain(text).replace("\n", " ")


def _words(value: object) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
