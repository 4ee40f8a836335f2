"""Options that many commands have. `--config` may stand before the command or after it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def _wherever(context: typer.Context, folder: Path | None) -> Path | None:
    """Return the folder as given to this command, else as given before it."""
    return folder or context.obj


ConfigFolder = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="DIR", callback=_wherever, help="The folder of monitor.yaml, feeds.yaml, watchlist.yaml."
    ),
]
JsonLines = Annotated[bool, typer.Option("--json", help="Print JSON, an object a line.")]
JsonObject = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
