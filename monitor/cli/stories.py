"""`stories`: what the store has on one event, and who published it when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.console import day_time, minute, put, put_facts, put_json, put_table, say
from monitor.cli.facts import put_sheet, sheet_object
from monitor.cli.options import ConfigFolder, JsonLines, JsonObject
from monitor.dedupe import fact_sheet
from monitor.errors import NotFound
from monitor.model import Article
from monitor.ports import Store, StoryRow
from monitor.text.domains import outlet

stories = typer.Typer(help="The stories: articles on one event.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(stories, name="stories")


@stories.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 30,
    several: Annotated[bool, typer.Option("--several", help="Only stories that several outlets tell.")] = False,
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """List stories, newest first.

    Example: monitor stories list --several
    """
    with program.stored(config) as store:
        rows = []
        for story in store.stories(newest_first=True):
            if not several or story.outlets + story.unsourced > 1:
                rows.append(story)
            if len(rows) == limit:
                break
    for story in rows if as_json else ():
        put_json(program.story_object(story))
    if not as_json:
        put_table(
            ["id", "first seen", "articles", "outlets", "texts", "title"],
            [
                (
                    str(story.id),
                    minute(story.first_seen),
                    str(len(story.articles)),
                    str(story.outlets),
                    str(story.texts),
                    story.title or "(no title)",
                )
                for story in rows
            ],
        )
        if not rows:
            say("no stories yet: `monitor run` or `monitor once` brings some")


@stories.command("show")
def show(
    ref: Annotated[str, typer.Argument(metavar="ID|ARTICLE", help="A story's id, or an article's id or address.")],
    config: ConfigFolder = None,
    as_json: JsonObject = False,
) -> None:
    """Show one story: who told it when, and what they say.

    Copies stand under what they copied. Then come days, rates, amounts and people: first where sources disagree.

    Example: monitor stories show 7318349394477056
    """
    with program.stored(config) as store:
        story = _find(store, ref)
        articles = store.story_articles(story.id, bodies=True)
    told = _timeline(articles)
    sheet = fact_sheet([article for article, _ in told])
    if as_json:
        timeline = [_told_object(*one) for one in told]
        put_json(program.story_object(story) | {"timeline": timeline} | sheet_object(sheet))
        return
    put_facts(
        [
            ("story", story.id),
            ("title", story.title),
            ("articles", _summary(story)),
            ("first seen", day_time(story.first_seen)),
            ("last seen", day_time(story.last_seen)),
            ("outlets", sorted({_outlet(article) for article in articles} - {""})),
        ]
    )
    put()
    for article, copies in told:
        put(f"{_when(article)}  {_outlet(article) or '(unknown)'}  {article.title or '(no title)'}")
        put(f"    {article.ref}  {article.url}".rstrip())
        if copies:
            put(f"    {_copies(copies)}")
    put_sheet(sheet)


def _find(store: Store, ref: str) -> StoryRow:
    found = store.story(int(ref)) if ref.isascii() and ref.isdigit() and len(ref) < 20 else None
    if found is None and (article := store.find_article(ref)) is not None and article.story_id is not None:
        found = store.story(article.story_id)
    if found is None:
        raise NotFound(f"no story {ref!r}", hint="run `monitor stories list` for the ids")
    return found


def _timeline(articles: Sequence[Article]) -> list[tuple[Article, list[Article]]]:
    """Return the articles that are no copies by their times, each with its copies."""
    copies: dict[int, list[Article]] = {}
    for article in articles:
        if article.duplicate_of is not None:
            copies.setdefault(article.duplicate_of, []).append(article)
    originals = sorted((one for one in articles if one.duplicate_of is None), key=_order)
    return [(original, sorted(copies.get(original.id, ()), key=_order)) for original in originals]


def _order(article: Article) -> tuple[str, int]:
    return (article.time or article.first_seen).isoformat(), article.id


def _summary(story: StoryRow) -> str:
    counts = ((len(story.articles), "article"), (story.outlets, "outlet"), (story.texts, "independent text"))
    parts = [f"{count} {what}{'' if count == 1 else 's'}" for count, what in counts]
    if story.unsourced:
        parts.insert(2, f"{story.unsourced} of unknown source")
    return ", ".join(parts)


def _copies(copies: Sequence[Article]) -> str:
    kinds: dict[str, list[str]] = {}
    for copy in copies:
        kinds.setdefault(str(copy.copy_kind) or "copy", []).append(_outlet(copy) or "(unknown)")
    shown = "; ".join(f"{kind}: {', '.join(dict.fromkeys(outlets))}" for kind, outlets in kinds.items())
    return f"{len(copies)} {'copy' if len(copies) == 1 else 'copies'} ({shown})"


def _when(article: Article) -> str:
    return article.published_text or (minute(article.time) if article.time else "undated")


def _outlet(article: Article) -> str:
    return outlet(article.source, article.site) or article.feed_name


def _told_object(article: Article, copies: Sequence[Article]) -> Mapping[str, object]:
    return {
        "id": article.ref,
        "published": article.published_text or None,
        "first_seen": day_time(article.first_seen),
        "outlet": _outlet(article) or None,
        "title": article.title,
        "url": article.url or None,
        "copies": [{"id": copy.ref, "outlet": _outlet(copy) or None, "kind": str(copy.copy_kind)} for copy in copies],
    }
