"""The commands. Thin: parse, call, print, exit code (0 ok, 1 failed, 2 usage or configuration)."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer

from monitor import __version__, log
from monitor.cli import alerts as _alerts
from monitor.cli import backtest as _backtest
from monitor.cli import browse as _browse
from monitor.cli import database as _database
from monitor.cli import explain as _explain
from monitor.cli import feeds as _feeds
from monitor.cli import mutes as _mutes
from monitor.cli import reading as _reading
from monitor.cli import seeds as _seeds
from monitor.cli import service as _service
from monitor.cli import stories as _stories
from monitor.cli import topics as _topics
from monitor.cli.console import tell
from monitor.cli.options import ConfigFolder
from monitor.errors import MonitorError

app = typer.Typer(
    name="monitor",
    help="Watch feeds, match articles against your topics, and explain every alert.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: ConfigFolder = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log details.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Set up what all commands share."""
    log.set_up(verbose=verbose)
    context.obj = config


_service.register(app)
_reading.register(app)
_explain.register(app)
_backtest.register(app)
_topics.register(app)
_feeds.register(app)
_seeds.register(app)
_browse.register(app)
_stories.register(app)
_alerts.register(app)
_mutes.register(app)
_database.register(app)


def main() -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal of an old encoding shows a question mark for what it has not.
            stream.reconfigure(errors="replace")
    try:
        code = _run()
        sys.stdout.flush()
    except OSError as error:
        code = 1
        # What could not be written is given up, else the interpreter would try again, and complain, as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # that is how `head` ends
            tell(MonitorError(f"{error.filename or 'the output'}: {error.strerror}"))
    sys.exit(code)


def _run() -> int:
    try:
        app(prog_name="monitor")
    except MonitorError as error:
        tell(error)
        return error.exit_code
    except SystemExit as done:
        return int(done.code or 0)
    return 0
