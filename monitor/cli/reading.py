"""`clean`, `match`: what a page says, and which topics it is about. They do without a configuration."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor import app as program
from monitor.clean import document
from monitor.cli.console import marked, out, plain, put, put_facts, put_json, say
from monitor.cli.options import ConfigFolder, JsonObject
from monitor.cli.report import warn_of_faults
from monitor.errors import MonitorError, UsageError
from monitor.model import Document, Match, PageText, Problem, Sentence

_MAX_BYTES = 50_000_000


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("clean")(clean)
    app.command("match")(match)


def clean(
    page: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="A file, an address, or - for standard input.")],
    url: Annotated[str, typer.Option(metavar="URL", help="The address the page came from.")] = "",
    site_rule: Annotated[
        str, typer.Option("--site-rule", metavar="RULE", help="Read it by this rule, as under `sites` in monitor.yaml.")
    ] = "",
    why: Annotated[bool, typer.Option("--why", help="Say where the text and each fact came from.")] = False,
    config: ConfigFolder = None,
    as_json: JsonObject = False,
) -> None:
    """Print the text and metadata of one page or plain text.

    Exit code 1: no article text was found.

    Example: monitor clean https://example.org/a --why --site-rule '{keep: "article .body", drop: [.related, aside]}'
    """
    found = _read(config, page, url, site_rule)
    if as_json:
        put_json(_page_object(found) | (_more(found) if why else {}))
    else:
        _print_page(found, why=why)
    if not found.text:
        raise typer.Exit(1)


def match(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE…|-", help="Pages, texts, or .jsonl archives; - for stdin.")
    ] = None,
    seeds: Annotated[bool, typer.Option("--seeds", help="Match the seed articles.")] = False,
    topic: Annotated[str, typer.Option("--topic", metavar="ID", help="This topic only.")] = "",
    config: ConfigFolder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, an object a match.")] = False,
) -> None:
    """Print which topics match pages, texts or archives.

    Example: monitor match --seeds --topic rare-earth-controls
    """
    if not files and not seeds:
        raise UsageError("nothing to match", hint="name files, - for standard input, or --seeds")
    place = program.find_place(config)
    loaded = program.load_to_read(place)
    warn_of_faults(loaded)
    watchlist = loaded.watchlist
    if topic:
        program.require_topic(loaded, topic)
    read = matched = broken = 0
    for name, article in _chain(_seeds(place) if seeds else (), _documents(config, files or [])):
        if isinstance(article, str):
            say(f"{name}: {article}")
            broken += 1
            continue
        found = [one for one in watchlist.match(article) if topic in {"", one.topic}]
        for one in found:
            _put_match(name, article, one, as_json=as_json)
        read += 1
        matched += bool(found)
    if not as_json:
        say(f"{matched} of {read} matched" + (f", {broken} broken" if broken else ""))
    if broken:
        raise typer.Exit(1)


def _chain(*parts: Iterable[tuple[str, Document | str]]) -> Iterator[tuple[str, Document | str]]:
    for part in parts:
        yield from part


def _seeds(place: program.Place) -> Iterator[tuple[str, Document | str]]:
    yield from program.documents_of(program.seed_articles(program.load_seeds(place.state), program.now())).items()


def find_local(place: program.Place, name: str) -> tuple[Document, bool] | None:
    """Return a seed or a file as the matcher sees it, and whether it is a seed; None: the name is neither's."""
    for seed, found in _seeds(place):
        if name in {seed, f"seed:{seed}"} and isinstance(found, Document):
            return found, True
    if name == "-" or _is_file(name):
        return _document(_read(place.config, name, "")), False
    return None


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:  # longer than a name may be, as an address can be
        return False


def _documents(config: Path | None, files: list[str]) -> Iterator[tuple[str, Document | str]]:
    """Yield each name with its document, or with what is wrong with it."""
    for name in files:
        if name.endswith(".jsonl"):
            yield from _archive(name)
        else:
            page = _read(config, name, "")
            is_killed = page.problem is not None and page.problem.problem in {Problem.HARMFUL, Problem.INTERNAL}
            yield Path(name).name, str(page.problem) if is_killed else _document(page)


def _document(page: PageText) -> Document:
    language = page.language or program.language_of(page)
    return Document(title=page.title, text=page.text, language=language, url=page.canonical, time=page.published)


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


def _read(config: Path | None, name: str, url: str, typed: str = "") -> PageText:
    if name.startswith(("http://", "https://")):
        place = program.find_place(config)
        rule = program.site_rule(place, name, typed)
        result = asyncio.run(program.fetch_page(place, name, rule=rule))
        if result.error is not None:
            raise MonitorError(f"{name}: {result.error}", hint=program.what_to_do(result.error.problem))
        at = url or result.final_url
        return asyncio.run(program.clean_untrusted(result.body, at, result.content_type, rule=rule))
    body = _bytes_of(name)
    rule = program.site_rule(program.find_place(config), url, typed) if typed else None
    kind = "" if _is_html(name, body) else "text/plain"
    page = asyncio.run(program.clean_untrusted(body, url, kind, rule=rule))
    return replace(page, canonical=page.canonical or url)


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


def _more(page: PageText) -> dict[str, Any]:
    return {
        "modified": page.modified_text or None,
        "section": page.section or None,
        "is_free": page.is_free,
        "why": dict(page.evidence),
    }


def _print_page(page: PageText, *, why: bool) -> None:
    facts = [
        ("title", page.title),
        ("authors", ", ".join(page.authors)),
        ("published", page.published_text),
        ("modified", page.modified_text),
        ("section", page.section),
        ("language", page.language or program.language_of(page)),
        ("site", page.site),
        ("canonical", page.canonical),
        ("image", page.image),
        ("dateline", page.dateline),
        ("agency", page.agency),
        ("problem", str(page.problem) if page.problem else ""),
    ]
    facts += [(f"{name} from", place) for name, place in page.evidence if why]
    put_facts(facts)
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
