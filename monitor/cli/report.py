"""The seed report: which topics the seed articles are about, with the sentence behind each hit."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.text import Text

from monitor import app as program
from monitor.cli.console import marked, out, plain, put, put_table, say, tell
from monitor.errors import ConfigError
from monitor.model import Origin

_SHOWN = 5


def tell_refusals(refusals: program.Refusals | None) -> None:
    """Tell all that is wrong with topics, and what goes on in their place."""
    if refusals is None:
        return
    for error in refusals.errors:
        tell(error)
    if refusals.kept:
        say(f"their last good version goes on: {', '.join(refusals.kept)}")
    if refusals.left_out:
        say(f"left out: {', '.join(refusals.left_out)}")


def warn_of_faults(loaded: program.Loaded) -> None:
    """Tell in a line each that the configuration or topics of it are not used as they are written."""
    if loaded.broken is not None:
        say(f"{_first(loaded.broken.errors)}; the last good configuration is used")
        say("  → monitor check says what is wrong")
    refusals = loaded.refusals
    if refusals is None:
        return
    kept = [f"the last good version of {_few(refusals.kept)} goes on"] if refusals.kept else []
    left_out = [f"left out: {_few(refusals.left_out)}"] if refusals.left_out else []
    say("; ".join([_first(refusals.errors), *kept, *left_out]))
    say("  → monitor check says what is wrong")


def _first(errors: Sequence[ConfigError]) -> str:
    first = textwrap.shorten(errors[0].message, 200, placeholder=" …")
    return first if len(errors) == 1 else f"{first} (and {len(errors) - 1} more to mend)"


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def print_new_seed_report(app: program.App) -> None:
    """Print the seed report, once for each watchlist."""
    version = app.context.watch.watchlist.version
    if app.store.note("seed-report") == version:
        return
    seeds = list(app.store.articles(newest_first=False, origin=Origin.SEED, bodies=True))
    print_seed_report(program.seed_report(seeds, app.context.watch.watchlist))
    app.store.note("seed-report", version)


def print_seed_report(report: program.SeedReport) -> None:
    """Print the table seeds × topics and, below it, the sentence behind each cell."""
    if not report.seeds or not report.topics:
        return
    names = [article.ref.removeprefix("seed:").split("_")[0] for article in report.seeds]
    put("Seed report: which topics the seed articles are about")
    put()
    put_table(
        ["topic", *names],
        [
            (topic, *("●" if (article.ref, topic) in report.cells else "·" for article in report.seeds))
            for topic, _name in report.topics
        ],
    )
    for article, name in zip(report.seeds, names, strict=True):
        put()
        put(f"{name}  {article.title or _opening(article.text)}  ({article.published_text or 'no date'})")
        for topic, topic_name in report.topics:
            cell = report.cells.get((article.ref, topic))
            if cell and cell[1]:
                out.print(Text(f"    {plain(topic_name)}: ").append_text(marked(cell[1])))
    put()


def _opening(text: str) -> str:
    """Return the first words of a text, for one that has no title."""
    return textwrap.shorten(text, 80, placeholder=" …")
