"""`topics`: what the watchlist asks for, and what it became."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor import app as program
from monitor.cli import stats, versions
from monitor.cli.console import put, put_facts, put_json, put_table, say
from monitor.cli.options import ConfigFolder, JsonLines, JsonObject
from monitor.cli.report import warn_of_faults
from monitor.errors import MonitorError

topics = typer.Typer(help="The topics of the watchlist.", no_args_is_help=True)
versions.register(topics)
stats.register(topics)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(topics, name="topics")


@topics.command("list")
def list_(
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """List all topics with the query each became.

    Example: monitor topics list
    """
    watchlist = _load(config).watchlist
    if as_json:
        for topic in watchlist.topics:
            put_json(
                {
                    "id": topic.spec.id,
                    "name": topic.spec.name,
                    "query": topic.query_text,
                    "to": list(topic.spec.alert.to),
                }
            )
        return
    put_table(
        ["id", "alerts to", "query"],
        [(topic.spec.id, ", ".join(topic.spec.alert.to), topic.query_text) for topic in watchlist.topics],
    )


@topics.command("show")
def show(
    topic_id: Annotated[str, typer.Argument(metavar="ID", help="The topic's id.")],
    config: ConfigFolder = None,
    as_json: JsonObject = False,
) -> None:
    """Show one topic: as written, as a query, and in English.

    Example: monitor topics show rare-earth-controls
    """
    loaded = _load(config)
    program.require_topic(loaded, topic_id)
    watchlist = loaded.watchlist
    topic = watchlist.topic(topic_id)
    spec = topic.spec
    facts = {
        "id": spec.id,
        "name": spec.name,
        "file": spec.where_written,
        "written": spec.match.text if spec.match else "a weighted list",
        "query": topic.query_text,
        "english": topic.english,
        "material": [text.text for text in spec.material],
        "not": [veto.text for veto in spec.vetoes],
        "languages": list(spec.where.languages),
        "sources": list(spec.where.sources),
        "alerts_to": list(spec.alert.to),
        "group": str(spec.alert.group),
        "routing": program.routing_of(loaded, spec),
        "updates": program.updates_of(spec),
        "mode": str(spec.mode),
        "expires": str(spec.expires) if spec.expires else None,
        "deadline": str(spec.deadline) if spec.deadline else None,
        "owner": spec.owner,
        "note": spec.note,
        "examples": len(spec.examples),
        "watchlist": watchlist.version,
    }
    if as_json:
        put_json(facts)
        return
    put_facts(facts.items())


@topics.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A list, a topic a line; - for standard input.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Of the file to write; FILE's own.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite what was imported under this name.")] = False,
    config: ConfigFolder = None,
) -> None:
    """Make topics of a list of keywords.

    A line is a topic: plain words, words between commas (any of them), or a search as typed for Google Alerts. What
    cannot be carried over is told with its line; the exit code is then 1. Written to watchlist.d/NAME.yaml.

    Example: monitor topics import keywords.txt --name minerals
    """
    place = program.find_place(config)
    name = name or program.slug("" if file == "-" else Path(file).stem)
    path = program.import_path(place.config, name or "imported")
    present = program.load(place).config.watchlist.topics
    taken = {topic.id for topic in present if not topic.where_written.startswith(f"{path}:")}
    found = program.read_list(_lines_of(file), taken)
    if found.topics:
        program.write_topics(place.config, path.stem, found.topics, replace=force)
        put(f"wrote {path}: {len(found.topics)} topics")
    for loss in found.losses:
        say(f"{file}:{loss.line}: {loss.piece}: {loss.why}")
    if not found.topics:
        say("no topic was found; nothing was written")
    if found.losses or not found.topics:
        raise typer.Exit(1)


def _lines_of(file: str) -> list[str]:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise MonitorError(f"{file}: byte {error.start} is not UTF-8", hint="save the file as UTF-8") from error
    except OSError as error:
        raise MonitorError(f"{file}: {error.strerror}", hint="check the file's name and permissions") from error


def _load(config: Path | None) -> program.Loaded:
    loaded = program.load_to_read(program.find_place(config))
    warn_of_faults(loaded)
    return loaded
