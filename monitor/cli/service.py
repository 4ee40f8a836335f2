"""The commands around the daemon: `init`, `check`, `run`, `once`, `status`, `db`."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from monitor import app as program
from monitor.cli.console import marked, out, plain, progress_bar, put, put_json, put_table, say, tell
from monitor.errors import ConfigErrors, MonitorError, StoreLocked, UsageError
from monitor.model import Origin
from monitor.ports import Store

database = typer.Typer(help="Look after the store.", no_args_is_help=True)


class Step(StrEnum):
    """A step of `once`."""

    POLL = "poll"
    STUDY = "study"
    DELIVER = "deliver"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("init")(init)
    app.command("check")(check)
    app.command("run")(run)
    app.command("once")(once)
    app.command("status")(status)
    app.add_typer(database, name="db")


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the configuration goes.")] = Path("config"),
) -> None:
    """Write a commented configuration, the store and a systemd unit; nothing that is there is overwritten.

    Example: monitor init /etc/monitor
    """
    written = program.write_config(folder)
    for path in written:
        put(f"wrote {path}")
    if not written:
        put(f"{folder} has all its files already; nothing was changed")
    place = program.find_place(folder)
    with program.open_store(program.load(place).config, place):
        put(f"store ready in {place.state}")
    unit = folder / "monitor.service"
    executable = Path(shutil.which("monitor") or sys.argv[0]).resolve()
    put(program.write_unit(unit, executable=executable, config=folder.resolve()))


def check(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Validate the configuration, run every topic's examples, and show what the topics find in the seeds.

    Example: monitor check --config /etc/monitor
    """
    place = program.find_place(context.obj)
    try:
        loaded = program.load(place)
    except ConfigErrors as errors:
        if as_json:
            put_json({"config": str(place.config), "errors": errors.message.split("\n"), "warnings": []})
        else:
            tell(errors)
        raise typer.Exit(2) from errors
    config, watchlist = loaded.config, loaded.watchlist
    errors_found = [
        _one_line(error) for error in program.check_examples(watchlist, program.seed_documents(place.state))
    ]
    warnings = program.config_warnings(config, is_service="INVOCATION_ID" in os.environ)
    if as_json:
        put_json({"config": str(place.config), "errors": errors_found, "warnings": warnings})
    else:
        articles = program.seed_articles(program.load_seeds(place.state), program.now())
        print_seed_report(program.seed_report(articles, watchlist))
        for line in [*errors_found, *(f"warning: {warning}" for warning in warnings)]:
            say(line)
        say(
            f"{place.config}: {len(config.watchlist.topics)} topics, {len(config.feeds)} feeds, "
            f"{len(config.settings.channels)} channels; {len(errors_found)} errors, {len(warnings)} warnings"
        )
    if errors_found:
        raise typer.Exit(2)


def run(context: typer.Context) -> None:
    """Run the daemon in the foreground until Ctrl-C or SIGTERM; changed configuration is taken over while it runs.

    Example: monitor run --config /etc/monitor
    """
    from monitor.daemon import serve

    place = program.find_place(context.obj, copy=True)
    say(f"configuration: {place.config}   state: {place.state}")
    with program.open_app(place) as app, app.store.hold_lock():
        serve(app, report=print_new_seed_report, notify_socket=os.environ.get("NOTIFY_SOCKET", ""))


def once(
    context: typer.Context,
    only: Annotated[str, typer.Option("--only", metavar="poll,study,deliver", help="These steps only.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Poll every feed, due or not.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read the seeds, poll every feed that is due, study what is new, deliver what is due, and exit.

    Example: monitor once --only poll --all
    """
    steps = _steps(only)
    place = program.find_place(context.obj, copy=True)
    with program.open_app(place) as app, app.store.hold_lock():
        summary = asyncio.run(_once(app, steps, everything=everything))
    if as_json:
        put_json(summary)
    else:
        put_table(["", ""], [(name.replace("_", " "), _shown(value)) for name, value in summary.items()])
    if summary.get("given_up"):
        raise typer.Exit(1)


def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show feeds by state, what waits, the last alerts, and what needs a person (then the exit code is 1).

    Example: monitor status --json
    """
    place = program.find_place(context.obj)
    loaded = program.load_or_last_good(place)
    with program.open_store(loaded.config, place) as store:
        found = program.health(store, loaded.broken)
    if as_json:
        put_json(found)
    else:
        put_table(
            ["", ""], [(name.replace("_", " "), _shown(value)) for name, value in found.items() if name != "needs"]
        )
        for line in found["needs"]:
            put(f"needs you: {line}")
    if found["needs"]:
        raise typer.Exit(1)


@database.command("upgrade")
def db_upgrade(context: typer.Context) -> None:
    """Bring the store to this program's schema; a copy is kept first. Refused while a daemon runs."""
    with _idle_store(context) as (store, place):
        problems = store.check()
        put(f"the store in {place.state} is at the newest schema" + (f"; {len(problems)} problems" if problems else ""))


@database.command("backup")
def db_backup(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
) -> None:
    """Write a checked copy of the store to a file; an existing file is not overwritten."""
    if target.exists():
        raise UsageError(f"{target} exists", hint="name another file, or move it away")
    with _idle_store(context) as (store, _place):
        put(f"wrote {store.backup(target)}")


@database.command("check")
def db_check(context: typer.Context) -> None:
    """Check the store's integrity; exit 1 if something is wrong with it."""
    with _idle_store(context) as (store, place):
        problems = store.check()
    for problem in problems:
        put(problem)
    if problems:
        raise typer.Exit(1)
    put(f"the store in {place.state} is in order")


@contextmanager
def _idle_store(context: typer.Context) -> Iterator[tuple[Store, program.Place]]:
    place = program.find_place(context.obj)
    with program.open_store(program.load_or_last_good(place).config, place) as store:
        if store.is_held():
            raise StoreLocked("a daemon is running on this store", hint="stop it first: systemctl stop monitor")
        yield store, place


async def _once(app: program.App, steps: tuple[Step, ...], *, everything: bool) -> dict[str, Any]:
    try:
        seeds = await program.bring_seeds(app)
        print_new_seed_report(app)
        summary: dict[str, Any] = {"seeds": seeds}
        if Step.POLL in steps:
            summary |= await _poll_all(app, everything=everything)
        if Step.STUDY in steps:
            summary |= await _study_all(app)
        if Step.DELIVER in steps:
            await program.report_imports(app)
            summary |= await program.deliver_due(app)
        return summary
    finally:
        await program.close(app)


async def _poll_all(app: program.App, *, everything: bool) -> dict[str, Any]:
    with progress_bar("polling feeds", len(app.config.feeds)) as step:
        return await program.poll_due(app, everything=everything, progress=step)


async def _study_all(app: program.App) -> dict[str, Any]:
    with progress_bar("studying articles", app.store.counts(program.now()).unstudied) as step:
        return await program.study_waiting(app, progress=step)


def print_new_seed_report(app: program.App) -> None:
    """Print the seed report, once for each watchlist."""
    version = app.context.watch.watchlist.version
    if app.store.note("seed-report") == version:
        return
    seeds = list(app.store.articles(newest_first=False, origin=Origin.SEED, bodies=True))
    print_seed_report(program.seed_report(seeds, app.context.watch.watchlist))
    app.store.note("seed-report", version)


def print_seed_report(report: program.SeedReport) -> None:
    """Print the table seeds × topics and, below it, the sentence behind each cell."""
    if not report.seeds or not report.topics:
        return
    names = [article.ref.removeprefix("seed:").split("_")[0] for article in report.seeds]
    put("Seed report: which topics the seed articles are about")
    put_table(
        ["topic", *names],
        [
            (topic, *("●" if (article.ref, topic) in report.cells else "·" for article in report.seeds))
            for topic, _name in report.topics
        ],
    )
    for article, name in zip(report.seeds, names, strict=True):
        put()
        put(f"{name}  {article.title or article.text.split('. ')[0][:100]}  ({article.published_text or 'no date'})")
        for topic, topic_name in report.topics:
            cell = report.cells.get((article.ref, topic))
            if cell and cell[1]:
                line = marked(cell[1])
                out.print(Text(f"    {plain(topic_name)}: ").append_text(line))
    put()


def _steps(only: str) -> tuple[Step, ...]:
    if not only:
        return tuple(Step)
    names = [name.strip() for name in only.split(",")]
    unknown = [name for name in names if name not in set(Step)]
    if unknown:
        raise UsageError(f"--only: no step {unknown[0]!r}", hint="the steps are poll, study and deliver")
    return tuple(step for step in Step if step in names)


def _shown(value: Any) -> str:  # noqa: ANN401  # a cell of a summary
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or "none"
    return "never" if value is None else str(value)


def _one_line(error: MonitorError) -> str:
    return f"{error.message} ({error.hint})" if error.hint else error.message
