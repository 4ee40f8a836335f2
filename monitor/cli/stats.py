"""`topics stats`: how well topics do by what people said of their alerts, and what to exclude."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.console import minute, progress_bar, put, put_json, put_table, say
from monitor.cli.options import ConfigFolder, JsonLines
from monitor.cli.report import warn_of_faults


def register(topics: typer.Typer) -> None:
    """Add the command to `topics`."""
    topics.command("stats")(stats)


def stats(
    topic: Annotated[str, typer.Argument(metavar="[TOPIC]", help="This one only.")] = "",
    days: Annotated[float, typer.Option(min=0.01, max=36_500, metavar="N", help="Of the last N days.")] = 30,
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """Show what topics alerted, and how much of it was of use.

    Precision is the share of alerts that nobody called irrelevant (`monitor alerts irrelevant`). After three such
    articles of a topic it is told what its `not` might exclude, and what that would have cost. What goes to several
    recipients counts once.

    Example: monitor topics stats rare-earth-controls --days 90
    """
    place = program.find_place(config)
    loaded = program.load_to_read(place)
    warn_of_faults(loaded)
    if topic:
        program.require_topic(loaded, topic)
    names = [one.id for one in loaded.watchlist.topics if topic in {"", one.id}]
    with program.open_store(loaded.config, place) as store, progress_bar("counting", len(names)) as step:
        found = list(program.topic_stats(store, loaded, names, days=days, progress=step))
    if as_json:
        for one in found:
            put_json(one.as_object())
        return
    put_table(
        ["topic", "alerts", "updates", "articles", "stories", "a day", "last hit", "irrelevant", "precision"],
        [_row(one) for one in found],
    )
    for one in found:
        _suggest(one)
    if not any(one.irrelevant + one.relevant for one in found):
        say("nobody said of an alert whether it was of use: monitor alerts irrelevant ID")


def _row(one: program.TopicStats) -> tuple[str, ...]:
    tally, judged = one.tally, one.irrelevant + one.relevant
    precision = "" if one.precision is None else f"{100 * one.precision:.0f} % ({judged} of {tally.alerts} judged)"
    return (
        tally.topic,
        str(tally.alerts),
        "" if one.updates is None else str(one.updates),
        str(tally.articles),
        str(tally.stories),
        f"{tally.articles / one.days:.1f}",
        minute(tally.last_hit),
        str(one.irrelevant),
        precision,
    )


def _suggest(one: program.TopicStats) -> None:
    for found in one.suggestions:
        irrelevant, others = one.compared
        item, count = found.item, f"{found.irrelevant} of {irrelevant} irrelevant and {found.others} of {others} other"
        if item.startswith("source:"):
            put(f"{one.tally.topic}: {item.removeprefix('source:')} brought {count} articles: add `not: ['{item}']`")
            continue
        narrower = f"; or in the query, instead of its word: {found.narrower}" if found.narrower else ""
        put(f"{one.tally.topic}: '{item}' is in {count} articles: add `not: [{item}]`{narrower}")
