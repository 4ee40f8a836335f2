"""`alerts` and `send-test`: what was sent, what waits, what was given up, and why."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.console import day_time, marked, minute, out, put, put_facts, put_json, put_table, say
from monitor.cli.options import ConfigFolder, JsonLines, JsonObject
from monitor.errors import MonitorError, NotFound, UsageError
from monitor.model import OutboxRow, OutboxState
from monitor.ports import Store

_LARGEST = 2**63 - 1  # ids have 63 bits
alerts = typer.Typer(help="The alerts: sent, waiting, and given up.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(alerts, name="alerts")
    app.command("send-test")(send_test)


@alerts.command("list")
def list_(
    state: Annotated[OutboxState | None, typer.Option(help="Alerts in this state only.")] = None,
    message: Annotated[str, typer.Option(metavar="ID", help="Those of one message only.")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 50,
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """List alerts, newest first.

    Example: monitor alerts list --state dead
    """
    with program.stored(config) as store:
        rows = store.outbox(state=state, message_id=message, limit=limit)
    for row in rows if as_json else ():
        put_json(_row_object(row))
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
            say("no alerts" + (f" in state {state}" if state else " yet"))


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
        row = _row(store, row_id)
    if as_json:
        put_json(_row_object(row))
        return
    put_facts((name, value) for name, value in _row_object(row).items() if name != "sentences")
    for sentence in row.item.sentences:
        out.print(marked(sentence))
    if row.item.body:
        put(row.item.body)


@alerts.command("retry")
def retry(
    row_ids: Annotated[
        list[int] | None, typer.Argument(metavar="ID…", min=1, max=_LARGEST, help="The alerts' numbers.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that were given up.")] = False,
    config: ConfigFolder = None,
) -> None:
    """Send alerts again that were given up or dropped.

    The daemon does it at once; without one, `monitor once --only deliver` does.

    Example: monitor alerts retry --all
    """
    if bool(row_ids) == everything:
        raise UsageError("which alerts?", hint="name their numbers, or --all for all that were given up")
    with program.stored(config) as store:
        if everything:
            row_ids = [row.id for row in store.outbox(state=OutboxState.DEAD, limit=None)]
        _change(store, row_ids or [], OutboxState.PENDING, "will be sent again")


@alerts.command("drop")
def drop(
    row_ids: Annotated[list[int], typer.Argument(metavar="ID…", min=1, max=_LARGEST, help="The alerts' numbers.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    config: ConfigFolder = None,
) -> None:
    """Give alerts up: they stay listed and are never sent.

    Example: monitor alerts drop 7318349394477056
    """
    with program.stored(config) as store:
        for row_id in row_ids:
            _unsent(store, row_id)
        if not yes and not typer.confirm(f"Give up {len(row_ids)} alert(s) for good?", err=True):
            raise typer.Exit(1)
        _change(store, row_ids, OutboxState.DROPPED, "dropped")


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


def _row(store: Store, row_id: int) -> OutboxRow:
    row = store.outbox_row(row_id)
    if row is None:
        raise NotFound(f"no alert {row_id}", hint="run `monitor alerts list`")
    return row


def _unsent(store: Store, row_id: int) -> OutboxRow:
    row = _row(store, row_id)
    if row.state is OutboxState.SENT:
        raise MonitorError(f"alert {row_id} was sent already", hint="nothing was changed; leave it out")
    return row


def _change(store: Store, row_ids: list[int], state: OutboxState, done: str) -> None:
    rows = [_unsent(store, row_id) for row_id in dict.fromkeys(row_ids)]
    changed = store.change_outbox([row.id for row in rows], state, program.now())
    if changed:
        put(f"{changed} alert(s) {done}")
    if left := len(rows) - changed:
        hint = "they were left as they are; look again in a minute: monitor alerts list"
        raise MonitorError(f"{left} of {len(rows)} alert(s) being sent now", hint=hint)


def _standing(row: OutboxRow) -> str:
    return f"held until {minute(row.next_at)} ({row.hold})" if row.is_held else str(row.state)


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
        "sentences": [sentence.text for sentence in item.sentences],
        "watchlist": item.watchlist_version or None,
    }
