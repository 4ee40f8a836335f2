"""`alerts irrelevant` and `alerts relevant`: what people say of alerts, for `topics stats`."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.console import put, say
from monitor.cli.options import ConfigFolder
from monitor.errors import UsageError

Alerts = Annotated[
    list[str], typer.Argument(metavar="ID…", help="Alerts' numbers, or messages as their footers name them (alert-ID).")
]
Topic = Annotated[str, typer.Option("--topic", metavar="ID", help="Of a message of several topics, the one meant.")]
Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take back what was said of them.")]


def register(alerts: typer.Typer) -> None:
    """Add the commands to those of `alerts`."""
    alerts.command("irrelevant")(irrelevant)
    alerts.command("relevant")(relevant)


def irrelevant(
    refs: Alerts, topic: Topic = "", because: Because = "", undo: Undo = False, config: ConfigFolder = None
) -> None:
    """Say that alerts were of no use.

    `monitor topics stats` learns from it what to exclude. It is said of an article by a topic, whoever received the
    alert; what is said last counts.

    Example: monitor alerts irrelevant alert-7318349394477056 --because "a job advert"
    """
    _judge(refs, topic, because, undo, config, is_relevant=False)


def relevant(
    refs: Alerts, topic: Topic = "", because: Because = "", undo: Undo = False, config: ConfigFolder = None
) -> None:
    """Say that alerts were right.

    It need not be said: what nobody calls irrelevant counts as right.

    Example: monitor alerts relevant 7318349394477056
    """
    _judge(refs, topic, because, undo, config, is_relevant=True)


def _judge(refs: list[str], topic: str, because: str, undo: bool, config: ConfigFolder, *, is_relevant: bool) -> None:
    if undo and because:
        raise UsageError("--because does not go with --undo", hint="leave one out")
    with program.stored(config) as store:
        rows = [row for ref in refs for row in program.find_alerts(store, ref, topic)]
        named = dict.fromkeys((row.article_id, row.topic_no) for row in rows)
        if undo:
            count = store.withdraw(list(named))
            put(f"taken back: {count} judgement(s)")
            return
        program.judge(store, rows, program.now(), is_relevant=is_relevant, because=because)
    titles = {(row.article_id, row.topic_no): f"{row.item.topic}: {row.item.title}" for row in rows}
    for title in titles.values():
        put(f"{'relevant' if is_relevant else 'irrelevant'}: {title}")
    if not is_relevant:
        say("  → what to exclude, once there are a few: monitor topics stats")
