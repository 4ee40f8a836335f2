"""`alerts` and `send-test`: what was sent, what waits, what was given up, and why."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.console import day_time, marked, out, put, put_json, put_table, say
from monitor.errors import MonitorError, NotFound, UsageError
from monitor.model import OutboxRow, OutboxState
from monitor.ports import Store

alerts = typer.Typer(help="The alerts: sent, waiting, and given up.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(alerts, name="alerts")
    app.command("send-test")(send_test)


@alerts.command("list")
def list_(
    context: typer.Context,
    state: Annotated[OutboxState | None, typer.Option(help="Alerts in this state only.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON line per alert.")] = False,
) -> None:
    """List alerts, newest first.

    Example: monitor alerts list --state dead
    """
    with program.stored(context.obj) as store:
        rows = store.outbox(state=state, limit=limit)
    for row in rows if as_json else ():
        put_json(_row_object(row))
    if not as_json:
        put_table(
            ["id", "state", "tries", "created", "to", "topic", "title"],
            [
                (
                    str(row.id),
                    str(row.state),
                    str(row.attempts),
                    day_time(row.created_at),
                    row.recipient,
                    row.item.topic or str(row.kind),
                    row.item.title,
                )
                for row in rows
            ],
        )


@alerts.command("show")
def show(
    context: typer.Context,
    row_id: Annotated[int, typer.Argument(metavar="ID", help="The alert's number.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show one alert: what it says, why it matched, and what became of it."""
    with program.stored(context.obj) as store:
        row = _row(store, row_id)
    if as_json:
        put_json(_row_object(row))
        return
    facts = _row_object(row)
    put_table(["", ""], [(name, str(value)) for name, value in facts.items() if value and name != "sentences"])
    for sentence in row.item.sentences:
        out.print(marked(sentence))
    if row.item.body:
        put(row.item.body)


@alerts.command("retry")
def retry(
    context: typer.Context,
    row_ids: Annotated[list[int], typer.Argument(metavar="ID…", help="The alerts' numbers.")],
) -> None:
    """Send alerts again that were given up or dropped; the daemon does it, or `monitor once --only deliver`."""
    _change(context, row_ids, OutboxState.PENDING, "will be sent again")


@alerts.command("drop")
def drop(
    context: typer.Context,
    row_ids: Annotated[list[int], typer.Argument(metavar="ID…", help="The alerts' numbers.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Give alerts up for good: they stay listed and are never sent."""
    if not yes and not typer.confirm(f"Give up {len(row_ids)} alert(s) for good?", err=True):
        raise typer.Exit(1)
    _change(context, row_ids, OutboxState.DROPPED, "dropped")


def send_test(
    context: typer.Context,
    channel: Annotated[str, typer.Argument(help="The channel's name in monitor.yaml.")],
) -> None:
    """Send a test message to every recipient of a channel, and name the cause if it cannot be sent.

    Example: monitor send-test trade-slack
    """
    config = program.load(program.find_place(context.obj)).config
    found = config.settings.channel(channel)
    if found is None:
        names = ", ".join(one.name for one in config.settings.channels)
        raise UsageError(f"no channel {channel!r}", hint=f"the channels are: {names}")
    failures = 0
    for recipient, delivery in asyncio.run(program.send_test(config, found)):
        if delivery.is_sent:
            put(f"{recipient}: sent")
        else:
            failures += 1
            say(f"{recipient}: {delivery.error}")
            if delivery.hint:
                say(f"  → {delivery.hint}")
    if failures:
        raise typer.Exit(1)


def _row(store: Store, row_id: int) -> OutboxRow:
    row = store.outbox_row(row_id)
    if row is None:
        raise NotFound(f"no alert {row_id}", hint="run `monitor alerts list`")
    return row


def _change(context: typer.Context, row_ids: list[int], state: OutboxState, done: str) -> None:
    with program.stored(context.obj) as store:
        sent = [row_id for row_id in row_ids if _row(store, row_id).state is OutboxState.SENT]
        if sent:
            raise MonitorError(f"alert {sent[0]} was sent already", hint="nothing was changed; leave it out")
        put(f"{store.change_outbox(row_ids, state, program.now())} alert(s) {done}")


def _row_object(row: OutboxRow) -> dict[str, object]:
    item = row.item
    return {
        "id": row.id,
        "key": row.key,
        "state": str(row.state),
        "to": row.recipient,
        "attempts": row.attempts,
        "created": day_time(row.created_at),
        "next_try": day_time(row.next_at) if row.state is OutboxState.PENDING else None,
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
        "sentences": [sentence.text for sentence in item.sentences],
        "watchlist": item.watchlist_version or None,
    }
