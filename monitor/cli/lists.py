"""`feeds import` and `feeds export`: lists of feeds from other readers, and for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.console import put, put_json, say
from monitor.cli.options import ConfigFolder, JsonObject
from monitor.errors import MonitorError

_SHOWN = 20


def register(feeds: typer.Typer) -> None:
    """Add the commands to `feeds`."""
    feeds.command("import")(import_)
    feeds.command("export")(export)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A list of feeds in OPML, as other readers export it.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
    config: ConfigFolder = None,
    as_json: JsonObject = False,
) -> None:
    """Add the feeds of an OPML file.

    Folders become tags (a/b for one in another). What is known already stays as it is. Nothing is fetched: the daemon
    reads the new feeds as it reads any, their present entries in silence.

    Example: monitor feeds import subscriptions.opml --dry-run
    """
    place = program.find_place(config)
    found = program.import_feeds(place, file, is_trial=dry_run)
    if as_json:
        refused = [{"line": one.line, "feed": one.feed, "why": one.why} for one in found.refused]
        put_json(
            {
                "added": [spec.url for spec in found.added],
                "known": [spec.url for spec in found.known],
                "refused": refused,
                "is_trial": dry_run,
            }
        )
        return
    for one in found.refused[:_SHOWN]:
        say(f"{file}:{one.line}: {one.feed or '(no title)'}: {one.why}")
    if len(found.refused) > _SHOWN:
        say(f"… and {len(found.refused) - _SHOWN} more: --json lists all")
    verb = "would be added" if dry_run else "added"
    put(f"{len(found.added)} {verb}, {len(found.known)} known, {len(found.refused)} refused")


def export(
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it there.")] = None,
    config: ConfigFolder = None,
) -> None:
    """Write all feeds as OPML, which other readers import.

    Tags become folders. Logins and cookies are not in it.

    Example: monitor feeds export -o feeds.opml
    """
    text, count, left_out = program.export_feeds(program.find_place(config))
    if output is None:
        put(text.rstrip("\n"))
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise MonitorError(f"{output}: cannot be written: {error.strerror}", hint="name another file") from error
        say(f"{count} feeds written to {output}")
    if left_out:
        say(f"{left_out} pages without a feed are left out: other readers cannot read them")
