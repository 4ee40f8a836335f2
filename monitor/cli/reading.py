"""`clean` and `match`: what a page says, and which topics it is about. They need no store and no configuration."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor import app as program
from monitor.clean import clean_page, clean_text, document
from monitor.cli.console import marked, out, plain, put, put_json, put_table, say
from monitor.errors import MonitorError, NotFound, UsageError
from monitor.match import Watchlist
from monitor.model import Document, FetchResult, Match, PageText, Sentence

_MAX_BYTES = 50_000_000


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("clean")(clean)
    app.command("match")(match)


def clean(
    context: typer.Context,
    page: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="A file, an address, or - for standard input.")],
    url: Annotated[str, typer.Option(help="The address the page came from.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print the text and metadata of one page or plain text.

    Example: monitor clean article.html --url https://example.org/a --json
    """
    found = _read(context, page, url)
    if as_json:
        put_json(_page_object(found))
    else:
        _print_page(found)
    if found.problem is not None:
        raise typer.Exit(1)


def match(
    context: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE…|-]", help="Pages, texts, or .jsonl archives; - for stdin.")
    ] = None,
    seeds: Annotated[bool, typer.Option("--seeds", help="Match the seed articles.")] = False,
    topic: Annotated[str, typer.Option("--topic", metavar="ID", help="This topic only.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON line per match.")] = False,
) -> None:
    """Print which topics match a page, a text, or each article of an archive.

    Example: monitor match --seeds --topic rare-earth-controls
    """
    if not files and not seeds:
        raise UsageError("nothing to match", hint="name files, - for standard input, or --seeds")
    place = program.find_place(context.obj)
    watchlist = program.load(place).watchlist
    if topic and watchlist.topic(topic) is None:
        raise unknown_topic(topic, watchlist)
    documents = _seeds(place) if seeds else iter(())
    failures = 0
    for name, article in _chain(documents, _documents(context, files or [])):
        if isinstance(article, str):
            say(f"{name}: {article}")
            failures += 1
            continue
        for found in watchlist.match(article):
            if not topic or found.topic == topic:
                _put_match(name, article, found, as_json=as_json)
    if failures:
        raise typer.Exit(1)


def unknown_topic(topic: str, watchlist: Watchlist) -> NotFound:
    """Return the error for a topic that is not in the watchlist, with the nearest one."""
    from difflib import get_close_matches

    near = get_close_matches(topic, [one.spec.id for one in watchlist.topics], 1)
    hint = f"did you mean {near[0]}?" if near else "run `monitor topics list`"
    return NotFound(f"no topic {topic!r} in the watchlist", hint=hint)


def _chain(*parts: Iterator[tuple[str, Document | str]]) -> Iterator[tuple[str, Document | str]]:
    for part in parts:
        yield from part


def _seeds(place: program.Place) -> Iterator[tuple[str, Document | str]]:
    yield from program.seed_documents(place.state).items()


def _documents(context: typer.Context, files: list[str]) -> Iterator[tuple[str, Document | str]]:
    """Yield each name with its document, or with what is wrong with it."""
    for name in files:
        if name.endswith(".jsonl"):
            yield from _archive(name)
        else:
            page = _read(context, name, "")
            language = page.language or program.language_of(page)
            yield (
                Path(name).name if name != "-" else "-",
                Document(title=page.title, text=page.text, language=language, url=page.canonical, time=page.published),
            )


def _archive(name: str) -> Iterator[tuple[str, Document | str]]:
    try:
        with Path(name).open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    article = program.archived_article(line)
                except ValueError as error:
                    yield f"{name}:{number}", str(error)
                else:
                    yield article.ref, document(article)
    except OSError as error:
        raise MonitorError(f"{name}: {error.strerror}", hint="check the file's name and permissions") from error


def _read(context: typer.Context, name: str, url: str) -> PageText:
    if name.startswith(("http://", "https://")):
        result = asyncio.run(_fetch(context, name))
        if result.error is not None:
            raise MonitorError(f"{name}: {result.error}", hint=program.what_to_do(result.error.problem))
        return clean_page(result.body, url or result.final_url, result.content_type)
    body = _bytes_of(name)
    if _is_html(name, body):
        return clean_page(body, url)
    page = clean_text(body.decode("utf-8", "replace"))
    return replace(page, canonical=page.canonical or url)


async def _fetch(context: typer.Context, url: str) -> FetchResult:
    return await program.fetch_page(program.find_place(context.obj), url)


def _bytes_of(name: str) -> bytes:
    try:
        body = sys.stdin.buffer.read(_MAX_BYTES + 1) if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise MonitorError(f"{name}: {error.strerror}", hint="check the file's name and permissions") from error
    if len(body) > _MAX_BYTES:
        raise MonitorError(f"{name}: over {_MAX_BYTES // 1_000_000} MB", hint="cut it into parts")
    return body


def _is_html(name: str, body: bytes) -> bool:
    head = body[:4096].lstrip().lower()
    return name.lower().endswith((".html", ".htm", ".xhtml")) or head.startswith(b"<") or b"<html" in head


def _page_object(page: PageText) -> dict[str, Any]:
    return {
        "text": page.text,
        "title": page.title or None,
        "authors": list(page.authors),
        "published": page.published_text or None,
        "date": page.published_text[:10] or None,
        "language": page.language or program.language_of(page) or None,
        "site": page.site or None,
        "canonical": page.canonical or None,
        "image": page.image or None,
        "problem": str(page.problem.problem) if page.problem else None,
    }


def _print_page(page: PageText) -> None:
    facts = [
        ("title", page.title),
        ("authors", ", ".join(page.authors)),
        ("published", page.published_text),
        ("language", page.language or program.language_of(page)),
        ("site", page.site),
        ("canonical", page.canonical),
        ("image", page.image),
        ("dateline", page.dateline),
        ("agency", page.agency),
        ("problem", str(page.problem) if page.problem else ""),
    ]
    put_table(["", ""], [(name, value) for name, value in facts if value])
    if page.text:
        put()
        put(page.text)


def _put_match(name: str, article: Document, found: Match, *, as_json: bool) -> None:
    if as_json:
        put_json({"article": name, "topic": found.topic, "spans": [program.span_object(span) for span in found.spans]})
        return
    put(f"{name}: {found.topic}")
    for sentence in program.evidence(article, found):
        _put_sentence(sentence)


def _put_sentence(sentence: Sentence) -> None:
    line = marked(sentence)
    line.pad_left(4)
    out.print(line) if out.is_terminal else put("    " + plain(sentence.text))
