"""The commands around the daemon: `init`, `check`, `run`, `once`, `status`."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor import app as program
from monitor.cli.console import progress_bar, put, put_facts, put_json, say, tell
from monitor.cli.options import ConfigFolder, JsonObject
from monitor.cli.report import print_new_seed_report, print_seed_report, tell_refusals
from monitor.errors import ConfigError, ConfigErrors, MonitorError, StoreError, UsageError


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


def init(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Where it goes: ./config; in a checkout, config/local.", show_default=False),
    ] = None,
    config: ConfigFolder = None,
) -> None:
    """Write a commented configuration, store and systemd unit.

    Nothing that is there is overwritten.

    Example: monitor init /etc/monitor
    """
    folder = folder or config or program.own_folder()
    written = program.write_config(folder)
    unit = folder / "monitor.service"
    if not unit.exists():
        written.append(unit)
    lines = program.write_unit(unit, executable=_executable(), config=folder.resolve())
    for path in written:
        put(f"wrote {path}")
    if not written:
        put(f"{folder} has all its files already; nothing was changed")
    place = program.find_place(folder)
    with program.open_store(program.load(place).config, place):
        put(f"store ready in {place.state}")
    put()
    put(f"Edit the files, then: monitor check --config {folder}")
    put("To run it as a service:")
    for line in lines.splitlines():
        put(f"  {line}")


def check(config: ConfigFolder = None, as_json: JsonObject = False) -> None:
    """Validate the configuration; try the topics on the seeds.

    Every topic's examples are run, and the topics are shown beside the seed articles they find.
    Exit code 2: something is wrong.

    Example: monitor check --config /etc/monitor
    """
    place = program.find_place(config)
    try:
        loaded = program.load(place)
    except ConfigErrors as broken:
        _finish_check(place, program.all_faults(place, broken), [], as_json=as_json)
        raise typer.Exit(2) from broken
    seeds = program.seed_articles(program.load_seeds(place.state), program.now())
    errors = loaded.refusals.errors if loaded.refusals else ()
    if not as_json:
        print_seed_report(program.seed_report(seeds, loaded.watchlist))
    warnings = program.config_warnings(loaded.config, is_service="INVOCATION_ID" in os.environ)
    warnings += [f"{warning.message}; {warning.hint}" for warning in loaded.watchlist.warnings]
    warnings += _try_on_archive(place, loaded)
    _finish_check(place, errors, warnings, as_json=as_json)
    if errors:
        raise typer.Exit(2)
    if not as_json:
        for line in program.routings(loaded):
            put(line)
        found = loaded.config
        say(
            f"{place.config} is in order: {len(found.watchlist.topics)} topics, {len(found.feeds)} feeds, "
            f"{len(found.settings.channels)} channels"
        )


def run(config: ConfigFolder = None) -> None:
    """Run the daemon until Ctrl-C or SIGTERM.

    Changed configuration is taken over while it runs; a broken one changes nothing.

    Example: monitor run --config /etc/monitor
    """
    from monitor.daemon import serve

    place = program.find_place(config, copy=True)
    say(f"configuration: {place.config}   state: {place.state}")
    with program.open_app(place) as app:
        serve(app, report=print_new_seed_report, notify_socket=os.environ.get("NOTIFY_SOCKET", ""))


def once(
    only: Annotated[str, typer.Option("--only", metavar="poll,study,deliver", help="These steps only.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Poll every feed, due or not.")] = False,
    config: ConfigFolder = None,
    as_json: JsonObject = False,
) -> None:
    """Do one round of everything, and exit.

    Reads the seeds, polls every feed that is due, studies what is new, delivers what is due. Refused while a
    daemon runs on the store. A broken configuration is told, the last good one used, and the exit code 2.

    Example: monitor once --only poll --all
    """
    steps = _steps(only)
    place = program.find_place(config, copy=True)
    # What scripts read is JSON alone.
    with program.open_app(place, console=sys.stderr if as_json else None) as app:
        if app.broken is not None:
            tell(app.broken)
            say("the last good configuration is used")
        tell_refusals(app.refusals)
        summary = asyncio.run(_once(app, steps, everything=everything, is_quiet=as_json))
        is_broken = app.broken is not None or app.refusals is not None
    _put_summary(summary, as_json=as_json)
    if is_broken or summary.get("given_up"):
        raise typer.Exit(2 if is_broken else 1)


def status(config: ConfigFolder = None, as_json: JsonObject = False) -> None:
    """Show feeds, alerts and what needs a person.

    Exit code 1: something does.

    Example: monitor status --json
    """
    place = program.find_place(config)
    loaded = program.load_or_last_good(place)
    with program.open_store(loaded.config, place) as store:
        loaded = replace(loaded, refusals=program.load_live(store, place, loaded).refusals)
        found = program.health(store, loaded, place.state, program.now())
    found = {"configuration": str(place.config), "state": str(place.state), **found}
    if as_json:
        put_json(found)
    else:
        put(found["summary"])
        put_facts((name, value) for name, value in found.items() if name not in {"needs", "summary"})
        for line in found["needs"]:
            put(f"needs you: {line}")
    if found["needs"]:
        raise typer.Exit(1)


def _try_on_archive(place: program.Place, loaded: program.Loaded) -> list[str]:
    try:
        if not program.has_store(loaded.config, place):
            return []
        with program.open_store(loaded.config, place) as store:
            total = min(store.counts(program.now()).articles, 1000)
            with progress_bar("trying the topics on your archive", total) as step:
                return program.try_on_archive(store, loaded.config.watchlist, loaded.watchlist, step)
    except StoreError as error:
        return [f"the topics were not tried on your archive: {error.message}"]


def _finish_check(place: program.Place, errors: Sequence[ConfigError], warnings: list[str], *, as_json: bool) -> None:
    if as_json:
        rows = [{"where": error.where, "what": error.what, "hint": error.hint} for error in errors]
        put_json({"config": str(place.config), "errors": rows, "warnings": warnings})
        return
    for error in errors:
        tell(error)
    for warning in warnings:
        say(f"warning: {warning}")
    if len(errors) > 1:
        say(f"{len(errors)} to mend")


async def _once(app: program.App, steps: tuple[Step, ...], *, everything: bool, is_quiet: bool) -> dict[str, Any]:
    try:
        summary: dict[str, Any] = {"seeds": await program.bring_seeds(app)}
        if not is_quiet:
            print_new_seed_report(app)
        if Step.POLL in steps:
            with progress_bar("polling feeds", len(app.config.feeds)) as step:
                summary |= await program.poll_due(app, everything=everything, progress=step, tell=say)
        if Step.STUDY in steps:
            late = (await program.rematch(app)).queued
            with progress_bar("studying articles", app.store.counts(program.now()).unstudied) as step:
                summary |= await program.study_waiting(app, progress=step)
            summary["alerts"] += late
            await program.learn_words_if_due(app)
        if Step.DELIVER in steps:
            await program.report_imports(app)
            await program.remind(app)
            program.end_mutes(app.store, program.now())
            program.tell_of_feeds(app.context)
            program.Selfwatch(context=app.context, state=app.place.state, is_daemon=False).look()
            program.tell_of_the_day(app)
            summary |= await program.deliver_due(app)
        return summary
    finally:
        await program.close(app)


def _put_summary(summary: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        put_json(summary)
        return
    put_facts(summary.items())
    if summary.get("failing"):
        say("some feeds could not be read: `monitor feeds list` says which, `monitor feeds test URL` says why")


def _steps(only: str) -> tuple[Step, ...]:
    if not only:
        return tuple(Step)
    names = [name.strip() for name in only.split(",")]
    unknown = [name for name in names if name not in set(Step)]
    if unknown:
        raise UsageError(f"--only: no step {unknown[0]!r}", hint="the steps are poll, study and deliver")
    return tuple(step for step in Step if step in names)


def _executable() -> Path:
    """Return the `monitor` script of this installation, as a unit must name it."""
    beside = Path(sys.executable).with_name("monitor")
    found = str(beside) if beside.is_file() else shutil.which("monitor")
    if not found:
        raise MonitorError("the `monitor` script is not installed", hint="install the program: pip install .")
    return Path(found)
