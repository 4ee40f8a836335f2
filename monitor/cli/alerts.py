"""`alerts` and `send-test`: what was sent, what waits, what was given up, and why."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

import typer

from monitor import app as program
from monitor.cli import judging, resending
from monitor.cli.choosing import Channel, OfMute, OfTopic, Since, State, Until, wanted_of
from monitor.cli.console import day_time, marked, minute, out, put, put_facts, put_json, put_table, say
from monitor.cli.options import ConfigFolder, JsonLines, JsonObject
from monitor.errors import NotFound, UsageError
from monitor.model import Judgement, OutboxRow, OutboxState

_LARGEST = 2**63 - 1  # ids have 63 bits
alerts = typer.Typer(help="The alerts: sent, waiting, and given up.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    resending.register(alerts)
    judging.register(alerts)
    app.add_typer(alerts, name="alerts")
    app.command("send-test")(send_test)


@alerts.command("list")
def list_(
    state: State = None,
    message: Annotated[str, typer.Option(metavar="ID", help="Those of one message only.")] = "",
    channel: Channel = "",
    topic: OfTopic = "",
    since: Since = "",
    until: Until = "",
    mute: OfMute = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 50,
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """List alerts, newest first.

    Example: monitor alerts list --state dead --channel trade-slack --since yesterday
    """
    with program.stored_with_config(config) as (settings, store):
        states = (state,) if state else ()
        wanted = wanted_of(
            settings, store, states=states, channel=channel, topic=topic, since=since, until=until, mute=mute
        )
        rows = store.find_outbox(replace(wanted, message_id=message), limit=limit)
        judged = program.judgements_of(store, rows)
    for row in rows if as_json else ():
        put_json(row_object(row, judged.get(row.id)))
    if not as_json:
        put_table(
            ["id", "state", "tries", "created", "to", "topic", "title"],
            [
                (
                    str(row.id),
                    _standing(row),
                    str(row.attempts),
                    minute(row.created_at),
                    row.recipient,
                    row.item.topic or str(row.kind),
                    row.item.title,
                )
                for row in rows
            ],
        )
        if not rows:
            is_narrow = any((message, channel, topic, since, until, mute))
            say("no such alerts" if is_narrow else "no alerts" + (f" in state {state}" if state else " yet"))


@alerts.command("show")
def show(
    row_id: Annotated[int, typer.Argument(metavar="ID", min=1, max=_LARGEST, help="The alert's number.")],
    config: ConfigFolder = None,
    as_json: JsonObject = False,
) -> None:
    """Show one alert: what it says, why, what became of it.

    Example: monitor alerts show 7318349394477056
    """
    with program.stored(config) as store:
        row = store.outbox_row(row_id)
        if row is None:
            raise NotFound(f"no alert {row_id}", hint="run `monitor alerts list`")
        judged = program.judgements_of(store, [row]).get(row.id)
    if as_json:
        put_json(row_object(row, judged))
        return
    put_facts((name, value) for name, value in row_object(row, judged).items() if name != "sentences")
    for sentence in row.item.sentences:
        out.print(marked(sentence))
    if row.item.body:
        put(row.item.body)


def send_test(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="Its name in monitor.yaml.")],
    config: ConfigFolder = None,
) -> None:
    """Send a test message to a channel's recipients.

    If it cannot be sent, the cause is named, and the exit code is 1.

    Example: monitor send-test trade-slack
    """
    loaded = program.load(program.find_place(config)).config
    found = loaded.settings.channel(channel)
    if found is None:
        names = ", ".join(one.name for one in loaded.settings.channels)
        raise UsageError(f"no channel {channel!r}", hint=f"the channels are: {names}")
    failures = 0
    for recipient, delivery in asyncio.run(program.send_test(loaded, found)):
        if delivery.is_sent:
            put(f"{recipient}: sent")
        else:
            failures += 1
            say(f"{recipient}: {delivery.error}")
            if delivery.hint:
                say(f"  → {delivery.hint}")
    if failures:
        raise typer.Exit(1)


def _standing(row: OutboxRow) -> str:
    return f"held until {minute(row.next_at)} ({row.hold})" if row.is_held else str(row.state)


def row_object(row: OutboxRow, judged: Judgement | None = None) -> dict[str, object]:
    """Return an alert, and what was said of it, as the commands print it in JSON."""
    item = row.item
    return {
        "id": row.id,
        "key": row.key,
        "state": str(row.state),
        "to": row.recipient,
        "attempts": row.attempts,
        "created": day_time(row.created_at),
        "next_try": day_time(row.next_at) if row.state is OutboxState.PENDING else None,
        "held": row.hold if row.is_held else None,
        "sent": day_time(row.sent_at) or None,
        "message_id": row.message_id or None,
        "error": row.error or None,
        "topic": item.topic or None,
        "title": item.title,
        "url": item.url or None,
        "source": item.source or None,
        "published": item.published or None,
        "article": item.article_id or None,
        "text": str(item.completeness),
        "why": list(item.clauses),
        "update": list(item.reasons) or None,
        "sentences": [sentence.text for sentence in item.sentences],
        "watchlist": item.watchlist_version or None,
        "muted": row.hold if row.state is OutboxState.MUTED else None,
        "judged": _judged(judged) if judged else None,
    }


def _judged(judged: Judgement) -> str:
    because = f": {judged.because}" if judged.because else ""
    return f"{'relevant' if judged.is_relevant else 'irrelevant'}, {minute(judged.at)}{because}"
