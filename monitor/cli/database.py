"""`db`: looks after the store. Refused while a daemon runs on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.console import put
from monitor.cli.options import ConfigFolder
from monitor.errors import StoreLocked, UsageError
from monitor.ports import Store

database = typer.Typer(help="Look after the store: upgrade, backup, check.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(database, name="db")


@database.command("upgrade")
def upgrade(config: ConfigFolder = None) -> None:
    """Bring the store to this program's schema. A copy is kept first.

    Every command does so when it opens the store; this one does nothing else.

    Example: monitor db upgrade
    """
    with _idle_store(config) as (_, place):
        put(f"the store in {place.state} is at the newest schema")


@database.command("backup")
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes: a new file, or a folder.")],
    config: ConfigFolder = None,
) -> None:
    """Write a checked copy of the store. No file is overwritten.

    Example: monitor db backup /mnt/backup/monitor.db
    """
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} exists", hint="name another file, or move it away")
    with _idle_store(config) as (store, _):
        put(f"wrote {store.backup(target)}")


@database.command("check")
def check(config: ConfigFolder = None) -> None:
    """Check the store's integrity. Exit code 1: something is wrong.

    Example: monitor db check
    """
    with _idle_store(config) as (store, place):
        problems = store.check()
    for problem in problems:
        put(problem)
    if problems:
        raise typer.Exit(1)
    put(f"the store in {place.state} is in order")


@contextmanager
def _idle_store(config: Path | None) -> Iterator[tuple[Store, program.Place]]:
    place = program.find_place(config)
    with program.open_store(program.stored_config(place), place) as store:
        if store.is_held():
            raise StoreLocked("a daemon is running on this store", hint="stop it first: systemctl stop monitor")
        yield store, place
