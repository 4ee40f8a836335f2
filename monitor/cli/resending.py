"""`alerts retry`, `drop` and `replay`: send alerts after all, give them up, or send again what was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.choosing import Channel, Numbers, OfMute, OfTopic, Since, State, Until, wanted_of
from monitor.cli.console import put, put_json, say
from monitor.cli.options import ConfigFolder, JsonLines
from monitor.errors import MonitorError, NotFound, UsageError
from monitor.model import Config, OutboxDraft, OutboxKind, OutboxRow, OutboxState
from monitor.ports import Store

_MANY = 20  # alerts sent again without a question
_AT_ONCE = "the daemon sends them at once; without one, `monitor once --only deliver` does"
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def register(alerts: typer.Typer) -> None:
    """Add the commands to those of `alerts`."""
    alerts.command("retry")(retry)
    alerts.command("drop")(drop)
    alerts.command("replay")(replay)


def retry(
    row_ids: Numbers = None,
    everything: Annotated[bool, typer.Option("--all", help="All that were given up.")] = False,
    state: State = None,
    channel: Channel = "",
    topic: OfTopic = "",
    since: Since = "",
    until: Until = "",
    mute: OfMute = None,
    yes: Yes = False,
    config: ConfigFolder = None,
) -> None:
    """Send alerts that were given up, dropped or muted.

    Name them, or choose them by options. Without --state, those that were given up; with --mute, those not sent for
    it, as one message. The daemon does it at once; without one, `monitor once --only deliver` does.

    Example: monitor alerts retry --channel trade-slack --since yesterday
    """
    if state is OutboxState.SENT:
        raise UsageError("--state sent: they were sent", hint="to send them again: monitor alerts replay --since 2d")
    is_chosen = _one_way(row_ids, everything, state, channel, topic, since, until, mute)
    usual = OutboxState.MUTED if mute else OutboxState.DEAD
    with program.stored_with_config(config) as (settings, store):
        wanted = wanted_of(
            settings,
            store,
            states=(state or usual,),
            channel=channel,
            topic=topic,
            since=since,
            until=until,
            mute=mute,
        )
        rows = store.find_outbox(wanted) if is_chosen else _named(store, row_ids or [])
        if len(rows) > _MANY and is_chosen and not yes and not typer.confirm(f"Send {len(rows)} alerts?", err=True):
            raise typer.Exit(1)
        _change(store, rows, OutboxState.PENDING, "will be sent again")


def drop(
    row_ids: Numbers = None,
    state: State = None,
    channel: Channel = "",
    topic: OfTopic = "",
    since: Since = "",
    until: Until = "",
    yes: Yes = False,
    config: ConfigFolder = None,
) -> None:
    """Give alerts up: they stay listed and are never sent.

    Name them, or choose them by options. Without --state, those that wait or were given up.

    Example: monitor alerts drop --state dead --channel old-slack
    """
    if state is OutboxState.SENT:
        raise UsageError("--state sent: they were sent", hint="nothing that was sent can be given up")
    is_chosen = _one_way(row_ids, False, state, channel, topic, since, until, None)
    states = (state,) if state else (OutboxState.PENDING, OutboxState.DEAD)
    with program.stored_with_config(config) as (settings, store):
        wanted = wanted_of(settings, store, states=states, channel=channel, topic=topic, since=since, until=until)
        rows = store.find_outbox(wanted) if is_chosen else _named(store, row_ids or [])
        if rows and not yes and not typer.confirm(f"Give up {len(rows)} alert(s) for good?", err=True):
            raise typer.Exit(1)
        _change(store, rows, OutboxState.DROPPED, "dropped")


def replay(
    since: Annotated[str, typer.Option("--since", metavar="WHEN", help="From when: 2d, yesterday, 2025-11-03.")],
    until: Until = "",
    to: Annotated[str, typer.Option("--to", metavar="CHANNEL", help="Send them there, not where they went.")] = "",
    channel: Channel = "",
    topic: OfTopic = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be sent.")] = False,
    yes: Yes = False,
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """Send again what was sent in a span of time.

    What was sent, or given up, comes as one message to each recipient. For a mailbox that was lost, or somebody new
    who is to know. The first alerts stay as they are.

    Example: monitor alerts replay --since 2025-11-01 --until 2025-11-03 --channel me
    """
    with program.stored_with_config(config) as (settings, store):
        wanted = wanted_of(settings, store, channel=channel, topic=topic, since=since, until=until)
        moment = program.now()
        if wanted.until is not None and wanted.since is not None and wanted.until <= wanted.since:
            raise UsageError("--until lies before --since", hint="name the earlier time in --since")
        drafts = program.replay_drafts(store, settings.settings, wanted, moment, to=_recipients(settings, to))
        _tell_of_replay(drafts, as_json=as_json)
        if not drafts or dry_run:
            return
        if not yes and not typer.confirm(f"Send {len(drafts)} alert(s) again?", err=True):
            raise typer.Exit(1)
        store.put_outbox(drafts, moment)
    say(f"queued; {_AT_ONCE}")


def _recipients(settings: Config, channel: str) -> tuple[str, ...]:
    if not channel:
        return ()
    if settings.settings.channel(channel) is None:
        names = ", ".join(one.name for one in settings.settings.channels)
        raise UsageError(f"--to: no channel {channel!r}", hint=f"the channels are: {names}")
    return settings.settings.recipients((channel,))


def _tell_of_replay(drafts: Sequence[OutboxDraft], *, as_json: bool) -> None:
    if not drafts and not as_json:
        say("nothing was sent then")
    notices = Counter(draft.recipient for draft in drafts if draft.kind is OutboxKind.OPERATOR)
    for recipient, count in Counter(draft.recipient for draft in drafts).items():
        span = next((one.hold.reason for one in drafts if one.hold and one.recipient == recipient), "notices only")
        found = {"to": recipient, "alerts": count - notices[recipient], "notices": notices[recipient], "span": span}
        if as_json:
            put_json(found)
        else:
            put(f"{recipient}: {found['alerts']} alert(s), {found['notices']} notice(s): {span}")


def _one_way(row_ids: list[int] | None, everything: bool, *options: object) -> bool:
    """Return whether alerts are chosen by options, not by their numbers.

    Raises:
        UsageError: by both, or by neither.
    """
    is_chosen = everything or any(options)
    if bool(row_ids) == is_chosen:
        hint = "name their numbers, or choose them: --all that were given up, --state, --channel, --topic, --since"
        raise UsageError("which alerts?", hint=hint)
    return is_chosen


def _named(store: Store, row_ids: Sequence[int]) -> list[OutboxRow]:
    rows = []
    for row_id in dict.fromkeys(row_ids):
        row = store.outbox_row(row_id)
        if row is None:
            raise NotFound(f"no alert {row_id}", hint="run `monitor alerts list`")
        if row.state is OutboxState.SENT:
            hint = "nothing was changed; leave it out"
            raise MonitorError(f"alert {row_id} was sent already", hint=hint)
        rows.append(row)
    return rows


def _change(store: Store, rows: Sequence[OutboxRow], state: OutboxState, done: str) -> None:
    if not rows:
        say("no such alerts")
        return
    changed = store.change_outbox([row.id for row in rows], state, program.now())
    if changed:
        put(f"{changed} alert(s) {done}")
    if left := len(rows) - changed:
        hint = "they were left as they are; look again in a minute: monitor alerts list"
        raise MonitorError(f"{left} of {len(rows)} alert(s) being sent now", hint=hint)
