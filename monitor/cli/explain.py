"""`explain`: why topics match an article or not, what became of it, and why an address was never received."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.console import day_time, put, put_json
from monitor.cli.options import ConfigFolder, JsonLines
from monitor.cli.reading import find_local
from monitor.cli.report import warn_of_faults
from monitor.errors import NotFound, UsageError
from monitor.model import Article


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("explain")(explain)


def explain(
    words: Annotated[
        list[str],
        typer.Argument(metavar="[TOPIC] ARTICLE|URL", help="An article's id or address, a seed, or a file."),
    ],
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """Say why topics match an article, or why not.

    With a topic: each clause of its query with its hits, or its nearest miss. Without: a line for each topic that
    matches or nearly does. Then what became of the article; of an address that was never received, why.
    Exit code 1: no such article.

    Example: monitor explain november-1-tariff seed:000_7c8b6c707bacfb31.txt
    """
    if len(words) > 2:
        raise UsageError(f"{len(words)} words are too many", hint="name a topic, if you like, and one article")
    place = program.find_place(config)
    loaded = program.load_to_read(place)
    warn_of_faults(loaded)
    live = program.Live(loaded.watchlist, loaded.refusals)
    topics, name = words[:-1], words[-1]
    local = find_local(place, name)
    if local is not None:
        told = program.explain_document(live, local[0], topics, is_seed=local[1])
        _put(name, told, None, is_whole=bool(topics), as_json=as_json)
        return
    with program.open_store(loaded.config, place) as store:
        article = program.find_stored(store, name)
        if article is not None:
            told = program.explain_stored(store, live, article, topics)
            _put(article.ref, told, article, is_whole=bool(topics), as_json=as_json)
            return
        if not program.is_address(name):
            raise NotFound(f"no article {name!r}", hint="`monitor articles` shows the ids; a file can be named, too")
        found = program.not_received(store, name)
    if as_json:
        put_json(program.not_received_object(found))
    else:
        put(f"{name} was never received")
        for line in found.lines:
            put(f"  {line}")
    raise typer.Exit(1)


def _put(name: str, told: list[program.Told], article: Article | None, *, is_whole: bool, as_json: bool) -> None:
    if as_json:
        for one in told:
            put_json(program.told_object(name, one, article))
        return
    if article is not None:
        _put_article(article)
    for one in told:
        lines = one.explanation.lines()
        put("\n".join(lines) if is_whole else next(lines))
        if one.fate is not program.Fate.MISSED:  # the first line says why
            put(f"  → {one.fate}: {one.why}")
    if not told:
        put("no topic matches it, or nearly does; name one to see its clauses")


def _put_article(article: Article) -> None:
    put(f"{article.ref}  {article.title}")
    facts = (article.source, f"first seen {day_time(article.first_seen)}", program.completeness_of(article))
    put("  " + "; ".join(fact for fact in facts if fact))
