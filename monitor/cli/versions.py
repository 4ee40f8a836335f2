"""`topics log`, `diff`, `rollback`: the versions of the watchlist that were taken over."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.console import day_time, put, put_json, put_table, say
from monitor.cli.options import ConfigFolder, JsonLines
from monitor.cli.report import tell_refusals
from monitor.errors import UsageError

Version = Annotated[str, typer.Argument(metavar="VERSION", help="Its name, or how that begins.")]


def register(topics: typer.Typer) -> None:
    """Add the commands to `topics`."""
    topics.command("log")(log)
    topics.command("diff")(diff)
    topics.command("rollback")(rollback)


def log(
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 20,
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """List the versions of the watchlist, newest first.

    Those that were taken over, with what each changed: + new topics, - removed ones, ~ changed ones.

    Example: monitor topics log
    """
    place = program.find_place(config)
    with program.stored(config) as store:
        rows = program.version_rows(store, place, limit)
        is_taken_over = program.is_taken_over(store, place)
    if as_json:
        for row in rows:
            put_json(row.as_object())
        return
    put_table(
        ["version", "taken over", "topics", "changes"],
        [
            (
                row.kept.version + ("*" if row.is_present else ""),
                day_time(row.kept.loaded_at),
                str(row.topics),
                _changes(row),
            )
            for row in rows
        ],
    )
    if not rows:
        say("no version yet: `monitor run` or `monitor once` takes the first one over")
    elif not is_taken_over:
        say("the files read otherwise now, and are taken over by `monitor run` or `monitor once`")
        say("  → monitor topics diff shows what is not taken over yet")


def diff(
    version: Annotated[str, typer.Argument(metavar="[VERSION]", help="Its name, or how that begins.")] = "",
    config: ConfigFolder = None,
) -> None:
    """Show how the watchlist differs from a version.

    From that version to the files as they are now. Without a name: the last version that differs.

    Example: monitor topics diff 3f2a9c
    """
    place = program.find_place(config)
    with program.stored(config) as store:
        lines = program.diff_lines(place, *program.find_version(store, place, version))
    for line in lines:
        put(line)
    if not lines:
        say("no difference")


def rollback(
    version: Version,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    config: ConfigFolder = None,
) -> None:
    """Put a version in the place of the watchlist.

    The present files are kept beside it. A running daemon takes the version over by itself.

    Example: monitor topics rollback 3f2a9c
    """
    place = program.find_place(config)
    with program.stored(config) as store:
        kept, files = program.find_version(store, place, version)
    lines = program.diff_lines(place, kept, files)
    if not lines:
        say(f"the watchlist is {kept.version} already")
        return
    tell_refusals(program.check_version(place, files))
    if not yes:
        _ask(lines, kept.version)
    for backup in program.roll_back(place, files):
        put(f"kept {backup}")
    put(f"the watchlist is {kept.version} again, as it was taken over at {day_time(kept.loaded_at)}")


def _ask(lines: list[str], version: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError("there is nobody to ask", hint="add --yes to overwrite the watchlist without asking")
    removed = sum(line.startswith("+") and not line.startswith("+++") for line in lines)
    added = sum(line.startswith("-") and not line.startswith("---") for line in lines)
    say(f"{version} takes {removed} lines away and brings {added} back")
    if not typer.confirm("Overwrite the watchlist? The present files are kept beside it.", err=True):
        raise typer.Exit(1)


def _changes(row: program.VersionRow) -> str:
    marked = (("+", row.changes.added), ("-", row.changes.removed), ("~", row.changes.changed))
    names = [f"{sign}{name}" for sign, ids in marked for name in ids]
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
