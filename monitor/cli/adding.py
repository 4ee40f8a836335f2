"""`feeds add`, `feeds fix` and `feeds test`: what is at an address, and what becomes of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import typer

from monitor import app as program
from monitor.cli.console import day_time, err, progress_bar, put, put_json, say
from monitor.cli.options import ConfigFolder, JsonObject
from monitor.errors import MonitorError, UsageError
from monitor.model import WHAT_TO_DO, FeedSpec, Picks

_DAY_S = 86_400

Links = Annotated[
    str, typer.Option("--links", metavar="CSS", help="It is a page without a feed: what its links to articles are.")
]
Dates = Annotated[str, typer.Option("--date", metavar="CSS", help="With --links: where the date beside a link is.")]
Pick = Annotated[
    list[int] | None, typer.Option("--pick", metavar="N", help="Of several, take the one with this number.")
]


def register(feeds: typer.Typer) -> None:
    """Add the commands to `feeds`."""
    feeds.command("add")(add)
    feeds.command("fix")(fix)
    feeds.command("test")(show_trial)


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of a feed, or of a page that has some.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="What to call it.")] = "",
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag; may be given again.")] = None,
    links: Links = "",
    date: Dates = "",
    pick: Pick = None,
    take_all: Annotated[bool, typer.Option("--all", help="Of several, take all.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Add it though it cannot be read now.")] = False,
    config: ConfigFolder = None,
    as_json: JsonObject = False,
) -> None:
    """Add a feed, or find the feeds of a page and add some.

    Their last entries are shown; of several you are asked which.

    Known are also the feeds of YouTube, GitHub, GitLab, Mastodon, Reddit, Substack, WordPress, Medium, Bluesky, Blogger
    and Hacker News. What is added goes to feeds.d/added.yaml, which the program owns; a running daemon takes it over.

    Example: monitor feeds add https://www.mining.com/ --tag minerals
    """
    place = program.find_place(config)
    spec = _spec(url, links, date)
    with progress_bar("looking for feeds", None) as progress:
        search = asyncio.run(program.find_feeds(place, spec, progress))
    if not as_json:
        _show(search.found)
    if search.is_feed:
        chosen = [spec.url]
    elif search.found:
        chosen = [one.url for one in _choose(search.found, pick or [], take_all=take_all)]
    elif force:
        chosen = [spec.url]
    else:
        problem = search.failure or "no feed found"
        hint = "not added; add it all the same with --force, or name the page's links with --links CSS"
        raise MonitorError(f"{spec.url}: {problem}; {search.tried} addresses tried", hint=hint)
    added, known = program.add_feeds(
        place.config, [replace(spec, url=one, name=name, tags=tuple(tag or ())) for one in chosen]
    )
    if not added:
        raise UsageError("; ".join(f"{one.url} is already in {one.where}" for one in known), hint="edit it there")
    if as_json:
        urls = {"added": [one.url for one in added], "known": [one.url for one in known]}
        put_json(urls | {"found": [_found(one) for one in search.found]})
        return
    for one in added:
        put(f"added {one.url} to {place.config / 'feeds.d' / 'added.yaml'}")


def fix(
    url: Annotated[str, typer.Argument(metavar="URL", help="The feed's present address.")],
    pick: Pick = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take the new address without being asked.")] = False,
    config: ConfigFolder = None,
    as_json: JsonObject = False,
) -> None:
    """Give a feed that moved its new address.

    That is where it redirects to, or what its site names now. It keeps its history. Of a feed that you wrote into a
    file yourself, the line to write is shown.

    Example: monitor feeds fix https://www.example.org/old-feed.xml
    """
    place = program.find_place(config)
    search = asyncio.run(program.find_move(place, url))
    found = [one for one in search.found if one.url != url]
    if not found and search.is_feed:
        put_json({"feed": url, "moved_to": None}) if as_json else put(f"{url} answers where it is: nothing to mend")
        return
    if not found:
        hint = WHAT_TO_DO[search.failure.problem] if search.failure else "look for the feed on the site"
        raise MonitorError(f"{url}: {search.failure or 'no feed found'}; its site names no other feed", hint=hint)
    if not as_json:
        _show(found)
    (new,) = _choose(found, pick or [], take_all=False)[:1]
    if not yes and not _is_asked(f"Is {new.url} the new address of {url}?"):
        raise UsageError(f"{url} would become {new.url}", hint="run it again with --yes; nothing was changed")
    program.move_feed(place.config, url, new.url)
    put_json({"feed": url, "moved_to": new.url}) if as_json else put(f"{url} is now {new.url}")


def show_trial(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of a feed, or of a page with --links.")],
    links: Links = "",
    date: Dates = "",
    config: ConfigFolder = None,
    as_json: JsonObject = False,
) -> None:
    """Fetch and read a feed, and say step by step what happened.

    A feed of the configuration is asked as it is written there, with its headers, login and words. Nothing is stored.
    Exit code 1: it cannot be read.

    Example: monitor feeds test https://www.ministry.example/press --links ".press h2 a"
    """
    spec = _spec(url, links, date, is_checked=False)
    trial = asyncio.run(program.try_feed(program.find_place(config), spec.url, spec))
    if as_json:
        put_json(_trial(trial))
    else:
        for line in trial.lines:
            put(line)
    if not trial.is_good:
        raise typer.Exit(1)


def _spec(url: str, links: str, date: str, *, is_checked: bool = True) -> FeedSpec:
    if "://" not in url and "." in url.partition("/")[0]:
        url = f"https://{url}"
    if is_checked and (why := program.address_fault(url)):
        raise UsageError(why, hint="it starts with https:// or http://")
    if date and not links:
        raise UsageError("--date is of no use without --links", hint="name the links of the page, too")
    for selector in (links, date):
        if selector and (why := program.selector_fault(selector)):
            raise UsageError(why, hint="for example --links 'h2 a'")
    return FeedSpec(url=url, picks=Picks(links=links, date=date) if links else None)


def _choose(found: Sequence[program.Found], numbers: list[int], *, take_all: bool) -> list[program.Found]:
    if take_all:
        return list(found)
    if not numbers and (len(found) > 1 or found[0].is_whole_site):
        if not (err.is_terminal and sys.stdin.isatty()):
            what = "only a list of all pages found" if found[0].is_whole_site else f"{len(found)} feeds found"
            raise UsageError(what, hint="take one with --pick N, or all with --all")
        numbers = [typer.prompt("Which one?", type=int, default=1, err=True)]
    for number in numbers:
        if not 1 <= number <= len(found):
            raise UsageError(f"there is no number {number}", hint=f"they are 1 to {len(found)}")
    return [found[number - 1] for number in numbers] or [found[0]]


def _is_asked(question: str) -> bool:
    return err.is_terminal and sys.stdin.isatty() and typer.confirm(question, err=True)


def _show(found: Sequence[program.Found]) -> None:
    for number, one in enumerate(found, 1):
        say(f"{number}  {one.title or '(no title)'}  {one.url}")
        say(f"   {one.format}, {one.entries} entries, the newest {_age(one.newest)}")
        for title in one.titles:
            say(f"   - {title}")


def _age(newest: datetime | None) -> str:
    if newest is None:
        return "without a date"
    days = (program.now() - newest).total_seconds() / _DAY_S
    return "in the future" if days < -1 else "of today" if days < 1 else f"{days:.0f} days old"


def _found(one: program.Found) -> dict[str, Any]:
    return {
        "url": one.url,
        "title": one.title or None,
        "format": one.format,
        "entries": one.entries,
        "newest": day_time(one.newest) or None,
        "titles": list(one.titles),
    }


def _trial(trial: program.FeedTrial) -> dict[str, Any]:
    parsed, result = trial.parsed, trial.result
    return {
        "url": trial.url,
        "problem": str(trial.failure.problem) if trial.failure else None,
        "steps": [line for line in trial.lines if not line.startswith("  ")],
        "final_url": result.final_url,
        "status": result.status or None,
        "bytes": result.raw_bytes,
        "decoded_bytes": len(result.body),
        "elapsed_ms": round(result.elapsed_s * 1000),
        "format": parsed.format if parsed else None,
        "title": parsed.title if parsed else None,
        "skipped": parsed.skipped if parsed else 0,
        "next_s": round(trial.next_s) if trial.next_s is not None else None,
        "entries": [
            {"id": entry.key, "title": entry.title, "url": entry.url, "published": day_time(entry.published) or None}
            for entry in (parsed.entries if parsed else ())
        ],
    }
