"""`articles`, `show`, `ingest`, `export`: what the store holds, in and out."""

from __future__ import annotations

import asyncio
import io
import sys
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from monitor import app as program
from monitor.cli.console import day_time, minute, progress_bar, put, put_facts, put_json, put_table, say
from monitor.cli.options import ConfigFolder, JsonLines, JsonObject
from monitor.cli.report import warn_of_faults
from monitor.errors import MonitorError, NotFound, StoreLocked
from monitor.model import Article, Stage, StoredMatch


class What(StrEnum):
    """What can be exported."""

    ARTICLES = "articles"
    STORIES = "stories"
    MATCHES = "matches"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("articles")(articles)
    app.command("show")(show)
    app.command("ingest")(ingest)
    app.command("export")(export)


def articles(
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 30,
    stage: Annotated[Stage | None, typer.Option(help="Articles at this stage only.")] = None,
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """List the articles in the store, newest first.

    Example: monitor articles --limit 100
    """
    with program.stored(config) as store:
        rows = list(store.articles(limit=limit, stage=stage))
    for article in rows if as_json else ():
        put_json(_article_object(article))
    if not as_json:
        put_table(
            ["id", "first seen", "text", "source", "title"],
            [
                (
                    article.ref,
                    minute(article.first_seen),
                    f"copy of {article.duplicate_of}" if article.duplicate_of else str(article.completeness),
                    article.source or article.feed_name,
                    article.title or "(no title)",
                )
                for article in rows
            ],
        )
        if not rows:
            say(
                f"no articles at stage {stage}"
                if stage
                else "no articles yet: `monitor run` or `monitor once` brings some"
            )


def show(
    ref: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id or address.")],
    config: ConfigFolder = None,
    diff: Annotated[bool, typer.Option("--diff", help="What its edits changed, sentence by sentence.")] = False,
    as_json: JsonObject = False,
) -> None:
    """Show one article: source, text, copies, and topics.

    Example: monitor show seed:002_5291f4ef956d26a7.txt
    """
    with program.stored(config) as store:
        article = store.find_article(ref)
        if article is None:
            raise NotFound(f"no article {ref!r}", hint="run `monitor articles` for the ids")
        original = store.article(article.duplicate_of) if article.duplicate_of else None
        copies = store.copies(article.id)
        matches = list(store.matches(article_id=article.id))
        earlier = store.earlier_texts(article.id) if diff else []
    edits = program.edits(article, earlier)
    facts = _article_object(article) | _page_object(article)
    if original is not None:
        facts["duplicate_of"] = original.ref
    if as_json:
        put_json(
            facts
            | ({"edits": edits} if diff else {})
            | {
                "text": article.text,
                "copies": [copy.ref for copy in copies],
                "matches": [_match_object(match) for match in matches],
            }
        )
        return
    put_facts(facts.items())
    put_facts([("copy", f"{copy.ref}  {copy.source}  {copy.url}") for copy in copies])
    put_facts([(f"topic {match.topic}", list(dict.fromkeys(span.text for span in match.spans))) for match in matches])
    put()
    if not diff:
        put(article.text)
        return
    for edit in edits:
        put(f"until {edit['until']}, revision {edit['revision']}")
        for line in edit["lines"]:
            put(f"  {line}")
    if not edits:
        say("no edit changed what it says")


def ingest(
    file: Annotated[str, typer.Argument(metavar="FILE.jsonl|-", help="An archive: a JSON object a line; - for stdin.")],
    alert: Annotated[bool, typer.Option("--alert", help="Alert on what matches, as if a feed had brought it.")] = False,
    config: ConfigFolder = None,
) -> None:
    """Bring an archive of articles in.

    A broken line is reported with its number and skipped; the exit code is then 1.

    Example: monitor ingest archive.jsonl
    """
    place = program.find_place(config)
    total = None if file == "-" else _count_lines(Path(file))
    loaded = program.load_to_read(place)
    with (
        program.open_store(loaded.config, place) as store,
        _lines_of(file) as lines,
        progress_bar("reading", total) as step,
    ):
        result = program.add_lines(store, lines, is_silent=not alert, progress=step)
    for number, what in result.broken:
        say(f"{file}:{number}: {what}")
    warn_of_faults(loaded)
    try:
        with program.open_app(place) as app, progress_bar("studying", result.new + result.revised) as step:
            asyncio.run(_study(app, step))
    except StoreLocked:
        say("a daemon is running: it studies the new articles")
    put(f"{result.new} new, {result.revised} revised, {result.known} known, {len(result.broken)} broken")
    if result.broken:
        raise typer.Exit(1)


def export(
    what: Annotated[What, typer.Argument(metavar="WHAT", help="What to write.")],
    _jsonl: Annotated[
        bool, typer.Option("--jsonl", show_default=False, help="As JSON lines; there is no other form.")
    ] = True,
    config: ConfigFolder = None,
) -> None:
    """Write all articles, stories or matches out.

    To stdout, a JSON object a line, oldest first.

    Example: monitor export articles --jsonl > archive.jsonl
    """
    lines = {What.ARTICLES: program.article_lines, What.STORIES: program.story_lines, What.MATCHES: program.match_lines}
    with program.stored(config) as store, progress_bar(f"writing {what}", None) as step:
        for line in lines[what](store):
            put_json(line)
            step(1)


async def _study(app: program.App, step: program.Progress) -> None:
    try:
        await program.study_archive(app, step)
    finally:
        await program.close(app)


def _lines_of(file: str) -> AbstractContextManager[TextIO]:
    # Standard input stays open: it is not ours to close.
    if file == "-":
        return nullcontext(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace"))
    return Path(file).open(encoding="utf-8", errors="replace")


def _count_lines(file: Path) -> int:
    try:
        with file.open("rb") as lines:
            return sum(1 for _ in lines)
    except OSError as error:
        raise MonitorError(f"{file}: {error.strerror}", hint="check the file's name and permissions") from error


def _article_object(article: Article) -> dict[str, object]:
    return {
        "id": article.ref,
        "title": article.title,
        "url": article.url or None,
        "source": article.source or None,
        "feed": article.feed_name or None,
        "published": article.published_text or None,
        "published_from": str(article.published_from) or None,
        "first_seen": day_time(article.first_seen),
        "authors": list(article.authors),
        "language": article.language or None,
        "completeness": str(article.completeness),
        "problem": str(article.failure) if article.failure else None,
        "stage": str(article.stage),
        "story_id": str(article.story_id) if article.story_id else None,
        "duplicate_of": str(article.duplicate_of) if article.duplicate_of else None,
        "copy_kind": str(article.copy_kind) or None,
        "revision": article.revision,
        "note": article.note or None,
    }


def _page_object(article: Article) -> dict[str, object]:
    """Return what else was found where the article was read."""
    names = ("site", "image", "dateline", "agency")
    return {name: getattr(article, name) or None for name in names}


def _match_object(match: StoredMatch) -> dict[str, object]:
    return {
        "topic": match.topic,
        "phase": str(match.phase),
        "spans": [program.span_object(span) for span in match.spans],
        "watchlist": match.watchlist_version,
        "alerted_at": match.alerted_at or None,
    }
