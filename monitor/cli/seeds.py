"""`seeds`: articles that are matched and reported, never alerted, never forgotten."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.console import put, put_json, put_table
from monitor.cli.options import ConfigFolder, JsonLines

seeds = typer.Typer(help="The seed articles.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(seeds, name="seeds")


@seeds.command("list")
def list_seeds(
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """List the seed articles with their times.

    Example: monitor seeds list
    """
    place = program.find_place(config)
    articles = program.seed_articles(program.load_seeds(place.state), program.now())
    if as_json:
        for article in articles:
            put_json(
                {
                    "id": article.ref,
                    "title": article.title or None,
                    "published": article.published_text or None,
                    "published_from": str(article.published_from) or None,
                    "authors": list(article.authors),
                    "source": article.source or None,
                }
            )
        return
    put_table(
        ["seed", "time", "from", "author", "source", "title"],
        [
            (
                article.ref,
                article.published_text or "unknown",
                str(article.published_from),
                ", ".join(article.authors),
                article.source,
                article.title or "(none in the text)",
            )
            for article in articles
        ],
    )


@seeds.command("add")
def add_seed(
    source: Annotated[str, typer.Argument(metavar="FILE|URL", help="A text or page.")],
    as_of: Annotated[str, typer.Option(metavar="DAY", help="When it was published, if you know it: 2025-10-23.")] = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why it is a seed.")] = "",
    config: ConfigFolder = None,
) -> None:
    """Keep an article as a seed.

    Seeds are matched and reported, never alerted, never forgotten.

    Example: monitor seeds add article.txt --as-of 2025-10-23
    """
    place = program.find_place(config)
    name, text = asyncio.run(program.seed_source(place, source))
    program.add_seed(place.state / "seeds", name, text, as_of, note)
    put(f"added seed:{name}; the daemon reads it at its next start, `monitor once` now")
